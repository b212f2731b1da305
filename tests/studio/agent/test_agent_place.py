"""What uploads do to the timeline."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agent_kit import (
    PHONE_FILE,
    PHOTO,
    SHORT_SONG,
    SILENT_FILE,
    SONG,
    TALL_PHOTO,
    VIDEO_FILE,
    check,
    names,
    segments,
)

from skill.draft import AUDIO, VIDEO
from skill.studio.agent import PlacedMedia, Project, place, respond


def placed(*media: PlacedMedia, project: Project | None = None) -> Project:
    """A project after an upload."""
    project = project or Project(seed=7)
    project = replace(project, media=(*project.media, *media))
    project = replace(project, draft=place(media, project))
    check(project)
    return project


def test_photos_follow_each_other_with_crossfades_and_motion() -> None:
    clips = segments(
        placed(PHOTO, TALL_PHOTO, replace(PHOTO, hash="h3", name="3.jpg")).draft, VIDEO
    )
    assert [(c.start, c.duration) for c in clips] == [(0, 4000), (3500, 4000), (7000, 4000)]
    assert [c.meta.get("transition") for c in clips] == [
        None,
        *[{"kind": "crossfade", "d": 500}] * 2,
    ]
    kinds = [c.meta["motion"]["kind"] for c in clips]
    assert len(set(kinds)) == 3
    assert "none" not in kinds
    assert clips[0].meta["source"] == {"kind": "image", "hash": "hash-photo"}


@pytest.mark.parametrize(
    ("item", "canvas"),
    [
        (VIDEO_FILE, (1920, 1080)),
        (PHONE_FILE, (1080, 1920)),
        (replace(PHOTO, width=2000, height=2000), (1080, 1080)),
        (replace(PHOTO, width=3000, height=4000), (1080, 1350)),
        (replace(PHOTO, width=4000, height=3000), (1920, 1080)),
        (replace(PHOTO, width=0, height=0), (1920, 1080)),
    ],
)
def test_the_first_picture_shapes_the_canvas(item: PlacedMedia, canvas: tuple[int, int]) -> None:
    draft = placed(item).draft
    assert (draft.width, draft.height) == canvas


def test_a_shape_that_was_asked_for_stays() -> None:
    asked = respond("make it square", Project())
    assert asked.draft is not None
    draft = placed(PHONE_FILE, project=Project(asked.draft)).draft
    assert (draft.width, draft.height) == (1080, 1080)


def test_a_second_picture_does_not_shape_the_canvas() -> None:
    assert placed(VIDEO_FILE, PHONE_FILE).draft.width == 1920


def test_a_picture_unlike_the_canvas_is_shown_whole() -> None:
    first, second = segments(placed(VIDEO_FILE, PHONE_FILE).draft, VIDEO)
    assert "fit" not in first.meta
    assert second.meta["fit"] == "contain"


def test_footage_comes_with_its_own_sound_and_a_hard_cut() -> None:
    clips = segments(placed(VIDEO_FILE, SILENT_FILE).draft, VIDEO)
    assert [(c.start, c.duration) for c in clips] == [(0, 6000), (6000, 8000)]
    assert clips[0].meta["volume"] == 1.0
    assert "volume" not in clips[1].meta


def test_a_song_is_music_as_long_as_the_picture() -> None:
    music = segments(placed(PHOTO, SONG).draft, AUDIO)
    assert [(m.id, m.start, m.duration, m.meta["role"]) for m in music] == [
        ("m1", 0, 4000, "music")
    ]
    assert music[0].meta["volume"] == 0.8
    assert music[0].meta["fade_out"] > 0


def test_a_song_gives_way_to_footage_with_sound_sent_along() -> None:
    assert segments(placed(SONG, VIDEO_FILE).draft, AUDIO)[0].meta["volume"] == 0.35
    assert segments(placed(SONG, SILENT_FILE).draft, AUDIO)[0].meta["volume"] == 0.8


def test_a_song_alone_keeps_its_length_until_there_is_a_picture() -> None:
    project = placed(SONG)
    assert segments(project.draft, AUDIO)[0].duration == 30_000
    project = placed(PHOTO, project=project)
    assert segments(project.draft, AUDIO)[0].duration == 4000


def test_a_second_song_is_a_sound_on_a_track_of_its_own() -> None:
    draft = placed(VIDEO_FILE, SONG, SHORT_SONG).draft
    assert [(t.id, t.segments[0].meta["role"]) for t in draft.tracks_of(AUDIO)] == [
        ("music", "music"),
        ("sound1", "sound"),
    ]
    assert segments(draft, AUDIO)[1].duration == 2000


def test_uploads_come_after_what_is_there() -> None:
    made = respond("a forest", Project())
    assert made.draft is not None
    draft = placed(VIDEO_FILE, project=Project(made.draft)).draft
    assert names(draft) == ["forest scene", "clip.mp4"]


def test_placing_again_gives_the_same_draft() -> None:
    assert placed(PHOTO, SONG).draft == placed(PHOTO, SONG).draft
