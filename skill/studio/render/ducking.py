"""Music that gives way to speech: how far, at every moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Levels = NDArray[np.float64]

HOP = 0.01  # s between two values

_SPEECH = (300.0, 3400.0)  # Hz
_UNDER = 9.0  # dB that music lies under what is said
_DEEPEST = 10.0  # dB that it gives way at most
_AHEAD, _HOLD = 20, 40  # hops: it is down before a word, and stays down through a short pause
_BACK = 0.1  # dB a hop: from all the way down it is back in a second


def speech(sound: Sound, rate: int) -> Levels:
    """Level in dBFS of the band of speech in a sound (n, 2), every HOP, of the mono sum."""
    hop = round(HOP * rate)
    size = 4 * hop
    low, high = (round(pitch * size / rate) for pitch in _SPEECH)
    window = np.hanning(size).astype(np.float32)
    scale = 2 / (size * float(np.square(window).sum()))
    count = -(-len(sound) // hop)
    levels = np.full(count, -120.0)
    for first in range(0, count, 1000):
        begin = first * hop - (size - hop) // 2
        part = sound[max(0, begin) : begin + 1000 * hop + size].mean(axis=1)
        if not part.any():
            continue
        part = np.pad(part, (max(0, -begin), size))
        frames = np.lib.stride_tricks.sliding_window_view(part, size)[::hop][: count - first][:1000]
        energy = np.square(np.abs(np.fft.rfft(frames * window, axis=1)[:, low:high])).sum(axis=1)
        levels[first : first + len(frames)] = 10 * np.log10(energy * scale + 1e-12)
    return levels


def gains(levels: Levels, music: float) -> NDArray[np.float32]:
    """Gain every HOP for music of a loudness (LUFS) beside a sound with these speech levels.

    What rises over its own background by some dB counts as said; a steady hum,
    wind or traffic does not, nor what is under -50 dBFS.
    """
    smooth = np.convolve(np.pad(levels, 5, mode="edge"), np.full(11, 1 / 11), "valid")
    floor = _lowest(smooth, 250, 250)
    said = np.clip((levels - floor - 3) / 5, 0, 1) * np.clip((levels + 50) / 10, 0, 1)
    down = np.clip(levels - _UNDER - music, -_DEEPEST, 0) * said
    down = _lowest(down, _HOLD, _AHEAD)
    slope = _BACK * np.arange(len(down))
    back = np.minimum.accumulate(down - slope) + slope
    eased = np.convolve(np.pad(back, 10, mode="edge"), np.hanning(23)[1:-1] / 11, "valid")
    return np.asarray(10 ** (eased / 20), np.float32)


def at_rate(gains: NDArray[np.float32], at: int, count: int, rate: int) -> Sound:
    """The gains of ``count`` samples from one on, (count, 1)."""
    hops = (np.arange(at, at + count) + 0.5) / (HOP * rate) - 0.5
    curve = np.interp(hops, np.arange(len(gains)), gains)
    return np.asarray(curve[:, None], np.float32)


def _lowest(values: Levels, before: int, after: int) -> Levels:
    """The lowest value from ``before`` hops back to ``after`` hops on, for each hop."""
    padded = np.pad(values, (before, after), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, before + after + 1)
    return np.asarray(windows.min(axis=1))
