"""Sounds made for the tests, and where they are found again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 48000


def tone(hertz: float, seconds: float, level: float, rate: int = RATE) -> Sound:
    """A sine of a level in dBFS (of its peak), the same at both sides, (n, 2)."""
    time = np.arange(round(seconds * rate)) / rate
    sine = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * time)
    return np.stack([sine, sine], axis=1).astype(np.float32)


def clicks(seconds: float, times: tuple[float, ...], rate: int, channels: int) -> Sound:
    """Silence with a short, smooth burst of 1 kHz that begins at each of some seconds."""
    sound = np.zeros((round(seconds * rate), channels), np.float32)
    place = np.arange(round(0.01 * rate)) / rate
    burst = 0.5 * np.sin(2 * np.pi * 1000 * place) * np.exp(-place / 0.0027)
    for time in times:
        at = round(time * rate)
        sound[at : at + len(burst)] = burst[:, None].astype(np.float32)
    return sound


def found(sound: NDArray[Any], near: float, rate: int = RATE) -> int:
    """How many samples off a second the burst of ``clicks`` lies in one channel."""
    burst = clicks(0.01, (0.0,), rate, 1)[:, 0]
    reach = 2500
    begin = round(near * rate) - reach
    part = np.pad(sound, (reach, reach))[begin + reach : begin + 3 * reach + len(burst)]
    return int(np.argmax(np.correlate(part, burst, "valid"))) - reach
