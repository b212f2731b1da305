"""Titles on a draft: where and when they stand, what changes them."""

from __future__ import annotations

import pytest
from agent_kit import said, segments, talk, title

from skill.draft import TEXT


def test_a_title_stands_for_three_seconds_in_the_centre() -> None:
    found = title(talk("a forest", "put a title 'Dawn'"))
    assert (found.id, found.start, found.duration) == ("t1", 0, 3000)
    assert found.meta == {
        "name": "Dawn", "text": "Dawn", "position": "center", "color": "#ffffff", "size": 0.11,
        "fade": 400,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("message", "span"),
    [
        ("put a title 'X' for five seconds", (0, 5000)),
        ("put a title 'X' from 2s to 5s", (2000, 5000)),
        ("put a title 'X' at the end", (7000, 10_000)),
        ("put a title 'X' at the end for 2 seconds", (8000, 10_000)),
        ("put a title 'X' the whole time", (0, 10_000)),
        ("put a title 'X' at 0:04", (4000, 7000)),
        ("put a title 'X' at 0:09", (9000, 10_000)),
        ("put a title 'X' for the last 4 seconds", (6000, 10_000)),
        ("加标题“X”，从第2秒到第5秒", (2000, 5000)),
        ("在结尾加标题“X”", (7000, 10_000)),
    ],
)
def test_when_a_title_is_there(message: str, span: tuple[int, int]) -> None:
    found = title(talk("a forest, 10 seconds", message))
    assert (found.start, found.end) == span


def test_a_title_on_a_clip() -> None:
    found = title(talk("a forest", "then the ocean", "add a title 'Sea' on the second clip"))
    assert (found.start, found.duration) == (4500, 3000)


@pytest.mark.parametrize(
    ("message", "span"),
    [
        ("add a title 'X' over the city at the bottom", (4500, 7500)),
        ("put 'X' on the city for 2 seconds", (4500, 6500)),
        ("put a title 'X' over the city from 6s to 8s", (6000, 8000)),
        ("put a title 'X' over the city for the whole clip", (4500, 9500)),
        ("add a title over the beach that says 'X'", (9000, 12_000)),
        ("ajoute le titre « X » sur la city", (4500, 7500)),
        ("在城市上加标题“X”", (4500, 7500)),
        # What names no clip changes nothing.
        ("put a title 'X' over the mountains", (0, 3000)),
        ("put a title 'X' in the style of a film", (0, 3000)),
        ("put a title 'X' in the ocean blue", (0, 3000)),
        ("put a title 'Over the city' at the top", (0, 3000)),
        ("add a title Sunset over the ocean", (0, 3000)),
    ],
)
def test_a_title_over_what_a_clip_shows(message: str, span: tuple[int, int]) -> None:
    found = title(talk("a forest", "then a city at night", "then the ocean", message))
    assert (found.start, found.end) == span


def test_a_title_is_moved_over_what_a_clip_shows_where_one_does() -> None:
    turns = ("a forest", "then the ocean", "add a title 'X'")
    found = title(talk(*turns, "move the title over the ocean"))
    assert (found.start, found.end) == (4500, 7500)
    assert "desert" in said("move the title over the desert", *turns)


@pytest.mark.parametrize(
    ("message", "spans"),
    [
        ("put 'A' over the ocean and 'B' over the forest", {"A": 4500, "B": 0}),
        ("put 'A' on the forest for 2 seconds, 'B' on the ocean", {"A": 0, "B": 4500}),
        ("在海边加标题“A”，在森林加标题“B”", {"A": 4500, "B": 0}),
        ("put 'A' at the top and 'B' at the bottom", {"A": 0, "B": 0}),
    ],
)
def test_two_titles_at_once(message: str, spans: dict[str, int]) -> None:
    project = talk("a forest", "then the ocean", message)
    assert {str(s.meta["text"]): s.start for s in project.draft.segments_of(TEXT)} == spans


def test_a_place_said_afterwards_leaves_a_title_where_no_clip_is_named() -> None:
    found = title(talk("a forest", "add a title 'X' over the lake. put it at the top"))
    assert (found.start, found.meta["position"]) == (0, "top")


def test_a_title_cannot_begin_after_the_end() -> None:
    assert "5 s long" in said("put a title 'X' from 8s to 9s", "a forest")


def test_a_title_is_changed_in_place() -> None:
    project = talk(
        "a forest", "put a title 'Dawn'", "change the title to 'Night Drive'",
        "make the title red", "move it to the top", "make it bigger", "keep it for 4 seconds",
    )  # fmt: skip
    found = title(project)
    assert (found.id, found.duration) == ("t1", 4000)
    assert found.meta["text"] == found.meta["name"] == "Night Drive"
    assert (found.meta["color"], found.meta["position"]) == ("#e53935", "top")
    assert found.meta["size"] == pytest.approx(0.143)


def test_the_same_words_again_change_the_title() -> None:
    project = talk("a forest", "put a title 'Dawn'", "put the title 'Dawn' at the bottom in blue")
    assert title(project).meta["position"] == "bottom"


def test_a_second_title_at_the_same_time_makes_room() -> None:
    project = talk("a forest", "put a title 'One'", "put a title 'Two'")
    one, two = segments(project.draft, TEXT)
    assert (one.meta["position"], two.meta["position"]) == ("center", "lower-third")
    assert [track.id for track in project.draft.tracks_of(TEXT)] == ["titles", "titles2"]


def test_titles_that_do_not_meet_share_a_track() -> None:
    project = talk("a forest", "put a title 'One' for 2 seconds", "put a title 'Two' at the end")
    assert [track.id for track in project.draft.tracks_of(TEXT)] == ["titles"]


def test_a_title_at_the_end_stays_at_the_end() -> None:
    project = talk("a forest", "put a title 'X' at the end", "make it 12 seconds")
    assert title(project).end == 12_000


def test_titles_stay_inside_a_video_that_gets_shorter() -> None:
    project = talk(
        "a forest, 10 seconds", "put a title 'X' from 6s to 9s", "make the video 4 seconds"
    )
    assert (title(project).start, title(project).end) == (1000, 4000)


def test_changing_a_title_that_is_not_there() -> None:
    assert "no title yet" in said("make the title red", "a forest")
    assert title(talk("a forest", "change the title to 'X'")).meta["text"] == "X"
