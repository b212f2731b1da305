"""Music and loudness on a draft."""

from __future__ import annotations

import pytest
from agent_kit import SHORT_SONG, SILENT_FILE, VIDEO_FILE, clips, music, names, said, talk

from skill.studio.agent import PlacedMedia


@pytest.mark.parametrize(
    ("uploads", "volume"), [((), 0.8), ((VIDEO_FILE,), 0.35), ((SILENT_FILE,), 0.8)]
)
def test_how_loud_music_is_unasked(uploads: tuple[PlacedMedia, ...], volume: float) -> None:
    bed = music(talk("a forest", uploads, "add lo-fi music"))
    assert (bed.id, bed.meta["volume"], bed.meta["name"]) == ("m1", volume, "Lo-fi")
    assert bed.meta["source"]["mood"] == "lo-fi"


@pytest.mark.parametrize(
    ("message", "volume"),
    [
        ("set the music volume to 35%", 0.35),
        ("music at 20%", 0.2),
        ("louder", 1.0),
        ("quieter", 0.48),
        ("a bit quieter", 0.64),
        ("make it half as loud", 0.4),
        ("mute the music", 0.0),
        ("music 25% quieter", 0.6),
        ("lower the music by 6 dB", 0.4),
        ("音乐小声一点", 0.48),
        ("音量调到百分之三十", 0.3),
    ],
)
def test_the_music_gets_louder_or_quieter(message: str, volume: float) -> None:
    project = talk("a forest", "add lo-fi music", message)
    assert music(project).meta["volume"] == pytest.approx(volume)


def test_the_loudest_is_told() -> None:
    assert "loudest" in said("set the music to 150%", "a forest", "add music")


def test_music_follows_the_picture() -> None:
    project = talk("a forest", "add lo-fi music", "then the ocean")
    assert music(project).duration == project.draft.duration == 9500


def test_another_mood_keeps_the_volume_and_the_place() -> None:
    project = talk("a forest", "add lo-fi music at 40%", "change the music to piano")
    bed = music(project)
    assert (bed.id, bed.meta["name"], bed.meta["volume"]) == ("m1", "Piano", 0.4)


def test_music_that_is_not_there() -> None:
    for message in ("louder music", "remove the music", "set the music volume to 35%"):
        assert "no music yet" in said(message, "a forest")


def test_music_before_there_is_a_picture_waits_for_it() -> None:
    project = talk("add lo-fi music")
    assert "no picture yet" in said("add lo-fi music")
    assert music(talk("a forest", project=project)).duration == 5000


def test_a_song_becomes_the_music_as_often_as_needed() -> None:
    project = talk("a forest", (SHORT_SONG,), "use it as background music at 30%")
    bed = music(project)
    assert (bed.start, bed.duration, bed.meta["volume"]) == (0, 5000, 0.3)
    assert bed.meta["loop"] is True
    assert bed.meta["source"] == {"kind": "audio", "hash": "hash-jingle"}


def test_a_video_used_as_music_leaves_the_picture() -> None:
    project = talk("a forest", (VIDEO_FILE,), "use it as background music")
    assert names(project.draft) == ["forest scene"]
    assert music(project).meta["name"] == "clip.mp4"


def test_the_sound_of_a_video_as_music_leaves_its_picture_where_it_is() -> None:
    project = talk("a forest", (VIDEO_FILE,), "use the sound of clip.mp4 as music")
    assert names(project.draft) == ["forest scene", "clip.mp4"]
    assert clips(project)[1].meta["volume"] == 0.0


def test_a_silent_file_is_no_music() -> None:
    assert "no sound" in said("use silent.mov as background music", (SILENT_FILE,))


def test_the_own_sound_of_a_clip() -> None:
    project = talk((VIDEO_FILE,), "mute the clip")
    assert clips(project)[0].meta["volume"] == 0.0
    assert clips(talk("unmute", project=project))[0].meta["volume"] == 1.0
    assert "no sound of its own" in said("mute silent.mov", (SILENT_FILE,))
