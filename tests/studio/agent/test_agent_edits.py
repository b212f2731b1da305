"""Shape, order and removal on a draft, and what holds of every edit."""

from __future__ import annotations

import pytest
from agent_kit import (
    PHONE_FILE,
    PHOTO,
    SILENT_FILE,
    SONG,
    UPLOADS,
    VIDEO_FILE,
    clips,
    names,
    said,
    segments,
    talk,
)

from skill.draft import AUDIO, TEXT
from skill.studio.agent import respond

# Shape and look


@pytest.mark.parametrize(
    ("message", "size"),
    [
        ("make it vertical", (1080, 1920)),
        ("square please", (1080, 1080)),
        ("change the aspect ratio to 4:5", (1080, 1350)),
        ("make it 21:9", (1920, 822)),
        ("for TikTok", (1080, 1920)),
        ("改成竖屏", (1080, 1920)),
        ("1080x1080", (1080, 1080)),
    ],
)
def test_the_canvas(message: str, size: tuple[int, int]) -> None:
    draft = talk("a forest", message).draft
    assert (draft.width, draft.height) == size


def test_a_shape_too_narrow_is_told() -> None:
    assert "too narrow" in said("resize to 100x900", "a forest")


def test_pictures_are_framed_anew_for_another_canvas() -> None:
    project = talk((VIDEO_FILE,), "make it vertical")
    assert clips(project)[0].meta["fit"] == "contain"
    asked = talk("fill the frame", project=project)
    assert clips(asked)[0].meta["fit"] == "cover"
    assert clips(talk("make it square", project=asked))[0].meta["fit"] == "cover"


def test_bars_come_and_go() -> None:
    project = talk("a forest", "make it cinematic", "no bars")
    assert clips(project)[0].meta["look"] == {"grain": 0.25}
    assert "look" not in clips(talk("remove the grain", project=project))[0].meta


# Order, removing, keeping


@pytest.mark.parametrize(
    ("message", "order"),
    [
        ("move the second clip to the start", ["ocean", "forest", "desert"]),
        ("put the forest last", ["ocean", "desert", "forest"]),
        ("put the desert before the ocean", ["forest", "desert", "ocean"]),
        ("move the forest after the ocean clip", ["ocean", "forest", "desert"]),
        ("swap clip 1 and 3", ["desert", "ocean", "forest"]),
        ("swap the forest and the ocean", ["ocean", "forest", "desert"]),
        ("reverse the order", ["desert", "ocean", "forest"]),
        ("move clip 3 to position 2", ["forest", "desert", "ocean"]),
        ("把第二段移到最前面", ["ocean", "forest", "desert"]),
        ("remove the second clip", ["forest", "desert"]),
        ("remove the last clip", ["forest", "ocean"]),
        ("delete clip 1 and clip 2", ["desert"]),
        ("remove the forest and the desert", ["ocean"]),
        ("remove the beach clip", ["forest", "desert"]),
        ("keep only the ocean", ["ocean"]),
        ("只保留第一段", ["forest"]),
    ],
)
def test_order(message: str, order: list[str]) -> None:
    project = talk("a forest", "then the ocean", "then a desert", message)
    assert names(project.draft) == [f"{name} scene" for name in order]


def test_it_is_put_beside_the_clip_that_is_named() -> None:
    project = talk("the ocean", (VIDEO_FILE,), "put it before the ocean clip")
    assert names(project.draft) == ["clip.mp4", "ocean scene"]


def test_it_is_never_the_clip_beside_which_it_goes() -> None:
    project = talk((VIDEO_FILE,), "then the ocean", "put it after the ocean clip")
    assert names(project.draft) == ["ocean scene", "clip.mp4"]


def test_removing_by_name_and_by_kind() -> None:
    project = talk("a forest", (VIDEO_FILE, PHOTO), "add lo-fi music", "put a title 'X'")
    assert names(talk("remove clip.mp4", project=project).draft) == ["forest scene", "photo.jpg"]
    assert names(talk("remove the photo", project=project).draft) == ["forest scene", "clip.mp4"]
    both = talk("remove the title and the music", project=project).draft
    assert not segments(both, TEXT)
    assert not segments(both, AUDIO)


def test_what_is_not_found_is_told() -> None:
    assert "“volcano”" in said("remove the volcano clip", "a forest")
    assert "not that many" in said("remove the fifth clip", "a forest")


def test_files_one_after_the_other() -> None:
    project = talk((VIDEO_FILE, SILENT_FILE), "keep only clip.mp4")
    assert names(project.draft) == ["clip.mp4"]
    project = talk("keep only silent.mov", project=project)
    assert names(project.draft) == ["silent.mov"]
    assert names(talk("add clip.mp4", project=project).draft) == ["silent.mov", "clip.mp4"]


def test_clearing_empties_the_timeline_and_never_reuses_an_id() -> None:
    project = talk("a forest", "make it vertical", "clear everything")
    assert not project.draft.exportable
    assert (project.draft.width, project.draft.height) == (1920, 1080)
    assert clips(talk("the ocean", project=project))[0].id == "v2"
    assert "empty already" in said("clear everything")


def test_an_edit_of_an_empty_timeline_says_what_to_do() -> None:
    for message in ("make it 10 seconds", "trim to the first 5 seconds", "remove the clip"):
        assert "Describe a scene" in said(message)


def test_edits_do_not_change_the_draft_they_are_given() -> None:
    project = talk("a forest", (VIDEO_FILE, PHONE_FILE, SONG), "put a title 'X'")
    before = repr(project.draft)
    for message in ("make it vertical", "remove the first clip", "make the title red", "louder"):
        respond(message, project)
    assert repr(project.draft) == before


def test_the_same_talk_gives_the_same_draft() -> None:
    turns = ("a forest", UPLOADS, "add music", "put a title 'X'", "make it 20 seconds")
    assert talk(*turns).draft == talk(*turns).draft
