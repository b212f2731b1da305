"""Notes as they ring, kept for the next time the same one is played."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music.instruments import INSTRUMENTS

Sound = NDArray[np.float32]

_KEPT = 48 * 2**20  # bytes
_SHADES = 4  # steps between the softest and the hardest stroke


class Bank:
    """The rung notes of some instruments, at most 48 MB of them."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._rung: dict[tuple[str, int, int], Sound] = {}
        self._faded: set[tuple[str, int, int]] = set()
        self._bytes = 0

    def note(self, name: str, pitch: int, length: float, hardness: float) -> Sound:
        """A note that is held for ``length`` s and then let go: a new array (n, 2)."""
        instrument = INSTRUMENTS[name]
        seconds = length + instrument.release
        shade = round(min(1.0, max(0.0, hardness)) * _SHADES)
        ring = self._ring(name, pitch, shade, seconds)
        sound: Sound = ring[: int(seconds * self.rate)].copy()
        attack = instrument.attack
        if instrument.sustained:  # a short note must not come too late
            attack = min(attack, 0.35 * length)
        rise = min(len(sound) // 2, int(attack * self.rate))
        if rise:
            up = np.linspace(0, 1, rise, endpoint=False, dtype=np.float32)
            sound[:rise] *= (up * up * (3 - 2 * up))[:, None]
        held = int(length * self.rate)
        if len(sound) > held:
            down = np.linspace(1, 0, len(sound) - held, dtype=np.float32)
            sound[held:] *= (down * down * (3 - 2 * down))[:, None]
        return sound

    def _ring(self, name: str, pitch: int, shade: int, seconds: float) -> Sound:
        key = (name, pitch, shade)
        sound = self._rung.get(key)
        if sound is None or (len(sound) < int(seconds * self.rate) and key not in self._faded):
            # Rounded up, so that the next note, a little longer, finds it long enough.
            longer = math.ceil(seconds / 1.5) * 1.5
            old = self._rung.pop(key, None)
            sound = INSTRUMENTS[name].ring(pitch, longer, shade / _SHADES, self.rate)
            if len(sound) < int(longer * self.rate):
                self._faded.add(key)
            self._rung[key] = sound
            self._bytes += sound.nbytes - (0 if old is None else old.nbytes)
            while self._bytes > _KEPT and len(self._rung) > 1:
                self._bytes -= self._rung.pop(next(iter(self._rung))).nbytes
        return sound
