"""The dispatch table: a turn -> its steps, in the order in which they are to happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from skill.router.clauses import Reading, read, read_with_all
from skill.router.grammar import presents
from skill.router.steps import Step
from skill.router.text import links, mask_quotes, plain, without_links


class Route(NamedTuple):
    """The steps of a turn, the links in it, and which words led to which step."""

    steps: list[Step]
    links: list[str]
    reasons: list[str]


def route(message: str, files: Sequence[str] = ()) -> list[Step]:
    """The steps that a turn asks for: each at most once, uploads first, never none."""
    return explain(message, files).steps


def explain(message: str, files: Sequence[str] = ()) -> Route:
    """The steps, and why."""
    found = links(message)
    text = plain(mask_quotes(without_links(message)))
    steps: list[Step] = []
    reasons: list[str] = []
    if files or found:
        steps.append(Step.UPLOAD)
        reasons.append(f"upload: {len(files) + len(found)} file(s) or media link(s) come along")
        if any(all(map(presents, reading.clauses)) for reading in read_with_all(text)):
            return Route(steps, found, reasons)
    readings = read(text)
    verdicts = [verdict for reading in readings for verdict in _of(reading)]
    for step, why in verdicts:
        if step is not None and step not in steps:
            steps.append(step)
            reasons.append(why)
    if not steps or ((files or found) and steps == [Step.UPLOAD] and text.strip()):
        # With files that the words do not merely present, the words are an instruction.
        steps.append(Step.SSE)
        reasons.append("sse: nothing else fits")
    return Route(steps, found, reasons)


def _of(reading: Reading) -> list[tuple[Step | None, str]]:
    language = reading.lexicon.language
    return [
        (verdict.step, f"{verdict.step}: “{verdict.words}” ({language}): {verdict.rule}")
        for verdict in reading.verdicts
    ]
