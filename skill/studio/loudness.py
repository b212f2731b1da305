"""How loud a sound is (ITU-R BS.1770-4), how high its true peaks reach, and a limiter for them.

Sounds are float32 arrays of shape (samples, channels), full scale 1.0, one or
two channels (each of weight 1 in the standard). Long ones are worked on in
blocks, so that nothing here needs a second copy of the sound.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

_TAPS = 24  # of each of the four phases of the oversampling filter


def integrated(sound: Sound, rate: int) -> float:
    """Integrated loudness in LUFS, gated at -70 LUFS and 10 LU under the mean; -inf for silence.

    A sound shorter than one block of 400 ms, which the standard does not
    define, is measured as one block.
    """
    powers = _powers(sound, rate)
    if len(powers) >= 4:  # blocks of 400 ms, a new one every 100 ms
        powers = np.convolve(powers, np.full(4, 0.25), "valid")
    else:
        powers = powers.mean(keepdims=True) if len(powers) else powers
    powers = powers[powers > _power(-70.0)]
    if not len(powers):
        return -np.inf
    powers = powers[powers > powers.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(powers.mean()))


def true_peak(sound: Sound) -> float:
    """Highest true peak in dBTP, of the sound oversampled four times; -inf for silence."""
    peak = max((float(_peaks(part).max()) for part in _parts(sound, 1)), default=0.0)
    return 20 * float(np.log10(peak)) if peak > 0 else -np.inf


def limit(sound: Sound, rate: int, ceiling: float = -1.5) -> float:
    """Hold the true peaks of a sound under a ceiling in dBTP, in place; the most that it took, dB.

    Looks 4 ms ahead, so that the gain is down before a peak comes, and lets go
    by 40 dB a second. What stays under the ceiling is not touched.
    """
    step = max(1, rate // 1000)
    if not len(sound):
        return 0.0
    peaks = np.concatenate([_peaks(part, step) for part in _parts(sound, step)])
    if peaks.max() <= _amplitude(ceiling):
        return 0.0
    need = np.minimum(0.0, ceiling - 20 * np.log10(np.maximum(peaks, 1e-9)))
    slope = 0.04 * np.arange(len(need))
    held = np.minimum.accumulate(need - slope) + slope
    ahead = 4
    padded = np.concatenate([held, np.full(ahead, held[-1])])
    early = np.lib.stride_tricks.sliding_window_view(padded, ahead + 1).min(axis=1)
    padded = np.concatenate([np.full(ahead, early[0]), early])
    smooth = np.convolve(padded, np.full(ahead + 1, 1 / (ahead + 1)), "valid")
    # Between two steps the gain runs in a line, under what both of them need.
    edges = np.minimum(np.append(smooth, smooth[-1]), np.insert(smooth, 0, smooth[0]))
    gains = (10 ** (edges / 20)).astype(np.float32)
    ramp = np.linspace(0, 1, step, endpoint=False, dtype=np.float32)
    for first in range(0, len(peaks), 1000):
        head, tail = gains[first : first + 1000], gains[first + 1 : first + 1001]
        head = head[: len(tail)]
        if min(head.min(), tail.min()) < 1:
            curve = (head[:, None] + (tail - head)[:, None] * ramp).ravel()
            part = sound[first * step : first * step + len(curve)]
            part *= curve[: len(part), None]
    return float(-need.min())


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _parts(sound: Sound, step: int) -> list[Sound]:
    """Views of about 2**18 samples, each a whole number of steps (but the last)."""
    size = max(step, 2**18 // step * step)
    return [sound[at : at + size] for at in range(0, len(sound), size)]


def _powers(sound: Sound, rate: int) -> NDArray[np.float64]:
    """Mean K-weighted power of every whole 100 ms, summed over the channels.

    A sound without a whole 100 ms gives one power, that of all of it.
    """
    kernel = _k_weighting(rate)
    count = int(len(sound) * 10 // rate)
    edges = np.round(np.arange(count + 1) * rate / 10).astype(int)
    if not count:
        if not len(sound):
            return np.zeros(0)
        edges = np.array([0, len(sound)])
    powers = []
    size = 1 << max(17, int(2 * len(kernel) + rate / 5).bit_length())
    spectrum = np.fft.rfft(kernel, size)
    count = int((size - len(kernel)) * 10 // rate) - 1
    for first in range(0, len(edges) - 1, count):
        marks = edges[first : first + count + 1]
        begin = max(0, marks[0] - len(kernel))
        rows = np.ascontiguousarray(sound[begin : marks[-1]].T)
        weighted = np.fft.irfft(np.fft.rfft(rows, size) * spectrum, size)
        energy = np.square(weighted[:, marks[0] - begin : marks[-1] - begin]).sum(axis=0)
        sums = np.add.reduceat(energy, marks[:-1] - marks[0], dtype=np.float64)
        powers.append(sums / np.diff(marks))
    return np.concatenate(powers)


@lru_cache(maxsize=4)
def _k_weighting(rate: int) -> NDArray[np.float32]:
    """The K-weighting of BS.1770 (shelf, then high pass) as an impulse response of 0.34 s.

    The standard gives coefficients for 48 kHz; at other rates the same analogue
    filters are mapped anew (bilinear), with the constants that libebur128 found.
    """
    tangent = np.tan(np.pi * 1681.974450955533 / rate)
    high, quality = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    band = high**0.4996667741545416 * tangent / quality
    sides = 2 * (tangent**2 - high)
    above = [high + band + tangent**2, sides, high - band + tangent**2]
    shelf = (above, _poles(tangent, quality))
    poles = _poles(np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773)
    # The standard's high pass has the zeros 1, -2, 1 without the gain of its poles.
    cut = ([poles[0], -2 * poles[0], poles[0]], poles)
    size = 1 << int(0.34 * rate).bit_length()
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(len(turn), complex)
    for zeros, below in (shelf, cut):
        response *= np.polyval(zeros[::-1], turn) / np.polyval(below[::-1], turn)
    return np.fft.irfft(response, size).astype(np.float32)


def _poles(tangent: float, quality: float) -> list[float]:
    return [
        1 + tangent / quality + tangent**2,
        2 * (tangent**2 - 1),
        1 - tangent / quality + tangent**2,
    ]


@lru_cache(maxsize=1)
def _between() -> NDArray[np.float32]:
    """Weights (taps, 3) that give the values a quarter, a half and three quarters on."""
    at = np.arange(_TAPS) - (_TAPS // 2 - 1)
    phases = np.array([0.25, 0.5, 0.75])
    distance = at[:, None] - phases
    window = np.i0(7 * np.sqrt(np.clip(1 - (distance / (_TAPS / 2)) ** 2, 0, 1))) / np.i0(7.0)
    weights = np.sinc(distance) * window
    return np.asarray(weights / weights.sum(axis=0), np.float32)


def _peaks(part: Sound, step: int | None = None) -> NDArray[np.float32]:
    """The true peak over all channels of every ``step`` samples (or of all of them)."""
    size = np.abs(part).max(axis=1) if part.ndim > 1 else np.abs(part)
    # A peak between samples stands beside a high sample: only these are oversampled.
    hot = np.flatnonzero(size > 0.5 * min(_amplitude(-1.5), float(size.max(initial=0.0))))
    for channel in part.T if part.ndim > 1 else [part]:
        padded = np.pad(channel, (_TAPS // 2 - 1, _TAPS // 2))
        windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
        for at in range(0, len(hot), 2**15):
            some = hot[at : at + 2**15]
            size[some] = np.maximum(size[some], np.abs(windows[some] @ _between()).max(axis=1))
    if step is None:
        return size
    return np.maximum.reduceat(size, np.arange(0, len(size), step))
