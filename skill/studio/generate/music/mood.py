"""What a mood is made of. The moods are data: one file for each in ``moods/``.

Patterns are bars of sixteen sixteenths (or several bars); "-" holds, "." rests.
Drums: X loud, x plain, o soft. Chords: the same letters strike the whole chord.
Arpeggios and broken chords: 0 1 2 ... voices from below. Bass: 1 root, 5 fifth,
8 octave, 3 third, a the step that leads to the next root.
Energy: 0 an introduction or a break, 1 the beginning, 2 the tune, 3 everyone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One player. ``pan`` -1..1, ``room``, ``echo``, ``pump`` and ``drift`` 0..1.

    ``level`` is how loud it is where it plays, in LU beside the other players:
    0 is what one listens to.
    """

    part: str  # chords, strum, arpeggio, bass, walk, melody
    instruments: tuple[str, ...]  # the seed picks one
    level: float
    low: int
    high: int
    patterns: tuple[str, ...] = ("held",)
    since: int = 0
    until: int = 3
    size: int = 4
    pan: float = 0.0
    room: float = 0.2
    echo: float = 0.0
    pump: float = 0.0  # how far it gives way to the kick
    drift: float = 0.0  # how far its filter slowly opens and closes
    hardness: float = 0.5


@dataclass(frozen=True)
class Beat:
    """One drum. ``head`` and ``turn`` are a phrase's first and last bar, where they are given.

    ">" in a pattern is a stroke that rises and ends with the bar.
    """

    drum: str
    level: float
    patterns: tuple[str, ...]
    since: int = 1
    until: int = 3
    pan: float = 0.0
    room: float = 0.06
    head: str = ""
    turn: str = ""


@dataclass(frozen=True)
class Mood:
    """A kind of music. ``tempo`` in beats a minute, ``ring`` and ``room`` in s."""

    name: str
    tempo: tuple[float, float]
    progressions: tuple[str, ...]  # "scale: chord | chord ...", one chord a bar
    cadences: dict[str, str]  # by scale: the two bars before the end, and the end
    layers: tuple[Layer, ...]
    beats: tuple[Beat, ...] = ()
    density: str = "medium"
    swing: tuple[int, float] = (2, 0.5)  # parts of a beat, where the second of two lies
    chord_bars: int = 1
    ring: float = 3.0
    room: float = 1.6
    bright: float = 0.5
    loose: float = 5.0  # ms that players are off by
    slowing: float = 0.0  # by how much the last bar is longer
    tape: float = 0.0  # ms of wow
    dust: float = 0.0  # level of a record's crackle
    edge: float = 16000.0  # Hz above which it falls
    swell: float = 0.0  # dB from the beginning up to the end


MOODS = (
    "lo-fi",
    "ambient",
    "upbeat",
    "cinematic",
    "piano",
    "corporate",
    "acoustic",
    "epic",
    "sad",
    "electronic",
    "jazz",
)

_FOLDER = Path(__file__).with_name("moods")


@lru_cache(maxsize=len(MOODS))
def load(name: str) -> Mood:
    """Read a mood; one that is not in MOODS is "ambient"."""
    path = _FOLDER / f"{name if name in MOODS else 'ambient'}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    layers = tuple(Layer(**_tuples(layer)) for layer in data.pop("layers"))
    beats = tuple(Beat(**_tuples(beat)) for beat in data.pop("beats", []))
    return Mood(**_tuples(data), layers=layers, beats=beats)


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
