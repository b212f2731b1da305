"""Times, places, colours and sizes that a clause names."""

from __future__ import annotations

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, CONTENT, Clause, past_blank
from skill.studio.agent.edits import END, START, WHOLE, Moment, Style, Target
from skill.studio.agent.lexicon import Tag, load

BIGGER, SMALLER = 1.3, 0.75
# What may lead to the clip that a title is put on: "over", "on", "to".
PLACING = ("particle", "to")


def moment(clause: Clause) -> Moment:
    """When something is to be seen; empty where nothing is said."""
    span = clause.first("range")
    if span is not None:
        return Moment(start=span.value[0], end=span.value[1])
    over, guessed = _over(clause), False
    if over is None:
        over = _maybe_over(clause)
        guessed = over is not None
    to_end = clause.has("to_end")
    at = WHOLE if clause.has("whole") else None
    start = end = length = None
    for time in clause.all("time"):
        edge = edge_before(clause, time)
        if edge == START:
            start, length = 0, time.value
        elif edge == END:
            at, length = END, time.value
        elif beside(clause, time, "until"):
            end = time.value
        elif beside(clause, time, "from_then"):
            start = time.value
        else:
            length = time.value
    if to_end:
        whole = at == WHOLE and start is None and not load(clause.language).head_last
        return Moment(
            at if whole else None, start, None, None, over, to_end=not whole, guessed=guessed
        )
    if at is None and start is None and clause.has("end"):
        at = END
    elif at is None and start is None and clause.has("start"):
        at = START
    to_end = _to_the_end(clause, start)
    return Moment(at, start, end, length, over, to_end=to_end, guessed=guessed)


def _to_the_end(clause: Clause, start: int | None) -> bool:
    """ "from second 2 to the end", "stays on to the end": no move to it."""
    end = clause.first("end")
    if end is None or not clause.plain[end.start : end.end].startswith("to "):
        return False
    return bool(start) or "hold" in clause.verbs


def edge_before(clause: Clause, time: Tag) -> str | None:
    """START for "the first 5 seconds", END for "the last 2 seconds"."""
    for tag in clause.all("ordinal", "nth"):
        near = clause.plain[tag.end : time.start] if tag.end <= time.start else None
        lasting = any(t.concept == "last_verb" for t in clause.at(tag.start)) and any(
            t.concept in ("particle", "it", "title") and t.end in (tag.start, tag.start - 1)
            for t in clause.tags
        )  # "it should last 5 seconds"
        if near is not None and not near.strip(" 的の") and not lasting:
            return START if tag.value in ("1", 1) else END if tag.value == "-1" else None
    return None


def beside(clause: Clause, tag: Tag, concept: str) -> bool:
    """Whether a word of the concept stands right before the tag, or right after it."""
    for other in clause.all(concept):
        if other.end <= tag.start and not clause.unknown(other.end, tag.start):
            between = [t for t in clause.tags if other.end <= t.start and t.end <= tag.start]
            if all(t.concept in ("particle", "the", "a", "filler") for t in between):
                return True
        if tag.end <= other.start and not clause.plain[tag.end : other.start].strip(" 的"):
            return not clause.latin
    return False


def _over(clause: Clause) -> Target | None:
    """The clip that a title is to be on, where one is named."""
    title = clause.first("title", "caption", "quote")
    if title is None:
        return None
    if clause.postposed:  # "在第二段上加标题"
        given = any(t.concept == "ba_to" for t in clause.at(clause.lead))
        before = clause.part(clause.lead, title.start)
        given = given and (before.has("nth", "video", "photo") or bool(targets.said(before)))
        said = targets.read(before) if given else None
        return Target("clip", said.ordinal, said.words) if said and said.named else None
    noun = clause.first("video", "photo")
    if noun is None or noun.start < title.start:
        return None
    last = max(t.end for t in clause.all("title", "caption", "quote") if t.end <= noun.start)
    quote = next((t for t in clause.quotes() if t.start > noun.start), None)
    said = targets.read(clause, last, quote.start if quote else None)
    if said is None or said.kind not in ("clip", "photo") or not said.named:
        return None
    return said if said.ordinal is not None or clause.has("the") else None


def _maybe_over(clause: Clause) -> Target | None:
    """Words where a clip may be named without its noun: "a title 'Night' over the city".

    Only the timeline knows whether they do: "in the style of a film" names none.
    """
    titles = clause.all("title", "caption", "quote")
    if clause.postposed or not titles or not (clause.quotes() or "move" in clause.verbs):
        return None  # what no quotes mark may be the title's own words: "title Sunset over the sea"
    first = max((t.end for t in clause.quotes()), default=0) if len(clause.quotes()) > 1 else 0
    for the in clause.all("the"):
        led = any(t.concept in PLACING and _next(clause, t) == the.start for t in clause.tags)
        if not led or the.start < max(first, titles[0].end):
            continue
        after = [t for t in clause.tags if t.start >= the.end and t.concept not in CONTENT]
        named = [t for t in after if t.concept in ("color", "mood", "genre")]
        end = min((t.start for t in after if t not in named), default=len(clause.plain))
        last = max((t.end for t in named if t.end <= end), default=the.end)
        if clause.unknown(last, end):  # "over the blue sea", and not "in the sea blue"
            return Target("clip", words=clause.text[the.end : end].strip(BLANK))
    return None


def _next(clause: Clause, tag: Tag) -> int:
    return past_blank(clause.plain, tag.end)


def style(clause: Clause) -> Style:
    """How a title is to look; empty where nothing is said."""
    size = clause.value("size")
    scale = None
    if clause.has("bigger", "louder") and not clause.has("music"):
        scale = grade(clause, 1.15, BIGGER, 1.7)
    elif clause.has("smaller", "quieter") and not clause.has("music"):
        scale = grade(clause, 0.87, SMALLER, 0.6)
    if clause.has("twice"):
        scale = 2.0
    elif clause.has("half") and not clause.has("time"):
        scale = 0.5
    # "down to the bottom right": the last word of it counts.
    places = sorted(clause.all("position"), key=lambda tag: tag.end)
    percent = clause.value("percent")
    if scale is not None and percent is not None:
        scale = 1 + percent if scale > 1 else max(0.1, 1 - percent)
    if scale is not None:
        size = None
    return Style(
        position=places[-1].value if places else None,
        color=clause.value("color"),
        size=float(size) if size is not None else None,
        scale=scale,
    )


def grade(clause: Clause, bit: float, plain: float, much: float) -> float:
    """A factor for "a bit", nothing or "much"."""
    if clause.has("bit"):
        return bit
    return much if clause.has("much") else plain
