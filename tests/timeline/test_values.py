"""The values of properties are said in the language's own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skill import phrases
from skill.phrases import find, languages
from skill.studio.agent import lexicon
from skill.studio.agent.place import MOTIONS, TALL_MOTIONS
from skill.studio.generate.music import MOODS
from skill.timeline import compare, summarize
from skill.timeline.values import value_of

PHRASES = Path(phrases.__file__).parent
KEYS = [
    key
    for key in json.loads((PHRASES / "en.json").read_text(encoding="utf-8"))
    if key.startswith(("value.", "mood."))
]


def edited(track: int, before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """A draft with one segment (the second of its track) before and after a change."""
    other = {"id": "other", "s": 0, "d": 1000, "m": {"name": "other"}}
    return [
        {"t": [{"tt": track, "sg": [other, {"id": "x", "s": 1000, "d": 1000, "m": meta}]}]}
        for meta in (before, after)
    ]


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word(language: str) -> None:
    assert [key for key in KEYS if not find(key, language)] == []


def test_every_word_of_the_studio_has_a_name() -> None:
    positions = [value for value, _ in lexicon.load("en").values("position")]
    for value in (*positions, *MOTIONS, *TALL_MOTIONS, "cover", "contain", "crossfade"):
        assert f"value.{value.replace('-', '_')}" in KEYS
    assert {key for key in KEYS if key.startswith("mood.")} == {f"mood.{mood}" for mood in MOODS}


@pytest.mark.parametrize(
    ("key", "value", "language", "words"),
    [
        ("position", "bottom-left", "en", "bottom left"), ("position", "center", "zh", "居中"),
        ("motion", {"kind": "zoom_in", "from": 1.0, "to": 1.12}, "de", "fährt heran"),
        ("fit", "contain", "ja", "全体を表示"), ("fit", None, "fr", "remplit le cadre"),
        ("transition", {"kind": "crossfade", "d": 500}, "es", "fundido cruzado"),
        ("transition", {"kind": "none", "d": 0}, "es", "ninguno"),
        ("transition", None, "en", "none"),
        ("look", {"bars": 2.39, "grain": 0.25}, "en", "cinema bars, film grain"),
        ("look", {"grain": 0.25}, "ru", "плёночное зерно"), ("look", None, "en", "none"),
        ("in", None, "en", "0s"), ("fade_out", 2000, "de", "2 s"),
        ("filter", "teal_orange", "zh", "teal orange"), ("color", "#ffffff", "fr", "blanc"),
    ],
)  # fmt: skip
def test_a_value_in_words(key: str, value: Any, language: str, words: str) -> None:
    assert value_of(key, value, language).replace("\xa0", " ") == words


def test_a_place_on_the_screen() -> None:
    before, after = edited(
        7, {"text": "X", "position": "center"}, {"text": "X", "position": "bottom-left"}
    )
    assert compare(before, after) == ["Title position: 'X' center -> bottom left"]
    assert compare(before, after, "zh") == ["标题位置：“X” 居中 → 左下角"]


def music(mood: str, **meta: Any) -> dict[str, Any]:
    return {"name": mood.capitalize(), "source": {"kind": "music", "mood": mood}, **meta}


def test_moods_are_called_as_the_language_calls_them() -> None:
    before, after = edited(1, music("lo-fi"), music("jazz"))
    assert compare(before, after, "zh")[0].endswith("低保真 → 爵士")
    assert compare(before, after)[0].endswith("Lo-fi -> Jazz")
    assert "爵士" in summarize(after, "zh")


def test_music_with_a_name_of_its_own_keeps_it() -> None:
    before, after = edited(1, music("lo-fi"), music("jazz", name="Our song"))
    assert compare(before, after, "zh")[0].endswith("Our song")


def test_what_stands_first_has_lost_no_transition() -> None:
    fade = {"kind": "crossfade", "d": 500}
    clips = [
        {"id": "a", "s": 0, "d": 4000, "m": {"name": "a"}},
        {"id": "b", "s": 3500, "d": 4000, "m": {"name": "b", "transition": fade}},
    ]
    alone = {"id": "b", "s": 0, "d": 4000, "m": {"name": "b"}}
    before, after = ({"t": [{"tt": 0, "sg": sg}]} for sg in (clips, [alone]))
    assert compare(before, after) == ["Video removed: a"]
