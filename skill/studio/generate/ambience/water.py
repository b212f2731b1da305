"""Water: surf on a beach, a lake's shore, rain, and the world under the surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.ambience.texture import (
    CONTROL,
    Sound,
    at_rate,
    bed,
    moments,
    put,
    shaped,
    slow,
    steps,
)
from skill.studio.generate.spectral import band, noise

Numbers = NDArray[np.floating]


def surf(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Waves that rise, break and run up a beach, each in its own time."""
    return _waves(count, rate, rng, 6.0, 1.0)


def storm_surf(count: int, rate: int, rng: np.random.Generator) -> Sound:
    return _waves(count, rate, rng, 4.6, 1.5)


def lapping(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Small water against a shore."""
    return _waves(count, rate, rng, 2.3, 0.45)


# Of a breaking wave, for each band: Hz, level, when it peaks (in parts of the wave's rise),
# how it comes and goes (s). The roar comes first, the hiss of the foam stays longest.
_BANDS = (
    (60, 240, 0.55, 0.85, 1.5, 1.3),
    (220, 800, 0.60, 1.00, 1.0, 1.4),
    (700, 2400, 0.42, 1.12, 0.7, 1.6),
    (2200, 6500, 0.20, 1.30, 0.6, 2.1),
)


def _waves(count: int, rate: int, rng: np.random.Generator, period: float, size: float) -> Sound:
    length = steps(count, rate)
    time = np.arange(length) / CONTROL
    quick = min(1.0, period / 6.0)
    # The first wave breaks within two seconds: a short clip is to have one.
    starts, at = [], rng.uniform(-0.8, 0.5) * quick
    while at < time[-1]:
        starts.append((at, rng.uniform(0.45, 1.0) ** 1.2, rng.uniform(-0.55, 0.55)))
        at += period * rng.uniform(0.65, 1.4)
    sound = np.zeros((count, 2), np.float32)
    for low, high, level, peak, rise, fall in _BANDS:
        sides = np.zeros((2, length))
        for begin, strength, pan in starts:
            after = time - begin - 1.6 * peak * quick
            shape = np.where(
                after < 0,
                np.exp(-((after / (rise * quick)) ** 2)),
                np.exp(-np.maximum(after, 0) / (fall * quick)),
            )
            drift = pan * np.clip(1 - np.maximum(after, 0) / (4 * quick), -0.4, 1)
            sides[0] += strength * shape * (1 - 0.5 * drift)
            sides[1] += strength * shape * (1 + 0.5 * drift)
        # Between the waves the sea does not fall silent.
        sides += 0.13 + 0.10 * slow(count, rate, 3.0, rng)
        band_noise = bed(count, rate, low, high, rng)
        tilt = size if high > 1000 else size**0.5
        for side in range(2):
            gain = at_rate(sides[side], count, rate)[:, 0]
            sound[:, side] += band_noise[:, side] * gain * np.float32(level * tilt)
    return sound


def rain(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Steady rain on leaves and ground, and single drops close by."""
    swell = 0.75 + 0.4 * slow(count, rate, 5.0, rng)
    sound: Sound = bed(count, rate, 500, 2600, rng, 1) * np.float32(0.55)
    sound += bed(count, rate, 2400, 6000, rng) * np.float32(0.2)
    sound += bed(count, rate, 120, 500, rng) * np.float32(0.22)
    shaped(sound, swell, rate)
    _drops(sound, rate, rng, 26, (1400, 4800), 0.5)
    return sound


def window_rain(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Rain outside, heard from within: dull, with drops that tap on the pane."""
    swell = 0.8 + 0.4 * slow(count, rate, 6.0, rng)
    sound: Sound = bed(count, rate, 150, 900, rng, 1) * np.float32(0.6)
    sound += bed(count, rate, 800, 2400, rng, 1) * np.float32(0.18)
    shaped(sound, swell, rate)
    _drops(sound, rate, rng, 11, (600, 2100), 0.8)
    return sound


def _drops(
    sound: Sound,
    rate: int,
    rng: np.random.Generator,
    a_second: float,
    pitches: tuple[float, float],
    level: float,
) -> None:
    """Drops: short taps with a pitch of their own, few near, many far."""
    time = np.arange(int(0.03 * rate)) / rate
    grains = []
    for _ in range(24):
        pitch = rng.uniform(*pitches) * (1 + 1.5 * time / 0.03 * rng.uniform(0, 0.3))
        tap = np.sin(2 * np.pi * np.cumsum(pitch) / rate) * np.exp(
            -time / rng.uniform(0.002, 0.006)
        )
        splash = noise(len(time), rate, band(900, 5200), rng)[:, 0] * np.exp(-time / 0.004)
        grains.append((tap + 0.4 * splash) * np.minimum(1, time / 0.0006))
    for at in moments(len(sound), rate, a_second, rng):
        grain = grains[int(rng.integers(len(grains)))]
        near = level * min(1.6, rng.lognormal(-1.3, 0.7))
        put(sound, grain, at, rng.uniform(-0.9, 0.9), near)


def underwater(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """A deep, muffled drone that breathes, and bubbles that rise past."""
    sound = shaped(bed(count, rate, 45, 160, rng), 0.6 + 0.5 * slow(count, rate, 4.0, rng), rate)
    sound += shaped(
        bed(count, rate, 140, 480, rng), 0.18 + 0.22 * slow(count, rate, 2.5, rng), rate
    )
    for at in moments(count, rate, 0.45, rng):
        pan, pitch = rng.uniform(-0.7, 0.7), rng.uniform(260, 620)
        for number in range(int(rng.integers(3, 11))):
            length = rng.uniform(0.04, 0.11)
            time = np.arange(int(length * rate)) / rate
            # A bubble's pitch rises as it comes nearer to the surface (Minnaert).
            rising = pitch * rng.uniform(0.8, 1.5) * (1 + 1.1 * time / length)
            bubble = np.sin(2 * np.pi * np.cumsum(rising) / rate) * np.sin(np.pi * time / length)
            later = at + int((number * rng.uniform(0.04, 0.09)) * rate)
            put(sound, bubble * np.exp(-time / 0.05), later, pan, 0.35 * rng.uniform(0.3, 1))
    return sound
