"""A tune: a motif of two bars that comes back, fitted to the chords under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skill.studio.generate.music.harmony import Chord, ladder, nearest

# Rhythms of half a bar: (start, length) in eighths.
CELLS: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "sparse": (((0, 4),), ((0, 3), (3, 1)), ((2, 2),), ((0, 2), (2, 2)), ((1, 3),)),
    "medium": (
        ((0, 2), (2, 2)),
        ((0, 3), (3, 1)),
        ((0, 1), (1, 1), (2, 2)),
        ((1, 1), (2, 2)),
        ((0, 2), (2, 1), (3, 1)),
        ((0, 1), (1, 3)),
    ),
    "busy": (
        ((0, 1), (1, 1), (2, 1), (3, 1)),
        ((0, 2), (2, 1), (3, 1)),
        ((0, 1), (1, 2), (3, 1)),
        ((0, 1), (1, 1), (2, 2)),
        ((0, 2), (2, 2)),
        ((1, 1), (2, 1), (3, 1)),
    ),
}
_ENDS: tuple[tuple[tuple[int, int], ...], ...] = (((0, 4),), ((0, 3),), ((1, 3),), ((0, 1), (1, 3)))
_REST: tuple[tuple[int, int], ...] = ()

Sung = tuple[float, float, int, float]  # beat, length in beats, pitch, accent 0..1


@dataclass(frozen=True)
class Motif:
    """Notes as (start and length in eighths, steps of the scale from the first note)."""

    notes: tuple[tuple[int, int, int], ...]

    def with_end(self, steps: int) -> Motif:
        """The same, its last note moved: a question becomes an answer."""
        *rest, (start, length, step) = self.notes
        return replace(self, notes=(*rest, (start, length, step + steps)))

    def thinned(self) -> Motif:
        """Only the notes on beats, held on."""
        kept = [note for note in self.notes if note[0] % 2 == 0] or list(self.notes[:1])
        ends = [note[0] for note in kept[1:]] + [16]
        return Motif(
            tuple(
                (start, min(max(length, end - start), 6), step)
                for (start, length, step), end in zip(kept, ends, strict=True)
            )
        )

    def varied(self, rng: np.random.Generator) -> Motif:
        """The same tune told again: a long note broken in two, or an inner one moved a step."""
        notes = list(self.notes)
        long = [n for n, (_, length, _) in enumerate(notes) if 2 <= length <= 3]
        if long and rng.random() < 0.6:
            index = int(rng.choice(long))
            start, length, step = notes[index]
            way = int(rng.choice((-1, 1)))
            notes[index : index + 1] = [(start, 1, step), (start + 1, length - 1, step + way)]
        if len(notes) > 3:
            index = int(rng.integers(1, len(notes) - 1))
            start, length, step = notes[index]
            notes[index] = (start, length, step + int(rng.choice((-1, 1))))
        return Motif(tuple(notes))

    def turned(self) -> Motif:
        """Upside down, for the contrasting part."""
        return Motif(tuple((start, length, -step) for start, length, step in self.notes))


def motif(rng: np.random.Generator, density: str) -> Motif:
    """A motif of two bars: two rhythms, the first of them again, and a held end."""
    cells = CELLS[density]
    first, second = (cells[int(rng.integers(len(cells)))] for _ in range(2))
    if density == "sparse" and rng.random() < 0.5:
        second = _REST
    third = first if rng.random() < 0.7 else cells[int(rng.integers(len(cells)))]
    last = _ENDS[int(rng.integers(len(_ENDS)))]
    rhythm = [
        (4 * place + start, length)
        for place, cell in enumerate((first, second, third, last))
        for start, length in cell
    ]
    steps, at = [], 0
    for number in range(len(rhythm)):
        steps.append(at)
        # Rises to the middle and falls after it, mostly by step; a leap is answered by a step back.
        rising = 0.68 if number < len(rhythm) / 2 else 0.32
        way = 1 if rng.random() < rising else -1
        size = int(rng.choice((1, 1, 1, 2, 2, 3), 1)[0])
        if len(steps) > 1 and abs(steps[-1] - steps[-2]) >= 2:
            way, size = (-1 if steps[-1] > steps[-2] else 1), 1
        at = int(np.clip(at + way * size, -4, 5))
    return Motif(
        tuple((start, length, step) for (start, length), step in zip(rhythm, steps, strict=True))
    )


def sing(
    tune: Motif,
    begin: float,
    end: float,
    harmony: Callable[[float], Chord],
    scale: Sequence[int],
    compass: tuple[int, int],
    anchor: float,
) -> list[Sung]:
    """Fit a motif that begins on a beat to the chords there; nothing sounds beyond ``end``.

    ``compass`` is the lowest and the highest pitch, ``anchor`` where the motif lies.

    Notes on the first beat, and long ones, become tones of the chord; the
    others notes of the scale that do not grate over it.
    """
    low, high = compass
    sung: list[Sung] = []
    steps = ladder(scale, low - 12, high + 12)
    base = min(range(len(steps)), key=lambda index: abs(steps[index] - anchor))
    before: int | None = None
    came_from = 0
    for start, length, step in tune.notes:
        beat = begin + start / 2
        if beat >= end - 0.1:
            break
        over = harmony(beat)
        target = steps[max(0, min(len(steps) - 1, base + step))]
        strong = start % 8 == 0 or length >= 3 or (start % 4 == 0 and length == 2)
        stable = set(over.tones)
        pool = stable if strong else (set(scale) | stable) - over.avoided()
        reachable = ladder(sorted(pool), low, high)
        pitch = nearest(reachable, target, 0.0 if before is None else float(before - target))
        if before is not None:
            if abs(pitch - before) > 9:
                pitch = nearest(reachable, (target + before) / 2, before - target)
            moves = step - came_from
            if pitch == before and moves:
                # The tune moves here: to the next note that way, so that it does not stick.
                further = [p for p in reachable if 0 < (p - before) * np.sign(moves) <= 5]
                pitch = nearest(further, before) if further else pitch
        came_from = step
        # A held note must also bear the chord that comes in under it.
        held = length / 2
        for later in np.arange(beat + 0.5, min(beat + held, end), 0.5):
            if pitch % 12 in harmony(float(later)).avoided():
                held = float(later) - beat
                break
        accent = 1.0 if start % 8 == 0 else 0.85 if strong else 0.7
        sung.append((beat, min(held, end - beat), pitch, accent))
        before = pitch
    return sung
