"""Chords, scales, and how one chord leads to the next.

A chord is written as a degree of the major scale and a quality: "IIm9",
"bVIImaj7", "V/VII" (over another bass). Pitches are MIDI numbers (60 = middle C).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}

# Semitones over the root, in the order in which a small voicing keeps them.
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "add9": (4, 2, 7, 0),
    "madd9": (3, 2, 7, 0),
    "6": (4, 9, 7, 0),
    "69": (4, 9, 2, 7, 0),
    "maj7": (4, 11, 7, 0),
    "maj9": (4, 11, 2, 7, 0),
    "m7": (3, 10, 7, 0),
    "m9": (3, 10, 2, 7, 0),
    "m11": (3, 10, 5, 2, 7, 0),
    "m69": (3, 9, 2, 7, 0),
    "7": (4, 10, 7, 0),
    "9": (4, 10, 2, 7, 0),
    "13": (4, 10, 9, 2, 0),
    "7b9": (4, 10, 1, 7, 0),
    "7sus": (5, 10, 7, 0),
    "9sus": (5, 10, 2, 7, 0),
    "m7b5": (3, 10, 6, 0),
    "dim7": (3, 9, 6, 0),
}

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
}

NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

_SYMBOL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I)([^/]*)(?:/([b#]?)(VII|VI|IV|V|III|II|I))?$")


@dataclass(frozen=True)
class Chord:
    """Pitch classes of a chord in a key: bass, root, and all tones, the telling ones first."""

    symbol: str
    root: int
    bass: int
    tones: tuple[int, ...]

    @property
    def name(self) -> str:
        quality = _parse(self.symbol)[1]
        over = "" if self.bass == self.root else "/" + NAMES[self.bass]
        return NAMES[self.root] + quality + over

    def avoided(self) -> frozenset[int]:
        """Pitch classes that grate over this chord: a semitone above one of its tones."""
        return frozenset((tone + 1) % 12 for tone in self.tones) - set(self.tones)


def chord(symbol: str, key: int) -> Chord:
    """Read a symbol in a key (0 = C). Raises ValueError for what is no chord."""
    degree, quality, bass = _parse(symbol)
    root = (key + degree) % 12
    tones = tuple((root + step) % 12 for step in QUALITIES[quality])
    return Chord(symbol, root, (key + bass) % 12, tones)


def scale(name: str, key: int) -> tuple[int, ...]:
    """Pitch classes of a scale."""
    return tuple((key + step) % 12 for step in SCALES[name])


def ladder(classes: Sequence[int], low: int, high: int) -> list[int]:
    """Every pitch from ``low`` to ``high`` of some pitch classes."""
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in classes]


@lru_cache(maxsize=2048)
def voicing(
    tones: tuple[int, ...], before: tuple[int, ...], low: int, high: int, size: int
) -> tuple[int, ...]:
    """A chord of ``size`` voices between two pitches that moves least from the one before.

    Close enough to sound as one, open in the depth, and without a semitone in
    the middle of it wherever that can be had.
    """
    kept = tones[:size]
    choices = [[p for p in range(low, high + 1) if p % 12 == tone] for tone in kept]
    extra = size - len(kept)
    middle = (low + high) / 2
    best: tuple[float, tuple[int, ...]] = (1e9, ())
    for picked in product(*choices):
        voices = tuple(sorted(picked))
        if extra > 0:  # a small chord in a large voicing: its outer voice doubled above
            doubled = [voices[i] + 12 for i in range(extra) if voices[i] + 12 <= high]
            voices = tuple(sorted(set(voices) | set(doubled)))
        cost = _roughness(voices) + 0.4 * abs(sum(voices) / len(voices) - middle)
        if before:
            cost += sum(min(abs(v - old) for old in before) for v in voices)
            cost += 1.5 * abs(voices[-1] - before[-1])
        if cost < best[0]:
            best = (cost, voices)
    return best[1]


def nearest(pitches: Sequence[int], target: float, lean: float = 0.0) -> int:
    """The pitch nearest to a target; of two, the one that lies the way ``lean`` points."""
    return min(pitches, key=lambda pitch: (abs(pitch - target - 0.01 * lean), pitch))


def _roughness(voices: Sequence[int]) -> float:
    cost = 0.0
    for below, above in pairwise(voices):
        gap = above - below
        cost += (14.0 if below < 60 else 8.0) if gap == 1 else 3.0 * max(0, gap - 8)
        # Low intervals turn to mud: a fifth is wanted under C3, a third under F3.
        cost += 4.0 * max(0, (7 if below < 48 else 3 if below < 53 else 2) - gap)
    if voices[-1] - voices[0] < 7 and len(voices) > 3:
        cost += 4.0
    return cost


@lru_cache(maxsize=256)
def _parse(symbol: str) -> tuple[int, str, int]:
    match = _SYMBOL.match(symbol)
    if not match or match[3] not in QUALITIES:
        raise ValueError(f"no chord: {symbol}")
    shift = {"": 0, "b": -1, "#": 1}
    degree = (DEGREES[match[2]] + shift[match[1]]) % 12
    bass = (DEGREES[match[5]] + shift[match[4]]) % 12 if match[5] else degree
    return degree, match[3], bass
