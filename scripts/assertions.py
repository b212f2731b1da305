"""The sentences that an eval may assert, each with its check; ``film_assertions.py`` has the rest.

    check("Video 1 is 3 s long.", run)    # -> Verdict(passed, evidence)

Videos are counted in the order delivered, over all turns; times are in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import film_assertions  # noqa: F401 - registers its sentences
import screening
from assistant import Turn
from grading import Run, Verdict, check, says, understood

from skill.draft import AUDIO, TEXT, VIDEO
from skill.phrases import language_of

__all__ = ["check", "understood"]

LENGTH = 0.1
"""Seconds that a length may be off: an encoder's last frame and a mixed rate."""


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


@says(r"(\d+) pictures? (?:is|are) delivered, (\d+) px wide at most\.")
def _pictures(run: Run, count: str, width: str) -> Verdict:
    wide = [screening.picture(path).shape[1] for path in run.pictures if path.is_file()]
    held = len(wide) == len(run.pictures) == int(count) and all(w <= int(width) for w in wide)
    return Verdict(held, f"widths {wide}")


@says(r"Each video comes with a link to its project, and the link opens\.")
def _linked(run: Run) -> Verdict:
    films = set(run.delivered)
    bare = [p.name for turn in run.turns for p in turn.delivered if p in films and not turn.links]
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


# The timeline


@says(r"The timeline ends with (\d+) video, (\d+) audio and (\d+) text segments\.")
def _timeline(run: Run, *wanted: str) -> Verdict:
    found = [sum(1 for _ in run.timeline.segments_of(kind)) for kind in (VIDEO, AUDIO, TEXT)]
    told = "{} video, {} audio, {} text".format(*found)
    return Verdict(found == [int(count) for count in wanted], told)


def _plain(turn: Turn) -> str:
    """What the user reads, without links and paths: these are not words."""
    text = turn.text
    for item in (*turn.links, *map(str, turn.delivered)):
        text = text.replace(item, " ")
    return text
