"""Sound by its spectrum: noise of a given colour, filters, convolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Numbers = NDArray[np.floating]
Curve = Callable[[Numbers], Numbers]  # Hz -> gain


def noise(
    count: int, rate: int, curve: Curve, rng: np.random.Generator, channels: int = 1
) -> Sound:
    """Noise (count, channels) whose spectrum follows a curve, at an RMS of 1.

    Where ``count`` is a ``fast_size`` it begins where it ends, and can be repeated.
    """
    size = fast_size(count)
    shape = curve(np.fft.rfftfreq(size, 1 / rate)).astype(np.float32)
    shape[0] = 0
    white = rng.standard_normal((channels, size), dtype=np.float32)
    sound = np.fft.irfft(np.fft.rfft(white) * shape, size)[:, :count].T
    level = np.sqrt(np.mean(np.square(sound), axis=0, keepdims=True)) + 1e-12
    return np.ascontiguousarray(sound / level, np.float32)


def band(low: float, high: float, order: int = 2) -> Curve:
    """A band pass with soft slopes of about 6 x ``order`` dB an octave."""

    def curve(pitch: Numbers) -> Numbers:
        ratio = np.maximum(pitch, 1e-3)
        rise = 1 / np.sqrt(1 + (low / ratio) ** (2 * order))
        return np.asarray(rise / np.sqrt(1 + (ratio / high) ** (2 * order)))

    return curve


def kernel(curve: Curve, rate: int, size: int = 4096) -> Sound:
    """A causal minimum-phase filter of ``size`` samples with the gains of a curve."""
    # The cepstrum folded onto positive time (Oppenheim and Schafer, section 12.5).
    wide = size * 4
    gains = np.maximum(curve(np.fft.rfftfreq(wide, 1 / rate)), 1e-4)
    cepstrum = np.fft.irfft(np.log(gains), wide)
    cepstrum[1 : wide // 2] *= 2
    cepstrum[wide // 2 + 1 :] = 0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)), wide)[:size]
    response[size // 2 :] *= np.cos(np.linspace(0, np.pi / 2, size - size // 2)) ** 2
    return np.asarray(response, np.float32)


def convolve(sound: Sound, response: Sound) -> Sound:
    """A sound (n, c) through a response (m,) or (m, c); keeps the length n."""
    length = len(sound)
    if not length:
        return sound
    size = fast_size(min(max(4 * len(response), 2**16), length + len(response)))
    step = size - len(response) + 1
    column = response[:, None] if response.ndim == 1 else response
    spectrum = np.fft.rfft(column.T, size)
    result = np.zeros((sound.shape[1], length), np.float32)
    for at in range(0, length, step):
        part = np.fft.rfft(sound[at : at + step].T, size)
        part *= spectrum
        tail = np.fft.irfft(part, size)[:, : length - at]
        result[:, at : at + size] += tail
    return np.ascontiguousarray(result.T)


def fast_size(count: int) -> int:
    """The next length of at least ``count`` that a Fourier transform is quick at."""
    best = 1 << max(1, count - 1).bit_length()
    for odd in (3, 5, 9, 15, 25, 27):
        size = odd
        while size < count:
            size *= 2
        best = min(best, size)
    return best
