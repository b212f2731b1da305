"""A composed piece: chords, and the notes and strokes of every player with their times."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music.harmony import Chord


@dataclass(frozen=True)
class Note:
    """``start`` and ``length`` in s, a MIDI pitch, force 0..1, and the number of its layer."""

    start: float
    length: float
    pitch: int
    force: float
    layer: int


@dataclass(frozen=True)
class Stroke:
    """A drum (by the number of its beat) at a time in s."""

    start: float
    force: float
    beat: int


@dataclass(frozen=True)
class Phrase:
    """Some bars with one level of energy; ``other`` is the contrasting part of an arc."""

    first: int
    bars: int
    energy: int
    other: bool = False
    arc: int = 0

    @property
    def begin(self) -> float:
        """Beat at which it begins."""
        return 4.0 * self.first

    @property
    def end(self) -> float:
        return 4.0 * (self.first + self.bars)


@dataclass
class Score:
    """A whole piece. ``chords`` are (beat, chord); ``clock`` gives the second of each beat."""

    seconds: float
    key: int
    beats: int
    clock: NDArray[np.float64]
    instruments: list[str]
    phrases: list[Phrase] = field(default_factory=list)
    chords: list[tuple[float, Chord]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)

    @property
    def tempo(self) -> float:
        """Beats a minute at the beginning; 0 where the piece is one chord."""
        return 60 / float(self.clock[1] - self.clock[0]) if self.beats else 0.0

    def at(self, beat: float) -> float:
        """Second of a beat; past the last one the clock runs on as it was."""
        if beat >= self.beats:
            step = self.clock[-1] - self.clock[-2] if self.beats else 0.8
            return float(self.clock[-1] + (beat - self.beats) * step)
        return float(np.interp(beat, np.arange(len(self.clock)), self.clock))
