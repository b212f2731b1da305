"""What the sounds of places are made of: endless noise, slow change, single grains."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.spectral import band, fast_size, noise

Sound = NDArray[np.float32]
Numbers = NDArray[np.floating]

CONTROL = 50  # values a second of a slow curve


def bed(
    count: int, rate: int, low: float, high: float, rng: np.random.Generator, order: int = 2
) -> Sound:
    """A band of noise of any length (count, 2), RMS 1: a loop of 11 s without a join.

    The sides have about half of it in common, so that it is wide and whole in mono.
    """
    size = fast_size(min(count, 11 * rate))
    high = min(high, 0.45 * rate)
    loop = noise(size, rate, band(low, high, order), rng, 3)
    wide = 0.7 * (loop[:, :2] + 0.9 * loop[:, 2:])
    shift = int(rng.integers(size))
    return np.ascontiguousarray(wide[(np.arange(count) + shift) % size], np.float32)


def slow(count: int, rate: int, period: float, rng: np.random.Generator) -> Numbers:
    """A curve 0..1 at CONTROL values a second that wanders with a period of about ``period`` s."""
    length = steps(count, rate)
    knots = rng.random(int(length / (period * CONTROL)) + 4)
    place = np.arange(length) / (period * CONTROL) + rng.random()
    whole = place.astype(int)
    part = place - whole
    part = part * part * (3 - 2 * part)
    return np.asarray(knots[whole] * (1 - part) + knots[whole + 1] * part)


def steps(count: int, rate: int) -> int:
    """How many control values a sound of ``count`` samples needs."""
    return int(count / rate * CONTROL) + 2


def at_rate(curve: Numbers, count: int, rate: int) -> Sound:
    """A slow curve as one gain for each sample, (count, 1)."""
    place = np.arange(count, dtype=np.float32) * np.float32(CONTROL / rate)
    whole = place.astype(np.int32)
    low = curve.astype(np.float32)
    part = place - whole
    last = len(low) - 1
    gains = low[np.minimum(whole, last)] * (1 - part) + low[np.minimum(whole + 1, last)] * part
    return np.asarray(gains[:, None], np.float32)


def shaped(sound: Sound, curve: Numbers, rate: int, level: float = 1.0) -> Sound:
    """A sound under a slow curve of gains, changed in place."""
    sound *= at_rate(curve, len(sound), rate) * np.float32(level)
    return sound


def moments(count: int, rate: int, a_second: float, rng: np.random.Generator) -> Iterator[int]:
    """Samples at which something happens by chance, so many times a second."""
    at = rng.exponential(1 / a_second)
    while at * rate < count:
        yield int(at * rate)
        at += rng.exponential(1 / a_second)


def put(sound: Sound, grain: Numbers, at: int, pan: float, level: float = 1.0) -> None:
    """Add a grain (n,) to a sound at a sample, between left (-1) and right (1)."""
    skip = max(0, -at)
    part = grain[skip : max(0, len(sound) - at)]
    if len(part):
        angle = (pan + 1) * np.pi / 4
        sides = np.array([np.cos(angle), np.sin(angle)]) * level
        sound[at + skip : at + skip + len(part)] += (part[:, None] * sides).astype(np.float32)
