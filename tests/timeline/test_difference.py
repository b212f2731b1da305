from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.timeline import compare

SEGMENT = st.fixed_dictionaries(
    {"d": st.integers(0, 20000)},
    optional={
        "id": st.sampled_from("abcdef"),
        "s": st.integers(0, 20000),
        "m": st.dictionaries(
            st.sampled_from(["name", "text", "volume", "color", "in", "transition", "x"]),
            st.none()
            | st.text(max_size=5)
            | st.floats()
            | st.dictionaries(st.sampled_from(["kind", "d"]), st.integers()),
        ),
    },
)
TRACK = st.fixed_dictionaries(
    {"tt": st.sampled_from([0, 1, 7, 9]), "sg": st.lists(SEGMENT, max_size=4)},
    optional={"id": st.sampled_from(["v", "music"])},
)
DRAFT = st.fixed_dictionaries(
    {"t": st.lists(TRACK, max_size=4)},
    optional={"m": st.fixed_dictionaries({"w": st.integers(), "h": st.integers()})},
)


def draft(**changes: Any) -> dict[str, Any]:
    """A clip of 12 s, a bed at 80% and a title, the way the studio writes them."""
    return {
        "m": {"w": 1920, "h": 1080, "fps": 30},
        "t": [
            {"id": "v", "tt": 0, "sg": [_segment("a", 0, 12000, name="clip.mp4")]},
            {"id": "music", "tt": 1, "sg": [_segment("b", 0, 12000, name="Lo-fi", volume=0.8)]},
            {"id": "titles", "tt": 7, "sg": [_segment("c", 0, 3000, text="Dawn", color="#ffffff")]},
        ],
        **changes,
    }


def _segment(id: str, start: int, duration: int, **meta: Any) -> dict[str, Any]:
    return {"id": id, "s": start, "d": duration, "m": meta}


def edited(path: str, **changes: Any) -> dict[str, Any]:
    """The draft with one segment ("a" the clip, "b" the bed, "c" the title) changed."""
    result = draft()
    for track in result["t"]:
        for segment in track["sg"]:
            if segment["id"] == path:
                segment["m"].update(changes.pop("m", {}))
                segment.update(changes)
    return result


def test_a_title_that_was_added() -> None:
    before = draft()
    title = before["t"].pop()
    title["sg"][0]["m"]["text"] = "Paradise Found"
    after = draft(t=[*before["t"], title])
    assert compare(before, after) == ["Title added: 'Paradise Found' (0-3s)"]


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (edited("b", m={"volume": 0.35}), "Music: 80% -> 35%"),
        (edited("b", m={"name": "Piano"}), "Music: Lo-fi -> Piano"),
        (edited("a", d=5000), "Video trimmed: clip.mp4 12s -> 5s"),
        (edited("a", d=15500), "Video made longer: clip.mp4 12s -> 15.5s"),
        (edited("a", m={"volume": 0}), "Sound of clip.mp4: 100% -> 0%"),
        (edited("c", s=5000), "Title moved: 'Dawn' 0-3s -> 5-8s"),
        (edited("c", d=5000), "Title timing: 'Dawn' 0-3s -> 0-5s"),
        (edited("c", m={"text": "Dusk"}), "Title: 'Dawn' -> 'Dusk'"),
        (edited("c", m={"color": "#ff0000"}), "Title color: 'Dawn' white -> red"),
        (edited("c", m={"color": "#123456"}), "Title color: 'Dawn' white -> #123456"),
        (edited("c", m={"position": "lower-third"}), "Title position: 'Dawn' none -> lower third"),
        (edited("c", m={"material_id": "x"}), "Title changed: 'Dawn'"),
        (draft(m={"w": 1080, "h": 1920}), "Format: 16:9 -> 9:16"),
        (draft(m={"w": 1280, "h": 720}), "Size: 1920x1080 -> 1280x720"),
        (draft(t=draft()["t"][:2]), "Title removed: 'Dawn'"),
        (draft(note="x"), "Details of the timeline changed"),
    ],
)
def test_one_change_is_one_line(after: dict[str, Any], line: str) -> None:
    assert compare(draft(), after) == [line]


