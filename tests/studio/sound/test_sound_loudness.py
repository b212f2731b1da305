from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from hearing import RATE, Sound, tone

from skill.studio import loudness


def reference(sound: Sound, rate: int) -> tuple[float, float]:
    """Integrated loudness and true peak as FFmpeg's ebur128 finds them."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=rate, format="flt", layout="stereo", time_base=Fraction(1, rate)
    )
    meter = graph.add("ebur128", "peak=true:metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    size = rate // 10
    heard: dict[str, str] = {}
    for at in range(0, len(sound) // size * size, size):
        part = np.ascontiguousarray(sound[at : at + size]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, "flt", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
        source.push(frame)
        while True:
            try:
                heard.update(sink.pull().metadata)
            except (av.error.BlockingIOError, av.error.EOFError):
                break
    peaks = [float(heard[f"lavfi.r128.true_peaks_ch{side}"]) for side in (0, 1)]
    return float(heard["lavfi.r128.I"]), 20 * float(np.log10(max(peaks)))


def music_like(seconds: float, rate: int, seed: int = 1) -> Sound:
    """Noise under envelopes, with silences: something for both gates to do."""
    rng = np.random.default_rng(seed)
    sound = rng.standard_normal((round(seconds * rate), 2)).astype(np.float32) * 0.08
    time = np.arange(len(sound)) / rate
    loud = 0.05 + np.abs(np.sin(time)) * (np.sin(time * 0.7) > -0.3)
    return np.asarray(sound * loud[:, None], np.float32)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_standards_sine_of_minus_23(rate: int) -> None:
    # EBU Tech 3341, case 1: 1 kHz at -23 dBFS in both channels is -23.0 LUFS.
    assert loudness.integrated(tone(1000, 20, -23, rate), rate) == pytest.approx(-23.0, abs=0.1)


def test_the_standards_sine_under_the_relative_gate() -> None:
    # EBU Tech 3341, case 3: quiet parts at both ends do not count.
    parts = [tone(1000, s, level) for s, level in ((10, -36), (60, -23), (10, -36))]
    assert loudness.integrated(np.concatenate(parts), RATE) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_it_agrees_with_ffmpeg(rate: int) -> None:
    sound = music_like(12, rate)
    expected, peak = reference(sound, rate)
    assert loudness.integrated(sound, rate) == pytest.approx(expected, abs=0.2)
    assert loudness.true_peak(sound) == pytest.approx(peak, abs=0.3)


def test_silence_has_no_loudness() -> None:
    assert loudness.integrated(np.zeros((RATE, 2), np.float32), RATE) == -np.inf
    assert loudness.true_peak(np.zeros((0, 2), np.float32)) == -np.inf
    assert loudness.integrated(np.zeros((0, 2), np.float32), RATE) == -np.inf


def test_a_sound_shorter_than_a_block_is_one_block() -> None:
    assert loudness.integrated(tone(1000, 0.05, -20), RATE) == pytest.approx(-20, abs=1.5)


def test_a_peak_between_samples_is_found() -> None:
    # A sine at a quarter of the rate, sampled 45 degrees off: its samples are 3 dB too low.
    time = np.arange(RATE)
    sine = 0.5 * np.sin(np.pi / 2 * time + np.pi / 4) * np.hanning(RATE)
    sound = np.stack([sine, sine], axis=1).astype(np.float32)
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-9.03, abs=0.05)
    assert loudness.true_peak(sound) == pytest.approx(-6.02, abs=0.05)


def test_the_limiter_holds_the_ceiling_and_leaves_the_rest() -> None:
    sound = np.concatenate([tone(300, 1, -12), tone(300, 0.05, 4), tone(300, 1, -12)])
    before = sound.copy()
    taken = loudness.limit(sound, RATE, -1.5)
    assert taken == pytest.approx(5.5, abs=0.3)
    assert loudness.true_peak(sound) <= -1.45
    assert np.array_equal(sound[: RATE - 400], before[: RATE - 400])
    assert np.allclose(sound[-RATE // 2 :], before[-RATE // 2 :])


def test_the_limiter_makes_no_step() -> None:
    sound = np.concatenate([tone(50, 0.5, -3), tone(50, 0.2, 3), tone(50, 0.5, -3)])
    steepest = np.abs(np.diff(sound[:, 0])).max()
    loudness.limit(sound, RATE, -6)
    assert np.abs(np.diff(sound[:, 0])).max() <= steepest
    assert loudness.true_peak(sound) <= -5.95
