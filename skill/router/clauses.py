"""A message -> clauses, each read with the language that knows most of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from skill.router.grammar import Verdict, decide, named
from skill.router.lexicon import BIT, Lexicon, Token, languages, scripts, split
from skill.router.steps import Step
from skill.router.text import CONTENT

_SENTENCE = re.compile(r"[,;!?\n\r。，！？；、…،؛؟।|¿¡()（）\[\]—–]+|\.(?=\s|$|\D)|(?<=\D)\.| - ")
_SAYS = re.compile(r"[:：]")
_THEN, _AND, _SAYS_BIT = BIT["then"], BIT["and"], BIT["says"]
_MESSAGE = Verdict(Step.SSE, "a message", "")
_CONTENT_TOKEN = Token(CONTENT, 0)


class Reading(NamedTuple):
    """A sentence's clauses as one language reads them, and their verdicts."""

    lexicon: Lexicon | None
    clauses: list[list[Token]]
    verdicts: list[Verdict]


def read(text: str) -> list[Reading]:
    """The best reading of each sentence of a plain text.

    A sentence in which no language finds a word that could name a step is read last, in the
    language of the others: there "gracias" asks for nothing, and "森林里的晨雾" is a message.
    """
    found: list[Reading | list[str]] = []
    for sentence in _SENTENCE.split(text):
        head, *rest = _SAYS.split(sentence, maxsplit=1)
        words = split(head)
        if rest:
            words.append(CONTENT)  # what follows a colon is material: "title: Download now"
        if not words:
            continue
        readings = [
            _reading(words, lexicon)
            for script in scripts(head)
            for lexicon in languages(script).naming(words)
        ]
        found.append(max(readings, key=_rank) if readings else words)
    around = max((item for item in found if isinstance(item, Reading)), key=_rank, default=None)
    return [
        item if isinstance(item, Reading) else _unnamed(item, around.lexicon if around else None)
        for item in found
    ]


def read_with_all(text: str) -> list[Reading]:
    """A reading of the whole text, sentence marks left out, by each language of its scripts."""
    words = split(_SENTENCE.sub(" ", text))
    return [
        _reading(words, lexicon)
        for script in scripts(text)
        for lexicon in languages(script).lexicons
    ]


def _unnamed(words: list[str], lexicon: Lexicon | None) -> Reading:
    if lexicon is not None:
        return _reading(words, lexicon)
    return Reading(None, [[Token(" ".join(words), 0)]], [_MESSAGE])


def _rank(reading: Reading) -> tuple[int, int]:
    asked = sum(verdict.step not in (None, Step.SSE) for verdict in reading.verdicts)
    known = sum(token.roles != 0 for clause in reading.clauses for token in clause)
    return asked, known


def _reading(words: list[str], lexicon: Lexicon) -> Reading:
    tokens = _mask_said(lexicon.read(words))
    clauses: list[list[Token]] = []
    verdicts: list[Verdict] = []
    for clause in _parts(tokens, _THEN):
        found = _decide(clause)
        clauses.extend(part for part, _ in found)
        verdicts.extend(verdict for _, verdict in found)
    return Reading(lexicon, clauses, verdicts)


def _decide(clause: list[Token]) -> list[tuple[list[Token], Verdict]]:
    whole = decide(clause)
    if whole.step is not Step.SSE or not named(clause):
        return [(clause, whole)]
    # "add a title and export": two wishes where a part by itself names one.
    parts = _parts(clause, _AND)
    if len(parts) > 1:
        verdicts = [(part, decide(part)) for part in parts]
        # "the words upload and download" lists words, it does not ask for one of them.
        listed = verdicts[-2][1].step is Step.SSE and named(parts[-2][-1:])
        if not listed and any(v.step not in (None, Step.SSE) for _, v in verdicts):
            return verdicts
    return [(clause, whole)]


def _mask_said(tokens: list[Token]) -> list[Token]:
    """What follows "that says" is content, up to the next "then"."""
    out: list[Token] = []
    said = False
    for token in tokens:
        if token.roles & _THEN:
            said = False
        if said and token.text != CONTENT:
            continue
        out.append(token)
        # A quotation is the whole of what is said; without one it goes on to the next "then".
        said = bool(token.roles & _SAYS_BIT)
        if said:
            out.append(_CONTENT_TOKEN)
    return out


def _parts(tokens: Sequence[Token], mask: int) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.roles & mask:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
