"""Air: from a breeze to a gale, thunder far away, and a city behind its windows."""

from __future__ import annotations

import numpy as np

from skill.studio.generate.ambience.texture import (
    CONTROL,
    Sound,
    at_rate,
    bed,
    moments,
    shaped,
    slow,
    steps,
)


def breeze(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Still, open air that hardly moves."""
    return _gusts(count, rate, rng, 0.25, (90, 220, 480, 900))


def wind(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Wind over a ridge or over dunes: it swells, and its tone rises as it does."""
    return _gusts(count, rate, rng, 0.75, (110, 260, 560, 1150))


def gale(count: int, rate: int, rng: np.random.Generator) -> Sound:
    return _gusts(count, rate, rng, 1.0, (120, 320, 720, 1500))


def _gusts(
    count: int, rate: int, rng: np.random.Generator, force: float, centres: tuple[float, ...]
) -> Sound:
    gust = 0.65 * slow(count, rate, 4.5, rng) + 0.35 * slow(count, rate, 1.6, rng)
    lean = slow(count, rate, 6.0, rng) - 0.5
    sound = np.zeros((count, 2), np.float32)
    for number, centre in enumerate(centres):
        # A gust must be the stronger the higher the band is that it wakes.
        part = number / (len(centres) - 1)
        awake = np.clip((gust - 0.55 * part) / 0.45, 0, 1) ** (1 + part)
        level = (1 - 0.55 * part) * ((1 - force * 0.8) + 1.6 * force * awake)
        level = level * (1 - 0.75 * part * (1 - force))
        flutter = 0.85 + 0.3 * slow(count, rate, 0.5, rng)
        hiss = bed(count, rate, centre * 0.72, centre * 1.4, rng, 3)
        for side, way in enumerate((-1, 1)):
            gain = at_rate(level * flutter * (1 + way * 0.5 * lean), count, rate)
            hiss[:, side] *= gain[:, 0]
        sound += hiss
    return sound


def leaves(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Leaves that a breeze goes through, now here, now there."""
    sound = np.zeros((count, 2), np.float32)
    for low, high, level in ((700, 2000, 0.5), (1800, 4200, 0.4), (3800, 7000, 0.16)):
        hiss = bed(count, rate, low, high, rng)
        for side in range(2):
            gust = slow(count, rate, 2.8, rng) ** 2 * (0.6 + 0.8 * slow(count, rate, 0.35, rng))
            hiss[:, side] *= at_rate(0.12 + gust, count, rate)[:, 0]
        sound += hiss * np.float32(level)
    return sound


def thunder(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """A storm some kilometres away: every while a long roll, without a crack."""
    length = steps(count, rate)
    time = np.arange(length) / CONTROL
    low = bed(count, rate, 32, 110, rng)
    high = bed(count, rate, 100, 260, rng)
    roll = np.zeros(length)
    at = rng.uniform(0.8, 3.5)
    while at < time[-1]:
        strength = rng.uniform(0.5, 1.0)
        for _ in range(int(rng.integers(3, 7))):
            begin = at + rng.uniform(0, 2.4)
            after = np.maximum(0, time - begin)
            peal = np.minimum(1, after / rng.uniform(0.15, 0.5)) * np.exp(
                -after / rng.uniform(0.6, 1.9)
            )
            roll += np.where(time >= begin, strength * rng.uniform(0.3, 1.0) * peal, 0)
        at += rng.uniform(8, 17)
    rumble = roll * (0.8 + 0.4 * slow(count, rate, 0.12, rng))
    shaped(low, rumble, rate)
    low += shaped(high, rumble**2, rate, 0.25)
    return low


def city(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """The hum of a city from some floors up: a deep murmur, and cars that pass."""
    sound: Sound = bed(count, rate, 45, 170, rng, 1) * np.float32(0.9)
    sound += shaped(
        bed(count, rate, 160, 650, rng, 1), 0.28 + 0.18 * slow(count, rate, 5.0, rng), rate
    )
    tyres = bed(count, rate, 320, 1500, rng)
    engine = bed(count, rate, 70, 210, rng, 3)
    time = np.arange(steps(count, rate)) / CONTROL
    sides = np.zeros((2, len(time)))
    for start in moments(count, rate, 0.28, rng):
        width, way = rng.uniform(1.0, 2.2), rng.choice((-1, 1))
        after = (time - start / rate) / width
        near = rng.uniform(0.25, 0.8) * np.exp(-0.5 * after**2)
        place = np.clip(way * after * 0.5, -0.8, 0.8)
        sides[0] += near * (1 - place)
        sides[1] += near * (1 + place)
    for side in range(2):
        passing = at_rate(sides[side], count, rate)[:, 0]
        sound[:, side] += passing * (0.34 * tyres[:, side] + 0.5 * engine[:, side])
    return sound
