"""New clips: "generate a 5-second clip of ...", "森林里的晨雾", "make it a forest instead"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, VERBS, Clause, past_blank
from skill.studio.agent.edits import AFTER, BEFORE, Gather, Generate, Target, Wish
from skill.studio.agent.lexicon import Tag, load
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.description import MAKING, describe, past_verb, where
from skill.studio.agent.reading.looks import formats, width_height

SIDE = ("title", "caption", "music", "sound", "volume", "bars", "grain")
MOST_AT_ONCE = 8
THIS = Target("clip", it=True)
NOT_CONTENT = VERBS - MAKING - {"hold"} | {"make"}
# What is said of a thing that is there: "make the clip longer".
PREDICATES = (
    "longer", "shorter", "bigger", "smaller", "louder", "quieter", "later", "color", "position",
)  # fmt: skip


def read(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """A clip that a verb or the word "video" asks for."""
    beside = _beside_first(clause, context)
    if beside is not None:
        return [beside]
    noun = _object(clause)
    if noun is not None and noun.concept in SIDE:
        return None
    if clause.has("time") and clause.has("more") and not (noun or clause.unknown()):
        return None  # "give me 3 more seconds"
    vague = clause.has("something") and clause.has("mood", "genre")
    if vague and not (context.empty or noun or clause.unknown()):
        return None  # "give me something cheerful": music
    if clause.has("prompt") and (clause.verbs & MAKING or clause.has("video", "use")):
        return [_made(clause, "", None, earlier=True)]
    if clause.has("slideshow") and clause.has("photo", "upload") and clause.verbs & MAKING:
        return [Gather(Target("photo", all=True), _length(clause))]
    anew = _again(clause) or _replace(clause, context)
    if anew:
        return [anew]
    if not _asks(clause, noun, context):
        return None
    if clause.has("slideshow") or _of_uploads(clause):
        return [Gather(Target("photo" if clause.has("photo", "slideshow") else "upload", all=True),
                       _length(clause))]  # fmt: skip
    several = _several(clause, noun)
    if several:
        return several
    content = _content_start(clause, noun)
    prompt = describe(clause, noun, content)
    if not prompt and not clause.has("a", "another") and "generate" not in clause.verbs:
        return None
    made = _made(clause, prompt, content)
    count = _count(clause, noun)
    return [made] * count


def bare(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """A description with no word of making anything."""
    if clause.inquiry or _on_what_is_there(clause) or _commanding(clause):
        return None
    if any(t.concept in VERBS - {"skip"} for t in clause.at(clause.lead)):
        return None
    if any(t.concept in ("present", "question", "neg", "elsewhere", "name", "quote")
           for t in clause.at(clause.lead)):  # fmt: skip
        return None
    if (
        not clause.unknown()
        and not clause.has("mood", "cinematic")
        and not context.paints(clause.text)
    ):
        return None
    prompt = describe(clause, None, None)
    if not prompt or not any(char.isalpha() for char in prompt):
        return None
    article = any(t.concept in ("a", "another") for t in clause.at(clause.lead))
    if not (article and clause.unknown()) and not context.paints(prompt) and not _ongoing(clause):
        return None
    made = _made(clause, prompt, None, bare=clause.lead == 0)
    if clause.has("instead"):
        return [replace(made, replace=THIS, bare=False)]
    return [made]


def _on_what_is_there(clause: Clause) -> bool:
    """Whether its verb is about the timeline; "start with a lake" has no time to skip to."""
    verbs = clause.verbs & NOT_CONTENT
    return bool(verbs - {"skip"}) or ("skip" in verbs and clause.has("time"))


def _beside_first(clause: Clause, context: Context) -> Generate | None:
    """ "after the forest clip add ...", "在森林后面加一段...": the place comes before the verb."""
    verb = next((t for t in clause.tags if t.concept in ("add", "generate")), None)
    side = clause.first("before", "after")
    if verb is None or side is None or side.start > verb.start or verb.start == clause.lead:
        return None
    if not clause.postposed and side.start != clause.lead:
        return None
    start, end = (clause.lead, side.start) if clause.postposed else (side.end, verb.start)
    anchor = targets.read(clause, start, end)
    wishes = read(replace(clause.part(verb.start), inherited=frozenset()), context)
    made = wishes[0] if wishes and len(wishes) == 1 else None
    if anchor is None or not anchor.named or not isinstance(made, Generate):
        return None
    place = BEFORE if side.concept == "before" else AFTER
    return replace(made, place=place, anchor=Target("clip", anchor.ordinal, anchor.words))


def _ongoing(clause: Clause) -> bool:
    """ "kids flying kites", "小猫在弹钢琴": somebody does something."""
    pattern = load(clause.language).pattern("ongoing")
    found = next((m for m in pattern.finditer(clause.plain) if m.start() > clause.lead), None)
    return found is not None and bool(clause.unknown(clause.lead, found.start()))


def _object(clause: Clause) -> Tag | None:
    """The noun that is to be made, before what it shows."""
    noun = clause.noun()
    first = next((t for t in clause.tags if t.concept in ("video", *SIDE)), None)
    if noun is None or first is None or clause.postposed:
        return noun
    return noun


def _asks(clause: Clause, noun: Tag | None, context: Context) -> bool:
    """Whether a clause asks for a new clip."""
    video = noun is not None and noun.concept == "video"
    lead = {t.concept for t in clause.at(clause.lead)}
    placed = any(t.concept == "ba_to" for t in clause.at(clause.lead))  # "在片头加..."
    about = clause.definite_object or clause.placing or (clause.topic and not placed)
    if clause.postposed and not about:
        lead = lead | clause.verbs
    if any(t.concept in ("nth",) for t in clause.tags if noun and t.end <= noun.start):
        return False
    if lead & {"question", "present", "how_to", "elsewhere"} and not lead & MAKING:
        return False
    starts = {t.concept for t in clause.at(past_verb(clause))}
    if {"generate", "add"} <= lead and starts & {"quote", "it"}:
        return False  # "show 'Sale' in red", "show it for 5 seconds"
    opened = noun is not None and any(
        t.concept == "of" for t in clause.at(past_blank(clause.plain, noun.end))
    )
    opened = opened and noun is not None and bool(clause.unknown(noun.end))
    if "later" in lead and not opened:
        return False  # "split the clip", yet "slow motion video of waves"
    if "generate" in lead:
        return not clause.definite_noun or _of_uploads(clause) or not video
    if lead & {"make", "add"}:
        rest = past_verb(clause)
        article = {t.concept for t in clause.at(rest)}
        feature = any(t.concept == "later" for t in clause.at(clause.after_article_of(rest)))
        if feature and ("add" in lead or not context.paints(clause.text)):
            return False
        if article & {"it", "the", "ba", "name", "quote", "each", "all"} and not _of_uploads(
            clause
        ):
            return False
        if video:
            assert noun is not None  # noqa: S101 - video says so
            owned = clause.has("name") and not clause.unknown()
            return not owned and not _explained(clause)
        if noun is not None and noun.concept != "photo":
            return False
        if not clause.unknown(rest):
            return False  # "make it gold" is about what is there
        if clause.has("measure") and "add" in lead:
            return bool(clause.unknown())
        if "make" in lead and article & {"a", "another"} and not clause.has("later"):
            return bool(clause.unknown())
        if clause.latin and not article & {"a", "another", "time", "ordinal", "number"}:
            return "make" in lead and context.paints(clause.text[rest:])
        return context.paints(clause.text[rest:])
    if _on_what_is_there(clause) and not clause.verb_at_end_makes:
        return False
    if not video:
        return False
    assert noun is not None  # noqa: S101 - video says so
    if clause.verb_at_end_makes:
        return not clause.definite or bool(clause.unknown())
    return not clause.definite and not _topic(clause, noun) and _describes(clause, noun)


def _describes(clause: Clause, noun: Tag) -> bool:
    """Whether there are words about what is to be seen."""
    if clause.postposed and clause.plain[clause.after_article : noun.start].strip(BLANK + "的"):
        return True
    opened = next((t for t in clause.all("of") if t.start >= noun.end), None)
    return bool(clause.unknown() or (opened and clause.plain[opened.end :].strip(BLANK)))


def _explained(clause: Clause) -> bool:
    """ "make a clip longer": what follows the noun is a predicate, and nothing is described."""
    predicates = ("longer", "shorter", "louder", "quieter", "later")
    return not clause.unknown() and clause.has(*predicates)


def _topic(clause: Clause, noun: Tag) -> bool:
    """ "video is too long": begins with the noun, and no description follows."""
    gap = noun.end + len(clause.plain[noun.end :]) - len(clause.plain[noun.end :].lstrip(BLANK))
    opened = any(t.concept == "of" for t in clause.at(gap))
    colon = clause.plain[noun.end :].lstrip()[:1] == ":"
    before = clause.unknown(0, noun.start) or clause.has("time", "cinematic", "ratio")
    article = any(t.concept in ("a", "another") for t in clause.at(clause.lead))
    apposed = load(clause.language).apposed and len(clause.unknown(noun.end).split()) > 1
    return not (opened or colon or article or before or apposed)


def _of_uploads(clause: Clause) -> bool:
    """ "a video from my photos", "of these pictures"."""
    if clause.has("slideshow") and not clause.unknown():
        return True
    source = clause.first("photo", "upload")
    if source is None or clause.unknown(source.end):
        return False
    owned = ("the", "it", "all")
    return any(t.concept in owned and t.end <= source.start for t in clause.tags) or any(
        t.concept == "it" and t.start >= source.end for t in clause.tags
    )


def _again(clause: Clause) -> Generate | None:
    """ "another version", "try again": the same words painted anew."""
    again = clause.first("again")
    if again is None or clause.has(*SIDE) or clause.quotes():
        return None
    rest = clause.part(again.end)
    if not clause.unknown():
        said = targets.read(clause, clause.lead)
        named = said if said is not None and said.kind == "clip" and said.named else None
        return Generate(change=True, replace=named or THIS)
    if clause.unknown(0, again.start) or not rest.unknown():
        return None
    prompt = describe(rest, rest.first("video"), None)  # "redo the clip with fog"
    return Generate(prompt, change=True, replace=THIS)


def _replace(clause: Clause, context: Context) -> Generate | None:
    """In place of a clip: "replace the clip with a forest", "make it a forest instead"."""
    if clause.has(*SIDE) or clause.has("name", "quote"):
        return None
    lead = clause.verbs
    word = clause.first("instead_of")
    if word is not None and word.start > clause.lead:  # "use a beach instead of the forest"
        said, new = targets.read(clause, word.end), clause.part(0, word.start)
        words = describe(new, new.first("video"), None)
        if said is not None and said.named and words and context.paints(words):
            return Generate(words, replace=Target("clip", said.ordinal, said.words))
    if lead & {"replace", "change"} and not clause.has("order"):
        return _replaced_with(clause, context)
    if "make" not in lead:
        return None
    rest = past_verb(clause)
    starts = {t.concept for t in clause.at(rest)}
    if not starts & {"it", "the", "ba"}:
        return None
    if ("it" in starts and "the" not in starts) or not clause.noun():
        cut = max((t.end for t in clause.at(rest) if t.concept in ("it", "ba")), default=rest)
        target = THIS
    else:
        noun = clause.first("video")
        if noun is None:
            return None
        cut = noun.end
        said = targets.read(clause, rest, cut)
        target = said if said is not None and said.named else THIS
    return _new_picture(clause, cut, target, context)


def _replaced_with(clause: Clause, context: Context) -> Generate | None:
    first = clause.lead if clause.postposed else clause.lead + 1
    to = next((t for t in clause.all("to") if t.start >= first), None)
    if to is None:
        return None
    start = past_verb(clause) if clause.latin else clause.lead
    said = targets.read(clause, start, to.start) if start < to.start else None
    if said is not None and said.kind not in ("clip", "photo", "any"):
        return None
    target = THIS
    setting = clause.part(start, to.start).has("setting")  # "turn the day into night"
    if said is not None and said.named and not setting:
        target = Target("clip", said.ordinal, said.words)
    return _new_picture(clause, to.end, target, context)


def _new_picture(clause: Clause, start: int, target: Target, context: Context) -> Generate | None:
    """The clip that the words from ``start`` on describe, in place of the target."""
    part = clause.part(start)
    article = any(t.concept in ("a", "another") for t in part.at(part.lead))
    if part.has(*PREDICATES) and not article:
        return None
    if part.has("cinematic") and not (part.unknown() or part.has("setting")):
        return None  # "give it that movie feel"
    words = describe(part, part.first("video"), None)
    setting = part.has("setting") and not _beyond(part, "setting")
    if not words or not (part.unknown() or setting or context.paints(words)):
        return None
    # "make it night" is the same picture at night; "make it a desert" is another one.
    whole = not setting and (
        article or clause.has("instead") or bool(clause.verbs & {"replace", "change"})
    )
    if not (context.paints(words) or whole or setting):
        return None
    made = _made(part, words, None)
    return replace(made, replace=target, change=not whole)


def _beyond(part: Clause, concept: str) -> bool:
    """Whether there is more than words of the concept and small ones."""
    small = (concept, "a", "the", "particle", "of", "filler", "to", "instead", "from_then")
    gone = bytearray(len(part.plain))
    for tag in part.all(*small):
        gone[tag.start : tag.end] = b"\x01" * (tag.end - tag.start)
    return any(c not in BLANK and not gone[i] for i, c in enumerate(part.plain))


def _made(
    clause: Clause,
    prompt: str,
    content: int | None,
    *,
    earlier: bool = False,
    bare: bool = False,
) -> Generate:
    place, anchor = where(clause)
    quotes = clause.quotes()
    if earlier and quotes:
        prompt, earlier = str(quotes[-1].value), False
    return Generate(
        prompt=prompt,
        length=_length(clause),
        ratio=next((width_height(tag) for tag in formats(clause, content)), None),
        cinematic=clause.has("cinematic"),
        earlier=earlier,
        bare=bare,
        place=place,
        anchor=anchor,
    )


def _length(clause: Clause) -> int | None:
    times = clause.all("time")
    return int(times[0].value) if times else None


def _content_start(clause: Clause, noun: Tag | None) -> int | None:
    """Where the description begins behind "a video of"; None where it is all around."""
    if noun is None or clause.postposed:
        return None
    return noun.end


def _count(clause: Clause, noun: Tag | None) -> int:
    """ "3 clips of waves" are three."""
    if noun is None or not clause.plain[noun.start : noun.end].endswith(("s", "片段")):
        return 1
    numbers = [t for t in clause.all("number") if t.end <= noun.start]
    return max(1, min(MOST_AT_ONCE, int(numbers[-1].value))) if numbers else 1


def _several(clause: Clause, noun: Tag | None) -> list[Wish]:
    """ "two clips: a forest and a desert" are two descriptions."""
    if noun is None or ":" not in clause.plain[noun.end :]:
        return []
    at = clause.plain.index(":", noun.end) + 1
    gone = bytearray(len(clause.plain))
    for tag in (*clause.all("time", "each"), *formats(clause, noun.end)):
        gone[tag.start : tag.end] = b"\x01" * (tag.end - tag.start)
    text = "".join(" " if gone[i] else c for i, c in enumerate(clause.text))[at:]
    items = re.split(r"\s*(?:[,，、;；/]|\band\b|和|以及|与)\s*", text)
    items = [item.strip(BLANK) for item in items if item.strip(BLANK)]
    count = _count(clause, noun)
    if len(items) < 2 or count != len(items):
        return []
    head = _made(clause, "", noun.end)
    return [replace(head, prompt=item) for item in items]


def _commanding(clause: Clause) -> bool:
    """ "tint the ocean blue": an unknown verb and what it is to change."""
    if clause.language != "en":
        return False
    found = re.match(
        r"([a-z]+)\s+(?:the|it|this|that|my|them|these|those)\b", clause.plain[clause.lead :]
    )
    if not found or found.group(1).endswith("ing"):
        return False
    known = {t.concept for t in clause.at(clause.lead)}
    return not known & {"particle", "of", "a", "the", "another", "mood", "color", "size"}
