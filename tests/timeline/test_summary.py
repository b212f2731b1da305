from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.timeline import summarize

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["t", "tt", "sg", "d", "m", "s", "id", "name", "volume", "text", "w", "h"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def track(kind: Any, *segments: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"tt": kind, "sg": list(segments), **rest}


def test_the_protocols_own_example() -> None:
    draft = {
        "t": [
            track(0, {"d": 10000, "m": {"name": "city timelapse"}}),
            track(1, {"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}),
            track(7, {"d": 3000, "m": {"text": "Urban Dreams"}}),
        ]
    }
    assert summarize(draft) == (
        "Timeline (3 tracks): 1. Video: city timelapse (0-10s) "
        '2. BGM: Lo-fi (0-10s, 35%) 3. Title: "Urban Dreams" (0-3s)'
    )


def test_it_speaks_chinese() -> None:
    draft = {"t": [track(7, {"d": 2500, "m": {"text": "夜行"}})]}
    assert summarize(draft, "zh") == "时间线（1 条轨道）： 1. 标题：“夜行”（0-2.5秒）"


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ({"m": {"title": "harbor"}}, "harbor"),
        ({"m": {"prompt": "harbor at dawn"}}, "harbor at dawn"),
        ({"m": {"material": {"name": "harbor"}}}, "harbor"),
        ({"name": "harbor"}, "harbor"),
        ({"m": {"url": "https://cdn.example.com/a/harbor.mp4?sig=1"}}, "harbor.mp4"),
        ({"m": {"name": 7}}, "clip 1"),
        ({}, "clip 1"),
    ],
)
def test_names_are_found_where_an_unknown_draft_has_them(
    segment: dict[str, Any], name: str
) -> None:
    draft = {"t": [track(0, {"d": 1000, **segment})]}
    assert summarize(draft) == f"Timeline (1 track): 1. Video: {name} (0-1s)"


def test_a_track_names_its_only_segment() -> None:
    assert "BGM: Lo-fi (0-1s)" in summarize({"t": [track(1, {"d": 1000}, m={"name": "Lo-fi"})]})


def test_the_text_of_a_title_may_be_an_object() -> None:
    draft = {"t": [track(7, {"d": 1000, "m": {"text": {"content": "Dawn"}}})]}
    assert 'Title: "Dawn"' in summarize(draft)


def test_segments_of_a_track_follow_each_other() -> None:
    draft = {"t": [track(0, {"d": 4000, "m": {"name": "a"}}, {"d": 2500, "m": {"name": "b"}})]}
    assert summarize(draft) == "Timeline (1 track): 1. Video: a (0-4s), b (4-6.5s)"


def test_a_crowded_track_is_counted() -> None:
    draft = {"t": [track(0, *({"d": 1000} for _ in range(12)))]}
    assert summarize(draft).endswith("clip 8 (7-8s), 4 more")


@pytest.mark.parametrize(
    ("volume", "shown"), [(0.35, "35%"), (35, "35%"), ("35%", "35%"), (2, "200%")]
)
def test_volumes_of_every_spelling(volume: Any, shown: str) -> None:
    draft = {"t": [track(1, {"d": 1000, "m": {"name": "x", "volume": volume}})]}
    assert summarize(draft).endswith(f"x (0-1s, {shown})")


def test_a_full_volume_is_no_news_of_a_video() -> None:
    draft = {"t": [track(0, {"d": 1000, "m": {"name": "x", "volume": 1}})]}
    assert summarize(draft).endswith("x (0-1s)")


def test_an_unknown_type_is_a_track() -> None:
    assert summarize({"t": [track(12, {"d": 1000})]}).endswith("1. Track: item 1 (0-1s)")


def test_an_empty_track_is_said_to_be_empty() -> None:
    draft = {"t": [track(0, {"d": 1000}), track(1)]}
    assert summarize(draft).endswith("2. BGM: empty")


@pytest.mark.parametrize("draft", [None, {}, [], "x", {"t": []}, {"t": [track(0)]}])
def test_nothing_on_the_timeline(draft: Any) -> None:
    assert summarize(draft) == "The timeline is empty."


def test_names_come_out_as_one_short_printable_line() -> None:
    name = "\x1b]8;;http://x\x07a\nb\u202e" + "c" * 100
    line = summarize({"t": [track(0, {"d": 1000, "m": {"name": name}})]})
    assert line.isprintable()
    assert "a b" in line
    assert len(line) < 120


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_has_a_summary(value: Any) -> None:
    assert summarize(value)
    assert summarize({"t": [value, {"sg": [value]}]})
