"""What each kind of player makes of a piece: chords, arpeggios, bass, melody, drums."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from skill.studio.generate.music import melody
from skill.studio.generate.music.drums import LEADING
from skill.studio.generate.music.harmony import ladder, nearest, voicing
from skill.studio.generate.music.mood import Beat, Layer
from skill.studio.generate.music.score import Stroke

if TYPE_CHECKING:
    from skill.studio.generate.music.composer import Piece

_FORCE = {"X": 1.0, "x": 0.72, "o": 0.42, ">": 0.8}
_CLOSING = ("boom", "crash", "ride", "taiko")  # drums that, with every kick, close a piece

Voices = dict[float, tuple[int, ...]]
Step = tuple[float, float, str]  # beat, beat at which it ends, letter


def chords(piece: Piece, number: int, layer: Layer, roll: float = 0.012) -> None:
    """Chords in a rhythm, or held; their notes ``roll`` s apart."""
    voices = _voices(piece, layer)
    if layer.patterns == ("held",):
        _held(piece, number, layer, voices)
        return
    for beat, end, letter in _steps(piece, number, layer, each_chord=True):
        _strike(piece, number, voices[piece.mark(beat)], (beat, end, letter), roll)
    if piece.ends(layer.since, layer.until):
        step = (piece.last, piece.last + 1, "X")
        _strike(piece, number, voices[piece.last], step, max(roll, 0.035))


def strum(piece: Piece, number: int, layer: Layer) -> None:
    """Chords over the strings of a guitar, down on the beat and up beside it."""
    chords(piece, number, layer, roll=0.022)


def arpeggio(piece: Piece, number: int, layer: Layer) -> None:
    """One voice after another; each rings on for as long as the chord stays."""
    voices = _voices(piece, layer)
    for beat, end, letter in _steps(piece, number, layer):
        now = voices[piece.mark(beat)]
        octave, index = divmod(int(letter), len(now))
        ring = min(piece.until(beat), max(end, beat + 1.0))
        accent = 0.95 if beat % 4 == 0 else 0.78 if beat % 1 == 0 else 0.66
        piece.add(number, beat, ring, now[index] + 12 * octave, accent)
    if piece.ends(layer.since, layer.until):
        gap = 0.18 if piece.score.seconds > 3 else 0.1
        for place, pitch in enumerate(voices[piece.last]):
            start = piece.score.at(piece.last) + place * gap
            if piece.score.seconds - start > 0.2:
                piece.add_at(number, start, piece.last + 1, pitch, 0.8 - 0.04 * place)


def bass(piece: Piece, number: int, layer: Layer) -> None:
    """Roots in a rhythm, with fifths, octaves and steps that lead on."""
    middle = (layer.low + layer.high) / 2 - 2
    for beat, end, letter in _steps(piece, number, layer):
        over = piece.over(beat)
        root = _low(layer, over.bass, middle)
        pitch = root
        if letter == "5":
            fifth = next((t for t in over.tones if (t - over.root) % 12 in (6, 7)), over.bass)
            pitch = _low(layer, fifth, root + 4)
        elif letter == "8" and root + 12 <= layer.high + 5:
            pitch = root + 12
        elif letter == "a":
            pitch = _approach(piece, layer, piece.over(piece.until(beat)).bass, root)
        piece.add(number, beat, end, pitch, 0.95 if beat % 4 == 0 else 0.8)
    if piece.ends(layer.since, layer.until):
        root = _low(layer, piece.cadence[-1].bass, middle)
        piece.add(number, piece.last, piece.last + 1, root, 0.95)


def walk(piece: Piece, number: int, layer: Layer) -> None:
    """A walking bass: root, tones on the way, and a step that leads on."""
    before = float(layer.low + 8)
    for part in piece.playing(layer.since, layer.until):
        for beat in (float(b) for b in np.arange(part.begin, part.end)):
            over, until = piece.over(beat), piece.until(beat)
            first = (beat - piece.mark(beat)) % 4 == 0
            if first:
                pitch = _low(layer, over.bass, before)
            elif beat == until - 1:
                pitch = _approach(piece, layer, piece.over(until).bass, before)
            else:
                way = 3 if piece.chance.random() < 0.6 else -3
                tones = [t for t in over.tones if (t - over.root) % 12 in (0, 3, 4, 7, 10, 11)]
                choices = [p for p in ladder(tones, layer.low, layer.high) if p != before]
                pitch = nearest(choices, before + way)
            piece.add(number, beat, beat + 0.95, pitch, 0.9 if first else 0.78)
            before = pitch
    if piece.ends(layer.since, layer.until):
        pitch = _low(layer, piece.cadence[-1].bass, before)
        piece.add(number, piece.last, piece.last + 1, pitch, 0.9)


def tune(piece: Piece, number: int, layer: Layer) -> None:
    """The motif, its answer and its variations, and home with the last chord."""
    middle = (layer.low + layer.high) / 2 - 3
    sparse = piece.mood.chord_bars > 1 and piece.last >= 48
    before = middle
    for count, part in enumerate(piece.playing(layer.since, layer.until)):
        motif = piece.motifs[part.arc % 2][count % 3]
        motif = motif.turned() if part.other else motif
        anchor = middle + (piece.lift if part.energy >= 3 else 0)
        for place, beat in enumerate(np.arange(part.begin, part.end, 8.0)):
            if sparse and place % 2:
                continue  # slow music breathes between its phrases
            told = motif.with_end(piece.answer) if place % 2 else motif
            if count % 4 == 3 and place % 2 == 0:
                told = told.thinned()
            end = min(part.end, float(beat) + 8.0, piece.last)
            compass = (layer.low, layer.high)
            for at, length, pitch, accent in melody.sing(
                told, float(beat), end, piece.over, piece.scale, compass, anchor
            ):
                held = min(at + max(length, 0.45), piece.last)
                piece.add(number, at, held, pitch, 0.62 + 0.3 * accent)
                before = pitch
    if piece.ends(layer.since, layer.until):
        # Root, third or fifth of the key, whichever lies nearest.
        tones = piece.cadence[-1].tones
        home = [t for t in tones if (t - piece.score.key) % 12 in (0, 3, 4, 7)]
        pitch = nearest(ladder(home, layer.low, layer.high), before)
        piece.add(number, piece.last, piece.last + 1, pitch, 0.8)


PLAYERS: dict[str, Callable[[Piece, int, Layer], None]] = {
    "chords": chords,
    "strum": strum,
    "arpeggio": arpeggio,
    "bass": bass,
    "walk": walk,
    "melody": tune,
}


def drum(piece: Piece, number: int, beat: Beat) -> None:
    """One drum through the whole piece."""
    for part in piece.playing(beat.since, beat.until):
        choice = (piece.beat_patterns[number] + part.arc) % len(beat.patterns)
        bars = beat.patterns[choice].split("|")
        for bar in range(part.bars):
            pattern = bars[bar % len(bars)]
            if bar == 0 and beat.head:
                pattern = beat.head
            if bar == part.bars - 1 and beat.turn and part.bars >= 4:
                pattern = beat.turn
            for place, letter in enumerate(pattern):
                at = part.begin + 4 * bar + place / 4
                if letter in _FORCE and at < piece.last:
                    _hit(piece, number, beat, at + (4 if letter == ">" else 0), letter)
    closing = "kick" in beat.drum or beat.drum in _CLOSING
    if closing and piece.last and piece.ends(beat.since, beat.until):
        _hit(piece, number, beat, piece.last, "x")


def _hit(piece: Piece, number: int, beat: Beat, at: float, letter: str) -> None:
    start = piece.score.at(at) if beat.drum in LEADING else piece.second(at, loose=0.5)
    force = _FORCE[letter] * float(piece.chance.uniform(0.86, 1.0))
    piece.score.strokes.append(Stroke(start, force, number))


def _steps(piece: Piece, number: int, layer: Layer, each_chord: bool = False) -> list[Step]:
    """Everything that a layer's pattern says, up to the last chord.

    With ``each_chord``, a chord that comes where the pattern rests is struck all the same.
    """
    said: dict[float, str] = {}
    for part in piece.playing(layer.since, layer.until):
        choice = (piece.layer_patterns[number] + part.arc) % len(layer.patterns)
        bars = layer.patterns[choice].split("|")
        for bar in range(part.bars):
            for place, letter in enumerate(bars[bar % len(bars)]):
                if letter != "-":  # a rest is kept: it ends what came before
                    said[part.begin + 4 * bar + place / 4] = letter
        for mark in piece.marks if each_chord else ():
            if part.begin <= mark < part.end and said.get(mark, ".") == ".":
                said[mark] = "x"
    beats = sorted(beat for beat in said if beat < piece.last)
    return (
        [
            (beat, min(following, piece.until(beat), beat + 8), said[beat])
            for beat, following in zip(beats, [*beats[1:], piece.last], strict=True)
            if said[beat] != "."
        ]
        if beats
        else []
    )


def _voices(piece: Piece, layer: Layer) -> Voices:
    """The layer's voicing of each chord, by the beat at which the chord begins."""
    before: tuple[int, ...] = ()
    voices: Voices = {}
    for start, over in piece.score.chords:
        before = voicing(over.tones, before, layer.low, layer.high, layer.size)
        voices[start] = before
    return voices


