"""At which moments an edit shows, and what is remembered of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track, to_wire
from skill.home import Home
from skill.preview import kept
from skill.preview.change import shown_at


def clip(name: str, start: int, duration: int, **meta: Any) -> Segment:
    return Segment(name, start, duration, {"name": name, **meta})


def draft(*clips: Segment, titles: tuple[Segment, ...] = (), **more: Any) -> Draft:
    tracks = [Track("v", VIDEO, clips)] if clips else []
    tracks += [Track("t", TEXT, titles)] if titles else []
    return Draft(tracks=tuple(tracks), **more)


OCEAN, HILLS = clip("ocean", 0, 5000), clip("hills", 5000, 5000)
DAWN = clip("dawn", 6000, 2000, text="Dawn")


def test_an_added_title_is_seen_in_its_middle_on_both_sides():
    assert shown_at(draft(OCEAN, HILLS), draft(OCEAN, HILLS, titles=(DAWN,))) == [(7000, 7000)]


def test_a_title_in_other_words_is_seen_where_it_stands():
    other = replace(DAWN, meta={**DAWN.meta, "text": "Dusk"})
    before, after = (draft(OCEAN, HILLS, titles=(title,)) for title in (DAWN, other))
    assert shown_at(before, after) == [(7000, 7000)]


def test_a_trim_is_seen_behind_the_new_end():
    shorter = draft(clip("ocean", 0, 2000), clip("hills", 2000, 5000))
    assert shown_at(draft(OCEAN, HILLS), shorter) == [(3000, 3000)]


def test_a_trim_of_the_last_clip_leaves_nothing_to_see_afterwards():
    assert shown_at(draft(OCEAN), draft(clip("ocean", 0, 2000))) == [(3000, None)]


def test_a_new_order_is_seen_at_the_same_times():
    moved = draft(clip("hills", 0, 5000), clip("ocean", 5000, 5000))
    found = shown_at(draft(OCEAN, HILLS), moved)
    assert [a == b for a, b in found] == [True, True]
    assert [at // 5000 for at, _ in found if at is not None] == [0, 1]


def test_another_ratio_is_seen_on_what_stays():
    found = shown_at(draft(OCEAN), draft(OCEAN, width=1080, height=1920))
    assert 1 <= len(found) <= 2
    assert all(a == b for a, b in found)


def test_music_changes_no_picture():
    music = Track("m", AUDIO, (clip("lo-fi", 0, 5000),))
    before = draft(OCEAN)
    assert shown_at(before, replace(before, tracks=(*before.tracks, music))) == []


def test_the_first_clip_has_nothing_before_it():
    assert all(a is None for a, _ in shown_at(Draft(), draft(OCEAN)))


def test_many_changes_give_a_few_pairs():
    clips = [clip(f"c{n}", n * 1000, 1000) for n in range(20)]
    looked = [replace(c, meta={**c.meta, "look": {"grain": 0.3}}) for c in clips]
    assert len(shown_at(draft(*clips), draft(*looked))) == 4


ONE, TWO = ({"t": [], "n": n} for n in range(2))


def test_the_last_edit_of_a_project_is_kept(tmp_path):
    home = Home(tmp_path / "state")
    kept.keep(home, "s1", ONE, TWO)
    assert kept.before(home, "s1", TWO) == ONE
    assert kept.before(home, "s2", TWO) is None


def test_what_came_by_another_way_is_compared_with_the_last_message(tmp_path):
    home = Home(tmp_path / "state")
    later, now = to_wire(draft(OCEAN)), to_wire(draft(OCEAN, HILLS))
    kept.keep(home, "s1", ONE, later)
    assert kept.before(home, "s1", now) == later


def test_what_a_backend_writes_for_itself_is_no_edit(tmp_path):
    home = Home(tmp_path / "state")
    kept.keep(home, "s1", ONE, {**to_wire(draft(OCEAN)), "saved": 1})
    assert kept.before(home, "s1", {**to_wire(draft(OCEAN)), "saved": 2}) == ONE


def test_edits_of_a_few_projects_are_kept_and_no_huge_ones(tmp_path):
    home = Home(tmp_path / "state")
    for number in range(9):
        kept.keep(home, f"s{number}", ONE, TWO)
    kept.keep(home, "huge", {"x": "y" * kept.BYTES}, ONE)
    found = json.loads((tmp_path / "state" / kept.FILE).read_text())
    assert list(found) == [f"s{number}" for number in range(5, 9)]


def test_a_damaged_file_compares_with_nothing(tmp_path):
    home = Home(tmp_path / "state")
    kept.keep(home, "s1", to_wire(draft(OCEAN)), ONE)
    (tmp_path / "state" / kept.FILE).write_text('{"s1": {"before": 3}}')
    assert kept.before(home, "s1", ONE) is None
