"""The plan: every frame's recipe, and hashes that change exactly when something visible does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_material import timeline, title, video

from skill.draft import TEXT, VIDEO, Draft, Segment, Track
from skill.studio.render.errors import RenderError
from skill.studio.render.plan import SEGMENT_FRAMES, Plan, make_plan, to_frames

times = st.integers(0, 7000)
lengths = st.integers(1, 5000)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Up to four shots that follow, overlap or leave gaps, and up to two titles."""
    shots, at = [], 0
    for number in range(draw(st.integers(1, 4))):
        start = max(0, at + draw(st.integers(-900, 400)))
        fade = {"kind": "crossfade", "d": draw(st.integers(0, 1200))}
        shots.append(video(f"s{number}", start, draw(lengths), transition=fade, name=f"n{number}"))
        at = shots[-1].end
    titles = [
        title(draw(times), draw(lengths), f"T{number}", fade=draw(st.integers(0, 900)))
        for number in range(draw(st.integers(0, 2)))
    ]
    draft = timeline(*shots, titles=titles)
    return draft if to_frames(draft.duration, 30) else timeline(video(duration=1000))


def plan(draft: Draft) -> Plan:
    return make_plan(draft, 320, 180)


def keys(draft: Draft) -> list[str]:
    made = plan(draft)
    return [made.key(piece, "settings") for piece in made.pieces()]


def changed(before: Draft, after: Draft) -> set[int]:
    """Numbers of the pieces that must be made anew."""
    pairs = zip(keys(before), keys(after), strict=True)
    return {number for number, (old, new) in enumerate(pairs) if old != new}


def with_titles(draft: Draft, *titles: Segment) -> Draft:
    kept = tuple(track for track in draft.tracks if track.type != TEXT)
    return replace(draft, tracks=(*kept, Track("titles", TEXT, titles)))


@settings(max_examples=40, deadline=None)
@given(drafts())
def test_pieces_hold_every_frame_exactly_once(draft: Draft) -> None:
    made = plan(draft)
    frames = [n for piece in made.pieces() for n in range(piece.first, piece.last)]
    assert frames == list(range(to_frames(draft.duration, 30)))
    assert all(piece.last - piece.first <= SEGMENT_FRAMES for piece in made.pieces())


@settings(max_examples=40, deadline=None)
@given(drafts())
def test_a_recipe_s_first_picture_hides_what_is_behind_or_is_faded_in_over_black(
    draft: Draft,
) -> None:
    made = plan(draft)
    for frame in range(0, made.frames, 3):
        pictures = made.recipe(frame).pictures
        assert all(0 < picture.weight < 1 for picture in pictures[1:])
        assert all(p.shot.first <= frame < p.shot.last for p in pictures)


