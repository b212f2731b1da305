"""What the rules are not certain of: a linear model over letters, words and their roles.

A turn is read in segments, its clauses parted at every "and". A step's score is what the rules'
answer speaks for it, and the mean of what the segments say, each weighed by how much it says so:
the segment that asks for a step decides, and where it stands gives the step its place.

``weights.txt`` is written by ``scripts/train_router.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from skill.linear import Model, hashed
from skill.router.grammar import Verdict
from skill.router.lexicon import ROLES, Token, unspaced
from skill.router.steps import Step
from skill.router.text import asks

STEPS = (Step.EXPORT, Step.CREDITS, Step.STATUS, Step.UPLOAD, Step.SSE)
MODEL = Model(Path(__file__).with_name("weights.txt"))

_DIGITS = re.compile(r"\d+")
_LONGEST_WORD = 24  # letters; what is longer is no word
_LETTERS = (3, 4, 5)
_UNSPACED_LETTERS = (1, 2, 3, 4)
_SAME = 3  # counts from here on are alike


class Segment(NamedTuple):
    """A clause, or a part of one between two "and"s, and what the rules make of it."""

    tokens: Sequence[Token]
    verdict: Verdict


class Guess(NamedTuple):
    """A step, the segment that asks for it, and how likely it is meant (0..1)."""

    step: Step
    segment: int
    chance: float


def guess(
    message: str, segments: Sequence[Segment], ruled: Sequence[Step], files: bool, linked: bool
) -> list[Guess]:
    """The steps that a turn asks for, in the order in which it says so; at least one.

    ``ruled`` is the rules' own answer, ``files`` and ``linked`` whether files or media links come
    with it.
    """
    beside = context(message, files, linked)
    whole = MODEL.scores(hashed(turn_features(segments, ruled, beside)))
    parts = [MODEL.scores(hashed(features)) for features in segment_features(segments, beside)]
    pooled = [_pool(column) for column in zip(*parts, strict=True)]
    found = [
        (base + score, place, step)
        for step, base, (score, place) in zip(STEPS, whole, pooled, strict=True)
    ]
    chosen = [entry for entry in found if entry[0] > 0] or [max(found)]
    # Of what one segment asks for, the edit comes first: "テロップを消して書き出して".
    chosen.sort(key=lambda entry: (entry[1], entry[2] is not Step.SSE))
    return [Guess(step, place, 1 / (1 + exp(-min(score, 50.0)))) for score, place, step in chosen]


def context(message: str, files: bool, linked: bool) -> list[str]:
    """What stands beside the words: files, links, a question mark."""
    marks = {"files": files, "linked": linked, "asks": asks(message)}
    return [name for name, there in marks.items() if there]


def turn_features(
    segments: Sequence[Segment], ruled: Sequence[Step], beside: Sequence[str]
) -> list[str]:
    """What the rules made of the turn, and how much of it they did not know."""
    unknown = min(sum(not t.roles for s in segments for t in s.tokens), _SAME)
    count = min(len(segments), _SAME)
    names = [step.value for step in ruled]
    found = ["turn", f"ruled:{'+'.join(names)}", *(f"turn:{mark}" for mark in beside)]
    for name in names:
        found += (f"rules:{name}", f"rules:{name}:u{unknown}", f"rules:{name}:n{count}")
    return found


def segment_features(
    segments: Sequence[Segment], beside: Sequence[str], roles: bool = True
) -> Iterator[list[str]]:
    """The features of each segment; without ``roles`` its letters and words alone."""
    around = [0, *(_roles_of(segment.tokens) for segment in segments), 0]
    for index, segment in enumerate(segments):
        found = ["segment", *beside, *_written(segment.tokens)]
        if roles:
            found += _understood(segment, around[index + 1])
            found += (f"before:{name}" for name in _names(around[index]))
            found += (f"after:{name}" for name in _names(around[index + 2]))
            found.append(f"place:{min(index, 2)}:{min(len(segments) - index, 2)}")
        yield found


def _written(tokens: Sequence[Token]) -> Iterator[str]:
    words = _DIGITS.sub("0", " ".join(token.text for token in tokens)).split()
    before, earlier = "^", ""
    yield f"first:{words[0] if words else ''}"
    for word in words:
        if unspaced(word):
            for length in _UNSPACED_LETTERS:
                for at in range(len(word) - length + 1):
                    yield word[at : at + length]
            yield f"begins:{word[:2]}"
            yield f"ends:{word[-2:]}"
        else:
            yield f"word:{word}"
            yield f"two:{before} {word}"
            if earlier:
                yield f"apart:{earlier} {word}"
            if len(word) <= _LONGEST_WORD:
                bounded = f"<{word}>"
                for length in _LETTERS:
                    for at in range(len(bounded) - length + 1):
                        yield bounded[at : at + length]
        earlier, before = before if before != "^" else "", word
    yield f"two:{before} $"


def _understood(segment: Segment, roles: int) -> Iterator[str]:
    unknown, before = 0, "^"
    for token in segment.tokens:
        unknown += not token.roles
        known = format(token.roles, "x")
        yield f"roles:{known}"
        yield f"roles:{before}_{known}"
        before = known
    yield f"roles:{before}_$"
    yield f"all:{roles:x}"
    yield from (f"role:{name}" for name in _names(roles))
    yield f"unknown:{min(unknown, _SAME)}"
    yield f"long:{min(len(segment.tokens), 8)}"
    verdict = segment.verdict
    yield f"verdict:{verdict.step}"
    yield f"verdict:{verdict.step}:{verdict.rule}:{min(unknown, 2)}"


def _roles_of(tokens: Iterable[Token]) -> int:
    roles = 0
    for token in tokens:
        roles |= token.roles
    return roles


@cache
def _names(roles: int) -> tuple[str, ...]:
    return tuple(name for index, name in enumerate(ROLES) if roles >> index & 1)


def _pool(column: Sequence[float]) -> tuple[float, int]:
    """The mean of what segments say, weighed by its exponential, and the one that says most."""
    most = max(column)
    weights = [exp(score - most) for score in column]
    mean = sum(map(float.__mul__, weights, column)) / sum(weights)
    return mean, column.index(most)
