"""What is laid over instruments: a room, an old tape, the dust of a record."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.spectral import band, convolve, fast_size, kernel, noise

Sound = NDArray[np.float32]


def room(seconds: float, rate: int, brightness: float = 0.5) -> Sound:
    """Impulse response (n, 2) of a room whose middle dies away by 60 dB in ``seconds``.

    First reflections, then noise in seven bands of which the high ones die
    sooner and the low ones are thinned, so that the bass stays clear.
    """
    rng = np.random.default_rng(round(seconds * 100))
    count = int((seconds * 1.15 + 0.05) * rate)
    time = np.arange(count, dtype=np.float32) / rate
    response = np.zeros((count, 2), np.float32)
    edges = (110, 250, 500, 1000, 2000, 4000, 8000, 13000)
    weights = (0.55, 0.9, 1.0, 1.0, 0.75, 0.5, 0.28)
    lengths = (1.0, 1.1, 1.05, 1.0, 0.8, 0.55, 0.32)
    for low, high, weight, length in zip(edges, edges[1:], weights, lengths, strict=False):
        if low >= 0.45 * rate:
            break
        bright = brightness ** (0.5 * np.log2(max(low, 1000) / 1000))
        decay = np.exp(-6.91 * time / (seconds * length))
        hiss = noise(count, rate, band(low, min(high, 0.47 * rate)), rng, 2)
        width = np.sqrt(high - low)
        response += hiss * (decay * np.float32(weight * bright * width))[:, None]
    late = np.minimum(1, np.maximum(0, time - 0.018) / 0.03)
    response *= late[:, None]
    response /= np.sqrt(np.square(response).sum() / 2)
    for _ in range(7):
        at = int(rng.uniform(0.009, 0.055) * rate)
        response[at, :] += np.float32(rng.uniform(0.05, 0.13)) * rng.choice((-1, 1))
        response[at, rng.integers(2)] *= np.float32(0.4)
    fade = count // 5
    response[count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return response


def wobble(sound: Sound, begin: float, rate: int, depth: float) -> Sound:
    """A tape that runs unevenly: slow wow and quick flutter, at most ``depth`` ms off.

    ``begin`` in s is where the sound lies in the piece, so that parts fit together.
    """
    result = np.empty_like(sound)
    for at in range(0, len(sound), 2**18):
        count = min(2**18, len(sound) - at)
        time = begin + np.arange(at, at + count) / rate
        late = 0.6 * np.sin(2 * np.pi * 0.55 * time) + 0.3 * np.sin(2 * np.pi * 1.13 * time + 1)
        late += 0.05 * np.sin(2 * np.pi * 6.3 * time + 2) + 0.03 * np.sin(2 * np.pi * 9.7 * time)
        place = np.maximum(0, np.arange(at, at + count) + (late - 1) * depth / 1000 * rate)
        whole = place.astype(np.int64)
        part = (place - whole).astype(np.float32)[:, None]
        after = sound[np.minimum(whole + 1, len(sound) - 1)]
        result[at : at + count] = sound[whole] * (1 - part) + after * part
    return result


def drift(sound: Sound, first: int, rate: int, depth: float, period: float) -> Sound:
    """A filter that opens and closes every ``period`` s, and the level a little with it.

    ``first`` is the sample of the piece at which the sound begins.
    """

    def closed(pitch: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray(1 / (1 + (pitch / 420) ** 2))

    time = (first + np.arange(len(sound))) / rate
    wave = np.sin(2 * np.pi * time / period + period) + 0.4 * np.sin(2 * np.pi * time / 23.7)
    opened = (1 - depth * (0.5 - wave / 2.8)).astype(np.float32)[:, None]
    dark = convolve(sound, kernel(closed, rate, 1024))
    dark *= 1 - opened
    dark += sound * opened
    dark *= 0.85 + 0.25 * opened
    return dark


def crackle(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """The dust of a record, (count, 2) at a peak near 1: ticks, a few pops, a low bed of noise."""
    sound = np.zeros((count, 2), np.float32)
    for a_second, low, high, size in ((9.0, 1500, 5500, 0.25), (0.8, 500, 2600, 0.8)):
        times = np.flatnonzero(rng.random(count // 64) < a_second * 64 / rate) * 64
        for at in times:
            length = int(rng.uniform(0.0006, 0.0025) * rate)
            tick = noise(length, rate, band(low, high), rng)[:, 0] * np.hanning(length)
            level = size * rng.lognormal(-1.0, 0.6)
            part = sound[at : at + length]
            part += (tick[: len(part), None] * level * rng.uniform(0.5, 1, 2)).astype(np.float32)
    bed = noise(fast_size(7 * rate), rate, band(300, 2400, 1), rng, 2) * np.float32(0.02)
    repeats = -(-count // max(1, len(bed)))
    sound += np.tile(bed, (repeats, 1))[:count]
    return sound
