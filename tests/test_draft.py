"""The timeline on the wire and in memory."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track, parse, to_wire

TIMELAPSE = {
    "t": [
        {"tt": 0, "sg": [{"d": 4000, "m": {"name": "city"}}, {"d": 6000, "m": {"name": "sea"}}]},
        {"tt": 1, "sg": [{"s": 500, "d": 10000, "m": {"volume": 0.35}}]},
        {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}]},
    ]
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "tt", "sg", "d", "s", "m", "id", "w"]), inner)
    ),
    max_leaves=12,
)


def test_a_segment_without_a_start_follows_the_one_before() -> None:
    first, second = parse(TIMELAPSE).tracks[0].segments
    assert (first.start, first.end, second.start, second.end) == (0, 4000, 4000, 10000)


def test_the_length_is_the_picture_s_where_there_is_one() -> None:
    assert parse(TIMELAPSE).duration == 10000
    assert parse({"t": TIMELAPSE["t"][1:]}).duration == 10500


def test_tracks_are_found_by_type() -> None:
    draft = parse(TIMELAPSE)
    assert [len(draft.tracks_of(kind)) for kind in (VIDEO, AUDIO, TEXT)] == [1, 1, 1]
    assert next(draft.segments_of(TEXT)).meta["text"] == "Urban Dreams"


def test_what_the_backend_adds_comes_back_untouched() -> None:
    wire = {
        "version": 3,
        "t": [{"tt": 0, "lock": True, "sg": [{"d": 1, "fx": [1, 2], "m": {"who": "x"}}]}],
        "m": {"w": 640, "h": 360, "theme": "dark"},
    }
    back = to_wire(parse(wire))
    assert back["version"] == 3
    assert back["m"]["theme"] == "dark"
    assert back["t"][0]["lock"] is True
    assert back["t"][0]["sg"][0]["fx"] == [1, 2]
    assert back["t"][0]["sg"][0]["m"] == {"who": "x"}


def test_changed_metadata_with_none_removes_the_key() -> None:
    segment = Segment("a", 0, 1000, {"volume": 0.5, "name": "x"})
    assert segment.with_meta(volume=None, name="y").meta == {"name": "y"}


def test_a_draft_can_be_exported_once_a_track_has_a_segment() -> None:
    assert not Draft(tracks=(Track("v", VIDEO),)).exportable
    assert parse(TIMELAPSE).exportable


@pytest.mark.parametrize("wire", [None, [], "draft", 3])
def test_what_is_no_object_is_refused(wire: object) -> None:
    with pytest.raises(ValueError, match="a draft is an object"):
        parse(wire)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["t", "m", "d", "x"]), json_values))
def test_any_object_is_read_and_written_the_same_twice(wire: dict) -> None:
    once = to_wire(parse(wire))
    assert json.dumps(to_wire(parse(once)), sort_keys=True) == json.dumps(once, sort_keys=True)
    for track in parse(wire).tracks:
        assert all(segment.start >= 0 and segment.duration >= 0 for segment in track.segments)
