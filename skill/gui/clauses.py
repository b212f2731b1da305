"""A sentence in clauses, and what each of them is.

A clause that tells the user to use a screen is an "ask"; the conditions and consequences
that hang on it are "with ask" and "follow-up"; everything else is content. What describes
a scene ("shows somebody clicking a button") is content to the end of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from skill.gui.lexicon import HIDDEN, MARK, Lexicon

LONGEST_CLAUSE = 400  # characters; longer ones are content

_WORD = re.compile(rf"[\w{HIDDEN}]")
_STRONG = re.compile("[;；—–→\u2600-\u27bf\U0001f300-\U0001faff]|\\s-+\\s")


@dataclass
class Clause:
    """A stretch of the masked sentence, and what it is.

    ``joiner`` is where the comma, dash or "and" before it begins; ``ask`` and ``match`` are
    the pattern that it met; ``offered`` where it says "you can" or "if", and does not ask
    outright.
    """

    start: int
    end: int
    joiner: int
    kind: str = "content"  # or "ask", "follow-up", "with ask", "condition"
    match: re.Match[str] | None = None
    ask: str = ""
    offered: bool = False


def judged(masked: str, words: Lexicon, before: str) -> list[Clause]:
    """The clauses of a sentence, each with its kind; ``before`` as in ``reading.read``."""
    clauses = list(_cut(masked, words))
    _judge(clauses, masked, words, before)
    _attach(clauses, masked, words)
    return clauses


def lead_end(masked: str, start: int, words: Lexicon) -> int:
    """Where "please", "you can" and the like end."""
    found = words.lead.match(masked, start)
    return found.end() if found else start


def skipped(text: str) -> int:
    """How many characters of space and emphasis a text begins with."""
    return len(text) - len(text.lstrip(f" {MARK}*_"))


def _cut(masked: str, words: Lexicon) -> Iterator[Clause]:
    start = joiner = 0
    for found in words.patterns["break"].finditer(masked):
        if found["cut"] is None or found.start() < start:
            continue
        if _WORD.search(masked, start, found.start()):
            yield Clause(start, found.start(), joiner)
            joiner = found.start()
        start = found.end()
    if _WORD.search(masked, start):
        yield Clause(start, len(masked), joiner)


def _judge(clauses: list[Clause], masked: str, words: Lexicon, before: str) -> None:
    """Give every clause its kind."""
    outside = before
    # "I added the title, double-click it": after what was done, an instruction is outright.
    reported = bool(clauses) and words.meets("reports", masked[: clauses[0].end])
    for clause in clauses:
        text = masked[clause.start : clause.end]
        if before == "scene" or len(text) > LONGEST_CLAUSE:
            continue
        opening = masked[clause.joiner : clause.start]
        if before != "ask" and ":" in opening and words.meets("quoting", masked[: clause.joiner]):
            before = "scene"
            continue
        if before == "content" and ":" in opening.replace("：", ":"):
            # "Title: Click here" names its content; "Tip: click Export" does not.
            if words.has("says", masked[: clause.joiner]):
                before = "scene"
                continue
            before = ""
        if before == "content" and _STRONG.search(opening):
            before = ""
        lead = lead_end(text, 0, words)
        if lead == len(text) and re.search(r"\w", text):
            clause.kind = "condition"  # "Then, click Export.": it belongs to what it leads to
            continue
        told = reported and words.at_start("outright", text, lead) is not None
        _ask(clause, text, lead, "" if told else before, words)
        if clause.kind == "ask":
            clause.offered = bool(
                clause.ask in ("screen", "tell", "did")
                or (words.at_start("choosing", text, lead) and not words.meets("firm", text[:lead]))
                or words.at_start("ing_lead", text, skipped(text)) is not None
                or words.has("offer", opening + text[:lead])
                or words.has("proviso", text[lead:])
            )
        elif before in ("ask", "list") and (
            (outside == "list" and "(" in opening)
            or words.at_start("aftermath", text, _aftermath_start(text, words))
            or ((outside != "ask" or clause.start) and words.at_start("later", text, lead))
        ):
            clause.kind = "follow-up"
        elif masked[clause.end : clause.end + 1] in (":", "：") and words.meets("intro", text):
            clause.kind = "intro"  # "One last step:"
            continue
        elif any(words.at_start("condition", text, at) for at in _openings(text, words)):
            clause.kind = "condition"
            continue
        if clause.kind in ("ask", "follow-up"):
            before = "ask"
        elif words.has("shows", text) or words.meets("narrates", text):
            before = "scene"
        else:
            # "Select the clip and …": what follows decides whether this was content.
            imperative = clause is clauses[0] and _commands(text, words)
            before = "" if imperative else "content"


def _ask(clause: Clause, text: str, lead: int, before: str, words: Lexicon) -> None:
    if words.at_start("not", text, lead):
        return
    # "You can", "please": said to somebody, and not told of somebody.
    addressed = words.meets("addressed", text[:lead])
    for kind, pattern, only_first in words.asks:
        if only_first and before == "content" and not addressed:
            continue
        found = pattern.match(text, lead) or (
            # "By clicking" begins with a word that leads in, too.
            pattern.match(text, skipped(text)) if lead else None
        )
        if found:
            if kind not in ("screen", "tell") or not words.meets("pictured", text):
                clause.kind, clause.ask, clause.match = "ask", kind, found
            return


def _commands(text: str, words: Lexicon) -> bool:
    """Whether a clause tells somebody to do a thing, and not of a thing done ("Cut made")."""
    begins = words.at_start("imperative", text, lead_end(text, 0, words))
    return begins is not None and not words.meets("done", text)


def _openings(text: str, words: Lexicon) -> tuple[int, int]:
    """Where a clause begins, and where it does behind an "and"."""
    return skipped(text), _aftermath_start(text, words)


def _aftermath_start(text: str, words: Lexicon) -> int:
    found = words.at_start("dangling", text, skipped(text))
    return found.end() + skipped(text[found.end() :]) if found else skipped(text)


def _attach(clauses: list[Clause], masked: str, words: Lexicon) -> None:
    """What hangs on an instruction: conditions beside it, and "select the clip and" before it."""
    for clause, following in zip_longest(clauses, clauses[1:]):
        if clause.kind == "intro":
            leads = following is not None and following.kind in ("ask", "follow-up")
            clause.kind = "with ask" if leads else "content"
        # "In the Media panel, …" is an instruction only where one follows.
        if clause.ask == "where" and (following is None or following.kind != "follow-up"):
            clause.kind, clause.ask = "condition", ""
    for number, clause in enumerate(clauses):
        if clause.kind != "ask":
            continue
        for earlier in reversed(clauses[:number]):
            text = masked[earlier.start : earlier.end]
            if earlier.kind == "condition":
                clause.offered |= (
                    words.has("offer", text)
                    or words.at_start("want", text, skipped(text)) is not None
                )
            elif not (
                earlier.kind == "content"
                and clauses[0] is earlier
                and not _STRONG.search(masked[clauses[1].joiner : clauses[1].start])
                and _commands(text, words)
            ):
                break
            earlier.kind = "with ask"
        for later in clauses[number + 1 :]:
            if later.kind != "condition" or _STRONG.search(masked[later.joiner : later.start]):
                break  # "; if it looks good, …" speaks of what comes
            clause.offered = True
            later.kind = "with ask"
