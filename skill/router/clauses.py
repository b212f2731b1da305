"""A message -> clauses, each read with the language that knows most of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from skill.router.grammar import Verdict, decide, named
from skill.router.languages import languages, scripts
from skill.router.lexicon import BIT, Lexicon, Token, split
from skill.router.steps import Step
from skill.router.text import CONTENT, asks

_SENTENCE = re.compile(r"[,;!?\n\r。，！？；、…،؛؟।|¿¡()（）\[\]—–]+|\.(?=\s|$|\D)|(?<=\D)\.| - ")
_SAYS = re.compile(r":(?!\d)")
_THEN, _AND, _SAYS_BIT = BIT["then"], BIT["and"], BIT["says"]
_LISTED = BIT["export"] | BIT["upload"] | BIT["credit"]
_PUTS_OFF, _INDEFINITE = BIT["negation"], BIT["indefinite"]
_MESSAGE = Verdict(Step.SSE, "a message", "")
_NO_LEXICON = Lexicon("any language")
_CONTENT_TOKEN = Token(CONTENT, 0)


class Reading(NamedTuple):
    """A sentence's clauses as one language reads them, and their verdicts."""

    lexicon: Lexicon
    clauses: list[list[Token]]
    verdicts: list[Verdict]


def read(text: str) -> list[Reading]:
    """The best reading of each sentence of a plain text.

    A sentence in which no language finds a word that could name a step is read last, in the
    language of the others: there "gracias" asks for nothing, and "森林里的晨雾" is a message.
    """
    found: list[Reading | list[str]] = []
    known: dict[str, int] = {}

    def rank(reading: Reading) -> tuple[int, int, int]:
        # Where a sentence alone cannot tell, the language that knows most of the message wins.
        lexicon = reading.lexicon
        if lexicon.language not in known:
            known[lexicon.language] = lexicon.count(split(text))
        return (*_rank(reading), known[lexicon.language])

    for sentence, asked in _sentences(text):
        head, *rest = _SAYS.split(sentence, maxsplit=1)
        words = split(head)
        if rest:
            words.append(CONTENT)  # what follows a colon is material: "title: Download now"
        if not words:
            continue
        readings = [
            _reading(words, lexicon, asked)
            for script in scripts(head)
            for lexicon in languages(script).naming(words)
        ]
        found.append(max(readings, key=rank) if readings else words)
    around = max((item for item in found if isinstance(item, Reading)), key=rank, default=None)
    if around is None:
        return [
            Reading(_NO_LEXICON, [[Token(" ".join(words), 0)]], [_MESSAGE])
            for words in found
            if isinstance(words, list)
        ]
    return [item if isinstance(item, Reading) else _reading(item, around.lexicon) for item in found]


def read_with_all(text: str) -> list[Reading]:
    """A reading of the whole text, sentence marks left out, by each language of its scripts."""
    words = split(_SENTENCE.sub(" ", text))
    return [
        _reading(words, lexicon)
        for script in scripts(text)
        for lexicon in languages(script).lexicons
    ]


def _rank(reading: Reading) -> tuple[int, int]:
    asked = sum(verdict.step not in (None, Step.SSE) for verdict in reading.verdicts)
    unknown = sum(not token.roles for clause in reading.clauses for token in clause)
    return -unknown, asked


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences, and whether a question mark stands behind each."""
    begin = 0
    for mark in _SENTENCE.finditer(text):
        yield text[begin : mark.start()], asks(mark.group())
        begin = mark.end()
    yield text[begin:], False


def _reading(words: list[str], lexicon: Lexicon, asked: bool = False) -> Reading:
    tokens = _mask_said(lexicon.read(words))
    clauses: list[list[Token]] = []
    verdicts: list[Verdict] = []
    if tokens and tokens[-1].roles & _PUTS_OFF:
        # "Exporta luego": at the end "then" is "later", and parts nothing.
        tokens[-1] = Token(tokens[-1].text, tokens[-1].roles & ~_THEN)
    for clause in _postponed(parts_at(tokens, _THEN)):
        found = _decide(clause, asked)
        clauses.extend(part for part, _ in found)
        verdicts.extend(verdict for _, verdict in found)
    return Reading(lexicon, clauses, verdicts)


def _decide(clause: list[Token], asked: bool) -> list[tuple[list[Token], Verdict]]:
    clause = _trimmed(clause)
    whole = decide(clause, asked)
    parts = parts_at(clause, _AND)
    if len(parts) == 1 or not named(clause):
        return [(clause, whole)]
    # "add a title and export": two wishes where a part by itself names one.
    verdicts = [(part, decide(part, asked)) for part in parts]
    steps = {verdict.step for _, verdict in verdicts}
    if whole.step is not Step.SSE:
        whole_parts = all(len(part) > 1 for part in parts)
        apart = whole_parts and len(steps) == len(parts) and not steps & {None, Step.SSE}
    else:
        # "the words upload and download" lists words, it does not ask for one of them.
        listed = verdicts[-2][1].step is Step.SSE and parts[-2][-1].roles & _LISTED
        # "Progress and future" has nothing that asks for progress, and what "a girl scrolling
        # and sharing" does is told, not asked.
        listed = listed or (Step.SSE in steps and any(map(_is_noun, verdicts)))
        listed = listed or (verdicts[0][1].step is Step.SSE and parts[0][0].roles & _INDEFINITE)
        apart = not listed and bool(steps - {None, Step.SSE})
    return verdicts if apart else [(clause, whole)]


def _is_noun(found: tuple[list[Token], Verdict]) -> bool:
    part, verdict = found
    return len(part) == 1 and verdict.step in (Step.CREDITS, Step.STATUS)


def _trimmed(clause: list[Token]) -> list[Token]:
    """Without an "and" at either end, which joins it to what is no part of it."""
    begin, end = 0, len(clause)
    while begin < end and clause[begin].roles & _AND:
        begin += 1
    while begin < end and clause[end - 1].roles == _AND:
        end -= 1
    return clause[begin:end]


def _mask_said(tokens: list[Token]) -> list[Token]:
    """What follows "that says" is content, up to the next "then" or "and export it"."""
    out: list[Token] = []
    said = False
    for index, token in enumerate(tokens):
        joined = said and token.roles & _AND and _exports(tokens[index + 1 : index + 9])
        if token.roles & _THEN or joined:
            said = False
        if said and token.text != CONTENT:
            continue
        out.append(token)
        # A quotation is the whole of what is said; without one it goes on to the next "then".
        said = bool(token.roles & _SAYS_BIT)
        if said:
            out.append(_CONTENT_TOKEN)
    return out


def _exports(tokens: list[Token]) -> bool:
    """Whether the rest asks to export something: more than a word that could be a caption."""
    return len(tokens) in range(2, 8) and decide(tokens).step is Step.EXPORT


def _postponed(parts: list[list[Token]]) -> list[list[Token]]:
    """ "等一下再导出": a part that only puts off belongs to what it puts off."""
    joined: list[list[Token]] = []
    puts_off = False
    for part in parts:
        if puts_off:
            joined[-1].extend(part)
        else:
            joined.append(part)
        puts_off = all(token.roles & _PUTS_OFF for token in part)
    return joined


def parts_at(tokens: Sequence[Token], mask: int) -> list[list[Token]]:
    """The stretches between tokens that have one of the roles in ``mask``."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.roles & mask:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
