"""Creatures: birds by day, gulls over water, crickets by night."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.ambience.texture import Sound, at_rate, put, slow
from skill.studio.generate.music.effects import room
from skill.studio.generate.spectral import convolve

Numbers = NDArray[np.floating]


def birds(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """A few birds, each with its own song and place, some of them far away among trees."""
    dry, far = np.zeros((count, 2), np.float32), np.zeros((count, 2), np.float32)
    songs = [_tit, _warbler, _thrush, _finch, _thrush]
    for number in range(5):
        song, pan = songs[number], rng.uniform(-0.85, 0.85)
        tone, near = rng.uniform(0.85, 1.15), rng.uniform(0.25, 1.0)
        motif = int(rng.integers(2**31))
        at = rng.uniform(0, 5) * rate
        while at < count:
            # A bird repeats its own song, a little different every time.
            call = song(rate, np.random.default_rng(motif + int(rng.integers(3))), tone)
            put(dry, call, int(at), pan, 0.35 * near)
            put(far, call, int(at), pan * 0.6, 0.9)
            at += len(call) + rng.uniform(1.8, 6.5) * rate
    dry += convolve(far, room(1.1, rate, 0.6)) * np.float32(0.35)
    return dry


def _whistle(rate: int, pitches: Numbers, envelope: Numbers, overtone: float = 0.12) -> Numbers:
    """A tone along a curve of Hz, with a little of its octave."""
    phase = 2 * np.pi * np.cumsum(pitches) / rate
    return np.asarray((np.sin(phase) + overtone * np.sin(2 * phase)) * envelope)


def _chirp(rate: int, seconds: float, start: float, end: float, bend: float = 0.0) -> Numbers:
    place = np.linspace(0, 1, max(8, int(seconds * rate)))
    pitches = start + (end - start) * place + bend * np.sin(np.pi * place)
    return _whistle(rate, pitches, np.sin(np.pi * place) ** 0.8)


def _join(rate: int, parts: list[Numbers], gaps: list[float]) -> Numbers:
    pieces: list[Numbers] = []
    for part, gap in zip(parts, gaps, strict=True):
        pieces += [part, np.zeros(int(gap * rate))]
    return np.concatenate(pieces)


def _tit(rate: int, rng: np.random.Generator, tone: float) -> Numbers:
    """Two notes, high and low, again and again."""
    high, low = 4300 * tone, 3300 * tone
    times = int(rng.integers(3, 6))
    parts = [
        _chirp(rate, 0.11, high, high * 0.98),
        _chirp(rate, 0.14, low, low * 0.97),
    ] * times
    return _join(rate, parts, [0.03, 0.07] * times)


def _warbler(rate: int, rng: np.random.Generator, tone: float) -> Numbers:
    """A trill that falls and slows."""
    times = int(rng.integers(9, 16))
    tops = np.linspace(5200, 3600, times) * tone
    parts = [_chirp(rate, 0.045 + 0.002 * n, top, top * 0.72) for n, top in enumerate(tops)]
    return _join(rate, parts, list(np.linspace(0.012, 0.035, times)))


def _thrush(rate: int, rng: np.random.Generator, tone: float) -> Numbers:
    """A slow, fluting phrase."""
    count = int(rng.integers(4, 7))
    pitches = rng.choice((1900, 2150, 2400, 2700, 2900, 3200), count) * tone
    parts = [
        _chirp(
            rate, rng.uniform(0.09, 0.24), pitch, pitch * rng.uniform(0.9, 1.12), rng.normal(0, 140)
        )
        for pitch in pitches
    ]
    return _join(rate, parts, [float(rng.uniform(0.03, 0.11)) for _ in parts])


def _finch(rate: int, rng: np.random.Generator, tone: float) -> Numbers:
    """Short calls, one by one."""
    count = int(rng.integers(1, 4))
    parts = [_chirp(rate, 0.075, 3400 * tone, 4100 * tone, 500) for _ in range(count)]
    return _join(rate, parts, [float(rng.uniform(0.18, 0.4)) for _ in parts])


def gulls(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Gulls some way off: a few falling cries, then nothing for a while."""
    far = np.zeros((count, 2), np.float32)
    at = rng.uniform(0.5, 3) * rate
    while at < count:
        pan, tone = rng.uniform(-0.8, 0.8), rng.uniform(0.85, 1.15)
        for _ in range(int(rng.integers(2, 6))):
            place = np.linspace(0, 1, int(rng.uniform(0.28, 0.5) * rate))
            pitches = tone * (880 + 520 * np.sin(np.pi * place**0.6) - 160 * place)
            phase = 2 * np.pi * np.cumsum(pitches) / rate
            voice = sum(level * np.sin(n * phase) for n, level in ((1, 0.5), (2, 1.0), (3, 0.45)))
            put(far, voice * np.sin(np.pi * place) ** 1.2, int(at), pan, rng.uniform(0.4, 1))
            at += len(place) + rng.uniform(0.06, 0.25) * rate
        at += rng.uniform(4, 10) * rate
    far *= np.float32(0.25)
    far += convolve(far, room(1.6, rate, 0.5)) * np.float32(2.4)
    return far


def crickets(count: int, rate: int, rng: np.random.Generator) -> Sound:
    """Crickets in the grass: some near, each with its own pitch and pace, and a far choir."""
    sound = np.zeros((count, 2), np.float32)
    for _ in range(6):
        pitch, pan = rng.uniform(3700, 4700), rng.uniform(-0.9, 0.9)
        pulse = np.linspace(0, 1, int(0.017 * rate))
        tone = np.sin(2 * np.pi * pitch * pulse * 0.017) * np.sin(np.pi * pulse) ** 1.5
        beats = int(rng.integers(3, 5))
        chirp = _join(rate, [tone] * beats, [rng.uniform(0.009, 0.014)] * beats)
        pause, level = rng.uniform(0.32, 0.62), rng.uniform(0.15, 0.7)
        at = rng.uniform(0, 1) * rate
        while at < count:
            if rng.random() < 0.94:
                put(sound, chirp, int(at), pan, level * rng.uniform(0.85, 1))
                at += (pause + rng.normal(0, 0.006)) * rate
            else:
                at += rng.uniform(0.8, 2.5) * rate
    time = np.arange(count, dtype=np.float64) / rate
    for pitch, shake, side in ((3150, 41, 0), (3380, 37, 1)):
        choir = np.sin(2 * np.pi * ((pitch * time) % 1.0)) * (1 + np.sin(2 * np.pi * shake * time))
        swell = at_rate(0.3 + 0.7 * slow(count, rate, 5.0, rng), count, rate)[:, 0]
        sound[:, side] += (0.03 * choir * swell).astype(np.float32)
        sound[:, 1 - side] += (0.018 * choir * swell).astype(np.float32)
    return sound
