"""Fire: a campfire's roar and crackle, a candle, a mountain that burns."""

from __future__ import annotations

import numpy as np

from skill.studio.generate.ambience.texture import Sound, bed, moments, put, shaped, slow
from skill.studio.generate.spectral import band, noise


def campfire(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Wood that burns: a soft roar, crackle in bursts, a pop now and then."""
    roar = 0.5 + 0.5 * slow(count, rate, 0.7, rng) * (0.5 + slow(count, rate, 0.13, rng))
    sound = shaped(bed(count, rate, 55, 280, rng), roar, rate, 0.55)
    sound += shaped(bed(count, rate, 260, 1100, rng, 1), roar**2, rate, 0.16)
    _crackle(sound, rate, rng, 12.0, 1.7)
    return sound


def candle(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """A flame in a quiet room: hardly more than the room itself."""
    sound = shaped(bed(count, rate, 60, 240, rng), 0.4 + 0.3 * slow(count, rate, 1.4, rng), rate)
    _crackle(sound, rate, rng, 1.1, 0.25)
    return sound


def eruption(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """A volcano far away: a deep, uneven rumble."""
    heave = 0.35 + slow(count, rate, 2.6, rng) ** 2 * (0.6 + 0.8 * slow(count, rate, 0.2, rng))
    sound = shaped(bed(count, rate, 35, 130, rng), heave, rate)
    sound += shaped(bed(count, rate, 120, 520, rng, 1), heave**2, rate, 0.3)
    return sound


def _crackle(
    sound: Sound, rate: int, rng: np.random.Generator, a_second: float, level: float
) -> None:
    grains = []
    for _ in range(40):
        length = int(rng.uniform(0.002, 0.014) * rate)
        time = np.arange(length) / rate
        low = rng.uniform(500, 1800)
        snap = noise(length, rate, band(low, low * rng.uniform(2.2, 4.5)), rng)[:, 0]
        grains.append(
            snap * np.exp(-time / rng.uniform(0.0006, 0.003)) * np.minimum(1, time / 2e-4)
        )
    pop_time = np.arange(int(0.05 * rate)) / rate
    pop = np.sin(2 * np.pi * (170 + 500 * np.exp(-pop_time / 0.006)) * pop_time)
    pop *= np.exp(-pop_time / 0.012)
    for at in moments(len(sound), rate, a_second / 2.6, rng):
        pan, burst = rng.uniform(-0.6, 0.6), int(rng.geometric(0.38))
        for number in range(burst):
            grain = grains[int(rng.integers(len(grains)))]
            later = at + int(number * rng.exponential(0.035) * rate)
            near = level * min(2.4, rng.lognormal(-0.9, 0.75))
            put(sound, grain, later, pan + rng.uniform(-0.2, 0.2), near)
        if rng.random() < 0.05:
            put(sound, pop, at, pan, 0.7 * level)
