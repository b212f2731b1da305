"""What a new clip is to show, and where it goes: the words of a clause that say so."""

from __future__ import annotations

import re

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, Clause, past_blank
from skill.studio.agent.edits import AFTER, BEFORE, END, START, Target
from skill.studio.agent.lexicon import Lexicon, Tag, load
from skill.studio.agent.message import fold
from skill.studio.agent.reading.looks import formats

MAKING = frozenset({"generate", "make", "add"})
# Concepts that say how a clip is to be, and nothing of what it shows.
ABOUT_CLIP = frozenset({"time", "each", "instead", "prompt", "last_verb"})
MARKS = BLANK.translate(dict.fromkeys(map(ord, "\"'“”")))  # quotes belong to what they quote
# Small words that belong to a length or a shape: "for 5 seconds", "in a square format".
LEADING = frozenset({"particle", "of", "last_verb", "to", "from_then", "hold", "a"})


def past_verb(clause: Clause) -> int:
    """Where the object begins: past the verb, "me" and the like."""
    at = clause.lead
    if clause.postposed and not clause.definite_object:
        # "在开头插入一段日出": the place stands before the verb.
        verb = next((t for t in clause.tags if t.concept in MAKING and t.start >= at), None)
        early = verb is not None and not clause.unknown(at, verb.start)
        at = verb.start if verb is not None and early else at
    while True:
        ends = [
            tag.end
            for tag in clause.at(at)
            if tag.concept in MAKING | {"filler", "replace", "change", "use", "me"}
        ]
        if not ends:
            return at
        at = past_blank(clause.plain, max(ends))


def where(clause: Clause) -> tuple[str, Target | None]:
    """Where on the timeline: "at the start", "after the ocean clip"."""
    for side in clause.all("before", "after"):
        if clause.postposed:
            anchor, noun = targets.read(clause, clause.lead, side.start), clause.noun(0, side.start)
        else:
            anchor, noun = targets.read(clause, side.end), clause.noun(side.end)
        clip = noun is not None and noun.concept in ("video", "photo")
        if anchor is not None and (clip or anchor.ordinal is not None):
            place = BEFORE if side.concept == "before" else AFTER
            return place, Target("clip", anchor.ordinal, anchor.words)
    if any(_at_edge(clause, tag) for tag in clause.all("start")):
        return START, None
    return END, None


def _at_edge(clause: Clause, tag: Tag) -> bool:
    """Whether a tag is the clause's first or last word."""
    if not clause.plain[tag.end :].strip(BLANK) or tag.start == clause.lead:
        return True
    return any(t.concept == "ba_to" and t.end == tag.start for t in clause.at(clause.lead))


def describe(clause: Clause, noun: Tag | None, content: int | None) -> str:
    """What the clip is to show: the clause without the words that are about the clip.

    ``noun``: "video" or the like, if it stands there. ``content``: where the
    description begins, or None where it is all around.
    """
    quotes = [q for q in clause.quotes() if " " in str(q.value) or not clause.latin]
    if quotes and noun is not None and not clause.part(0, quotes[0].start).has("says"):
        return str(quotes[-1].value)
    gone = bytearray(len(clause.plain))
    for start, end in (*_about_clip(clause, content), *_about_place(clause)):
        gone[start:end] = b"\x01" * (end - start)
    lexicon = load(clause.language)
    if noun is None:
        return _tidy(_left(clause, gone, 0, len(gone)), lexicon)
    for tag in clause.all("video"):
        compound = tag.end <= noun.start and not clause.plain[tag.end : noun.start].strip()
        if tag == noun or compound:
            gone[tag.start : tag.end] = b"\x01" * (tag.end - tag.start)
    before = _tidy(_left(clause, gone, 0, noun.start), lexicon)
    after = _tidy(_left(clause, gone, noun.end, len(gone)), lexicon)
    if clause.postposed:
        return ", ".join(part for part in (before, after) if part)
    before = _without_article(before, lexicon)
    opened = clause.at(past_blank(clause.plain, noun.end))
    if before and after and opened and not any(t.concept == "of" for t in opened):
        return f"{before} {clause.text[opened[0].start : opened[0].end]} {after}"
    # "a cinematic video of a beach" -> "a beach, cinematic"
    return ", ".join(part for part in (after, before) if part)


def _about_clip(clause: Clause, content: int | None) -> list[tuple[int, int]]:
    """The stretches that ask for a clip, its length and its shape."""
    spans = [(0, past_verb(clause))]
    for tag in clause.tags:
        if (
            tag.concept in ABOUT_CLIP
            or (tag.concept == "another" and tag.start <= past_verb(clause) + 8)
            or (clause.verb_at_end_makes and tag.concept in MAKING and tag.start > clause.lead)
        ):
            spans.append((tag.start, tag.end))
        if tag.concept == "time":
            spans += _beside(clause, tag, ("length", "each"))
    for tag in formats(clause, content):
        spans.append((tag.start, tag.end))
        spans += _beside(clause, tag, ("orientation",))
    return spans


def _about_place(clause: Clause) -> list[tuple[int, int]]:
    """The stretches that say where on the timeline the clip goes."""
    spans: list[tuple[int, int]] = []
    if where(clause)[0] in (BEFORE, AFTER):
        side = clause.all("before", "after")[0]
        spans.append((0, side.end) if clause.postposed else (side.start, len(clause.plain)))
    spans += [(t.start, t.end) for t in clause.all("start", "end") if _at_edge(clause, t)]
    return spans


def _beside(clause: Clause, tag: Tag, following: tuple[str, ...]) -> list[tuple[int, int]]:
    """The small words right before a tag, and those of some concepts right after it."""
    head = len(clause.plain[: tag.start].rstrip(" -"))
    spans = [
        (t.start, t.end)
        for t in clause.tags
        if t.end == head
        and t.concept in LEADING
        # Korean particles stick to nouns, and look like their ends: "바다".
        and not (clause.language == "ko" and clause.plain[t.start - 1 : t.start].isalnum())
    ]
    rest = clause.plain[tag.end :]
    gap = tag.end + len(rest) - len(rest.lstrip(" -的"))
    return spans + [(t.start, t.end) for t in clause.at(gap) if t.concept in following]


def _left(clause: Clause, gone: bytearray, start: int, end: int) -> str:
    return "".join(
        " " if gone[place] else char for place, char in enumerate(clause.text[start:end], start)
    )


def _tidy(text: str, lexicon: Lexicon) -> str:
    """A description with single spaces and marks, and no joints at its edges."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([,，、;；])(?:\s*[,，、;；])+", r"\1", text).strip(MARKS)
    while True:
        plain = fold(text)
        opening = lexicon.pattern("opening").match(plain)
        closing = [m for m in lexicon.pattern("closing").finditer(plain) if m.end() == len(plain)]
        start = opening.end() if opening else 0
        end = closing[0].start() if closing and closing[0].start() >= start else len(plain)
        shorter = text[start:end].strip(MARKS)
        if shorter == text:
            return text
        text = shorter


def _without_article(text: str, lexicon: Lexicon) -> str:
    for concept in ("a", "the"):
        found = lexicon.pattern(concept).match(fold(text))
        if found:
            return text[found.end() :].strip(MARKS)
    return re.sub(r"^\d+(?:\s+|$)", "", text)
