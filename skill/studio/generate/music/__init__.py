"""Music for a mood and a length, composed and played by code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.studio import loudness

Sound = NDArray[np.float32]

MOODS = ("lo-fi", "ambient", "upbeat", "cinematic", "piano")


def compose(mood: str, seconds: float, seed: int = 0, rate: int = 48000) -> Sound:
    """A bed of music: float32 (n, 2), at about -14 LUFS, that begins and ends on its own."""
    count = round(seconds * rate)
    rng = np.random.default_rng([seed, *mood.encode()])
    sound = np.zeros((count, 2), np.float32)
    key = 48 + int(rng.integers(12))
    step = max(seconds / max(1, round(seconds / 3)), 0.01)
    chords = [(0, 4, 7, 14), (9, 12, 16, 19), (5, 9, 12, 19), (7, 11, 14, 17)]
    for index in range(round(seconds / step)):
        start = round(index * step * rate)
        time = np.arange(min(count - start, round(3 * step * rate))) / rate
        for note in chords[index % 4]:
            pitch = 440 * 2 ** ((key + note - 69) / 12)
            for harmonic in range(1, 5):
                tone = np.sin(2 * np.pi * pitch * harmonic * time) / harmonic**2
                tone *= np.exp(-time * (0.7 + harmonic / 2)) * np.minimum(1, time / 0.02)
                sound[start : start + len(time)] += tone[:, None].astype(np.float32)
    fade = min(count // 2, 2 * rate)
    sound[count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None] ** 2
    level = loudness.integrated(sound, rate)
    if np.isfinite(level):
        sound *= np.float32(10 ** ((-14 - level) / 20))
    loudness.limit(sound, rate)
    return sound


def read(text: str) -> str | None:
    """The mood that a wish for music names, or None."""
    words = text.lower()
    return next((mood for mood in MOODS if mood in words), None)
