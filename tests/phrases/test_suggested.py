"""What we tell a user to say is understood when they say it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from skill.draft import Draft
from skill.phrases import _sentences, languages, say
from skill.router import Step, route
from skill.studio.agent import PlacedMedia, Project, place, respond

EXPECTED = {
    "next.clip": "generate",
    "next.music": "set_music",
    "next.title": "add_title",
    "next.quieter": "set_volume",
    "next.reorder": "move",
    "next.retitle": "change_title",
    "next.vertical": "set_ratio",
    "next.mood": "set_music",
    "next.more": "generate",
}


@cache
def _project() -> Project:
    draft = Draft()
    for wish in (
        "generate a 10-second clip of a sunset over the ocean",
        "add a 10-second clip of a forest",
        "add upbeat background music",
        "put a title 'Hello' on the first 3 seconds",
    ):
        draft = respond(wish, Project(draft)).draft or draft
    return Project(draft)


def _upload() -> Project:
    clip = PlacedMedia("a" * 64, "video", 12_000, 1920, 1080, sound=True, name="beach.mp4")
    return Project(place([clip], Project(Draft(), (clip,))), (clip,))


def _seconds(draft: Draft) -> float:
    return round(draft.duration / 1000, 1)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", EXPECTED)
def test_a_next_step_is_an_edit_that_the_studio_does(key: str, language: str) -> None:
    sentence = say(key, language)
    assert route(sentence) == [Step.SSE]
    answer = respond(sentence, _project(), language)
    assert answer.draft is not None
    assert answer.tool == EXPECTED[key]


@pytest.mark.parametrize("language", languages())
def test_shorter_is_shorter(language: str) -> None:
    sentence = say("next.shorter", language)
    assert route(sentence) == [Step.SSE]
    answer = respond(sentence, _project(), language)
    assert answer.draft is not None
    assert _seconds(_project().draft) > 15
    assert _seconds(answer.draft) == 15


@pytest.mark.parametrize("language", languages())
def test_values_arrive_as_said(language: str) -> None:
    def arguments(key: str) -> dict[str, Any]:
        return dict(respond(say(key, language), _project(), language).arguments)

    assert arguments("next.quieter")["level"] == 0.35
    assert arguments("next.title")["moment"] == {"length": 3000}
    assert arguments("next.more")["length"] == 3000
    assert arguments("next.mood")["mood"] == "piano"
    assert arguments("next.vertical")["ratio"] == [9.0, 16.0]


@pytest.mark.parametrize("language", languages())
def test_the_words_of_the_skill_route_to_its_steps(language: str) -> None:
    assert route(say("next.export", language)) == [Step.EXPORT]


@pytest.mark.parametrize("language", languages())
def test_the_ideas_of_the_greeting_are_done(language: str) -> None:
    scene, dress, trim = _sentences(language)["_ideas"]
    trim = trim.split(" (")[0].split("（")[0]  # the bracket is for the reader
    assert all(route(idea) == [Step.SSE] for idea in (scene, dress, trim))
    made = respond(scene, Project(), language).draft
    assert made is not None
    assert _seconds(made) == 5
    dressed = respond(dress, Project(made), language).draft
    assert dressed is not None
    assert sorted(track.type for track in dressed.tracks if track.segments) == [0, 1, 7]
    cut = respond(trim, _upload(), language).draft
    assert cut is not None
    assert (_seconds(cut), cut.width < cut.height) == (5, True)
