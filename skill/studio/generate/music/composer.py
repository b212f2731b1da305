"""Composing: a mood, a length and a seed become chords, notes and strokes with their times.

The seed alone decides key, chords, patterns and tune; the length decides the
form: how many phrases there are, who enters when, and that the last chord
falls so that it rings out exactly at the end.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music import melody, parts
from skill.studio.generate.music.form import form, timing
from skill.studio.generate.music.harmony import Chord, chord, scale
from skill.studio.generate.music.mood import Mood
from skill.studio.generate.music.score import Note, Phrase, Score


def write(mood: Mood, seconds: float, seed: int) -> Score:
    """Compose a piece that is ``seconds`` long."""
    piece = Piece(mood, seconds, seed)
    for number, layer in enumerate(mood.layers):
        parts.PLAYERS[layer.part](piece, number, layer)
    for number, beat in enumerate(mood.beats):
        parts.drum(piece, number, beat)
    piece.score.notes.sort(key=lambda note: note.start)
    piece.score.strokes.sort(key=lambda stroke: stroke.start)
    return piece.score


class Piece:
    """A piece while it is written: what all players share."""

    def __init__(self, mood: Mood, seconds: float, seed: int) -> None:
        self.mood = mood
        salt = [seed & 0xFFFFFFFF, *mood.name.encode()]
        # Each decision has its own chance, so that another length keeps the tune.
        taste, tune, self.chance = (np.random.default_rng([*salt, part]) for part in range(3))
        key = int(taste.integers(12))
        tempo = float(taste.uniform(*mood.tempo))
        first = mood.progressions[int(taste.integers(len(mood.progressions)))]
        mode = first.split(":")[0]
        # Contrasting parts stay in the mode of the first.
        others = [p for p in mood.progressions if p.split(":")[0] == mode and p != first]
        taste.shuffle(others)
        self.scale = scale(mode, key)
        self.progressions = [_chords(text.split(":")[1], key) for text in (first, *others)]
        self.cadence = _chords(mood.cadences[mode], key)
        self.layer_patterns = [int(taste.integers(8)) for _ in mood.layers]
        self.beat_patterns = [int(taste.integers(8)) for _ in mood.beats]
        instruments = [str(taste.choice(layer.instruments)) for layer in mood.layers]
        told = [melody.motif(tune, mood.density) for _ in range(2)]
        self.motifs = [(motif, motif.varied(tune), motif.varied(tune)) for motif in told]
        self.answer = int(tune.choice((-2, -1, 1, 2)))
        self.lift = int(tune.integers(0, 5))

        beats, ring = timing(mood, seconds, tempo)
        self.score = Score(seconds, key, beats, self._clock(beats, seconds - ring), instruments)
        self._harmonise()

    def _clock(self, beats: int, seconds: float) -> NDArray[np.float64]:
        """Second of every beat; music with feeling slows in its last bar."""
        if not beats:
            return np.zeros(1)
        steps = np.ones(beats)
        if self.mood.slowing and beats >= 8:
            steps[-4:] += self.mood.slowing * np.array([0.15, 0.35, 0.65, 1.0])
        clock = np.concatenate([[0], np.cumsum(steps)])
        return np.asarray(clock * (seconds / clock[-1]))

    def _harmonise(self) -> None:
        score = self.score
        bars = score.beats // 4
        wide = self.mood.chord_bars if bars >= 12 else 1
        length = 4 * wide
        score.phrases = form(bars, length)
        spans: list[tuple[float, Chord]] = []
        for part in score.phrases:
            # Each arc has a contrasting part of its own; the first progression always returns.
            away = 1 + part.arc % max(1, len(self.progressions) - 1) if part.other else 0
            progression = self.progressions[away % len(self.progressions)]
            # A short phrase takes the end of the progression: it leads to what follows.
            skip = max(0, length - part.bars)
            for bar in range(part.bars):
                name = progression[(bar + skip) // wide % len(progression)]
                spans.append((4.0 * (part.first + bar), name))
        approach = self.cadence[:-1]
        if bars >= 4:
            for place, name in zip((bars - 2, bars - 1), approach, strict=True):
                spans[place] = (4.0 * place, name)
        elif score.beats >= 4:
            last = score.beats - 4.0
            spans = [span for span in spans if span[0] < last]
            spans += [(last, approach[0]), (last + 2, approach[1])]
        elif score.beats:
            spans = [(0.0, approach[-1])]
        spans.append((float(score.beats), self.cadence[-1]))
        score.chords = [
            span
            for before, span in zip([None, *spans], spans, strict=False)
            if before is None or span[1] != before[1] or span[0] == score.beats
        ]
        self.marks = [start for start, _ in score.chords]

    @property
    def last(self) -> float:
        """Beat of the last chord."""
        return float(self.score.beats)

    def mark(self, beat: float) -> float:
        """The beat at which the chord of a beat begins."""
        return self.marks[max(0, bisect_right(self.marks, beat + 1e-6) - 1)]

    def over(self, beat: float) -> Chord:
        """The chord at a beat."""
        return self.score.chords[max(0, bisect_right(self.marks, beat + 1e-6) - 1)][1]

    def until(self, beat: float) -> float:
        """The beat at which the chord of a beat ends."""
        index = bisect_right(self.marks, beat + 1e-6)
        return self.marks[index] if index < len(self.marks) else self.last

    def playing(self, since: int, until: int) -> list[Phrase]:
        """The phrases that a player with these bounds of energy takes part in."""
        phrases = self.score.phrases or [Phrase(0, 0, 2)]
        if len(phrases) == 1:
            # A short clip has no time to build: nearly everyone plays at once.
            return phrases if since <= 2 else []
        return [part for part in phrases if since <= part.energy <= until]

    def ends(self, since: int, until: int) -> bool:
        """Whether a player strikes the last chord: if it was playing up to it."""
        playing = self.playing(since, until)
        return bool(playing) and playing[-1] is (self.score.phrases or playing)[-1]

    def second(self, beat: float, loose: float = 1.0) -> float:
        """Second of a beat as it is played: swung, and a little off."""
        count, share = self.mood.swing
        if beat < self.last:
            whole, place = divmod(beat * count / 2, 1)
            late = 2 * place * share if place < 0.5 else share + (2 * place - 1) * (1 - share)
            beat = (whole + late) * 2 / count
        off = self.chance.normal(0, self.mood.loose * loose / 1000)
        return max(0.0, self.score.at(beat) + float(np.clip(off, -0.02, 0.02)))

    def stop(self, beat: float) -> float:
        """Second at which a note ends that is held to a beat; past the last, to the very end."""
        return self.score.seconds if beat > self.last else self.score.at(beat)

    def add(self, number: int, beat: float, end: float, pitch: int, force: float) -> None:
        """A note of a layer from a beat to another, at about a force."""
        force = float(np.clip(force * self.chance.uniform(0.92, 1.04), 0.05, 1))
        self.add_at(number, self.second(beat), end, pitch, force)

    def add_at(self, number: int, start: float, end: float, pitch: int, force: float) -> None:
        """A note from a second to a beat."""
        length = self.stop(end) - start
        if length > 0.03:
            self.score.notes.append(Note(start, length, pitch, min(1.0, force), number))


def _chords(text: str, key: int) -> list[Chord]:
    return [chord(symbol.strip(), key) for symbol in text.split("|")]
