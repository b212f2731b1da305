"""The dispatch table: a turn -> its steps, in the order in which they are to happen.

The rules (``grammar.py``) read every turn; the model (``model.py``), which knows their answer and
how far it can be trusted, decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from skill.router import model
from skill.router.clauses import parts_at, read, read_with_all
from skill.router.grammar import Verdict, named, presents
from skill.router.lexicon import BIT
from skill.router.model import Segment
from skill.router.steps import Step
from skill.router.text import CONTENT, FILE, links, mask_names, mask_quotes, plain, without_links

_EDIT, _EXPORT, _ATTRIBUTE = BIT["edit"], BIT["export"], BIT["attribute"]
# On turns that it was not shown, one guess in a hundred is wrong from here on, below one in five.
_SURE = 0.9


class Route(NamedTuple):
    """The steps of a turn, the links in it, and which words led to which step."""

    steps: list[Step]
    links: list[str]
    reasons: list[str]


class Reading(NamedTuple):
    """What the rules make of a turn: ``ruled`` their steps, ``said`` those that words asked for.

    ``said`` gives the verdict of a step, and the language of its words. ``brings`` where files or
    links come along, ``segments`` what the model judges.
    """

    links: list[str]
    brings: bool
    ruled: list[Step]
    said: dict[Step, tuple[Verdict, str]]
    segments: list[Segment]


def route(message: str, files: Sequence[str] = ()) -> list[Step]:
    """The steps that a turn asks for: each at most once, uploads first, never none."""
    reading = reading_of(message, files)
    if not reading.segments:
        return reading.ruled
    return _ordered(_guesses(message, files, reading), reading)


def explain(message: str, files: Sequence[str] = ()) -> Route:
    """The steps, and why."""
    reading = reading_of(message, files)
    if not reading.segments:
        why = [_why(step, reading, files) for step in reading.ruled]
        return Route(reading.ruled, reading.links, why)
    guesses = _guesses(message, files, reading)
    steps = _ordered(guesses, reading)
    chances = {guess.step: guess for guess in guesses}
    reasons = []
    for step in steps:
        ruled = _why(step, reading, files) if step in reading.ruled else ""
        if guess := chances.get(step):
            words = " ".join(token.text for token in reading.segments[guess.segment].tokens)
            ruled = ruled or f"{step}: “{_shown(words)}”: as in turns like it"
            ruled += f" ({guess.chance:.0%} sure)"
        reasons.append(ruled)
    return Route(steps, reading.links, reasons)


def only(message: str, steps: Collection[Step], after: str = "") -> bool:
    """Whether a clause asks for nothing but these steps, beyond doubt.

    The rules must say so too, or a word name one, none be that of an edit and the model be sure.
    What asks for nothing by itself ("1080p") may go on with what stands ``after`` it: in front.
    """
    if after:
        joined = f"{after}, {message}"
        added = reading_of(joined).segments[len(reading_of(after).segments) :]
        if added and all(segment.verdict.step is None for segment in added):
            return only(joined, steps)
    reading = reading_of(message)
    if not reading.segments:
        return set(reading.ruled) <= set(steps)
    guesses = _guesses(message, (), reading)
    if not {guess.step for guess in guesses} <= set(steps):
        return False
    told = [segment.tokens for segment in reading.segments if segment.verdict.step is Step.SSE]
    if told:
        edits = any(t.roles & _EDIT and not t.roles & _EXPORT for tokens in told for t in tokens)
        sure = all(guess.chance >= _SURE for guess in guesses)
        return sure and not edits and all(map(named, told))
    if any(segment.verdict.step is not None for segment in reading.segments):
        return True
    return not any(token.roles & _ATTRIBUTE for s in reading.segments for token in s.tokens)


def reading_of(message: str, files: Sequence[str] = ()) -> Reading:
    """What the rules make of a turn."""
    found = links(message)
    text = plain(mask_names(mask_quotes(without_links(message))))
    steps: list[Step] = []
    said: dict[Step, tuple[Verdict, str]] = {}
    brings = bool(files or found)
    presented = False
    if brings:
        steps.append(Step.UPLOAD)
        presented = any(all(map(presents, reading.clauses)) for reading in read_with_all(text))
    segments: list[Segment] = []
    for reading in read(text):
        for clause, verdict in zip(reading.clauses, reading.verdicts, strict=True):
            segments += (Segment(part, verdict) for part in parts_at(clause, BIT["and"]))
            if verdict.step is not None and verdict.step not in steps and not presented:
                steps.append(verdict.step)
                said[verdict.step] = verdict, reading.lexicon.language
    if not steps or (brings and steps == [Step.UPLOAD] and text.strip() and not presented):
        # With files that the words do not merely present, the words are an instruction.
        steps.append(Step.SSE)
    return Reading(found, brings, steps, said, segments)


def _why(step: Step, reading: Reading, files: Sequence[str]) -> str:
    """Why a step that the rules see is one."""
    if step in reading.said:
        verdict, language = reading.said[step]
        return f"{step}: “{_shown(verdict.words)}” ({language}): {verdict.rule}"
    if step is Step.UPLOAD:
        count = len(files) + len(reading.links)
        return f"upload: {count} file(s) or media link(s) come along"
    return "sse: nothing else fits"


def _shown(words: str) -> str:
    return words.replace(CONTENT, "…").replace(FILE, "…")


def _guesses(message: str, files: Sequence[str], reading: Reading) -> list[model.Guess]:
    return model.guess(message, reading.segments, reading.ruled, bool(files), bool(reading.links))


def _ordered(guesses: Sequence[model.Guess], reading: Reading) -> list[Step]:
    """What was guessed, an upload first where there is something to be uploaded."""
    steps = [guess.step for guess in guesses]
    if reading.brings:
        steps = [Step.UPLOAD, *(step for step in steps if step is not Step.UPLOAD)]
    return steps
