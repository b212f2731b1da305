"""What is no edit: going back, questions, courtesy, and what cannot be done yet."""

from __future__ import annotations

from collections.abc import Sequence

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, NOUNS, VERBS, Clause
from skill.studio.agent.edits import BringBack, Clear, InPlace, Later, Redo, Talk, Undo, Wish
from skill.studio.agent.reading.aside import ELSEWHERE, stranger
from skill.studio.agent.reading.context import Context

COURTESY = ("hello", "thanks", "praise", "yes", "bye")


def back(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """Undo, redo, clear."""
    named = 0 < len(clause.unknown().split()) <= 2 and not (clause.quotes() or clause.has("name"))
    if context.last == "remove" and named and any(t.concept == "back" for t in clause.tags):
        return [BringBack()]  # "bring the cake back", of what has just gone
    if _explained(clause):
        return [Undo()]
    if clause.unknown() or clause.quotes() or clause.has("keep_strong"):
        return None
    noun = clause.noun()
    about_one = noun is not None and noun.concept not in ("video", "upload")
    if "redo" in clause.verbs:
        return [Redo()]
    named = clause.has("cinematic", "name") or (about_one and "remove" in clause.verbs)
    if "undo" in clause.verbs and not named:
        return [Undo()]
    counted = clause.has("nth", "ordinal", "name", "time")
    if "clear" in clause.verbs and not (about_one or counted):
        return [Clear()]
    if clause.has("back") and not clause.has("name"):
        return [BringBack(targets.KIND_OF.get(noun.concept, "") if noun is not None else "")]
    return None


def _explained(clause: Clause) -> bool:
    """ "undo that, I liked the old one": what follows the comma wishes for nothing."""
    undo = [t for t in clause.at(clause.lead) if t.concept == "undo"]
    if not undo:
        return False
    end = max(t.end for t in undo)
    rest = clause.part(end)
    said = VERBS | {*NOUNS, "quote", "name", "nth", "ordinal", "time", "later", "elsewhere"}
    return rest.plain.lstrip()[:1] in (",", "，", "、", "،", "-", "–") and not rest.has(*said)


def courtesy(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """Greetings, thanks, questions about the studio."""
    topics = clause.all("talk")
    if not topics:
        return None
    asked = [t for t in topics if t.value not in COURTESY]
    if asked:
        near = asked[0].start <= clause.after_article or clause.question or clause.at(clause.lead)
        if near and not clause.has("quote", "title") and _mostly(clause):
            return [Talk(str(asked[-1].value))]
    courteous = ("filler", "particle", "it", "the", "much", "a", "and", "bit", "talk")
    covered = bytearray(len(clause.plain))
    for tag in clause.all(*courteous):
        covered[tag.start : tag.end] = b"\x01" * (tag.end - tag.start)
    rest = (c for place, c in enumerate(clause.plain) if c.isalnum() and not covered[place])
    return None if any(rest) else [Talk(str(topics[0].value))]


def _mostly(clause: Clause) -> bool:
    return len(clause.unknown().split()) <= 3


def elsewhere(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """What the client answers itself: export, credits, status, upload."""
    tags = clause.all("elsewhere")
    if not tags or clause.quotes():
        return None
    lead = min(clause.lead, clause.after_article)
    at = [t for t in tags if t.start in (clause.lead, clause.after_article, lead)]
    asked = clause.question or any(t.concept == "question" for t in clause.at(clause.lead))
    denied = any(t.concept == "neg" for t in clause.at(clause.lead))
    if denied and clause.all("neg")[0].end + 1 >= tags[0].start:
        return [Talk("left")]
    if at or (asked and not clause.verbs & {"add", "generate"}):
        return [Talk(str((at or tags)[0].value))]
    return None


def how(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """ "how do I add a title?": an example of it."""
    if not any(t.concept == "how_to" for t in clause.at(clause.lead)):
        return None
    noun = clause.noun()
    about = noun.concept if noun is not None else ""
    if stranger(clause):
        return [ELSEWHERE]
    return [Talk({"title": "how_title", "caption": "how_title", "music": "how_music",
                  "photo": "upload", "upload": "upload"}.get(about, "help"))]  # fmt: skip


def denied(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """ "don't change the title": nothing is to be done."""
    refused = any(t.concept == "neg" for t in clause.at(clause.lead)) and clause.denied is None
    return [Talk("left")] if refused else None


def later(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """A feature that is known and not there yet."""
    tag = clause.first("later")
    if tag is None:
        return None
    end = len(clause.plain.rstrip(BLANK))
    # "色彩鲜艳一点": where predicates come last, and little else is said.
    last = clause.postposed and tag.end == end and len(clause.unknown()) <= 2
    commanded = clause.verbs or clause.definite or clause.has("it") or not clause.unknown() or last
    leading = tag.start <= clause.after_article and (
        clause.definite_noun or clause.has("the") or not context.paints(clause.text)
    )
    return [Later(str(tag.value))] if commanded or leading else None


def presenting(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """ "here is my clip", "I have a dog": nothing to do."""
    here = any(t.concept == "present" for t in clause.at(clause.lead))
    used = "use" in clause.verbs and clause.has("it", "the") and not clause.unknown()
    return [Talk("present")] if used or (here and not clause.verbs) else None


def instead_of(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """ "instead of the forest, show a desert": what the next clip takes the place of."""
    word = next((t for t in clause.at(clause.lead) if t.concept == "instead_of"), None)
    said = targets.read(clause, word.end) if word is not None else None
    return [InPlace(said)] if said is not None and said.named else None


def asking(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """Any other question."""
    lead = any(t.concept in ("question", "how_to") for t in clause.at(clause.lead))
    lead = lead or (clause.postposed and clause.has("question"))
    if not (clause.inquiry or lead):
        return None
    return [ELSEWHERE if stranger(clause) else Talk("question")]
