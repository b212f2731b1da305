"""Notes as they ring, kept for the next time the same one is played."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music.instruments import INSTRUMENTS, Instrument

Sound = NDArray[np.float32]

_KEPT = 64 * 2**20  # bytes
_SHADES = 4  # steps between the softest and the hardest stroke


class Bank:
    """The rung notes of some instruments, at most 64 MB of them."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._rung: dict[tuple[object, int, int], Sound] = {}
        self._faded: set[tuple[object, int, int]] = set()
        self._bytes = 0

    def note(self, name: str, pitch: int, length: float, hardness: float) -> Sound:
        """A note that is held for ``length`` s and then let go: a new array (n, 2)."""
        instrument = INSTRUMENTS[name]
        seconds = length + instrument.release
        count = int(seconds * self.rate)
        shade = round(min(1.0, max(0.0, hardness)) * _SHADES)
        ring = self._ring(instrument, pitch, shade, seconds)
        sound: Sound
        attack = instrument.attack
        if instrument.sustained:
            attack = min(attack, 0.35 * length)  # a short note must not come too late
            sound = np.concatenate([ring] * (count // len(ring)) + [ring[: count % len(ring)]])
        else:
            sound = ring[:count].copy()
        rise = min(len(sound) // 2, int(attack * self.rate))
        if rise:
            up = np.linspace(0, 1, rise, endpoint=False, dtype=np.float32)
            sound[:rise] *= (up * up * (3 - 2 * up))[:, None]
        held = int(length * self.rate)
        if len(sound) > held:
            down = np.linspace(1, 0, count - held, dtype=np.float32)[: len(sound) - held]
            sound[held:] *= (down * down * (3 - 2 * down))[:, None]
        return sound

    def _ring(self, instrument: Instrument, pitch: int, shade: int, seconds: float) -> Sound:
        key = (instrument.ring, pitch, shade)
        sound = self._rung.get(key)
        whole = instrument.sustained or key in self._faded
        if sound is None or (not whole and len(sound) < int(seconds * self.rate)):
            # Rounded up, so that the next note, a little longer, finds it long enough.
            longer = math.ceil(seconds / 1.5) * 1.5
            old = self._rung.pop(key, None)
            sound = instrument.ring(pitch, longer, shade / _SHADES, self.rate)
            if len(sound) < int(longer * self.rate):
                self._faded.add(key)
            self._rung[key] = sound
            self._bytes += sound.nbytes - (0 if old is None else old.nbytes)
            while self._bytes > _KEPT and len(self._rung) > 1:
                self._bytes -= self._rung.pop(next(iter(self._rung))).nbytes
        return sound
