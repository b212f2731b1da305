"""The dispatch table's own words, in the order in which they are said."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from skill.router.steps import Step

_WORDS = Path(__file__).with_name("words")
_QUOTED = re.compile(
    r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》|«[^»]*»|(?<!\w)'[^']*'(?!\w)"
)
_CLAUSE = re.compile(r"[,.;!?，。；！？、\n]|\bthen\b|\band\b|然后|并且|再")
_MEDIA = "mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac"
_LINK = re.compile(rf"https?://\S+?\.(?:{_MEDIA})(?:\?[^\s,，。]*)?(?=[\s,，。)]|$)", re.IGNORECASE)


def links(message: str) -> list[str]:
    """The links to media files that stand in a message, in order."""
    return [match.group() for match in _LINK.finditer(message)]


def route(message: str, files: Sequence[str] = ()) -> list[Step]:
    """The steps that a turn asks for, each at most once, uploads first."""
    steps: list[Step] = []
    if files or links(message):
        steps.append(Step.UPLOAD)
    text = _QUOTED.sub(" ", _LINK.sub(" ", message)).lower()
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    for clause in filter(None, clauses):
        step = _step_of(clause)
        if step not in steps:
            steps.append(step)
    if not steps:
        steps.append(Step.SSE)
    return steps


def _step_of(clause: str) -> Step:
    for step, pattern in _patterns():
        if pattern.search(clause):
            return step
    return Step.SSE


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[Step, re.Pattern[str]]]:
    words: dict[str, list[str]] = {}
    for file in sorted(_WORDS.glob("*.json")):
        for step, listed in json.loads(file.read_text("utf-8")).items():
            words.setdefault(step, []).extend(listed)
    return [
        (Step(step), re.compile("|".join(_bounded(word) for word in listed)))
        for step, listed in words.items()
    ]


def _bounded(word: str) -> str:
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
