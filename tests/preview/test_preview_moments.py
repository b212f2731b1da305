"""Which moments stand on a sheet."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track
from skill.preview import grid
from skill.preview.moments import MOST, moments


def clip(name: str, start: int, duration: int, **meta: Any) -> Segment:
    return Segment(name, start, duration, {"name": name, **meta})


def video(*segments: Segment) -> Track:
    return Track("v", VIDEO, segments)


def titles(*segments: Segment) -> Track:
    return Track("t", TEXT, segments)


def shows(draft: Draft, name: str, at: list[int]) -> bool:
    segment = draft.find(name)
    assert segment is not None
    return any(segment.start <= moment < segment.end for moment in at)


def test_every_clip_and_every_title_has_a_moment():
    clips = [clip(f"c{n}", n * 1000, 1000) for n in range(9)]
    words = [clip(f"t{n}", n * 2500, 900, text="x") for n in range(3)]
    draft = Draft(tracks=(video(*clips), titles(*words)))
    found = moments(draft, 6)
    assert all(shows(draft, s.id, found) for s in (*clips, *words))
    assert found == sorted(set(found))


def test_a_short_clip_between_long_ones_is_seen():
    clips = (clip("a", 0, 60_000), clip("b", 60_000, 300), clip("c", 60_300, 60_000))
    draft = Draft(tracks=(video(*clips),))
    assert shows(draft, "b", moments(draft, 12))


def test_a_clip_is_seen_after_its_transition_and_before_the_next():
    fade = {"kind": "crossfade", "d": 1000}
    draft = Draft(tracks=(video(clip("a", 0, 3000), clip("b", 2000, 3000, transition=fade)),))
    assert not any(2000 <= at <= 3000 for at in moments(draft, 2))


def test_a_clip_that_others_hide_wholly_has_no_moment_of_its_own():
    over = Track("over", VIDEO, (clip("b", 0, 2000),))
    draft = Draft(tracks=(video(clip("a", 0, 2000)), over))
    assert len(moments(draft, 1)) == 1


def test_no_moment_is_chosen_while_a_title_fades():
    draft = Draft(tracks=(video(clip("a", 0, 17_000)), titles(clip("t", 0, 3000, text="x"))))
    found = moments(draft, 12)
    assert len(found) == 12
    assert not any(at < 400 or 2600 < at < 3000 for at in found)


def test_moments_are_spread_over_what_one_clip_shows():
    draft = Draft(tracks=(video(clip("a", 0, 12_000)),))
    found = moments(draft, 12)
    gaps = [b - a for a, b in pairwise(found)]
    assert len(found) == 12
    assert max(gaps) <= 2 * min(gaps)


def test_moments_are_whole_tenths_of_a_second():
    draft = Draft(tracks=(video(clip("a", 0, 7777)),))
    assert all(at % 100 == 0 for at in moments(draft, 6))


def test_more_clips_than_the_sheet_takes_are_spread_evenly():
    draft = Draft(tracks=(video(*(clip(f"c{n}", n * 1000, 1000) for n in range(100))),))
    found = moments(draft, 12)
    assert len(found) == MOST
    assert found[0] < 1000
    assert found[-1] > 99_000


def test_a_blink_of_a_video_has_few_moments():
    draft = Draft(tracks=(video(clip("a", 0, 300)),))
    assert 1 <= len(moments(draft, 6)) <= 2


def test_sound_alone_has_no_moments():
    draft = Draft(tracks=(Track("m", AUDIO, (clip("a", 0, 5000),)),))
    assert moments(draft, 6) == []


def test_the_frames_fill_the_page_and_leave_room_for_the_tracks():
    for ratio in (16 / 9, 9 / 16, 1.0, 4 / 5, 21 / 9):
        for count in range(1, 17):
            found = grid.sheet(count, ratio)
            rows = -(-count // found.columns)
            assert found.columns * (found.width + grid.GAP) <= grid.INNER + grid.GAP
            assert rows * (found.height + grid.CAPTION) <= grid.TALLEST
            assert abs(found.width / found.height / ratio - 1) < 0.03


def test_a_video_gets_whole_rows_of_frames():
    for ratio in (16 / 9, 9 / 16, 1.0):
        for length in (1000, 8000, 60_000):
            count = grid.wanted(length, ratio)
            assert count % grid.sheet(count, ratio).columns == 0
            assert count <= MOST


def test_sides_of_different_ratios_are_equally_high():
    wide, tall = grid.mixed(2, 16 / 9, 9 / 16)
    assert wide.height == tall.height
    assert wide.width + tall.width + grid.ARROW <= grid.INNER


def test_thousands_of_clips_are_looked_through_quickly():
    clips = tuple(clip(f"c{n}", n * 10, 10) for n in range(20_000))
    assert len(moments(Draft(tracks=(video(*clips), Track("o", VIDEO, clips))), 12)) == MOST


def test_tracks_full_of_clips_over_each_other_are_looked_through_quickly():
    tracks = tuple(
        video(*(clip(f"c{track}.{n}", (n * 7919 + track) % 900_000, 2500) for n in range(1000)))
        for track in range(16)
    )
    fading = titles(*(clip(f"t{n}", n * 100, 90, text="x") for n in range(20_000)))
    assert len(moments(Draft(tracks=(*tracks, fading)), 12)) == MOST
