"""A message cut into clauses, one wish each.

A full stop or "then" ends a clause; a comma, "and" or "with" only where what
follows is a wish of its own: "a forest, misty, and add music" are two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from skill.studio.agent import numbers
from skill.studio.agent.clause import BLANK, VERBS, Clause, past_blank, shift
from skill.studio.agent.lexicon import Tag, load, outermost
from skill.studio.agent.message import MASK, Message

SIDE = frozenset({"title", "caption", "music", "sound", "bars"})
MOST_JOINTS = 100  # what follows after so many is read as one clause
STOP = re.compile(r"[!?;\n。！？；…؟؛।]+|\.(?=\s|$)")
COMMA = re.compile(
    r"(?<!\d)[,，、،](?!\d)|(?<=\d)[,，、،](?!\d)|(?<!\d)[,，、،](?=\d)|\s[-+/|]\s|[()（）]"
)
HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z])")
UNKNOWN_VERB = re.compile(r"(?!\w+ing\b)[a-z]{3,}\s+(?:it|the video|the clip|them)\b")


def split(message: Message, language: str) -> list[Clause]:
    """The clauses of a message, in order."""
    tags = tag(message, language)
    joints = _joints(message.plain, tags)
    clauses: list[Clause] = []
    start, soft, at = 0, False, 0
    for joint_start, joint_end, kind in [*joints, (len(message.plain), len(message.plain), "stop")]:
        if joint_start < at:
            continue
        if kind != "stop" and kind != "then":
            piece = _cut(message, tags, start, joint_start, language, soft)
            after = _cut(
                message, tags, joint_end, _next(joints, joint_end, message), language, True
            )
            if not _begins(after, piece, kind):
                continue
        question = kind == "stop" and bool(set("?？؟") & set(message.plain[joint_start:joint_end]))
        piece = _cut(message, tags, start, joint_start, language, soft)
        if piece.plain.strip(BLANK):
            inherited = clauses[-1].verbs if soft and clauses else frozenset()
            clauses.append(replace(piece, question=question, inherited=inherited))
        start = at = joint_end
        soft = kind not in ("stop", "then")
    return clauses


def tag(message: Message, language: str) -> list[Tag]:
    """Every concept, number and quote of a message; English words count in every script."""
    plain = message.plain
    tags = [*load(language).tags(plain), *numbers.tags(plain, language)]
    if language != "en" and not load(language).latin:
        tags += load("en").tags(plain)
        tags += numbers.tags(plain, "en")
    tags += [
        Tag("color", _hex(found.group(1)), found.start(), found.end())
        for found in HEX.finditer(plain)
    ]
    tags += [Tag(span.kind, span.text, span.start, span.end) for span in message.spans]
    spans = [t for t in tags if t.concept == "time"]
    # "the last half second" is a time, and "the last half" of it none of the clip.
    tags = [
        t for t in tags
        if t.concept != "half_of" or all(t.end <= s.start or t.start >= s.end for s in spans)
    ]  # fmt: skip
    kept = outermost(tags)
    times = {(t.start, t.end) for t in kept if t.concept == "time"}
    # "the last second" is a time, though "second" could be a number.
    return [t for t in kept if t.concept != "ordinal" or (t.start, t.end) not in times]


def _hex(digits: str) -> str:
    """ "#rrggbb" of three or six hex digits."""
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(2 * digit for digit in digits)


def _joints(plain: str, tags: Sequence[Tag]) -> list[tuple[int, int, str]]:
    """Where a clause may end: (start, end, stop | then | comma | and | with)."""
    joints = [(m.start(), m.end(), "stop") for m in STOP.finditer(plain)]
    joints += [(m.start(), m.end(), "comma") for m in COMMA.finditer(plain)]
    joints += [(t.start, t.end, t.concept) for t in tags if t.concept in ("then", "and", "with")]
    return sorted(joints, key=lambda joint: (joint[0], -joint[1]))[:MOST_JOINTS]


def _next(joints: Sequence[tuple[int, int, str]], place: int, message: Message) -> int:
    return next((start for start, _, _ in joints if start > place + 1), len(message.plain))


def _cut(
    message: Message, tags: Sequence[Tag], start: int, end: int, language: str, soft: bool
) -> Clause:
    inside = [t for t in tags if start <= t.start and t.end <= end]
    return Clause(
        message.text[start:end],
        message.plain[start:end],
        shift(inside, start),
        language,
        soft=soft,
    )


def _begins(after: Clause, before: Clause, kind: str) -> bool:
    """Whether what follows a comma or an "and" is a wish of its own."""
    lead = {t.concept for t in after.at(after.lead)}
    head = {t.concept for t in after.at(after.after_article)}
    noun = after.noun()
    side = noun is not None and noun.concept in SIDE and noun.start == after.after_article
    if kind == "with":
        # "a forest with lo-fi music", yet not "replace the song with piano music".
        joined = before.verbs & {"replace", "change", "swap", "use"}
        if not (before.verbs or before.unknown()):
            return False  # "给视频配上音乐": nothing was said yet
        return side and not joined and noun is not None and _closed(after, noun)
    placed = lead & {"ordinal", "nth", "start", "end", "position"}
    if after.postposed and kind == "comma" and placed:
        lead = lead | (head & {"add", "trim", "remove", "hold", "move"})  # "尾剪2秒"
    strong = lead & VERBS - {"make", "hold", "bigger", "smaller"}
    if "make" in lead:
        if "it" in lead:
            strong |= {"make"}  # one word for both: "hazlo cuadrado"
        rest = after.part(after.lead + _length(after, "make"))
        strong |= {"make"} if {t.concept for t in rest.at(rest.lead)} & {
            "it", "the", "title", "music", "sound", "all", "quote", "name", "a", "ba", "caption",
        } else set()  # fmt: skip
    counted = {t.concept for t in after.tags if t.end <= after.after_article}
    if counted & {"ordinal", "nth"} and before.verbs and kind in ("and", "comma"):
        predicates = {t.concept for t in after.tags} & {"longer", "shorter", "louder", "quieter"}
        if predicates:
            return True  # "make the first clip longer and the second shorter"
    if strong:
        return True
    if (
        before.verbs
        and not before.has("of", "says")
        and UNKNOWN_VERB.match(after.plain[after.lead :])
    ):
        # "add music and spin it": a wish, though not one that is known.
        return not lead & {"a", "the", "particle", "setting", "mood", "color"}
    if before.verbs and not before.has("of", "says") and _task(after):
        return True  # "add music and tell me a joke"
    if kind in ("and", "comma") and before.verbs and before.quotes() and after.quotes():
        if after.postposed and after.verbs:
            return True  # "在海边加标题“A”，在森林加标题“B”"
        if "quote" in lead:
            # "put 'A' at the top and 'B' below", and not "make 'A' and 'B' red".
            return all(c.tags[-1].concept != "quote" or c.unknown() for c in (before, after))
    if kind == "comma" and before.has("time") and after.has("time") and not before.verbs:
        return bool(before.unknown() and after.unknown())  # "森林5秒，海洋5秒"
    if "neg" in lead and after.has(*SIDE):
        return True
    if "elsewhere" in lead:
        return True
    if after.has("ratio", "shape", "cinematic") and before.has(*SIDE) and not after.unknown():
        return not after.has("title", "music")  # "title 'A', square"
    return bool(head) and side and noun is not None and _closed(after, noun)


def _task(clause: Clause) -> bool:
    """Whether it begins with what is never a wish for a video."""
    return bool(load(clause.language).pattern("aside", "act").match(clause.plain, clause.lead))


def _closed(clause: Clause, noun: Tag) -> bool:
    """Whether nothing unknown follows the noun: "music box" is no music."""
    rest = clause.plain[noun.end :]
    gap = past_blank(clause.plain, noun.end)
    return not rest.strip(BLANK) or any(t.start == gap for t in clause.tags) or MASK in rest[:3]


def _length(clause: Clause, concept: str) -> int:
    return max(t.end - t.start for t in clause.at(clause.lead) if t.concept == concept)
