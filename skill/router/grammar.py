"""What a clause asks for: closed-world matching.

A clause asks for a step only if it names it *and* everything else in it belongs to words that go
with that step. One word too many ("an ad for a company that exports olive oil", "end credits",
"a progress bar") means that the clause describes content, and content is for the backend. So an
unknown word can cost a convenience, never an export or a credit that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from skill.router.lexicon import BIT, NAMES, Token
from skill.router.steps import Step
from skill.router.text import CONTENT

POLITE, DETERMINER, FUNCTION = BIT["polite"], BIT["determiner"], BIT["function"]
EXPORT, DELIVER, DELIVERABLE = BIT["export"], BIT["deliver"], BIT["deliverable"]
ATTRIBUTE, PLACE, CREDIT, QUANTITY = (
    BIT["attribute"],
    BIT["place"],
    BIT["credit"],
    BIT["quantity"],
)
PROJECT, PROGRESS, RENDER, UPLOAD = (
    BIT["project"],
    BIT["progress"],
    BIT["render"],
    BIT["upload"],
)
MEDIA, BRING, HERE, PRESENT = BIT["media"], BIT["bring"], BIT["here"], BIT["present"]
NEGATION, EDIT, REASON, AND = BIT["negation"], BIT["edit"], BIT["reason"], BIT["and"]
INDEFINITE = BIT["indefinite"]

_FILLER = POLITE | DETERMINER | FUNCTION
_GOES_WITH = {
    Step.EXPORT: _FILLER | EXPORT | DELIVER | DELIVERABLE | ATTRIBUTE | PLACE,
    Step.CREDITS: _FILLER | CREDIT | QUANTITY | DELIVERABLE,
    Step.STATUS: _FILLER | PROJECT | PROGRESS | RENDER | QUANTITY | DELIVERABLE,
    Step.UPLOAD: _FILLER | UPLOAD | BRING | MEDIA | DELIVERABLE | HERE | ATTRIBUTE,
}
# Where the words "upload" or "free trial" stand they are meant, not their parts.
_WHOLE = EXPORT | CREDIT | PROJECT | UPLOAD
_ASKING = (Step.CREDITS, Step.STATUS, Step.UPLOAD)
_PRESENTS = _FILLER | PRESENT | MEDIA | DELIVERABLE | UPLOAD | BRING | HERE | AND
_NEUTRAL = _FILLER | DELIVERABLE | REASON | ATTRIBUTE | PLACE


class Verdict(NamedTuple):
    """What a clause asks for; ``step`` None where it asks for nothing ("thanks")."""

    step: Step | None
    rule: str
    words: str


def named(tokens: Sequence[Token]) -> bool:
    """Whether any word could ask for something else than a message."""
    return any(token.roles & NAMES for token in tokens)


def presents(tokens: Sequence[Token]) -> bool:
    """Whether the words only present a file that comes along ("here is my clip")."""
    fitted = list(_fit(tokens, _PRESENTS))
    return _all(fitted, _PRESENTS) and not _any(fitted, EXPORT | CREDIT | PROJECT)


def decide(tokens: Sequence[Token]) -> Verdict:
    """What one clause asks for."""
    words = " ".join(token.text for token in tokens)
    if any(token.roles & NEGATION for token in tokens):
        return Verdict(Step.SSE, "negated or postponed", words)
    for step in _order(tokens):
        goes_with = _GOES_WITH[step]
        fitted = list(_fit(tokens, goes_with))
        if not _names(step, fitted):
            continue
        if step is Step.EXPORT:
            fitted = _without_adjectives(fitted)
            if _posts(fitted):
                goes_with |= UPLOAD | MEDIA
        if _all(fitted, goes_with):
            return Verdict(step, "named, and nothing else in it", words)
    if _all(_fit(tokens, _NEUTRAL), _NEUTRAL) or (tokens and tokens[0].roles & REASON):
        return Verdict(None, "asks for nothing", words)
    return Verdict(Step.SSE, "a message", words)


def _order(tokens: Sequence[Token]) -> Sequence[Step]:
    """ "Export the finished video" begins with its verb; "is the export finished" asks."""
    before = 0
    for token in tokens:
        if not token.roles & _FILLER:
            if token.roles & EXPORT and not before & DETERMINER:
                return (Step.EXPORT, *_ASKING)
            break
        before = token.roles
    return (*_ASKING, Step.EXPORT)


def _fit(tokens: Sequence[Token], mask: int) -> Iterator[Token]:
    """The tokens, and in place of one that does not go with the mask its parts."""
    for token in tokens:
        if token.roles & (mask | _WHOLE) or not token.parts:
            yield token
        else:
            yield from _fit(token.parts, mask)


def _names(step: Step, tokens: Sequence[Token]) -> bool:
    if step is Step.EXPORT:
        return (
            _any(tokens, EXPORT)
            or (
                _any(tokens, DELIVER)
                and _any(tokens, DELIVERABLE | PLACE)
                and not (_any(tokens, INDEFINITE) and not _any(tokens, ATTRIBUTE))
            )
            or _posts(tokens)
        )
    if step is Step.CREDITS:
        return _any(tokens, CREDIT)
    if step is Step.STATUS:
        return _any(tokens, PROJECT) or any(
            token.roles & PROGRESS and not _describes(token, after)
            for token, after in zip_longest(tokens, tokens[1:])
        )
    return _any(tokens, UPLOAD) or (
        _any(tokens, BRING) and _any(tokens, MEDIA) and _any(tokens, HERE)
    )


def _describes(token: Token, after: Token | None) -> bool:
    """ "The finished video": an adjective of what follows, and no question."""
    return bool(token.roles & ATTRIBUTE and after and after.roles & (DELIVERABLE | ATTRIBUTE))


def _posts(tokens: Sequence[Token]) -> bool:
    """ "Upload it to YouTube" is a delivery; "upload from my phone" is not."""
    return _any(tokens, UPLOAD) and _any(tokens, PLACE) and not _any(tokens, HERE)


def _without_adjectives(tokens: Sequence[Token]) -> list[Token]:
    """Leave out what only says which video: "the birthday video", "生日视频"."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        begins = (kept and kept[-1].roles & DETERMINER) or tokens[index].text[:1] >= "\u3000"
        if begins and _is_adjective(tokens[index]):
            end = index
            while end < len(tokens) and end - index < 3 and _is_adjective(tokens[end]):
                end += 1
            if end < len(tokens) and tokens[end].roles & DELIVERABLE and tokens[end].roles & MEDIA:
                index = end
                continue
        kept.append(tokens[index])
        index += 1
    return kept


def _is_adjective(token: Token) -> bool:
    """A word that has no part of its own in an export: "birthday", "holiday"."""
    return not token.roles & (_GOES_WITH[Step.EXPORT] | NAMES | EDIT | NEGATION | AND) and (
        CONTENT not in token.text
    )


def _any(tokens: Sequence[Token], mask: int) -> bool:
    return any(token.roles & mask for token in tokens)


def _all(tokens: Iterable[Token], mask: int) -> bool:
    return all(token.roles & mask for token in tokens)