def test_the_first_generation() -> None:
    assert compare(None, draft()) == [
        "Video added: clip.mp4 (0-12s)",
        "Music added: Lo-fi (0-12s, 80%)",
        "Title added: 'Dawn' (0-3s)",
    ]


def two(*order: str, first: int = 5000) -> dict[str, Any]:
    lengths = {"a": first, "b": 4000, "c": 3000}
    segments, at = [], 0
    for name in order:
        segments.append(_segment(name, at, lengths[name], name=f"{name}.mp4"))
        at += lengths[name]
    return {"t": [{"id": "v", "tt": 0, "sg": segments}]}


def test_clips_that_only_follow_a_trimmed_one_are_not_moved() -> None:
    assert compare(two("a", "b", "c"), two("a", "b", "c", first=2000)) == [
        "Video trimmed: a.mp4 5s -> 2s"
    ]


def test_clips_that_changed_places() -> None:
    assert compare(two("a", "b", "c"), two("b", "a", "c")) == [
        "Video order: a.mp4, b.mp4, c.mp4 -> b.mp4, a.mp4, c.mp4"
    ]


def test_a_clip_put_before_another_is_an_addition_alone() -> None:
    assert compare(two("b"), two("a", "b")) == ["Video added: a.mp4 (0-5s)"]


def test_a_clip_set_apart_is_moved() -> None:
    after = two("a", "b")
    after["t"][0]["sg"][1]["s"] = 9000
    assert compare(two("a", "b"), after) == ["Video moved: b.mp4 5-9s -> 9-13s"]


def test_without_ids_the_names_tell_who_is_who() -> None:
    before, after = two("b"), two("a", "b")
    for wire in (before, after):
        for segment in wire["t"][0]["sg"]:
            del segment["id"]
    assert compare(before, after) == ["Video added: a.mp4 (0-5s)"]


def test_new_ids_at_every_edit_are_no_change_of_their_own() -> None:
    after = edited("b", m={"volume": 0.35})
    for track in after["t"]:
        for segment in track["sg"]:
            segment["id"] += "2"
    assert compare(draft(), after) == ["Music: 80% -> 35%"]


def test_a_bed_that_follows_the_picture_is_no_change_of_its_own() -> None:
    after = edited("a", d=5000)
    after["t"][1]["sg"][0]["d"] = 5000
    assert compare(draft(), after) == ["Video trimmed: clip.mp4 12s -> 5s"]


def test_a_bed_that_ends_elsewhere_is_one() -> None:
    assert compare(draft(), edited("b", d=5000)) == ["Music length: 12s -> 5s"]


def test_several_songs_are_told_apart() -> None:
    before = draft()
    before["t"][1]["sg"].append(_segment("d", 12000, 1000, name="Piano", volume=0.5))
    after = copy.deepcopy(before)
    after["t"][1]["sg"][1]["m"]["volume"] = 0.2
    assert compare(before, after) == ["Music Piano: 50% -> 20%"]


def test_changes_are_told_in_chinese() -> None:
    assert compare(draft(), edited("b", m={"volume": 0.35}), "zh") == ["音乐：80% → 35%"]


@settings(max_examples=150, deadline=None)
@given(DRAFT, DRAFT)
def test_any_two_drafts(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert all(isinstance(line, str) and line for line in compare(before, after))


@settings(max_examples=80, deadline=None)
@given(DRAFT)
def test_equal_drafts_have_no_change(one: dict[str, Any]) -> None:
    assert compare(one, copy.deepcopy(one)) == []


@pytest.mark.parametrize("wire", [None, [], "x", 3, {"t": 1}])
def test_what_is_no_draft_counts_as_empty(wire: Any) -> None:
    assert compare(wire, wire) == []
    assert compare(None, wire) == [] or compare(None, wire) == ["Details of the timeline changed"]


def test_a_value_from_the_backend_drives_no_terminal() -> None:
    drafts = [
        {"t": [{"tt": 0, "sg": [{"id": "a", "d": 1000, "m": {"font": font}}]}]}
        for font in ("Inter", "\x1b]52;c;ZXZpbA==\x07Inter\u202e \x1b[2JBold")
    ]
    assert compare(*drafts) == ["Video font: clip 1 Inter -> Inter Bold"]
