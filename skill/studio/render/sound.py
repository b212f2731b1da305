"""The sound of a draft: everything that sounds on its timeline, mixed into one stereo track."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.draft import AUDIO, VIDEO, Draft, Segment, Track
from skill.studio import loudness
from skill.studio.generate.ambience import ambience
from skill.studio.render import audio, ducking
from skill.studio.render.beds import Bed, bed

Sound = NDArray[np.float32]
Media = Callable[[str], Path]

LOUDEST = -14.1  # LUFS integrated: -14, and a little for the rounding of other meters
CEILING = -2.0  # dBTP; AAC adds up to half a dB to a peak, seldom more
RATE = 48000  # samples a second

_CUT = 4  # ms of fade where a sound begins or ends with a cut, against clicks
_LOOP = 400  # ms of crossfade where a song begins again


@dataclass(frozen=True)
class _Piece:
    """One sounding stretch of the timeline; places and lengths in samples."""

    source: Mapping[str, Any]
    start: int
    length: int
    begin: float  # s into the source
    volume: float
    fade_in: int
    fade_out: int
    equal_power: bool = False  # crossfade of unrelated sounds; else the fade of a song

    def gains(self, at: int, count: int) -> Sound:
        """Gain of each of ``count`` samples from ``at`` on, counted from the piece's start."""
        place = np.arange(at, at + count) + 0.5
        curve = np.full(count, self.volume, np.float32)
        for fade, into in ((self.fade_in, place), (self.fade_out, self.length - place)):
            if fade and float(into.min(initial=np.inf)) < fade:
                part = np.clip(into / fade, 0, 1).astype(np.float32)
                if self.equal_power:
                    curve *= np.sin(part * np.float32(np.pi / 2))
                else:
                    curve *= part * part * (3 - 2 * part)
        return curve[:, None]


def mix(draft: Draft, media: Media, rate: int = RATE, *, cache: Path | None = None) -> Sound:
    """The sound of a whole draft: float32 (n, 2), n = the draft's duration, full scale 1.0.

    ``media`` gives the file of a content hash. At most -14 LUFS integrated and
    -1.5 dBTP, and never made louder than its parts; zeros where nothing sounds.
    Music made here is kept in ``cache`` and taken from there the next time.
    Takes 0.4 MB a second at 48 kHz for the result (230 MB for 10 minutes), as much
    again for an uploaded song, and up to twice as much again while music is composed.
    """
    footage, places, songs = _pieces(draft, rate)
    beds = [_bed(song, rate, cache) for song in songs]
    whole = np.zeros((_samples(draft.duration, rate), 2), np.float32)
    for piece in footage:
        for at, block in _recorded(piece, media, rate):
            _add(whole, piece, at, block)
    levels = ducking.speech(whole, rate) if footage and songs else None
    for piece in places:
        made = ambience(piece.source["scene"], piece.length / rate, rate)
        if made is not None:
            _add(whole, piece, 0, made)
    for song, composed in zip(songs, beds, strict=True):
        loud = LOUDEST + 20 * np.log10(max(song.volume, 1e-6))
        duck = None if levels is None else ducking.gains(levels, loud)
        played = (
            _uploaded(song, media, rate) if composed is None else _composed(song, composed, rate)
        )
        for at, block in played:
            if duck is not None:
                block = block * ducking.at_rate(duck, song.start + at, len(block), rate)
            _add(whole, song, at, block)
    _level(whole, rate)
    return whole


def _pieces(draft: Draft, rate: int) -> tuple[list[_Piece], list[_Piece], list[_Piece]]:
    """What sounds: footage and placed sounds, the sound of scenes, music."""
    footage: list[_Piece] = []
    places: list[_Piece] = []
    songs: list[_Piece] = []
    for track in draft.tracks_of(VIDEO):
        for piece in _pictures(track, rate):
            kind = piece.source.get("kind")
            if kind == "video" and piece.source.get("hash"):
                footage.append(piece)
            elif kind == "scene" and isinstance(piece.source.get("scene"), Mapping):
                places.append(piece)
    for track in draft.tracks_of(AUDIO):
        for segment in track.segments:
            meta = segment.meta
            piece = _piece(
                segment,
                rate,
                _ms(meta.get("fade_in")) or _CUT,
                _ms(meta.get("fade_out")) or _CUT,
            )
            kind = piece.source.get("kind")
            role = meta.get("role") or ("music" if kind == "music" else "sound")
            if kind == "music" or (kind in ("audio", "video") and piece.source.get("hash")):
                (songs if role == "music" else footage).append(piece)
    return footage, places, songs


