"""What a clause asks for: closed-world matching.

A clause asks for a step only if it names it *and* everything else in it belongs to words that go
with that step. One word too many ("an ad for a company that exports olive oil", "end credits",
"a progress bar") means that the clause describes content, and content is for the backend. So an
unknown word can cost a convenience, never an export or a credit that nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest
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
INDEFINITE, OPENS, PRAISE = BIT["indefinite"], BIT["opens"], BIT["praise"]
FIXED, PERSON = BIT["content"], BIT["person"]

_FILLER = POLITE | DETERMINER | FUNCTION
_GOES_WITH = {
    Step.EXPORT: _FILLER | EXPORT | DELIVER | DELIVERABLE | ATTRIBUTE | PLACE | PERSON,
    Step.CREDITS: _FILLER | CREDIT | QUANTITY | DELIVERABLE,
    Step.STATUS: _FILLER | PROJECT | PROGRESS | RENDER | QUANTITY | DELIVERABLE,
    Step.UPLOAD: _FILLER | UPLOAD | BRING | MEDIA | DELIVERABLE | HERE | ATTRIBUTE,
}
_NAMED_BY = {
    Step.EXPORT: EXPORT | DELIVER | UPLOAD,
    Step.CREDITS: CREDIT,
    Step.STATUS: PROJECT | PROGRESS,
    Step.UPLOAD: UPLOAD | BRING,
}
# Where "upload", "free trial", "cut out" or "at the end" stand they are meant, not their parts.
_WHOLE = EXPORT | CREDIT | PROJECT | UPLOAD | EDIT | FIXED
_ASKING = (Step.CREDITS, Step.STATUS, Step.UPLOAD)
_PRESENTS = _FILLER | PRESENT | MEDIA | DELIVERABLE | UPLOAD | BRING | HERE | AND
_NEUTRAL = _FILLER | DELIVERABLE | REASON | ATTRIBUTE | PLACE | PERSON
# Letters of languages whose verb stands at the end, and the first letter after those (but for
# Chinese) whose verb stands early.
_VERB_LAST = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_VERB_EARLY_BELOW = "\u0900"


class Verdict(NamedTuple):
    """What a clause asks for; ``step`` None where it asks for nothing ("thanks")."""

    step: Step | None
    rule: str
    words: str


def named(tokens: Sequence[Token]) -> bool:
    """Whether any word could ask for something else than a message."""
    return any(token.reach & NAMES for token in tokens)


def presents(tokens: Sequence[Token]) -> bool:
    """Whether the words only present a file that comes along ("here is my clip")."""
    fitted = list(_fit(tokens, _PRESENTS))
    if _all(fitted, _PRESENTS) and not _any(fitted, EXPORT | CREDIT | PROJECT):
        return True
    # "This is my daughter's birthday": what a file shows may be anything, unless something is
    # to be done with it.
    start = next((index for index, token in enumerate(tokens) if not token.roles & POLITE), 0)
    opening = tokens[start : start + 3]
    return (
        bool(opening and opening[0].roles & OPENS)
        and _any(opening, DETERMINER | MEDIA)
        and not _any(tokens, NEGATION | EDIT | EXPORT | CREDIT | PROJECT)
    )


def decide(tokens: Sequence[Token], asked: bool = True) -> Verdict:
    """What one clause asks for; ``asked`` where a question mark stands behind it."""
    words = " ".join(token.text for token in tokens)
    if len(tokens) > 1 and tokens[-1].roles & NEGATION and tokens[-1].roles & POLITE:
        tokens = tokens[:-1]  # "Udah selesai belum?": at the end it only makes a question
    if any(token.roles & NEGATION for token in tokens):
        return Verdict(Step.SSE, "negated or postponed", words)
    if not asked and tokens and _all(tokens, POLITE):
        # "Listo, expórtalo": that it is done is said here, not asked.
        return Verdict(None, "asks for nothing", words)
    found = _decide(tokens, words) or _decide(_without_purpose(tokens), words)
    if found:
        return found
    if _all(_fit(tokens, _NEUTRAL), _NEUTRAL) or (tokens and tokens[0].roles & REASON):
        return Verdict(None, "asks for nothing", words)
    if _any(tokens, PRAISE) and not _any(tokens, EDIT):
        return Verdict(None, "an opinion", words)
    return Verdict(Step.SSE, "a message", words)


def _decide(tokens: Sequence[Token], words: str) -> Verdict | None:
    reach, known = 0, True
    for token in tokens:
        reach |= token.reach
        known = known and bool(token.reach)
    for step in _order(tokens):
        # Only an export may have a word in it that is not known: "the birthday video".
        if not reach & _NAMED_BY[step] or not (known or step is Step.EXPORT):
            continue
        if step in (Step.CREDITS, Step.STATUS) and _orders(tokens):
            continue
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
    return None


def _without_purpose(tokens: Sequence[Token]) -> Sequence[Token]:
    """What an export is for may be anything: "save the video for my presentation"."""
    for index, token in enumerate(tokens):
        if token.roles & REASON:
            wish = tokens[:index]
            says = [token for token in wish if token.roles & (EXPORT | DELIVER)]
            object_of = [token for token in wish if token.roles & DELIVERABLE]
            whole = says and object_of and says != object_of and not _any(wish, INDEFINITE)
            return wish if whole else ()
    return ()


def _order(tokens: Sequence[Token]) -> Sequence[Step]:
    """ "Export the finished video" begins with its verb; "export: how far is it" asks."""
    before = 0
    for index, token in enumerate(tokens):
        if not token.roles & _FILLER:
            if token.roles & EXPORT and not before & DETERMINER and not _asks(tokens[index:]):
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
        if _tells(tokens):
            return False
        exports = _any(tokens, EXPORT) and not _is_compound(tokens)
        return exports or _delivers(tokens) or _posts(tokens)
    if step is Step.CREDITS:
        return _any(tokens, CREDIT)
    if step is Step.STATUS:
        if any(
            number.text[0].isdigit() and unit.roles & ATTRIBUTE for number, unit in pairwise(tokens)
        ):
            return False  # "length 10 seconds" sets it
        return _any(tokens, PROJECT) or _asks(tokens)
    return (_any(tokens, UPLOAD) and not _is_compound(tokens)) or (
        _any(tokens, BRING) and _any(tokens, MEDIA) and _any(tokens, HERE)
    )


def _orders(tokens: Sequence[Token]) -> bool:
    """ "Update the tracks": what begins with the verb of an edit asks for nothing."""
    first = next((token for token in tokens if not token.roles & (POLITE | FUNCTION)), None)
    return first is not None and bool(first.roles & EDIT)


def _tells(tokens: Sequence[Token]) -> bool:
    """Whether it tells of a thing or of somebody: "a guide to downloads", "kids share files"."""
    inner = [token for token in tokens if not token.roles & (POLITE | FUNCTION)]
    if not inner:
        return False
    if inner[0].roles & INDEFINITE and not inner[0].roles & (DELIVER | EXPORT):
        return not any(_is_format(token) for token in inner[1:2])
    if any(_VERB_LAST.match(token.text) for token in inner):
        return bool(inner[-1].roles & PERSON)
    first = next((token for token in inner if token.roles & (PERSON | EXPORT | DELIVER)), None)
    return first is not None and bool(first.roles & PERSON) and first.text[0] < _VERB_EARLY_BELOW


def _is_compound(tokens: Sequence[Token]) -> bool:
    """ "An upload animation": a thing of that kind, to be made."""
    return any(
        article.roles & INDEFINITE
        and step.roles & (EXPORT | UPLOAD)
        and thing.roles & (DELIVERABLE | PLACE | MEDIA)
        for article, step, thing in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _delivers(tokens: Sequence[Token]) -> bool:
    """ "Send me the video", "post it on TikTok"; "drop the clip", "put it on top" are edits."""
    verbs = [token for token in tokens if token.roles & DELIVER]
    things = [token for token in tokens if token.roles & (DELIVERABLE | PLACE | PERSON)]
    if verbs and not things:
        # "Pode mandar", "发吧": an order to send with nothing said of what.
        bare = not all(verb.roles & (POLITE | FUNCTION | EDIT) for verb in verbs)
        return bare and not _any(tokens, INDEFINITE)
    if not verbs or (things == verbs and not _any(verbs, DELIVERABLE)):
        return False
    if all(verb.roles & EDIT for verb in verbs):
        return _any(things, PLACE | PERSON) and not _any(tokens, INDEFINITE)
    return not _wants_another(tokens)


def _wants_another(tokens: Sequence[Token]) -> bool:
    """ "Give me a video" wants a new one, "send it as a video" or "an mp4" this one."""
    for token in tokens:
        if token.roles & INDEFINITE:
            return not any(map(_is_format, tokens))
        if token.roles & DELIVERABLE and not token.roles & DELIVER:
            return False
    return False


def _is_format(token: Token) -> bool:
    """ "1080p", "mp4", "finished", "a link": what only the video of this project has."""
    return bool(
        token.text[0].isdigit()
        or (token.roles & ATTRIBUTE and token.roles & (DELIVER | DELIVERABLE | PROGRESS))
        or (token.roles & DELIVER and token.roles & DELIVERABLE)
    )


def _asks(tokens: Sequence[Token]) -> bool:
    """Whether a word asks how far it is."""
    return any(
        token.roles & PROGRESS and not _describes(token, after)
        for token, after in zip_longest(tokens, tokens[1:])
    )


def _describes(token: Token, after: Token | None) -> bool:
    """ "The finished video": an adjective of what follows, and no question."""
    return bool(token.roles & ATTRIBUTE and after and after.roles & (DELIVERABLE | ATTRIBUTE))


def _posts(tokens: Sequence[Token]) -> bool:
    """ "Upload it to YouTube" is a delivery; "upload from my phone" is not."""
    return _any(tokens, UPLOAD) and _any(tokens, PLACE) and not _any(tokens, HERE | INDEFINITE)


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
