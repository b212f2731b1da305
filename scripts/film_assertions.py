"""The sentences about what is seen and heard in a video that was delivered, each with its check."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import screening
from grading import Missing, Run, Verdict, says
from screening import Film

from skill.draft import TEXT, VIDEO

EDGE = 0.3
"""Seconds that a title may come late or go early: it fades for 0.4 s."""
MOMENT = 0.12
"""Seconds that a clip's moment may be off: a few frames of its 30 fps."""
ALIKE = 20.0
"""Of 255: a photo under a slow zoom differs from itself by 2 to 12, from another by 40 and more."""
TONE = -55.0
"""dBFS: what is quieter is not heard. Of the sample media's tones, -24 dBFS."""
SILENCE = -60.0
"""dBFS of the loudest sample."""


# What is seen


@says(r"The picture of video (\d+) moves\.")
def _moves(run: Run, number: str) -> Verdict:
    change = screening.motion(run.film(number))
    return Verdict(change > 0.5, f"half a second changes it by {change:.1f} of 255")


@says(r"The picture of video (\d+) is (dark|warm|bright)\.")
def _looks(run: Run, number: str, look: str) -> Verdict:
    red, green, blue = run.film(number).thumbs.mean(axis=(0, 1, 2))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    held = {"dark": 8 < light < 80, "bright": light > 100, "warm": red > blue + 10}[look]
    return Verdict(bool(held), f"mean red {red:.0f}, green {green:.0f}, blue {blue:.0f}")


@says(r"At ([\d.]+) s video (\d+) shows (\S+\.(?:jpg|png|webp))\.")
def _photo(run: Run, at: str, number: str, name: str) -> Verdict:
    film = _lasting(run.film(number), float(at))
    shown = film.thumbs[film.index(float(at))]
    photos = [n for n in run.sources if Path(n).suffix in (".jpg", ".png", ".webp")]
    unlike = {n: screening.unlike(shown, screening.picture(run.sources[n])) for n in photos}
    nearest = min(unlike, key=lambda n: unlike[n])
    told = ", ".join(f"{n} {value:.0f}" for n, value in unlike.items())
    return Verdict(nearest == name and unlike[name] <= ALIKE, f"differs by (of 255): {told}")


@says(r"At ([\d.]+) s video (\d+) shows (\S+\.(?:mp4|mov|webm)) as it is at ([\d.]+) s\.")
def _clip(run: Run, at: str, number: str, name: str, moment: str) -> Verdict:
    film = _lasting(run.film(number), float(at))
    clips = [n for n in run.sources if Path(n).suffix in (".mp4", ".mov", ".webm")]
    found = {n: screening.moment(film, float(at), run.source(n)) for n in clips}
    nearest = min(found, key=lambda n: found[n][1])
    seen, unlike = found[nearest]
    held = nearest == name and unlike <= ALIKE and abs(seen - float(moment)) <= MOMENT
    return Verdict(held, f"{nearest} at {seen:.2f} s, differing by {unlike:.1f} of 255")


