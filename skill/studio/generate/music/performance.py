"""Playing a score: notes and strokes become sound, in windows, so that length costs no memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.studio import loudness
from skill.studio.generate.music import effects
from skill.studio.generate.music.bank import Bank
from skill.studio.generate.music.drums import KIT, LEADING
from skill.studio.generate.music.mood import Mood
from skill.studio.generate.music.score import Note, Phrase, Score, Stroke
from skill.studio.generate.spectral import convolve, kernel

Sound = NDArray[np.float32]

_WINDOW = 24.0  # s that are played at a time
_SAMPLE = 10.0  # s of each player that its level is set by
_TAKES = 3  # different strokes of one drum
_LEADING = 5.0  # s that a rising stroke may begin before its beat
_ECHOES = ((0.75, 0.6, -1.0), (1.5, 0.3, 1.0), (2.25, 0.14, -1.0))  # beats later, level, side


def play(mood: Mood, score: Score, rate: int) -> Sound:
    """The whole piece, float32 (n, 2), not yet levelled; n = round(seconds * rate)."""
    return _Performance(mood, score, rate).whole()


class _Performance:
    def __init__(self, mood: Mood, score: Score, rate: int) -> None:
        self.mood, self.score, self.rate = mood, score, rate
        self.bank = Bank(rate)
        self.takes: dict[tuple[str, int], Sound] = {}
        self.room = effects.room(mood.room, rate, mood.bright)
        self.kicks = [
            stroke.start
            for stroke in score.strokes
            if "kick" in mood.beats[stroke.beat].drum and stroke.force > 0.5
        ]
        self.layer_gains = [1.0] * len(mood.layers)
        self.beat_gains = [1.0] * len(mood.beats)
        self._balance()

    def whole(self) -> Sound:
        whole = np.zeros((round(self.score.seconds * self.rate), 2), np.float32)
        begin = 0.0
        while begin < self.score.seconds:
            self._window(whole, begin, begin + _WINDOW)
            begin += _WINDOW
        self._colour(whole)
        return whole

    def _balance(self) -> None:
        """Set each player's gain by how loud it is where it plays, in LUFS, not by its samples."""
        notes: dict[int, list[Note]] = {}
        strokes: dict[int, list[Stroke]] = {}
        for note in self.score.notes:
            notes.setdefault(note.layer, []).append(note)
        for stroke in self.score.strokes:
            strokes.setdefault(stroke.beat, []).append(stroke)
        for number, played in notes.items():
            begin = self._busiest([note.start for note in played])
            level = self._level([note for note in played if 0 <= note.start - begin < _SAMPLE], [])
            self.layer_gains[number] = 10.0 ** ((self.mood.layers[number].level - 20 - level) / 20)
        for number, struck in strokes.items():
            begin = self._busiest([stroke.start for stroke in struck])
            level = self._level([], [s for s in struck if 0 <= s.start - begin < _SAMPLE])
            self.beat_gains[number] = 10 ** ((self.mood.beats[number].level - 20 - level) / 20)

    def _busiest(self, starts: list[float]) -> float:
        """The second at which to listen to a player: where the piece is fullest."""
        phrases = sorted(self.score.phrases, key=lambda phrase: -phrase.energy)
        for phrase in phrases or [Phrase(0, 0, 0)]:
            begin = self.score.at(4.0 * phrase.first) - 0.05
            if any(0 <= start - begin < _SAMPLE for start in starts):
                return begin
        return starts[0]

    def _level(self, notes: list[Note], strokes: list[Stroke]) -> float:
        first = min([n.start for n in notes] + [s.start - _LEADING for s in strokes])
        last = max([n.start + min(n.length, 4) for n in notes] + [s.start + 0.5 for s in strokes])
        begin = max(0, round(first * self.rate))
        bus = np.zeros((round((last + 0.1) * self.rate) - begin, 2), np.float32)
        self._notes(notes, bus, begin)
        self._strokes(strokes, bus, begin)
        return max(-60.0, loudness.integrated(bus, self.rate))

    def _window(self, whole: Sound, begin: float, end: float) -> None:
        """Play what begins in a window, and add it with everything that it leaves behind."""
        notes = [note for note in self.score.notes if begin <= note.start < end]
        strokes = [stroke for stroke in self.score.strokes if begin <= stroke.start < end]
        if not notes and not strokes:
            return
        first = max(0, int((begin - _LEADING) * self.rate))
        last = max([n.start + n.length + 4 for n in notes] + [s.start + 6 for s in strokes])
        stop = min(len(whole), int((last + self.mood.room * 1.2) * self.rate))
        dry = np.zeros((stop - first, 2), np.float32)
        wet = np.zeros_like(dry)
        for number, layer in enumerate(self.mood.layers):
            mine = [note for note in notes if note.layer == number]
            if not mine:
                continue
            bus = np.zeros_like(dry)
            self._notes(mine, bus, first)
            if layer.pump and self.kicks:
                bus *= self._pump(first, len(bus), layer.pump)[:, None]
            if layer.drift:
                bus = effects.drift(bus, first, self.rate, layer.drift, 9.0 + 3.5 * number)
            dry += bus
            if layer.room:
                bus *= np.float32(layer.room)
                wet += bus
        for number, beat in enumerate(self.mood.beats):
            struck = [stroke for stroke in strokes if stroke.beat == number]
            if not struck:
                continue
            bus = np.zeros_like(dry)
            self._strokes(struck, bus, first)
            dry += bus
            bus *= np.float32(beat.room)
            wet += bus
        dry += convolve(wet, self.room)
        if self.mood.tape:
            dry = effects.wobble(dry, first / self.rate, self.rate, self.mood.tape)
        whole[first:stop] += dry

    def _notes(self, notes: list[Note], bus: Sound, first: int) -> None:
        beat = self.score.at(1) - self.score.at(0)
        for note in notes:
            layer = self.mood.layers[note.layer]
            hardness = layer.hardness + 0.5 * (note.force - 0.7)
            name = self.score.instruments[note.layer]
            sound = self.bank.note(name, note.pitch, note.length, hardness)
            level = self.layer_gains[note.layer] * note.force**1.5
            if self.mood.swell:
                level *= 10 ** (self.mood.swell * (note.start / self.score.seconds - 1) / 20)
            start = round(note.start * self.rate) - first
            low = layer.part in ("bass", "walk")
            pan = layer.pan + (0 if low else 0.012 * (note.pitch - 66))  # as at a keyboard
            _place(sound, start, bus, pan, level)
            for later, share, side in _ECHOES if layer.echo else ():
                at = start + round(later * beat * self.rate)
                _place(sound, at, bus, 0.5 * side, level * share * layer.echo)

    def _strokes(self, strokes: list[Stroke], bus: Sound, first: int) -> None:
        for stroke in strokes:
            beat = self.mood.beats[stroke.beat]
            take = round(stroke.start * 1000) % _TAKES
            sound = self.takes.get((beat.drum, take))
            if sound is None:
                rng = np.random.default_rng([take, *beat.drum.encode()])
                sound = self.takes[beat.drum, take] = KIT[beat.drum](self.rate, rng)
            start = round(stroke.start * self.rate) - first
            start -= len(sound) if beat.drum in LEADING else 0
            level = self.beat_gains[stroke.beat] * stroke.force**1.4
            _place(sound, start, bus, beat.pan, level)

    def _pump(self, first: int, count: int, depth: float) -> Sound:
        """Gain that gives way to every kick, and comes back before the next."""
        gain = np.ones(count, np.float32)
        time = np.arange(int(0.42 * self.rate), dtype=np.float32) / self.rate
        curve = 1 - depth * np.exp(-((time / 0.17) ** 2)) * np.minimum(1, time / 0.008)
        for kick in self.kicks:
            at = round(kick * self.rate) - first
            if -len(curve) < at < count:
                part = gain[max(0, at) : at + len(curve)]
                part *= curve[max(0, -at) :][: len(part)]
        return gain

    def _colour(self, whole: Sound) -> None:
        """What lies over all: the tone of the medium, its dust, and ends without a step."""
        edge = min(self.mood.edge, 0.45 * self.rate)

        def tone(pitch: NDArray[np.floating]) -> NDArray[np.floating]:
            low = 1 / np.sqrt(1 + (32 / np.maximum(pitch, 1)) ** 6)
            return np.asarray(low / np.sqrt(1 + (pitch / edge) ** 4))

        response = kernel(tone, self.rate, 8192)
        tail = np.zeros((len(response), 2), np.float32)
        rng = np.random.default_rng(self.score.key)
        # Dust is as loud beside the music as the first minute of it wants.
        level = float(np.sqrt(np.square(whole[: 60 * self.rate]).mean()))
        for at in range(0, len(whole), 60 * self.rate):
            part = whole[at : at + 60 * self.rate]
            filtered = convolve(np.concatenate([part, np.zeros_like(tail)]), response)
            filtered[: len(tail)] += tail
            tail = filtered[len(part) :].copy()
            part[:] = filtered[: len(part)]
            if self.mood.dust:
                part += effects.crackle(len(part), self.rate, rng) * np.float32(
                    self.mood.dust * level
                )
        _fade(whole, self.score, self.rate)


def _fade(whole: Sound, score: Score, rate: int) -> None:
    """Ends without a step: the last chord dies away, exactly at the last sample."""
    rise = min(len(whole) // 4, int(0.003 * rate))
    whole[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    ring = score.seconds - float(score.clock[-1])
    fall = min(len(whole) - rise, int(max(0.6 * ring, 0.05) * rate))
    down = np.linspace(1, 0, fall, dtype=np.float32)
    whole[len(whole) - fall :] *= (down * down * (3 - 2 * down))[:, None]


def _place(sound: Sound, start: int, bus: Sound, pan: float, level: float) -> None:
    """Add a sound to a mix, at a place between left (-1) and right (1)."""
    skip = max(0, -start)
    part = sound[skip : max(0, len(bus) - start)]
    if len(part):
        angle = (min(1.0, max(-1.0, pan)) + 1) * np.pi / 4
        sides = np.array([np.cos(angle), np.sin(angle)], np.float32)
        at = start + skip
        bus[at : at + len(part)] += part * (sides * np.float32(level * np.sqrt(2)))