def _pictures(track: Track, rate: int) -> Iterator[_Piece]:
    """The sound of a track of pictures, cut and crossfaded as the pictures are."""
    segments = sorted(track.segments, key=lambda segment: segment.start)
    for index, segment in enumerate(segments):
        before = segments[index - 1] if index else None
        after = segments[index + 1] if index + 1 < len(segments) else None
        head = _overlap(before, segment)
        tail = _overlap(segment, after)
        if after is not None and not _transition(after) and after.start < segment.end:
            # A picture that another one covers is not heard under it.
            segment = Segment(
                segment.id, segment.start, max(0, after.start - segment.start), segment.meta
            )
        joined_head = before is not None and _continues(before, segment)
        joined_tail = after is not None and _continues(segment, after)
        yield _piece(
            segment,
            rate,
            0 if joined_head else head or _CUT,
            0 if joined_tail else tail or _CUT,
            equal_power=True,
        )


def _piece(
    segment: Segment, rate: int, fade_in: float, fade_out: float, equal_power: bool = False
) -> _Piece:
    meta = segment.meta
    source = meta.get("source")
    volume = _number(meta.get("volume"), 1.0)
    start = _samples(segment.start, rate)
    return _Piece(
        source=source if isinstance(source, Mapping) else {},
        start=start,
        length=_samples(segment.end, rate) - start,
        begin=_ms(meta.get("in")) / 1000,
        volume=min(4.0, max(0.0, volume)),
        fade_in=_samples(fade_in, rate),
        fade_out=_samples(fade_out, rate),
        equal_power=equal_power,
    )


def _transition(segment: Segment) -> bool:
    return isinstance(segment.meta.get("transition"), Mapping)


def _overlap(before: Segment | None, after: Segment | None) -> int:
    """Length in ms of the crossfade between two neighbours; 0 for a cut."""
    if before is None or after is None or not _transition(after):
        return 0
    return max(0, min(before.end - after.start, after.duration))


def _continues(before: Segment, after: Segment) -> bool:
    """Whether the sound runs on through the cut: two halves of one shot."""
    first, second = before.meta, after.meta
    return (
        before.end == after.start
        and first.get("source") == second.get("source")
        and first.get("volume", 1) == second.get("volume", 1)
        and _ms(first.get("in")) + before.duration == _ms(second.get("in"))
    )


def _recorded(piece: _Piece, media: Media, rate: int) -> Iterator[tuple[int, Sound]]:
    if piece.volume > 0:
        path = media(str(piece.source["hash"]))
        yield from audio.blocks(path, piece.begin, piece.length / rate, rate)


def _bed(song: _Piece, rate: int, cache: Path | None) -> Bed | None:
    """The music of a song that is composed here; None for an uploaded one."""
    if song.source.get("kind") != "music":
        return None
    mood, seed = str(song.source.get("mood")), int(_number(song.source.get("seed"), 0))
    return bed(mood, song.begin + song.length / rate, seed, rate, cache)


def _composed(song: _Piece, composed: Bed, rate: int) -> Iterator[tuple[int, Sound]]:
    part = composed[round(song.begin * rate) :][: song.length]
    for at in range(0, len(part), 2**18):
        yield at, part[at : at + 2**18].astype(np.float32) / np.float32(32767)


def _uploaded(song: _Piece, media: Media, rate: int) -> Iterator[tuple[int, Sound]]:
    """An uploaded song; one that is shorter than its place begins again, crossfaded."""
    if song.volume <= 0:
        return
    path = media(str(song.source["hash"]))
    once = audio.read(path, song.begin, song.length / rate, rate)
    turn = _samples(_LOOP, rate)
    if len(once) >= song.length or len(once) < 3 * turn:
        yield 0, once
        return
    ramp = np.sin(np.linspace(0, np.pi / 2, turn, dtype=np.float32))[:, None]
    once[-turn:] *= ramp[::-1]
    yield 0, once
    once[:turn] *= ramp
    for at in range(len(once) - turn, song.length, len(once) - turn):
        yield at, once[: song.length - at]


def _add(whole: Sound, piece: _Piece, at: int, block: Sound) -> None:
    block = block[: max(0, min(piece.length - at, len(whole) - piece.start - at))]
    start = piece.start + at
    whole[start : start + len(block)] += block * piece.gains(at, len(block))


def _level(whole: Sound, rate: int) -> None:
    """Bring the mix down to the loudest that is allowed, in place; never up."""
    measured = loudness.integrated(whole, rate)
    if measured > LOUDEST:
        whole *= np.float32(10 ** ((LOUDEST - measured) / 20))
    loudness.limit(whole, rate, CEILING)


def _samples(ms: float, rate: int) -> int:
    return round(ms * rate / 1000)


def _ms(value: object) -> float:
    return max(0.0, _number(value, 0.0))


def _number(value: object, default: float) -> float:
    """A number out of a draft, which comes from outside: anything else counts as absent."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if good else default  # type: ignore[arg-type]
