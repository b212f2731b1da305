from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hearing import RATE, clicks, found

from skill.studio.render import audio

# container, codec, rate, layout, picture, and how late the codec makes it where the
# container cannot say so (raw AAC and MP3 in AVI carry no word of the encoder's delay).
FILES = [
    ("a.wav", "pcm_s16le", 48000, "stereo", False, 0),
    ("b.wav", "pcm_s16le", 44100, "mono", False, 0),
    ("c.wav", "pcm_u8", 22050, "mono", False, 0),
    ("d.mp4", "aac", 48000, "stereo", True, 0),
    ("e.mov", "aac", 44100, "mono", True, 0),
    ("f.m4a", "aac", 44100, "stereo", False, 0),
    ("g.mp3", "libmp3lame", 44100, "stereo", False, 0),
    ("h.mkv", "libopus", 48000, "stereo", True, 0),
    ("i.webm", "libopus", 48000, "stereo", False, 0),
    ("j.mkv", "aac", 44100, "5.1", True, 0),
    ("k.aac", "aac", 48000, "stereo", False, 1024),
]


@pytest.mark.parametrize(("name", "codec", "rate", "layout", "video", "late"), FILES)
def test_a_click_stays_where_it_was(
    write: Callable[..., Path],
    name: str,
    codec: str,
    rate: int,
    layout: str,
    video: bool,
    late: int,
) -> None:
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    times = (1.0, 7.0)
    path = write(name, clicks(8, times, rate, channels), rate, codec, layout, video)
    for begin in (0.0, 0.75, 6.5):  # 6.5: behind a seek, where the container has an index
        sound = audio.read(path, begin, 8 - begin, RATE)
        for time in times:
            if time > begin:
                for side in range(2):
                    assert abs(found(sound[:, side], time - begin) - late) <= 1


def test_mono_is_as_loud_on_both_sides(write: Callable[..., Path]) -> None:
    path = write("m.wav", clicks(1, (0.5,), RATE, 1), RATE, "pcm_s16le", "mono")
    sound = audio.read(path, 0, 1, RATE)
    assert np.abs(sound).max(axis=0) == pytest.approx(
        np.abs(clicks(1, (0.5,), RATE, 1)).max(), abs=1e-3
    )


def test_a_stretch_ends_where_it_is_told_to(write: Callable[..., Path]) -> None:
    path = write("n.m4a", clicks(3, (1.0,), 44100, 2), 44100, "aac")
    blocks = list(audio.blocks(path, 0.5, 1.0, RATE))
    assert blocks[0][0] == 0
    ends = [at + len(block) for at, block in blocks]
    assert ends[-1] == RATE
    assert [at for at, _ in blocks[1:]] == ends[:-1]


def test_a_torn_file_gives_what_stands_before_the_tear(write: Callable[..., Path]) -> None:
    path = write("o.mp3", clicks(6, (1.0, 5.0), 44100, 2), 44100, "libmp3lame")
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\x00\xff\x13" * 700)
    sound = audio.read(path, 0, 6, RATE)
    assert abs(found(sound[:, 0], 1.0)) <= 1
    assert 2.5 * RATE < len(sound) <= 6 * RATE


def test_what_has_no_sound_gives_none(tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("no sound at all\n" * 50)
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    for path in (text, empty, tmp_path / "missing.mp4"):
        assert list(audio.blocks(path, 0, 1, RATE)) == []
