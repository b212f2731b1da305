"""The sentences that an eval may assert, each with its check.

    check("Video 1 is 3 s long.", run)    # -> Verdict(passed, evidence)

Videos are counted in the order delivered, over all turns; times are in seconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import screening
from assistant import Turn
from grading import Missing, Run, Verdict, check, says, understood
from screening import Film

from skill.draft import AUDIO, TEXT, VIDEO
from skill.phrases import language_of

__all__ = ["check", "understood"]

LENGTH = 0.1
"""Seconds that a length may be off: an encoder's last frame and a mixed rate."""
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


# The conversation


@says(r"Every turn ends with exit status 0, and with all that SKILL\.md promises\.")
def _done(run: Run) -> Verdict:
    return _ends(run, {})


@says(
    r"Turn (\d+) ends with exit status (\d+), every other with 0, "
    r"and with all that SKILL\.md promises\."
)
def _done_but(run: Run, number: str, status: str) -> Verdict:
    run.turn(number)
    return _ends(run, {int(number): int(status)})


def _ends(run: Run, other: Mapping[int, int]) -> Verdict:
    wrong = [
        f"turn {n} ended with {turn.status}: {turn.problem or turn.text}"
        for n, turn in enumerate(run.turns, 1)
        if turn.problem or turn.status != other.get(n, 0)
    ]
    statuses = ", ".join(str(turn.status) for turn in run.turns)
    return Verdict(bool(run.turns) and not wrong, "; ".join(wrong) or f"exit statuses {statuses}")


@says(r"The steps of turn (\d+) are ([a-z, ]+)\.")
def _steps(run: Run, number: str, wanted: str) -> Verdict:
    steps = run.turn(number).steps
    return Verdict(steps == wanted.split(", "), f"the steps were {', '.join(steps)}")


@says(r"The answer of turn (\d+) is (English|Chinese|Spanish), every line of it\.")
def _language(run: Run, number: str, language: str) -> Verdict:
    code = {"English": "en", "Chinese": "zh", "Spanish": "es"}[language]
    turn = run.turn(number)
    lines = [line for line in _plain(turn).splitlines() if re.search(r"[^\W\d_]", line)]
    # A line that tells no language by itself (a file's name) counts as the one that is expected.
    other = [line for line in lines if language_of(line, code) != code]
    told = f"not {language}: {other}" if other else f"{len(lines)} lines"
    return Verdict(bool(lines) and not other, told)


@says(r"The answer of turn (\d+) names \"([^\"]+)\"\.")
def _names(run: Run, number: str, words: str) -> Verdict:
    text = run.turn(number).text
    return Verdict(words.lower() in text.lower(), f"it says: {text}")


@says(r"The answer of turn (\d+) does not say \"([^\"]+)\"\.")
def _names_not(run: Run, number: str, words: str) -> Verdict:
    text = run.turn(number).text
    return Verdict(bool(text) and words.lower() not in text.lower(), f"it says: {text}")


# Words that only somebody before a screen can follow, in the languages of the evals.
_SCREEN = re.compile(
    r"\b(click|double-click|right-click|drag|drop it|button|toolbar|sidebar|dropdown|"
    r"clic|pulsa|arrastr\w+|bot[oó]n)\b|点击|单击|双击|拖拽|拖动|拖放|按钮|菜单栏|工具栏",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\{\s*\"|Traceback|nmv_usr_|\bBearer\b|\b[0-9a-f]{32}\b")


@says(r"Nothing that the user reads holds a screen's words, JSON, an id or a token\.")
def _no_screen(run: Run) -> Verdict:
    said = [_plain(turn) for turn in run.turns]
    ids = {i for turn in run.turns for i in dict(turn.reply.get("session") or {}).values() if i}
    found = [m[0] for text in said for p in (_SCREEN, _INSIDE) for m in p.finditer(text)]
    found += [i for i in ids for text in said if i in text]
    told = sum(map(len, said))
    return Verdict(
        bool(told) and not found, f"it says {found}" if found else f"{told} characters read"
    )


@says(r"Nothing is kept or sent before the first turn\.")
def _nothing_early(run: Run) -> Verdict:
    return Verdict(not run.early, f"there was {', '.join(run.early) or 'no state'} before it")


@says(r"The user's files are as they were\.")
def _untouched(run: Run) -> Verdict:
    names = ", ".join(run.changed)
    return Verdict(not run.changed, f"changed: {names}" if names else f"{len(run.sources)} files")


# What was delivered


@says(r"(\d+) videos? (?:is|are) delivered\.")
def _delivered(run: Run, count: str) -> Verdict:
    paths = run.delivered
    there = {path.resolve() for path in paths if path.is_file()}
    names = ", ".join(path.name for path in paths) or "none"
    return Verdict(len(paths) == len(there) == int(count), f"{len(there)} on disk: {names}")


@says(r"Each video comes with a link to its project, and the link opens\.")
def _linked(run: Run) -> Verdict:
    bare = [path.name for turn in run.turns for path in turn.delivered if not turn.links]
    answers = [run.pages.get(link, 0) for turn in run.turns for link in turn.links]
    told = [f"no link with {name}" for name in bare]
    told += [f"a link answers HTTP {status}" for status in answers if status != 200]
    return Verdict(bool(run.delivered) and not told, "; ".join(told) or f"{len(answers)} opened")


@says(r"Video (\d+) is ([\d.]+) s long\.")
def _long(run: Run, number: str, seconds: str) -> Verdict:
    film = run.film(number)
    sound = len(film.sound) / screening.RATE
    # The sound may end a little before the picture, but not leave it alone.
    fits = abs(film.length - float(seconds)) <= LENGTH
    beyond = sound > film.length + LENGTH
    return Verdict(fits and not beyond, f"picture {film.length:.2f} s, sound {sound:.2f} s")


@says(r"Video (\d+) is (\d+)x(\d+)\.")
def _size(run: Run, number: str, width: str, height: str) -> Verdict:
    film = run.film(number)
    return Verdict(
        (film.width, film.height) == (int(width), int(height)), f"{film.width}x{film.height}"
    )


# Containers as FFmpeg names what it reads, and the codecs that go with them.
_FORMS = {
    "MP4": ("mp4", [("video", "h264"), ("audio", "aac")]),
    "WebM": ("webm", [("video", "vp9"), ("audio", "opus")]),
}


@says(r"Video (\d+) is an? (MP4|WebM) of one picture and one sound\.")
def _form(run: Run, number: str, form: str) -> Verdict:
    film = run.film(number)
    name, streams = _FORMS[form]
    named = film.path.suffix == f".{name}" and name in film.container.split(",")
    found = ", ".join(f"{kind} {codec}" for kind, codec in film.streams)
    return Verdict(named and sorted(film.streams) == sorted(streams), f"{film.path.name}: {found}")


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


# The timeline


@says(r"The timeline ends with (\d+) video, (\d+) audio and (\d+) text segments\.")
def _timeline(run: Run, *wanted: str) -> Verdict:
    found = [sum(1 for _ in run.timeline.segments_of(kind)) for kind in (VIDEO, AUDIO, TEXT)]
    told = "{} video, {} audio, {} text".format(*found)
    return Verdict(found == [int(count) for count in wanted], told)


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


def _plain(turn: Turn) -> str:
    """What the user reads, without links and paths: these are not words."""
    text = turn.text
    for item in (*turn.links, *map(str, turn.delivered)):
        text = text.replace(item, " ")
    return text
