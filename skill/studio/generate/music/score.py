"""Composing: a mood, a length and a seed become chords, notes and strokes with their times.

The seed alone decides key, chords, patterns and tune; the length decides the
form: how many phrases there are, who enters when, and that the last chord
falls so that it rings out exactly at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music import melody
from skill.studio.generate.music.drums import LEADING
from skill.studio.generate.music.harmony import Chord, chord, ladder, nearest, scale, voicing
from skill.studio.generate.music.moods import Beat, Layer, Mood

_LOUDNESS = {"X": 1.0, "x": 0.72, "o": 0.42, ">": 0.8}


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


@dataclass
class Score:
    """A whole piece. ``chords`` are (beat, chord); ``clock`` gives the second of each beat."""

    seconds: float
    key: int
    beats: int
    clock: NDArray[np.float64]
    instruments: list[str]
    phrases: list[Phrase]
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


def write(mood: Mood, seconds: float, seed: int) -> Score:
    """Compose a piece that is ``seconds`` long."""
    return _Writer(mood, seconds, seed).piece()


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


class _Writer:
    def __init__(self, mood: Mood, seconds: float, seed: int) -> None:
        self.mood = mood
        salt = [seed & 0xFFFFFFFF, *mood.name.encode()]
        # Each decision has its own chance, so that another length keeps the tune.
        taste, tune, self.chance = (np.random.default_rng([*salt, part]) for part in range(3))
        key = int(taste.integers(12))
        tempo = float(taste.uniform(*mood.tempo))
        first, second = taste.choice(len(mood.progressions), 2, replace=False)
        kind = mood.progressions[first].split(":")[0]
        # The contrasting part stays in the mode of the first.
        near = [p for p in mood.progressions if p.split(":")[0] == kind] or [
            mood.progressions[first]
        ]
        other = near[int(second) % len(near)]
        self.mode = kind
        self.scale = scale(kind, key)
        self.progressions = [
            [chord(symbol.strip(), key) for symbol in text.split(":")[1].split("|")]
            for text in (mood.progressions[first], other)
        ]
        self.cadence = [chord(symbol.strip(), key) for symbol in mood.cadences[kind].split("|")]
        self.patterns = [int(taste.integers(8)) for _ in mood.layers]
        self.strokes = [int(taste.integers(8)) for _ in mood.beats]
        instruments = [str(taste.choice(layer.instruments)) for layer in mood.layers]
        first_motif, second_motif = (melody.motif(tune, mood.density) for _ in range(2))
        self.motifs = [
            (first_motif, first_motif.varied(tune), first_motif.varied(tune)),
            (second_motif, second_motif.varied(tune), second_motif.varied(tune)),
        ]
        self.answer = int(tune.choice((-2, -1, 1, 2)))
        self.lift = int(tune.integers(0, 5))

        beats, _ = timing(mood, seconds, tempo)
        self.score = Score(seconds, key, beats, self._clock(beats, seconds, tempo), instruments, [])

    def _clock(self, beats: int, seconds: float, tempo: float) -> NDArray[np.float64]:
        if not beats:
            return np.zeros(1)
        _, ring = timing(self.mood, seconds, tempo)
        steps = np.ones(beats)
        if self.mood.slowing and beats >= 8:
            steps[-4:] += self.mood.slowing * np.array([0.15, 0.35, 0.65, 1.0])
        clock = np.concatenate([[0], np.cumsum(steps)])
        return np.asarray(clock * ((seconds - ring) / clock[-1]))

    def piece(self) -> Score:
        self._harmonise()
        for number, layer in enumerate(self.mood.layers):
            write = getattr(self, f"_{layer.part}")
            write(number, layer)
        for number, beat in enumerate(self.mood.beats):
            self._drum(number, beat)
        self.score.notes.sort(key=lambda note: note.start)
        self.score.strokes.sort(key=lambda stroke: stroke.start)
        return self.score

    # Harmony and form

    def _harmonise(self) -> None:
        score = self.score
        bars = score.beats // 4
        wide = self.mood.chord_bars if bars >= 12 else 1
        phrase = 4 * wide
        score.phrases = form(bars, phrase)
        spans: list[tuple[float, Chord]] = []
        for part in score.phrases:
            # Each arc has a contrasting part of its own; the first progression always returns.
            away = part.other * (1 + part.arc % max(1, len(self.progressions) - 1))
            progression = self.progressions[away % len(self.progressions)]
            names = [progression[index // wide % len(progression)] for index in range(phrase)]
            for bar, name in enumerate(
                names[phrase - part.bars :] if part.bars < phrase else names
            ):
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
        merged = [spans[0]]
        for span in spans[1:]:
            if span[1] != merged[-1][1] or span[0] == score.beats:
                merged.append(span)
        score.chords = merged
        self.marks = [start for start, _ in merged]

    def _over(self, beat: float) -> Chord:
        index = bisect_right(self.marks, beat + 1e-6) - 1
        return self.score.chords[max(0, index)][1]

    def _until(self, beat: float) -> float:
        """The beat at which the chord of a beat ends."""
        index = bisect_right(self.marks, beat + 1e-6)
        return self.marks[index] if index < len(self.marks) else float(self.score.beats)

    def _playing(self, since: int, until: int) -> list[Phrase]:
        phrases = self.score.phrases or [Phrase(0, 0, 2)]
        if len(phrases) == 1:
            # A short clip has no time to build: nearly everyone plays at once.
            return phrases if since <= 2 else []
        return [part for part in phrases if since <= part.energy <= until]

    def _ends(self, since: int, until: int) -> bool:
        """Whether a layer plays the last chord: if it was playing up to it."""
        playing = self._playing(since, until)
        return bool(playing) and playing[-1] is (self.score.phrases or playing)[-1]

    # Time

    def _second(self, beat: float, loose: float = 1.0) -> float:
        """Second of a beat as it is played: swung, and a little off."""
        parts, share = self.mood.swing
        if beat < self.score.beats:
            pair = 2.0 / parts
            whole, place = divmod(beat, pair)
            place /= pair
            swung = (
                place * share / 0.5 if place < 0.5 else share + (place - 0.5) * (1 - share) / 0.5
            )
            beat = (whole + swung) * pair
        off = self.chance.normal(0, self.mood.loose * loose / 1000)
        return max(0.0, self.score.at(beat) + float(np.clip(off, -0.02, 0.02)))

    def _add(self, number: int, beat: float, end: float, pitch: int, force: float) -> None:
        start = self._second(beat)
        score = self.score
        stop = score.seconds if end > score.beats else score.at(end)
        force = float(np.clip(force * self.chance.uniform(0.92, 1.04), 0.05, 1))
        if stop - start > 0.03:
            score.notes.append(Note(start, stop - start, pitch, force, number))

    def _steps(
        self, layer: Layer, number: int, each_chord: bool = False
    ) -> list[tuple[float, float, str]]:
        """(beat, end, letter) of everything that a layer's pattern says, up to the last chord.

        With ``each_chord``, a chord that comes where the pattern rests is struck all the same.
        """
        steps: list[tuple[float, float, str]] = []
        for part in self._playing(layer.since, layer.until):
            choice = (self.patterns[number] + part.arc) % len(layer.patterns)
            bars = layer.patterns[choice].split("|")
            for bar in range(part.bars):
                pattern = bars[bar % len(bars)]
                steps += [
                    (4.0 * (part.first + bar) + place / 4, 0.0, letter)
                    for place, letter in enumerate(pattern)
                    if letter not in ".-"
                ]
                # A rest ends what came before: it is kept as a mark of its own.
                steps += [
                    (4.0 * (part.first + bar) + place / 4, 0.0, ".")
                    for place, letter in enumerate(pattern)
                    if letter == "." and place and pattern[place - 1] != "."
                ]
            if each_chord:
                struck = {beat for beat, _, letter in steps if letter != "."}
                inside = (4.0 * part.first, 4.0 * (part.first + part.bars))
                for mark in self.marks:
                    if inside[0] <= mark < inside[1] and mark not in struck:
                        steps = [step for step in steps if step[0] != mark]
                        steps.append((mark, 0.0, "x"))
        steps.sort()
        ended = []
        for index, (beat, _, letter) in enumerate(steps):
            following = steps[index + 1][0] if index + 1 < len(steps) else float(self.score.beats)
            end = min(following, self._until(beat), beat + 8)
            if letter != "." and beat < self.score.beats:
                ended.append((beat, end, letter))
        if not self.score.beats or (not ended and self.score.beats < 4):
            return []
        return ended

    # Parts

    def _voices(self, layer: Layer) -> dict[float, tuple[int, ...]]:
        before: tuple[int, ...] = ()
        voices = {}
        for start, over in self.score.chords:
            before = voicing(over.tones, before, layer.low, layer.high, layer.size)
            voices[start] = before
        return voices

    def _voiced(self, voices: dict[float, tuple[int, ...]], beat: float) -> tuple[int, ...]:
        index = max(0, bisect_right(self.marks, beat + 1e-6) - 1)
        return voices[self.marks[index]]

    def _chords(self, number: int, layer: Layer, roll: float = 0.012) -> None:
        voices = self._voices(layer)
        if layer.patterns == ("held",):
            self._held(number, layer, voices)
        else:
            for beat, end, letter in self._steps(layer, number, each_chord=True):
                self._strike(number, self._voiced(voices, beat), beat, end, letter, roll)
        if self._ends(layer.since, layer.until) and layer.patterns != ("held",):
            last = float(self.score.beats)
            self._strike(number, voices[last], last, last + 1, "X", max(roll, 0.035))

    def _held(self, number: int, layer: Layer, voices: dict[float, tuple[int, ...]]) -> None:
        """Each voice sounds on for as long as it does not move."""
        playing = self._playing(layer.since, layer.until)
        last = float(self.score.beats)
        spans = [
            (max(start, 4.0 * part.first), min(self._until(start), 4.0 * (part.first + part.bars)))
            for part in playing
            for start in self.marks
            if self._until(start) > 4.0 * part.first
            and start < 4.0 * (part.first + part.bars)
            and start < last
        ]
        if self._ends(layer.since, layer.until):
            spans.append((last, last + 1))
        open_notes: dict[int, tuple[float, float]] = {}
        for start, end in spans:
            now = self._voiced(voices, start)
            for pitch in [p for p in open_notes if p not in now or open_notes[p][1] < start]:
                self._add(number, *open_notes.pop(pitch), pitch, 0.8)
            for pitch in now:
                begun = open_notes.get(pitch, (start, end))[0]
                open_notes[pitch] = (begun, end)
        for pitch, (start, end) in open_notes.items():
            self._add(number, start, end, pitch, 0.8)

    def _strum(self, number: int, layer: Layer) -> None:
        self._chords(number, layer, roll=0.022)

    def _strike(
        self,
        number: int,
        pitches: tuple[int, ...],
        beat: float,
        end: float,
        letter: str,
        roll: float,
    ) -> None:
        start = self._second(beat)
        score = self.score
        stop = score.seconds if end > score.beats else score.at(end)
        upward = roll < 0.02 or beat % 1 == 0
        order = pitches if upward else tuple(reversed(pitches))
        for place, pitch in enumerate(order):
            begin = start + place * roll * float(self.chance.uniform(0.7, 1.2))
            force = _LOUDNESS.get(letter, 0.7) * float(self.chance.uniform(0.88, 1.0))
            force *= 0.94 if pitch not in (order[0], order[-1]) else 1.0
            if stop - begin > 0.03:
                score.notes.append(Note(begin, stop - begin, pitch, min(1.0, force), number))

    def _arpeggio(self, number: int, layer: Layer) -> None:
        voices = self._voices(layer)
        steps = self._steps(layer, number)
        # Plucked and struck notes ring into the next ones, as long as the chord stays.
        for beat, end, letter in steps:
            now = self._voiced(voices, beat)
            index = int(letter)
            pitch = now[index % len(now)] + 12 * (index // len(now))
            ring = min(self._until(beat), max(end, beat + 1.0))
            accent = 0.95 if beat % 4 == 0 else 0.78 if beat % 1 == 0 else 0.66
            self._add(number, beat, ring, pitch, accent)
        if self._ends(layer.since, layer.until):
            last = float(self.score.beats)
            gap = 0.18 if self.score.seconds > 3 else 0.1
            for place, pitch in enumerate(voices[last]):
                start = self.score.at(last) + place * gap
                length = self.score.seconds - start
                if length > 0.2:
                    self.score.notes.append(Note(start, length, pitch, 0.8 - 0.04 * place, number))

    def _bass(self, number: int, layer: Layer) -> None:
        at = (layer.low + layer.high) / 2 - 2
        for beat, end, letter in self._steps(layer, number):
            over = self._over(beat)
            root = self._low(over.bass, at, layer)
            pitch = root
            if letter == "5":
                fifth = next((t for t in over.tones if (t - over.root) % 12 in (7, 6)), over.bass)
                pitch = self._low(fifth, root + 4, layer)
            elif letter == "8":
                pitch = root + 12 if root + 12 <= layer.high + 5 else root
            elif letter == "3":
                third = next((t for t in over.tones if (t - over.root) % 12 in (3, 4)), over.bass)
                pitch = self._low(third, root + 4, layer)
            elif letter == "a":
                pitch = self._approach(self._over(self._until(beat)).bass, root, layer)
            self._add(number, beat, end, pitch, 0.95 if beat % 4 == 0 else 0.8)
        if self._ends(layer.since, layer.until):
            last = float(self.score.beats)
            root = self._low(self.score.chords[-1][1].bass, at, layer)
            self._add(number, last, last + 1, root, 0.95)

    def _walk(self, number: int, layer: Layer) -> None:
        """A walking bass: root, two tones on the way, and a step that leads on."""
        before = float(layer.low + 8)
        for part in self._playing(layer.since, layer.until):
            for beat in np.arange(4.0 * part.first, 4.0 * (part.first + part.bars)):
                over, until = self._over(beat), self._until(beat)
                place = (beat - max(m for m in self.marks if m <= beat + 1e-6)) % 4
                if place == 0:
                    pitch = self._low(over.bass, before, layer)
                elif beat == until - 1:
                    pitch = self._approach(self._over(until).bass, before, layer)
                else:
                    way = 3 if self.chance.random() < 0.6 else -3
                    tones = [t for t in over.tones if (t - over.root) % 12 in (0, 3, 4, 7, 10, 11)]
                    choices = [p for p in ladder(tones, layer.low, layer.high) if p != before]
                    pitch = nearest(choices, before + way)
                self._add(
                    number, float(beat), float(beat) + 0.95, pitch, 0.9 if place == 0 else 0.78
                )
                before = pitch
        if self._ends(layer.since, layer.until):
            last = float(self.score.beats)
            self._add(number, last, last + 1, self._low(self.cadence[-1].bass, before, layer), 0.9)

    def _low(self, tone: int, near: float, layer: Layer) -> int:
        return nearest(ladder([tone], layer.low, layer.high), near)

    def _approach(self, target: int, near: float, layer: Layer) -> int:
        """A note a step under or over the root to come."""
        goal = self._low(target, near, layer)
        below = [p for p in (goal - 2, goal + 2) if p % 12 in self.scale]
        options = [p for p in (*below, goal - 1) if layer.low <= p <= layer.high] or [goal]
        return nearest(options, near)

    def _melody(self, number: int, layer: Layer) -> None:
        middle = (layer.low + layer.high) / 2 - 3
        last = float(self.score.beats)
        reach = 4.0 if self.mood.chord_bars == 1 else 8.0
        wide = self.mood.chord_bars if last >= 48 else 1
        end_pitch = middle
        for count, part in enumerate(self._playing(layer.since, layer.until)):
            begin, end = 4.0 * part.first, 4.0 * (part.first + part.bars)
            motif = self.motifs[part.arc % 2][count % 3]
            turn = motif.turned() if part.other else motif
            anchor = middle + (self.lift if part.energy >= 3 else 0)
            for place, beat in enumerate(np.arange(begin, end, 8.0)):
                tune = turn
                if place % 2:
                    tune = turn.with_end(self.answer)
                if count % 4 == 3 and place % 2 == 0:
                    tune = tune.thinned()
                if wide > 1 and place % 2:
                    continue  # slow music breathes between its phrases
                stop = min(end, beat + 8.0, last)
                sung = melody.sing(
                    tune, float(beat), stop, self._over, self.scale, layer.low, layer.high, anchor
                )
                for at, length, pitch, accent in sung:
                    held = max(length, 0.45) if length < reach else length
                    self._add(number, at, min(at + held, last), pitch, 0.62 + 0.3 * accent)
                    end_pitch = pitch
        if self._ends(layer.since, layer.until):
            final = self.score.chords[-1][1]
            home = [t for t in final.tones if (t - self.score.key) % 12 in (0, 3, 4, 7)]
            pitch = nearest(ladder(home, layer.low, layer.high), end_pitch)
            self._add(number, last, last + 1, pitch, 0.8)

    def _drum(self, number: int, beat: Beat) -> None:
        for part in self._playing(beat.since, beat.until):
            bars = beat.patterns[(self.strokes[number] + part.arc) % len(beat.patterns)].split("|")
            for bar in range(part.bars):
                pattern = bars[bar % len(bars)]
                ending = bar == part.bars - 1
                if bar == 0 and beat.head:
                    pattern = beat.head
                if ending and beat.turn and part.bars >= 4:
                    pattern = beat.turn
                for place, letter in enumerate(pattern):
                    at = 4.0 * (part.first + bar) + place / 4
                    if letter in _LOUDNESS and at < self.score.beats:
                        self._hit(number, beat, at + (4 if letter == ">" else 0), letter)
        if self._ends(beat.since, beat.until) and self.score.beats and beat.drum not in LEADING:
            closing = "kick" in beat.drum or beat.drum in ("boom", "crash", "ride", "taiko")
            if closing:
                self._hit(number, beat, float(self.score.beats), "x")

    def _hit(self, number: int, beat: Beat, at: float, letter: str) -> None:
        start = self.score.at(at) if beat.drum in LEADING else self._second(at, loose=0.5)
        force = _LOUDNESS[letter] * float(self.chance.uniform(0.86, 1.0))
        self.score.strokes.append(Stroke(start, force, number))
