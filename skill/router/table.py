"""The dispatch table: a turn -> its steps, in the order in which they are to happen.

The rules (``grammar.py``) read every turn; the model (``model.py``), which knows their answer and
how far it can be trusted, decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from skill.router import model
from skill.router.clauses import parts_at, read, read_with_all
from skill.router.grammar import Verdict, presents
from skill.router.lexicon import BIT
from skill.router.model import Segment
from skill.router.steps import Step
from skill.router.text import CONTENT, links, mask_quotes, plain, without_endings, without_links


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
            ruled = ruled or f"{step}: “{words.replace(CONTENT, '…')}”: as in turns like it"
            ruled += f" ({guess.chance:.0%} sure)"
        reasons.append(ruled)
    return Route(steps, reading.links, reasons)


def reading_of(message: str, files: Sequence[str] = ()) -> Reading:
    """What the rules make of a turn."""
    found = links(message)
    text = plain(without_endings(mask_quotes(without_links(message))))
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
        return f"{step}: “{verdict.words}” ({language}): {verdict.rule}"
    if step is Step.UPLOAD:
        count = len(files) + len(reading.links)
        return f"upload: {count} file(s) or media link(s) come along"
    return "sse: nothing else fits"


def _guesses(message: str, files: Sequence[str], reading: Reading) -> list[model.Guess]:
    return model.guess(message, reading.segments, reading.ruled, bool(files), bool(reading.links))


def _ordered(guesses: Sequence[model.Guess], reading: Reading) -> list[Step]:
    """What was guessed, an upload first where there is something to be uploaded."""
    steps = [guess.step for guess in guesses]
    if reading.brings:
        steps = [Step.UPLOAD, *(step for step in steps if step is not Step.UPLOAD)]
    return steps
