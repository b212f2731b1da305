"""The form of a piece follows from its length: how many bars and beats, and who enters when."""

from __future__ import annotations

import numpy as np

from skill.studio.generate.music.mood import Mood
from skill.studio.generate.music.score import Phrase


def form(bars: int, phrase: int) -> list[Phrase]:
    """Bars in phrases: what is left over comes first, then arcs that rise and come to rest."""
    whole, left = divmod(bars, phrase)
    if whole == 0:
        return [Phrase(0, bars, 2)] if bars else []
    phrases = [Phrase(0, left, 0 if left < 4 else 1)] if left else []
    arcs = max(1, round(whole / 7))
    for arc in range(arcs):
        length = whole * (arc + 1) // arcs - whole * arc // arcs
        for place in range(length):
            energy = _energy(place, length, arc, arc == arcs - 1)
            other = length >= 4 and place >= 2 and place % 4 in (2, 3) and place < length - 1
            first = phrases[-1].first + phrases[-1].bars if phrases else 0
            phrases.append(Phrase(first, phrase, energy, other, arc))
    return phrases


def _energy(place: int, length: int, arc: int, last: bool) -> int:
    if length == 1:
        return 2
    if length == 2:
        return (1, 2)[place] if arc == 0 else 2 + place
    if place == 0:
        return 1 if arc == 0 else 0
    if place == length - 1:
        return 3 if last else 2
    if length >= 5 and place == length // 2 + 1:
        return 1
    return 2 if place < (length - 1) / 2 else 3


def timing(mood: Mood, seconds: float, tempo: float) -> tuple[int, float]:
    """(beats, seconds that the last chord rings) for a length: near the tempo, in whole bars."""
    ring = min(mood.ring, max(0.3 * seconds, min(seconds, 1.1)))
    paces = np.linspace(mood.tempo[0] * 0.98, mood.tempo[1] * 1.02, 25)
    best: tuple[float, int, float] = (6.0, 0, seconds)
    bars = int((seconds - ring) * tempo / 240)
    for beats in sorted({2, *(4 * n for n in range(max(1, bars - 1), bars + 3))}):
        rests = seconds - beats * 60 / paces
        costs = (10 * np.log(paces / tempo)) ** 2
        costs += np.log(np.maximum(rests, 0.01) / ring) ** 2 + (1.0 if beats == 2 else 0.0)
        costs[rests < 0.6] = np.inf
        index = int(costs.argmin())
        if costs[index] < best[0]:
            best = (float(costs[index]), beats, float(rests[index]))
    return best[1], best[2]
