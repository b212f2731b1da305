"""The file: whole, or an error in plain words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from skill.draft import Draft
from skill.studio.render import planes
from skill.studio.render.encode import VideoEncoder, encode_sound
from skill.studio.render.errors import RenderError, disk_errors
from skill.studio.render.mux import mux, whole
from skill.studio.render.output import Output, read_output
from skill.studio.render.packets import Packets

OUTPUT = read_output({}, Draft(64, 48))


def piece(output: Output = OUTPUT, frames: int = 60) -> Packets:
    encoder = VideoEncoder(output, 30)
    for _ in range(frames):
        encoder.add(planes.black(output.width, output.height)[0])
    return encoder.finish()


def sound(seconds: float) -> Packets:
    return encode_sound(np.zeros((round(seconds * 48000), 2), np.float32), OUTPUT)


def test_decoding_times_run_on_over_short_pieces(tmp_path: Path) -> None:
    """A piece of one frame has the delay of a long one, so no time is missing between them."""
    times = []
    for number, made in enumerate((piece(), piece(), piece(frames=1))):
        times += [packet.dts + number * 60 for packet in made.packets]
    assert times == list(range(times[0], times[0] + 121))


def test_a_file_that_is_cut_off_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    mux(out, OUTPUT, 30, [(0, piece())], sound(2), lambda: None)
    assert whole(out)
    data = out.read_bytes()
    for length in (0, 4, 40, len(data) // 2, len(data) - 1):
        out.write_bytes(data[:length])
        assert not whole(out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_in_plain_words() -> None:
    full = Path("/dev/full")
    with pytest.raises(RenderError, match="disk is full"), disk_errors("saving the video"):
        mux(full, OUTPUT, 30, [(0, piece())], sound(2), lambda: None)


def test_a_piece_of_other_settings_is_refused(tmp_path: Path) -> None:
    other = piece(read_output({}, Draft(80, 48)))
    with pytest.raises(RenderError, match="other settings"):
        mux(tmp_path / "out.mp4", OUTPUT, 30, [(0, other)], None, lambda: None)


def test_a_stop_in_the_middle_comes_through(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mux(tmp_path / "out.mp4", OUTPUT, 30, [(0, piece())], None, stop)