def _held(piece: Piece, number: int, layer: Layer, voices: Voices) -> None:
    """Each voice sounds on for as long as it does not move."""
    spans = [
        (max(mark, part.begin), min(piece.until(mark), part.end))
        for part in piece.playing(layer.since, layer.until)
        for mark in piece.marks
        if mark < min(part.end, piece.last) and piece.until(mark) > part.begin
    ]
    if piece.ends(layer.since, layer.until):
        spans.append((piece.last, piece.last + 1))
    sounding: dict[int, tuple[float, float]] = {}
    for start, end in spans:
        now = voices[piece.mark(start)]
        for pitch in [p for p in sounding if p not in now or sounding[p][1] < start]:
            piece.add(number, *sounding.pop(pitch), pitch, 0.8)
        for pitch in now:
            sounding[pitch] = (sounding.get(pitch, (start, end))[0], end)
    for pitch, (start, end) in sounding.items():
        piece.add(number, start, end, pitch, 0.8)


def _strike(piece: Piece, number: int, pitches: tuple[int, ...], step: Step, roll: float) -> None:
    beat, end, letter = step
    start = piece.second(beat)
    upward = roll < 0.02 or beat % 1 == 0
    for place, pitch in enumerate(pitches if upward else reversed(pitches)):
        begin = start + place * roll * float(piece.chance.uniform(0.7, 1.2))
        force = _FORCE[letter] * float(piece.chance.uniform(0.88, 1.0))
        inner = pitch not in (pitches[0], pitches[-1])
        piece.add_at(number, begin, end, pitch, force * (0.94 if inner else 1.0))


def _low(layer: Layer, tone: int, near: float) -> int:
    return nearest(ladder([tone], layer.low, layer.high), near)


def _approach(piece: Piece, layer: Layer, target: int, near: float) -> int:
    """A note a step over or under the root to come."""
    goal = _low(layer, target, near)
    steps = [p for p in (goal - 2, goal + 2) if p % 12 in piece.scale] + [goal - 1]
    return nearest([p for p in steps if layer.low <= p <= layer.high] or [goal], near)
