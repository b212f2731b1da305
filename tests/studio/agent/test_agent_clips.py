"""Clips that are painted, replaced and put in a row: what changes, what is said."""

from __future__ import annotations

import pytest
from agent_kit import PHOTO, TALL_PHOTO, VIDEO_FILE, clips, names, said, talk

from skill.studio.agent import Project, respond


def test_a_description_becomes_a_clip_of_five_seconds() -> None:
    (clip,) = clips(talk("森林里的晨雾"))
    assert (clip.id, clip.start, clip.duration) == ("v1", 0, 5000)
    assert clip.meta["source"]["kind"] == "scene"
    assert clip.meta["source"]["scene"]["prompt"] == "森林里的晨雾"


def test_the_prompt_that_was_sent_before_is_used() -> None:
    project = talk("a sunset over the ocean with waves crashing")
    project = talk("generate a 7-second cinematic video clip from my text prompt", project=project)
    (clip,) = clips(project)
    assert clip.duration == 7000
    assert clip.meta["source"]["scene"]["prompt"] == "a sunset over the ocean with waves crashing"
    assert clip.meta["look"] == {"bars": 2.39, "grain": 0.25}


def test_without_an_earlier_prompt_it_is_asked_for() -> None:
    answer = respond("generate a clip from my text prompt", Project())
    assert answer.draft is None
    assert "earlier prompt" in answer.text


def test_a_second_clip_follows_with_a_crossfade() -> None:
    first, second = clips(talk("a forest", "add another clip of the beach"))
    assert (second.start, second.end) == (4500, 9500)
    assert second.meta["transition"] == {"kind": "crossfade", "d": 500}
    assert (first.id, second.id) == ("v1", "v2")


@pytest.mark.parametrize(
    ("message", "order"),
    [
        ("add a desert clip at the start", ["desert", "forest", "ocean"]),
        ("insert a clip of a desert before the ocean clip", ["forest", "desert", "ocean"]),
        ("add a clip of a desert after the forest clip", ["forest", "desert", "ocean"]),
        ("add a desert", ["forest", "ocean", "desert"]),
    ],
)
def test_where_a_new_clip_goes(message: str, order: list[str]) -> None:
    found = names(talk("a forest", "then the ocean", message).draft)
    assert found == [f"{name} scene" for name in order]


def test_a_clip_is_replaced_and_keeps_its_length_and_place() -> None:
    project = talk("a forest, 8 seconds", "then the ocean", "replace the forest with a desert")
    assert names(project.draft) == ["desert scene", "ocean scene"]
    assert clips(project)[0].duration == 8000


def test_a_change_repaints_the_same_picture() -> None:
    before = clips(talk("a city skyline"))[0].meta["source"]["scene"]
    after = clips(talk("a city skyline", "make it night"))[0].meta["source"]["scene"]
    assert after["prompt"] == "night, a city skyline"
    assert after["seed"] == before["seed"]


def test_another_version_has_another_seed() -> None:
    project = talk("a forest")
    before = clips(project)[0].meta["source"]["scene"]["seed"]
    after = clips(talk("try again", project=project))[0].meta["source"]["scene"]
    assert after["seed"] != before
    assert after["prompt"] == "a forest"


def test_own_footage_is_not_painted_over() -> None:
    assert "own footage" in said("make it night", (VIDEO_FILE,))


@pytest.mark.parametrize("message", ["a forest, 0.5 seconds", "a 1 hour video of a forest"])
def test_a_length_out_of_range_is_told(message: str) -> None:
    answer = respond(message, Project())
    assert answer.draft is None
    assert "1 to 600 seconds" in answer.text


def test_what_cannot_be_painted_is_told_in_one_sentence() -> None:
    answer = respond("a cat playing piano", Project())
    assert answer.draft is not None
    assert answer.text.count("The studio paints scenes") == 1
    assert "cloud" in answer.text


def test_bars_only_on_a_landscape_canvas() -> None:
    project = talk("a vertical cinematic video of a forest")
    assert clips(project)[0].meta["look"] == {"grain": 0.25}
    assert clips(talk("make it 16:9", project=project))[0].meta["look"]["bars"] == 2.39


def test_a_new_clip_looks_like_the_others() -> None:
    project = talk("a forest", "make it cinematic", "then the ocean")
    assert all(clip.meta["look"] == {"bars": 2.39, "grain": 0.25} for clip in clips(project))


def test_several_scenes_in_one_message() -> None:
    project = talk("a forest, then a desert, 4 seconds each")
    assert [(c.start, c.duration) for c in clips(project)] == [(0, 4000), (3500, 4000)]


def test_a_slideshow_of_uploads_that_are_there_changes_nothing() -> None:
    project = talk((PHOTO, TALL_PHOTO))
    answer = respond("make a slideshow of these", project)
    assert answer.draft is None
    assert "photo.jpg" in answer.text


def test_a_slideshow_of_a_length() -> None:
    project = talk((PHOTO, TALL_PHOTO), "make a video from my photos, 10 seconds")
    assert project.draft.duration == 10_000