@says(
    r"The title '([^']+)' is seen in video (\d+) from ([\d.]+) s to ([\d.]+) s"
    r"(?:, at the (top|middle|bottom))?(?:, in (white|yellow|red|blue|green))?\."
)
def _title(
    run: Run, words: str, number: str, start: str, end: str, place: str, color: str
) -> Verdict:
    film = run.film(number)
    title = _set(run, words)
    seen = _sights(film, title)
    if not seen:
        best = max(s.likeness for s in _all(film, title).values())
        return Verdict(False, f"it is never seen (likeness at most {best:.2f})")
    first, last = min(seen), max(seen)
    told = f"seen from {first:.1f} s to {last:.1f} s"
    held = abs(first - float(start)) <= EDGE and abs(last - float(end)) <= EDGE
    gaps = [at for at in _times(film) if first < at < last and at not in seen]
    if gaps:
        told += f", not at {gaps[0]:.1f} s"
    middle = sorted(seen)[len(seen) // 2]
    sight = seen[middle]
    told += f" (likeness {sight.likeness:.2f}), {sight.y:.0%} down"
    if place:
        low, high = {"top": (0, 0.35), "middle": (0.35, 0.65), "bottom": (0.65, 1)}[place]
        held = held and low <= sight.y <= high
    if color:
        red, green, blue = (float(part) for part in screening.ink(film, title, middle))
        told += f", letters of red {red:.0f}, green {green:.0f}, blue {blue:.0f}"
        held = held and _is_color(color, red, green, blue)
    return Verdict(held and not gaps, told)


@says(r"The title '([^']+)' is never seen in video (\d+)\.")
def _no_title(run: Run, words: str, number: str) -> Verdict:
    film = run.film(number)
    found = _all(film, _set(run, words))
    best = max(found, key=lambda at: found[at].likeness)
    likeness = found[best].likeness
    return Verdict(likeness < screening.SEEN, f"likeness at most {likeness:.2f} (at {best:.1f} s)")


# What is heard


@says(r"Video (\d+) is silent\.")
def _silent(run: Run, number: str) -> Verdict:
    loudest = _loudest(run.film(number).sound)
    return Verdict(loudest <= SILENCE, f"its loudest sample is {loudest:.0f} dBFS")


@says(r"Video (\d+) is (-?\d+) to (-?\d+) LUFS loud, heard all through, and does not clip\.")
def _loud(run: Run, number: str, low: str, high: str) -> Verdict:
    film = run.film(number)
    lufs, peak = screening.lufs(film.sound), screening.peak(film.sound)
    # The last second may fade out.
    seconds = range(max(1, math.ceil(film.length) - 1))
    still = [s for s in seconds if _loudest(film.heard(s, s + 1)) <= SILENCE]
    told = f"{lufs:.1f} LUFS, true peak {peak:.1f} dBTP"
    told += f", silent in second {still[0]}" if still else ""
    return Verdict(int(low) <= lufs <= int(high) and peak <= -0.9 and not still, told)


@says(r"A tone of ([\d.]+) Hz is heard in video (\d+)\.")
def _tone(run: Run, pitch: str, number: str) -> Verdict:
    level = screening.tone(run.film(number).sound, float(pitch))
    return Verdict(level > TONE, f"{level:.0f} dBFS")


@says(r"No tone of ([\d.]+) Hz is heard in video (\d+)\.")
def _no_tone(run: Run, pitch: str, number: str) -> Verdict:
    level = screening.tone(run.film(number).sound, float(pitch))
    return Verdict(level <= TONE, f"{level:.0f} dBFS")


@says(r"Video (\d+) is at least (\d+) dB quieter than video (\d+)\.")
def _quieter(run: Run, quiet: str, by: str, loud: str) -> Verdict:
    one, other = (screening.lufs(run.film(n).sound) for n in (quiet, loud))
    return Verdict(other - one >= int(by), f"{one:.1f} LUFS against {other:.1f}")


def _set(run: Run, words: str) -> screening.Title:
    """How the timeline says that these words are set; where it has them not, the studio's way."""
    for segment in run.timeline.segments_of(TEXT):
        if segment.meta.get("text") == words:
            size = segment.meta.get("size")
            position = str(segment.meta.get("position") or "center")
            looks = [clip.meta.get("look") or {} for clip in run.timeline.segments_of(VIDEO)]
            bars = max((look.get("bars") or 0 for look in looks), default=0) or None
            return screening.Title(words, position, size, bars)
    return screening.Title(words, size=0.11)


def _lasting(film: Film, at: float) -> Film:
    """A film that is not over at a time. Raises Missing."""
    if at >= film.length:
        raise Missing(f"at {at:g} s it is over: it is {film.length:.2f} s long")
    return film


def _times(film: Film) -> list[float]:
    return [n / 10 for n in range(int(film.length * 10))]


def _all(film: Film, title: screening.Title) -> dict[float, screening.Sight]:
    return {at: screening.look_for(film, title, film.index(at)) for at in _times(film)}


def _sights(film: Film, title: screening.Title) -> dict[float, screening.Sight]:
    """The times at which a title is seen."""
    return {at: s for at, s in _all(film, title).items() if s.likeness >= screening.SEEN}


def _is_color(color: str, red: float, green: float, blue: float) -> bool:
    return {
        "white": min(red, green, blue) > 200,
        "yellow": min(red, green) > 150 and blue < 130,
        "red": red > 150 and max(green, blue) < 110,
        "green": green > 120 and max(red, blue) < green - 30,
        "blue": blue > 150 and max(red, green) < blue - 30,
    }[color]


def _loudest(sound: screening.Array) -> float:
    most = float(np.abs(sound).max(initial=0.0))
    return 20 * math.log10(most) if most > 0 else -math.inf
