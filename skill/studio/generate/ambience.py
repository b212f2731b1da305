"""The sound of a scene's place: waves, rain, wind, fire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.studio import loudness

Sound = NDArray[np.float32]

_WINDY = {"ocean": 0.1, "mountains": 0.05, "desert": 0.05, "snow": 0.05, "rain": 0.0, "fire": 0.0}


def ambience(scene: Mapping[str, Any], seconds: float, rate: int = 48000) -> Sound | None:
    """The scene's own sound, float32 (n, 2) at about -28 LUFS; None where a scene has none."""
    swell = _WINDY.get(str(scene.get("kind")))
    if swell is None:
        return None
    count = round(seconds * rate)
    rng = np.random.default_rng(int(scene.get("seed") or 0))
    noise = np.fft.rfft(rng.standard_normal((count, 2), dtype=np.float32), axis=0)
    pitch = np.fft.rfftfreq(count, 1 / rate)[:, None]
    sound = np.fft.irfft(noise / np.maximum(pitch, 80) * (pitch > 40), count, axis=0)
    time = np.arange(count)[:, None] / rate
    sound = sound * (0.6 + 0.4 * np.sin(2 * np.pi * swell * time))
    fade = min(count // 4, rate // 2)
    edge = np.linspace(0, 1, fade)[:, None] ** 2
    sound[:fade] *= edge
    sound[count - fade :] *= edge[::-1]
    level = loudness.integrated(np.asarray(sound, np.float32), rate)
    return np.asarray(sound * 10 ** ((-28 - max(level, -100)) / 20), np.float32)