@settings(max_examples=30, deadline=None)
@given(drafts(), times, st.integers(34, 5000))
def test_a_new_title_changes_just_the_pieces_it_is_seen_in(
    draft: Draft, start: int, length: int
) -> None:
    end = to_frames(draft.duration, 30)
    bare = with_titles(draft)
    titled = with_titles(draft, title(start, length, fade=0))
    seen = range(to_frames(start, 30), min(end, to_frames(start + length, 30)))
    assert changed(bare, titled) == {frame // SEGMENT_FRAMES for frame in seen}


@settings(max_examples=30, deadline=None)
@given(drafts())
def test_a_new_name_changes_nothing(draft: Draft) -> None:
    renamed = replace(
        draft,
        tracks=tuple(
            replace(t, segments=tuple(s.with_meta(name="other") for s in t.segments))
            for t in draft.tracks
        ),
    )
    assert changed(draft, renamed) == set()


@settings(max_examples=30, deadline=None)
@given(drafts(), st.integers(0, 3))
def test_another_look_changes_just_the_pieces_where_the_shot_is_seen(
    draft: Draft, number: int
) -> None:
    shots = draft.tracks[0].segments
    chosen = shots[number % len(shots)]
    look = chosen.with_meta(look={"bars": 2.39, "grain": 0.3})
    track = replace(
        draft.tracks[0], segments=tuple(look if s.id == chosen.id else s for s in shots)
    )
    after = replace(draft, tracks=(track, *draft.tracks[1:]))
    made = plan(draft)
    seen = {
        frame // SEGMENT_FRAMES
        for frame in range(made.frames)
        if any(p.shot.id == chosen.id for p in made.recipe(frame).pictures)
    }
    assert changed(draft, after) == seen


def test_a_crossfade_starts_and_ends_between_the_two_clips() -> None:
    fade = {"kind": "crossfade", "d": 500}
    made = plan(timeline(video("a", 0, 2000), video("b", 1500, 2000, transition=fade)))
    weights = [made.recipe(frame).pictures[-1].weight for frame in range(44, 62)]
    assert weights[0] == 1.0  # still the first clip alone
    assert weights[1] == pytest.approx(0.5 / 15, abs=1e-4)
    assert weights[15] == pytest.approx(14.5 / 15, abs=1e-4)
    assert weights[16] == 1.0
    assert [len(made.recipe(frame).pictures) for frame in (44, 45, 59, 60)] == [1, 2, 2, 1]


def test_a_transition_without_an_overlap_is_a_cut() -> None:
    fade = {"kind": "crossfade", "d": 500}
    made = plan(timeline(video("a", 0, 1000), video("b", 1000, 1000, transition=fade)))
    assert all(len(made.recipe(frame).pictures) == 1 for frame in range(60))


def test_a_gap_is_black() -> None:
    made = plan(timeline(video("a", 0, 1000), video("b", 2000, 1000)))
    assert made.recipe(45).pictures == ()


def test_a_later_track_lies_over_the_main_one() -> None:
    draft = timeline(video("a", 0, 2000))
    draft = replace(draft, tracks=(*draft.tracks, Track("v2", VIDEO, (video("b", 500, 500),))))
    made = plan(draft)
    assert [made.recipe(f).pictures[0].shot.id for f in (0, 15, 29, 30)] == ["a", "b", "b", "a"]


def test_times_in_the_source_do_not_drift() -> None:
    made = plan(timeline(video("a", 1000, 60_000, **{"in": 500})))
    assert made.recipe(30).pictures[0].time == 500_000
    assert made.recipe(30 + 1799).pictures[0].time == 500_000 + 59_966_667


def test_a_whole_scene_stays_the_same_when_it_moves_by_whole_pieces() -> None:
    early = keys(timeline(video("a", 0, 2000), video("b", 2000, 2000)))
    late = keys(timeline(video("b", 0, 2000), video("a", 2000, 2000)))
    assert early == late[::-1]


def test_zoom_runs_from_one_end_to_the_other_and_eases() -> None:
    source = {"kind": "image", "hash": "p"}
    motion = {"kind": "zoom_in", "from": 1.0, "to": 1.2}
    made = plan(timeline(video("p", 0, 2000, source=source, motion=motion)))
    zooms = [made.recipe(frame).pictures[0].view.zoom for frame in range(60)]
    assert zooms[0] == 1.0
    assert zooms[-1] == pytest.approx(1.2)
    steps = [b / a for a, b in pairwise(zooms)]
    assert all(step >= 1 for step in steps)
    assert max(steps) - 1 > 5 * (steps[0] - 1)
    assert max(abs(b - a) for a, b in pairwise(steps)) < 0.1 * (max(steps) - 1)


@pytest.mark.parametrize(
    ("kind", "begin", "end"),
    [
        ("pan_left", (1, 0), (-1, 0)),
        ("pan_right", (-1, 0), (1, 0)),
        ("pan_up", (0, 1), (0, -1)),
        ("pan_down", (0, -1), (0, 1)),
    ],
)
def test_pans_go_where_they_say(kind: str, begin: tuple[int, int], end: tuple[int, int]) -> None:
    source = {"kind": "image", "hash": "p"}
    made = plan(timeline(video("p", 0, 1000, source=source, motion={"kind": kind})))
    first, last = made.recipe(0).pictures[0].view, made.recipe(29).pictures[0].view
    assert ((first.x, first.y), (last.x, last.y)) == (begin, end)


def test_a_still_photo_is_the_same_recipe_in_every_frame() -> None:
    source = {"kind": "image", "hash": "p"}
    made = plan(timeline(video("p", 0, 1000, source=source)))
    assert len({made.recipe(frame).key for frame in range(30)}) == 1


def test_titles_fade_in_and_out_evenly() -> None:
    made = plan(timeline(video("a", 0, 3000), titles=[title(500, 2000, fade=400)]))
    (shown,) = made.titles
    levels = [shown.opacity(frame) for frame in range(shown.first, shown.last)]
    assert levels == levels[::-1]
    assert 0 < levels[0] < 0.05
    assert levels[12] == 1.0
    assert levels[:12] == sorted(levels[:12])


def test_an_empty_timeline_is_told_in_plain_words() -> None:
    with pytest.raises(RenderError, match="nothing on the timeline"):
        plan(Draft())


def test_a_clip_without_a_source_is_named() -> None:
    with pytest.raises(RenderError, match="'beach walk' has no picture"):
        plan(timeline(video("a", name="beach walk", source={"kind": "hologram"})))


def test_odd_metadata_counts_as_absent() -> None:
    made = plan(
        timeline(
            video("a", look="dark", motion=7, transition="x", **{"in": float("nan")}),
            titles=[title(0, 500, fade=None), title(600, 0), title(0, 900, "  ")],
        )
    )
    shot = next(made.shots)
    assert (shot.start, shot.bars, shot.motion) == (0, 0, "none")
    assert len(made.titles) == 1
