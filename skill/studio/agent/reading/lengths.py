"""How long: "make it 10 seconds", "trim to the first 5 seconds", "剪掉最后2秒"."""

from __future__ import annotations

from collections.abc import Sequence

from skill.studio.agent import targets
from skill.studio.agent.clause import Clause
from skill.studio.agent.edits import (
    END,
    START,
    Ask,
    ChangeTitle,
    Moment,
    SetLength,
    Target,
    Trim,
    Wish,
)  # fmt: skip
from skill.studio.agent.lexicon import Tag, load
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.when import beside, edge_before, grade

CUTTING = frozenset({"trim", "remove", "keep", "keep_strong", "skip"})
OTHERS = frozenset({"undo", "redo", "back", "clear", "mute", "unmute", "swap"})
NOT_CLIPS = ("title", "caption", "music", "sound", "volume", "bars", "grain")
LONGER, SHORTER = 1.5, 0.7


def trim(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """A part is cut away or kept."""
    keeping = clause.has("keep_strong") or "keep" in clause.verbs
    if clause.has("hold") and not clause.has("keep_strong") and _staying(clause):
        return None
    cutting = bool(clause.verbs & {"trim", "remove", "skip"})
    stop, ends = clause.first("stop_at"), clause.first("time")
    stopping = stop is not None and (stop.start == clause.lead or cutting)
    if stopping and ends is not None and not _other_noun(clause):
        return [Trim(_clip(clause), keep=(0, int(ends.value)))]  # "end it at 6 seconds"
    half = _half(clause, context, keeping, cutting)
    if half is not None:
        return [half]
    time = clause.first("time")
    if time is not None and _from_here(clause, time):
        return [Trim(_clip(clause), keep=(int(time.value), None))]
    cutting = cutting or ("clear" in clause.verbs and clause.has("time"))
    only = not clause.verbs and _edge(clause) and not (clause.noun() or clause.unknown())
    if not (keeping or cutting or only or "use" in clause.verbs) or clause.verbs & OTHERS - {
        "clear"
    }:
        return None
    keeping = keeping or only  # "just the first 3 seconds"
    if _other_noun(clause) or ("shorter" in clause.verbs and not _edge(clause)):
        return None
    span, time = clause.first("range"), clause.first("time")
    if span is None and time is None:
        noun = clause.noun()
        cut_only = "trim" in clause.verbs and "remove" not in clause.verbs
        vague = cut_only and not clause.unknown() and (noun is None or noun.concept == "video")
        return [Ask("trim")] if vague and not clause.has("later", "ratio", "shape") else None
    if time is not None and _all_clips(clause) and not _edge(clause):
        return [SetLength(None, int(time.value), each=True)]
    target = _clip(clause)
    if span is not None:
        if "remove" in clause.verbs and "trim" not in clause.verbs and not keeping:
            return [Trim(target, hole=span.value)]
        return [Trim(target, keep=span.value)]
    assert time is not None  # noqa: S101 - one of the two is there
    return [_cut(clause, time, target, keeping, context)]


def _half(clause: Clause, context: Context, keeping: bool, cutting: bool) -> Trim | None:
    """ "keep the last half", "删掉前半段"."""
    half = clause.value("half_of")
    if half is None or _other_noun(clause) or not (keeping or cutting or "use" in clause.verbs):
        return None
    # "trim to the first half" keeps it, "trim the first half" cuts it away.
    cut_to = "trim" in clause.verbs and "remove" not in clause.verbs and clause.has("to", "trim_to")
    stays = keeping or cut_to or not cutting
    kept = half if stays else START if half == END else END
    return Trim(_named_clip(clause, context), half=str(kept))


def _staying(clause: Clause) -> bool:
    """ "keep it for 5 seconds": it stays to be seen so long."""
    time = clause.first("time")
    return time is not None and beside(clause, time, "for")


def _from_here(clause: Clause, time: Tag) -> bool:
    """ "从第3秒开始": nothing but a time to begin at."""
    alone = not (clause.verbs or clause.noun() or clause.unknown() or clause.has("later"))
    return clause.postposed and alone and clause.has("ba") and beside(clause, time, "from_then")


def _cut(clause: Clause, time: Tag, target: Target | None, keeping: bool, context: Context) -> Trim:
    ms = time.value
    both = _both_ends(clause)
    if both is not None:
        return Trim(target, head=both[0], tail=both[1])
    middle = load(clause.language).pattern("middle")
    if middle.search(clause.plain):
        target = _named_clip(clause, context)
        return Trim(target, core=ms) if keeping else Trim(target, middle=ms)
    if clause.has("to_end") or _to_the_end(clause, time):
        return Trim(target, keep=(ms, None)) if keeping else Trim(target, keep=(0, ms))
    edge = edge_before(clause, time) or (_edge_word(clause) if not keeping else None)
    # "trim to the first 5 seconds" keeps them; "trim the first 5 seconds" cuts them away.
    to = any(t.end <= time.start and beside_to(clause, t, time) for t in clause.all("to"))
    if edge is not None:
        if keeping or "use" in clause.verbs or (to and "remove" not in clause.verbs):
            return Trim(target, keep=(0, ms)) if edge == START else Trim(target, last=ms)
        if to and "trim" in clause.verbs:
            return Trim(target, keep=(0, ms)) if edge == START else Trim(target, last=ms)
        return Trim(target, head=ms) if edge == START else Trim(target, tail=ms)
    if "skip" in clause.verbs:
        return Trim(target, keep=(ms, None))
    if beside(clause, time, "after"):
        return Trim(target, keep=(ms, None)) if keeping else Trim(target, keep=(0, ms))
    if beside(clause, time, "before"):
        return Trim(target, keep=(0, ms)) if keeping else Trim(target, keep=(ms, None))
    if not keeping and clause.has("start"):
        return Trim(target, head=ms)
    if not keeping and clause.has("end") and not to:
        return Trim(target, tail=ms)
    if keeping or to or _result(clause):
        return Trim(target, keep=(0, ms))
    return Trim(target, tail=ms)


def _to_the_end(clause: Clause, time: Tag) -> bool:
    """ "from 5 seconds to the end": what lies behind the time."""
    end = clause.first("end")
    return end is not None and time.end <= end.start and beside(clause, time, "from_then")


def _both_ends(clause: Clause) -> tuple[int, int] | None:
    """ "1 second from the beginning and 2 seconds from the end"."""
    times, start, end = clause.all("time"), clause.first("start"), clause.first("end")
    if len(times) != 2 or start is None or end is None:
        return None
    first, second = (int(time.value) for time in times)
    return (first, second) if start.start < end.start else (second, first)


def _edge_word(clause: Clause) -> str | None:
    """ "头剪1秒", "尾剪2秒": one character says which end."""
    here = {
        t.value for t in clause.at(clause.lead) if t.concept == "ordinal" and t.end - t.start == 1
    }
    return START if "1" in here else END if "-1" in here else None


def beside_to(clause: Clause, to: Tag, time: Tag) -> bool:
    """Whether "to" leads to the time: "to the first 5 seconds", "to 5 s"."""
    words = clause.plain[to.start : to.end]
    return words.strip() not in ("by", "with") and not clause.unknown(to.end, time.start)


def _result(clause: Clause) -> bool:
    """A verb that names what is left ("剪成8秒") and not what goes."""
    return clause.has("trim_to")


def _all_clips(clause: Clause) -> bool:
    """ "all clips", "both photos": each of them, where "everything" is the whole."""
    nouns = {(t.start, t.end) for t in clause.all("video", "photo")}
    return bool(nouns - {(t.start, t.end) for t in clause.all("all")}) and clause.has("all")


def _edge(clause: Clause) -> bool:
    return any(edge_before(clause, time) for time in clause.all("time"))


def _other_noun(clause: Clause) -> bool:
    noun = clause.noun()
    return noun is not None and noun.concept in NOT_CLIPS


def length(clause: Clause, context: Context) -> Sequence[Wish] | None:
    """A clip or the whole gets another length."""
    asked = clause.has("more") and not (clause.noun() or clause.unknown())
    blocked = OTHERS if clause.has("quieter") else OTHERS | {"move"}
    if clause.verbs & blocked or ("generate" in clause.verbs and not asked):
        return None
    if "remove" in clause.verbs and not clause.verbs & {"longer", "shorter"}:
        return None
    time, change = clause.first("time"), None
    longer, shorter = clause.has("longer"), clause.has("shorter")
    shorter = shorter or (time is not None and clause.has("quieter"))  # "bring it down to 9 s"
    noun = clause.noun()
    if noun is not None and noun.concept in ("title", "caption"):
        return _title(clause, time, longer, shorter)
    if _other_noun(clause) or clause.quotes():
        return None
    scale = _scale(clause, longer, shorter)
    if time is None and scale is None:
        return None
    if clause.has("later") and not clause.verbs:
        return None  # "在3秒处切开"
    if time is not None and "hold" in clause.verbs and "make" not in clause.verbs:
        if clause.has("it") and noun is None and not clause.has("keep_strong"):
            return [ChangeTitle(Target("title", it=True), None, Moment(length=time.value))]
        return None
    if time is not None:
        if not (longer or shorter) and not clause.verbs & {"make", "change", "add"}:
            settled = clause.has("last_verb", "it") or not clause.unknown()
            if not settled or (clause.unknown() and not clause.definite):
                return None
        change = _change(clause, time, longer, shorter)
    target = _clip(clause)
    if target is None and noun is None and clause.has("single"):
        target = Target("clip", it=True)  # "make that one 4 seconds"
    it = target is None and noun is None and clause.has("it")
    way = longer - shorter
    named = target is not None and bool(target.words) and not clause.definite
    if named and not (longer or shorter) and not context.paints(target.words if target else ""):
        return None
    if clause.has("each") or _all_clips(clause):
        return [
            SetLength(None, time.value, each=True, way=way)
            if time
            else SetLength(scale=scale, each=True)
        ]
    if change is not None:
        return [SetLength(target, change=change, it=it)]
    if time is not None:
        return [SetLength(target, length=time.value, it=it, way=way)]
    return [SetLength(target, scale=scale, it=it)]


def _change(clause: Clause, time: Tag, longer: bool, shorter: bool) -> int | None:
    """ "2 seconds longer", "extend by 3 s", "add 3 seconds": a difference."""
    sign = -1 if shorter and not longer else 1
    by = beside(clause, time, "by")
    to = any(t.end <= time.start and beside_to(clause, t, time) for t in clause.all("to"))
    after = [t for t in clause.all("longer", "shorter", "more", "less") if t.start >= time.end]
    near = any(not clause.plain[time.end : t.start].strip() for t in after)
    near = near or any(t.end <= time.start and time.start - t.end <= 1 for t in clause.all("more"))
    if clause.has("more") and near:
        sign = 1
    if clause.has("less") and near:
        sign = -1
    if by or near:
        return sign * int(time.value)
    if (longer or shorter or "add" in clause.verbs) and not to and not clause.has("trim_to"):
        straight = clause.verbs & {"longer", "shorter", "add"} and not clause.verbs & {"make"}
        return sign * int(time.value) if straight else None
    return None


def _scale(clause: Clause, longer: bool, shorter: bool) -> float | None:
    percent = clause.value("percent")
    if longer or shorter:
        if percent is not None:
            return float(1 + percent if longer else max(0.05, 1 - percent))
        if clause.has("twice"):
            return 2.0
        if clause.has("half"):
            return 0.5
        return grade(clause, 1.2, LONGER, 2.0) if longer else grade(clause, 0.85, SHORTER, 0.5)
    if clause.has("length") and not clause.has("louder", "quieter"):
        if clause.has("twice"):
            return 2.0
        return 0.5 if clause.has("half") else None
    return None


def _title(clause: Clause, time: Tag | None, longer: bool, shorter: bool) -> list[Wish] | None:
    """A title that is to stay longer or shorter."""
    if clause.quotes() or time is not None or not (longer or shorter):
        return None
    scale = grade(clause, 1.25, LONGER, 2.0) if longer else grade(clause, 0.85, SHORTER, 0.5)
    return [ChangeTitle(Target("title", it=True), None, Moment(scale=scale))]


def _clip(clause: Clause) -> Target | None:
    """The clip that is named; None for the whole, or the one that it must be."""
    said = targets.read(clause, clause.lead)
    if said is None or said.kind not in ("clip", "photo", "upload", "any"):
        return None
    ordinal = said.ordinal
    if ordinal is not None and not _ordinal_of_clip(clause):
        ordinal = None
        said = Target(said.kind, words=targets.said(clause.part(clause.lead)), it=clause.has("it"))
    if said.all:
        return Target("clip", all=True)
    if said.words or ordinal is not None:
        return Target(said.kind if said.kind == "photo" else "clip", ordinal, said.words)
    noun = clause.noun()
    if noun is None or clause.plain[noun.start : noun.end].strip() == "video":
        return None
    if said.own and noun.concept == "video":
        return Target("clip", own=True)
    return Target("clip", it=True) if said.it else None


def _named_clip(clause: Clause, context: Context) -> Target | None:
    """The clip that is named as one, or by what it shows; other words say which part is meant."""
    if clause.has("video", "photo", "upload", "name"):
        return _clip(clause)
    part = clause.part(clause.lead)
    words = load(clause.language).pattern("middle").sub(" ", targets.said(part)).strip()
    return Target("clip", words=words) if words and context.paints(words) else None


def _ordinal_of_clip(clause: Clause) -> bool:
    """ "the last clip", and not "the last 2 seconds"."""
    times = clause.all("time", "range")
    edges = {(t.start, t.end) for t in clause.all("start", "end")}
    for tag in clause.all("ordinal", "nth"):
        if (tag.start, tag.end) in edges or (tag.end - tag.start == 1 and not clause.latin):
            continue  # "开头剪掉1秒", "头剪1秒"
        if tag.value not in (1, "1", "-1"):
            return True  # "make the second 4 seconds"
        after = [
            t
            for t in times
            if t.start >= tag.end and not clause.plain[tag.end : t.start].strip(" 的")
        ]
        if not after:
            return True
    noun, number = clause.first("video"), clause.first("number")
    return noun is not None and number is not None and noun.end <= number.start <= noun.end + 1
