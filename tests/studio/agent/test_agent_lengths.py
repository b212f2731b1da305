"""Lengths and trims on a draft."""

from __future__ import annotations

import pytest
from agent_kit import PHOTO, TALL_PHOTO, VIDEO_FILE, clips, said, talk

from skill.studio.agent import respond


@pytest.mark.parametrize(
    ("message", "length"),
    [
        ("make it 10 seconds", 10_000),
        ("shorter", 3500),
        ("longer", 7500),
        ("make it 2 seconds longer", 7000),
        ("shorten it by 2 seconds", 3000),
        ("double the length", 10_000),
        ("改成12秒", 12_000),
        ("trim it to 2 seconds", 2000),
        ("cut the last 2 seconds", 3000),
    ],
)
def test_a_painted_clip_gets_any_length(message: str, length: int) -> None:
    assert talk("a forest", message).draft.duration == length


def test_footage_ends_where_its_source_ends() -> None:
    project = talk((VIDEO_FILE,), "trim it to 3 seconds")
    assert "already as long as it is" in said("make it 10 seconds", (VIDEO_FILE,))
    assert "footage ends" in respond("make it 10 seconds", project).text
    assert talk("make it 10 seconds", project=project).draft.duration == 6000


def test_the_whole_takes_a_length_together() -> None:
    project = talk("a forest", "then the ocean", "then a desert", "make it 20 seconds")
    assert project.draft.duration == 20_000
    lengths = [clip.duration for clip in clips(project)]
    assert max(lengths) - min(lengths) <= 2


def test_footage_keeps_its_limit_when_the_whole_grows() -> None:
    project = talk((VIDEO_FILE,), "then a forest", "make the video 30 seconds")
    assert project.draft.duration == 30_000
    assert clips(project)[0].duration == 6000


def test_each_clip_at_one_length() -> None:
    project = talk((PHOTO, TALL_PHOTO), "make each photo 2 seconds")
    assert [clip.duration for clip in clips(project)] == [2000, 2000]


@pytest.mark.parametrize(
    ("message", "begin", "length"),
    [
        ("trim to the first 2 seconds", 0, 2000),
        ("keep only 0:02 to 0:05", 2000, 3000),
        ("cut the first 2 seconds", 2000, 4000),
        ("cut the last 2 seconds", 0, 4000),
        ("keep the last 2 seconds", 4000, 2000),
        ("cut everything after 4 seconds", 0, 4000),
        ("start the clip at 2 seconds", 2000, 4000),
        ("剪到前2秒", 0, 2000),
        ("只保留2秒到5秒", 2000, 3000),
    ],
)
def test_footage_is_trimmed(message: str, begin: int, length: int) -> None:
    (clip,) = clips(talk((VIDEO_FILE,), message))
    assert (clip.meta.get("in", 0), clip.duration) == (begin, length)


def test_trimming_twice_counts_from_what_is_left() -> None:
    (clip,) = clips(talk((VIDEO_FILE,), "cut the first 2 seconds", "cut the first second"))
    assert (clip.meta["in"], clip.duration) == (3000, 3000)


def test_the_last_upload_is_trimmed_where_no_clip_is_named() -> None:
    project = talk("a forest", (VIDEO_FILE,), "then the ocean", "trim to the first 2 seconds")
    assert [clip.duration for clip in clips(project)] == [5000, 2000, 5000]


def test_the_whole_is_trimmed_where_nothing_was_uploaded() -> None:
    project = talk("a forest", "then the ocean", "cut the last 2 seconds")
    assert project.draft.duration == 7500


def test_a_trimmed_scene_keeps_the_camera_it_was_painted_with() -> None:
    (clip,) = clips(talk("a forest", "cut the first 2 seconds"))
    assert clip.meta["in"] == 2000
    assert clip.meta["source"]["seconds"] == 5.0


def test_a_part_is_cut_out_of_the_middle() -> None:
    head, tail = clips(talk((VIDEO_FILE,), "cut out 0:02 to 0:04"))
    assert (head.id, head.duration) == ("v1", 2000)
    assert (tail.start, tail.duration, tail.meta["in"]) == (2000, 2000, 4000)


@pytest.mark.parametrize("message", ["cut the first 9 seconds", "trim it to the first 20 seconds"])
def test_a_trim_that_leaves_nothing_or_everything_is_told(message: str) -> None:
    answer = respond(message, talk((VIDEO_FILE,)))
    assert answer.draft is None
    assert "6 s" in answer.text
