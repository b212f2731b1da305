"""One sentence: what of it is content, and what it asks the user's hands to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skill.gui.clauses import LONGEST_CLAUSE, Clause, judged, skipped
from skill.gui.lexicon import Lexicon
from skill.gui.meaning import meaning
from skill.router.steps import Step

_JOINERS = " ,;:，、；：،؛–—-"
_URL = re.compile(r"https?://|www\.")
_FINAL = re.compile(r"([.!?。！？…؟।]+)[\s*_)\"'”’]*$")


@dataclass(frozen=True)
class Reading:
    """What was found in a sentence.

    ``kept`` the content, ``edits`` what can be said instead of done by hand, ``steps`` in
    order, ``message`` an edit that the backend asks for outright, ``finishes`` whether it
    asks for the export outright (and not "when you are ready").
    """

    kept: str = ""
    asked: bool = False
    edits: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    message: str = ""
    finishes: bool = False


def read(sentence: str, words: Lexicon, before: str = "", about: str = "") -> Reading:
    """Judge a sentence.

    ``before``: "ask" where the sentence before it was an instruction, "list" where it
    stands in a numbered list of instructions. ``about``: the thing that was told of last.
    """
    if _URL.search(sentence) or len(sentence) > LONGEST_CLAUSE * 5:
        return Reading(kept=sentence)
    masked = words.mask(sentence)
    clauses = judged(masked, words, before)
    asks = [number for number, clause in enumerate(clauses) if clause.kind == "ask"]
    if not asks:
        first = next((one.kind for one in clauses if one.kind != "with ask"), "")
        if first == "follow-up":
            return Reading(asked=True)
        return Reading(kept=words.without_places(sentence))
    about = words.topic(sentence[: clauses[asks[0]].start]) or about
    found = [
        (clauses[number], meaning(clauses, number, sentence, masked, words, about))
        for number in asks
    ]
    edits = (one.edit or (_small(one.message) if clause.offered else "") for clause, one in found)
    steps = [one.step for _, one in found if one.step is not None]
    if any(step is not Step.STATUS for step in steps):
        # "Open the menu and choose Export" asks for one thing; the menu is the way to it.
        way = {
            id(one)
            for clause, one in found
            if clause.ask in ("open", "screen", "select")
            and one.step is Step.STATUS
            and not (clause.match and words.has("see", clause.match.group()))
        }
        steps = [one.step for _, one in found if one.step is not None and id(one) not in way]
    messages = (one.message for clause, one in found if one.message and not clause.offered)
    return Reading(
        kept=_content(clauses, sentence, words),
        asked=True,
        edits=tuple(dict.fromkeys(filter(None, edits))),
        steps=tuple(dict.fromkeys(steps)),
        message=next(messages, ""),
        finishes=any(one.step is Step.EXPORT and not clause.offered for clause, one in found),
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _content(clauses: list[Clause], sentence: str, words: Lexicon) -> str:
    """The kept clauses as a sentence."""
    pieces: list[str] = []
    gap, end = True, 0  # something went right before; where the last kept clause ends
    for clause in clauses:
        if clause.kind not in ("content", "condition"):
            gap = True
            continue
        start = clause.start if gap else clause.joiner
        if gap and clause is not clauses[0]:
            dangling = words.at_start("dangling", words.small(sentence), start)
            start = dangling.end() if dangling else start
        if (
            gap
            and pieces
            and "(" in sentence[end : clause.start]
            and sentence[end:start].count(")")
        ):
            # "It is short (see the timeline) and quiet": the sentence goes on.
            pieces[-1] = pieces[-1].rstrip(_JOINERS + "(")
            start = sentence.index(")", end) + 1
        elif gap and pieces:
            pieces[-1] = words.sentence(pieces[-1].rstrip(_JOINERS + "(（"))
            so_far = "".join(pieces)
            pieces.append(")" if so_far.count("(") > so_far.count(")") else "")
            pieces.append(words.templates.get("semicolon", "; "))
            start += skipped(sentence[start : clause.end])
        pieces.append(sentence[start : clause.end])
        gap, end = False, clause.end
    text = "".join(pieces).strip()
    text = text.strip(_JOINERS)
    text = words.sentence(text) if gap else text
    if text.count("(") < text.count(")"):
        text = text.replace(")", "", 1)
    if text.count("(") > text.count(")") or text.count("（") > text.count("）"):
        text = text.rstrip(".。!।") + (")" if "(" in text else "）")
    if not re.sub(r"[\W_]", "", text):
        return ""
    if not re.search(r"[.!?。！？…:：؟।][\"'”’」』)）*_]*$", text):
        ending = _FINAL.search(sentence)
        text += ending[1] if ending else words.stop
    text = text[:1].upper() + text[1:] if words.spaced else text
    return words.without_places(text)
