"""The sound of a draft: everything that sounds on its timeline, mixed into one stereo track."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.draft import AUDIO, VIDEO, Draft, Segment, Track
from skill.studio import loudness
from skill.studio.generate.ambience import ambience
from skill.studio.generate.music import compose
from skill.studio.render import audio

Sound = NDArray[np.float32]
Media = Callable[[str], Path]

LOUDEST = -14.0  # LUFS integrated, what the large platforms play at
CEILING = -1.5  # dBTP; AAC adds up to half a dB to a peak
RATE = 48000  # samples a second

_CUT = 4  # ms of fade where a sound begins or ends with a cut, against clicks
_LOOP = 400  # ms of crossfade where a song begins again
_HOP = 0.01  # s between two values of the ducking curve


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
        place = np.arange(at, at + count, dtype=np.float32) + np.float32(0.5)
        curve = np.full(count, self.volume, np.float32)
        for fade, into in ((self.fade_in, place), (self.fade_out, self.length - place)):
            if fade and float(into.min(initial=np.inf)) < fade:
                part = np.clip(into / np.float32(fade), 0, 1)
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
    Takes 0.4 MB of memory a second at 48 kHz, and as much again while a long
    song is being looped.
    """
    whole = np.zeros((_samples(draft.duration, rate), 2), np.float32)
    footage, places, songs = _pieces(draft, rate)
    for piece in footage:
        for at, block in _recorded(piece, media, rate):
            _add(whole, piece, at, block)
    speech = _speech(whole, rate) if footage and songs else None
    for piece in places:
        made = ambience(piece.source["scene"], piece.length / rate, rate)
        if made is not None:
            _add(whole, piece, 0, made)
    for piece in songs:
        duck = None if speech is None else _ducking(speech, piece.volume)
        for at, block in _song(piece, media, rate, cache):
            _add(whole, piece, at, block, duck, rate)
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


def _song(
    piece: _Piece, media: Media, rate: int, cache: Path | None
) -> Iterator[tuple[int, Sound]]:
    if piece.volume <= 0:
        return
    if piece.source.get("kind") == "music":
        seconds = piece.begin + piece.length / rate
        bed = _bed(piece.source, seconds, rate, cache)[round(piece.begin * rate) :]
        for at in range(0, min(len(bed), piece.length), 2**18):
            block = bed[at : min(at + 2**18, piece.length)]
            yield at, block.astype(np.float32) / np.float32(32767)
        return
    path = media(str(piece.source["hash"]))
    once = audio.read(path, piece.begin, piece.length / rate, rate)
    if not len(once):
        return
    turn = _samples(_LOOP, rate)
    if len(once) >= piece.length or len(once) < 3 * turn:
        yield 0, once
        return
    ramp = np.sin(np.linspace(0, np.pi / 2, turn, dtype=np.float32))[:, None]
    first = once.copy()
    first[-turn:] *= ramp[::-1]
    again = first.copy()
    again[:turn] *= ramp
    for at in range(0, piece.length, len(once) - turn):
        yield at, (again if at else first)[: piece.length - at]


def _bed(
    source: Mapping[str, Any], seconds: float, rate: int, cache: Path | None
) -> NDArray[np.int16]:
    """Composed music as 16-bit samples, the form in which it is kept: 11.5 MB a minute."""
    mood, seed = str(source.get("mood") or "ambient"), int(_number(source.get("seed"), 0))
    name = hashlib.sha256(repr((mood, round(seconds * rate), seed, rate)).encode()).hexdigest()
    path = None if cache is None else cache / f"music-{name[:32]}.npy"
    if path and path.exists():
        try:
            return np.asarray(np.load(path, mmap_mode="r"))
        except (OSError, ValueError, EOFError):
            path.unlink(missing_ok=True)
    bed = compose(mood, seconds, seed, rate)
    bed *= 32767
    made = np.rint(bed, out=bed).astype(np.int16)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{np.random.default_rng().integers(2**63):x}")
        with part.open("wb") as file:
            np.save(file, made)
        part.replace(path)
    return made


def _add(
    whole: Sound,
    piece: _Piece,
    at: int,
    block: Sound,
    duck: NDArray[np.float32] | None = None,
    rate: int = RATE,
) -> None:
    block = block[: max(0, min(piece.length - at, len(whole) - piece.start - at))]
    part = block * piece.gains(at, len(block))
    if duck is not None:
        hops = (np.arange(len(block)) + (piece.start + at)) / (_HOP * rate)
        part *= np.interp(hops, np.arange(len(duck)) + 0.5, duck).astype(np.float32)[:, None]
    whole[piece.start + at : piece.start + at + len(block)] += part


def _speech(whole: Sound, rate: int) -> NDArray[np.float64]:
    """Level in dBFS of 300 to 3400 Hz, every 10 ms, of the mono sum."""
    hop = round(_HOP * rate)
    size = 4 * hop
    low, high = round(300 * size / rate), round(3400 * size / rate)
    window = np.hanning(size).astype(np.float32)
    scale = 2 / (size * float(np.square(window).sum()))
    count = -(-len(whole) // hop)
    levels = np.full(count, -120.0)
    for first in range(0, count, 1000):
        begin = first * hop
        part = whole[max(0, begin - size) : begin + 1000 * hop + size].mean(axis=1)
        if not part.any():
            continue
        part = np.pad(part, (max(0, size - begin), size))
        frames = np.lib.stride_tricks.sliding_window_view(part, size)[
            size - size // 2 + hop // 2 :: hop
        ]
        frames = frames[: min(1000, count - first)]
        energy = np.abs(np.fft.rfft(frames * window, axis=1)[:, low:high]) ** 2
        levels[first : first + len(frames)] = 10 * np.log10(energy.sum(axis=1) * scale + 1e-12)
    return levels


def _ducking(speech: NDArray[np.float64], volume: float) -> NDArray[np.float32]:
    """Gain of music at a volume, every 10 ms: 9 dB under what is said, but at most 10 dB down.

    What is under -50 dBFS counts as silence; the music goes down 0.2 s before a
    word, and comes back in about a second after a pause of 0.4 s.
    """
    music = LOUDEST + 20 * np.log10(max(volume, 1e-6))
    awake = np.clip((speech + 50) / 10, 0, 1)
    want = np.clip(speech - 9 - music, -10, 0) * awake
    want = _widest(want, 20, 40)
    slope = 0.1 * np.arange(len(want))
    back = np.minimum.accumulate(want - slope) + slope
    smooth = np.convolve(np.pad(back, 10, mode="edge"), np.hanning(23)[1:-1] / 11, "valid")
    return np.asarray(10 ** (smooth / 20), np.float32)


def _widest(values: NDArray[np.float64], before: int, after: int) -> NDArray[np.float64]:
    """The lowest value from ``after`` hops back to ``before`` hops on, for each hop."""
    padded = np.pad(values, (after, before), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, before + after + 1)
    return np.asarray(windows.min(axis=1))


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
