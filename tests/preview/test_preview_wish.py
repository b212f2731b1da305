"""Which turns ask to see the project, and which only sound like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from skill.phrases import languages
from skill.preview.look import Look
from skill.preview.wish import Wish, looked_for

LISTED = json.loads((Path(__file__).parent / "looks.json").read_text("utf-8"))
ROUTED = Path(__file__).parent.parent / "router"


def wishes(kind: str) -> list[str]:
    return [turn for turns in LISTED[kind].values() for turn in turns]


@pytest.mark.parametrize("turn", wishes("sheet"))
def test_the_sheet_is_asked_for(turn: str) -> None:
    assert looked_for(turn) == Wish(Look(), "")


@pytest.mark.parametrize("turn", wishes("compare"))
def test_before_and_after_is_asked_for(turn: str) -> None:
    assert looked_for(turn) == Wish(Look(before_after=True), "")


@pytest.mark.parametrize("turn", wishes("three"))
def test_the_frame_at_three_seconds_is_asked_for(turn: str) -> None:
    assert looked_for(turn) == Wish(Look((3000,)), "")


@pytest.mark.parametrize("turn", wishes("last"))
def test_the_last_frame_is_asked_for(turn: str) -> None:
    assert looked_for(turn) == Wish(Look(("end",)), "")


@pytest.mark.parametrize("turn", wishes("other"))
def test_other_turns_go_where_they_went(turn: str) -> None:
    assert looked_for(turn) is None


@pytest.mark.parametrize("kind", ["sheet", "compare", "three", "other"])
def test_every_language_is_tried(kind: str) -> None:
    assert sorted(LISTED[kind]) == languages()


@pytest.mark.parametrize(
    ("turn", "at"),
    [
        ("show me the frame at 0:03.5", 3500),
        ("the frame at 1:02:03", 3_723_000),
        ("preview it at 1 minute 20 seconds", 80_000),
        ("frame at 2.25s", 2250),
        ("zeig mir das Bild bei 2,5 Sekunden", 2500),
        ("看一下1分20秒的画面", 80_000),
        ("أرني اللقطة عند الثانية ٣", 3000),
    ],
)
def test_times_are_read_as_people_write_them(turn: str, at: int) -> None:
    assert looked_for(turn) == Wish(Look((at,)), "")


@pytest.mark.parametrize(
    ("turn", "rest", "look"),
    [
        ("add a title 'X' and show me what it looks like", "add a title 'X'", Look()),
        ("trim it to 5 s, then show me before and after", "trim it to 5 s", Look((), False, True)),
        ("show me what it looks like, then export it", "export it", Look()),
        ("make it vertical. add music. How does it look?", "make it vertical. add music", Look()),
        ("Great! What does it look like now?", "", Look()),
        ("加个标题“黎明”，然后给我看看效果", "加个标题“黎明”", Look()),
        ("füge Musik hinzu und zeig mir, wie es aussieht", "füge Musik hinzu", Look()),
        ("añade un título 'Sol' y muéstrame cómo queda", "añade un título 'Sol'", Look()),
        ("ajoute de la musique, puis montre-moi le résultat", "ajoute de la musique", Look()),
        ("добавь музыку и покажи, как это выглядит", "добавь музыку", Look()),
    ],
)
def test_the_rest_of_a_turn_is_kept_as_it_was_said(turn: str, rest: str, look: Look) -> None:
    assert looked_for(turn) == Wish(look, rest)


def test_what_is_quoted_is_no_wish() -> None:
    assert looked_for("put a title “Hello, show me what it looks like, friend” on it") is None


def test_a_bare_show_me_belongs_to_what_comes_after_it() -> None:
    assert looked_for("cut it, and show me, then, the tracks") is None


def test_no_turn_that_the_router_was_taught_is_taken() -> None:
    taken = []
    for file in ROUTED.glob("*/*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            turn = json.loads(line)
            if looked_for(turn.get("text", "")) is not None:
                taken.append((turn["text"], turn["steps"]))
    assert taken == []


@pytest.mark.parametrize("turn", ["show me " * 400, "看" * 3000, "a, " * 900, "(" * 300, "\u202e"])
def test_long_and_odd_turns_are_read_quickly(turn: str) -> None:
    assert looked_for(turn) is None
