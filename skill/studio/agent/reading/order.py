"""Which clips and in what order: "put it before the ocean clip", "只保留第二段"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skill.studio.agent import targets
from skill.studio.agent.clause import Clause
from skill.studio.agent.edits import (
    AFTER,
    BEFORE,
    END,
    START,
    Clear,
    Gather,
    KeepOnly,
    Move,
    Remove,
    Reverse,
    SetLook,
    SetVolume,
    Swap,
    Talk,
    Target,
    Wish,
)  # fmt: skip
from skill.studio.agent.lexicon import Tag
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.sound import sound_of

MOVING = frozenset({"move", "add", "make", "change", "use", "hold"})
SIDES = ("before", "after", "between")


def move(clause: Clause, _: Context) -> Sequence[Wish] | None:
    if clause.has("reverse") and not clause.has("sound"):
        return [Reverse()]
    if clause.has("title", "caption", "music", "time", "range", "position", "quote"):
        return None
    if "swap" in clause.verbs or (clause.has("swap") and clause.has("order")):
        return _swap(clause)
    return _beside(clause) or _to_edge(clause)


def _swap(clause: Clause) -> list[Wish] | None:
    cut = clause.first("and", "with", "to")
    ordinals = clause.all("ordinal", "nth")
    if len(ordinals) >= 2:
        one, two = (Target("clip", ordinal=int(t.value)) for t in ordinals[:2])
        return [Swap(one, two)]
    count = next((t for t in clause.all("number") if t.value == 2), None)
    rest = clause.unknown() if count is None else clause.unknown(0, count.start)
    if count is not None and ordinals and ordinals[0].value in ("1", "-1") and not rest:
        edge = int(ordinals[0].value)  # "swap the last two"
        return [Swap(Target("clip", ordinal=edge), Target("clip", ordinal=2 * edge))]
    noun = clause.first("video", "photo")
    numbers = [t for t in clause.all("number") if noun is not None and t.start >= noun.end]
    if len(numbers) >= 2:
        return [Swap(*(Target("clip", ordinal=int(t.value)) for t in numbers[:2]))]
    if cut is not None and clause.lead < cut.start:
        first = targets.read(clause, clause.lead, cut.start)
        second = targets.read(clause, cut.end)
        if first and second and first.named and second.named:
            return [Swap(_clip(first), _clip(second))]
    return (
        [Swap()]
        if noun is not None or (clause.has("order", "it", "all") and not clause.unknown())
        else None
    )


def _beside(clause: Clause) -> list[Wish] | None:
    """Before or after another clip."""
    if not (clause.verbs & MOVING or clause.topic or clause.definite) or clause.has("later"):
        return None
    for side in clause.all(*SIDES):
        moved, anchor = _pair(clause, side)
        if anchor is None or anchor.kind not in ("clip", "photo", "any", "upload") or anchor.it:
            continue
        if not anchor.named:
            anchor = Target("clip")
        moved = moved if moved is not None else Target("clip", it=True)
        place = BEFORE if side.concept == "before" else AFTER
        return [Move(_clip(moved), place, _clip(anchor))]
    return None


def _pair(clause: Clause, side: Tag) -> tuple[Target | None, Target | None]:
    """What is moved, and beside what; of "between A and B" it is A."""
    if not clause.postposed:
        start, stop = side.end, len(clause.plain)
        moved = targets.read(clause, clause.lead, side.start)
    else:  # "把A放到B前面": A ends where the verb begins
        verb = next((t for t in clause.all("move", "add") if t.end <= side.start), None)
        if verb is None:
            return None, None
        start, stop = verb.end, side.start
        moved = targets.read(clause, clause.lead, verb.start)
    joint = next((t for t in clause.all("and") if t.start > start), None)
    if side.concept == "between" and joint is not None:
        stop = joint.start
    return moved, targets.read(clause, start, stop)


def _to_edge(clause: Clause) -> list[Wish] | None:
    """To the start, to the end, to a position."""
    moving = clause.verbs & {"move", "add", "make", "change", "hold"}
    if not (moving or clause.definite or clause.topic):
        return None
    slot = _slot(clause)
    edge = clause.first("start", "end") if slot is None else None
    last = _place(clause) if slot is None and edge is None else None
    cut = slot[0] if slot else edge.start if edge else last[0] if last else None
    if cut is None or cut <= clause.lead:
        return None
    moved = targets.read(clause, clause.lead, cut)
    if moved is None or moved.kind in ("title", "music", "sound"):
        return None
    owned = clause.has("the") or moved.own  # "put my clip last"
    owned = owned and moved.kind in ("clip", "photo", "upload")
    if not (moved.named or moved.it or owned) and "move" not in clause.verbs:
        return None
    moved = _clip(moved)
    if slot:
        return [Move(moved, position=slot[1])]
    place = (START if edge.concept == "start" else END) if edge else last[1] if last else END
    return [Move(moved, place)]


def _slot(clause: Clause) -> tuple[int, int] | None:
    """ "to position 2", "到第二位": where it stands and which."""
    word = clause.first("slot")
    if word is None:
        return None
    near = [t for t in clause.all("number", "ordinal", "nth") if -3 <= t.start - word.end <= 2
            or 0 <= word.start - t.end <= 2]  # fmt: skip
    if not near or int(near[-1].value) < 1:
        return None
    return min(word.start, near[-1].start), int(near[-1].value)


def _place(clause: Clause) -> tuple[int, str] | None:
    """ "put the forest first": an ordinal at the end of the clause is a place."""
    end = len(clause.plain.rstrip(" .!。！"))
    for tag in clause.all("ordinal"):
        if tag.end == end and tag.value in ("1", "-1"):
            return tag.start, START if tag.value == "1" else END
    for tag in clause.all("before", "after") if clause.postposed else ():
        verb = next((t for t in clause.all("add", "move") if t.end == tag.start), None)
        if tag.end == end and verb is not None:  # "第二张放前面"
            return verb.start, START if tag.concept == "before" else END
    return None


def _clip(target: Target) -> Target:
    return replace(target, kind="photo" if target.kind == "photo" else "clip")


def remove(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """Something goes. A clause may name several."""
    denied = clause.denied
    if not clause.verbs & {"remove", "clear"} and denied is None:
        return None
    if clause.has("time", "range") or clause.has("keep_strong"):
        return None
    start = denied.end if denied else clause.lead + _verb_length(clause)
    if clause.has("bars", "grain"):
        bars, grain = (False if clause.has(word) else None for word in ("bars", "grain"))
        return [SetLook(bars, grain)]
    if clause.has("cinematic") and not clause.has("video", "music"):
        return [SetLook(False, False)]
    if clause.has("sound", "volume", "sound_of") and not clause.has("music", "title"):
        of = sound_of(clause) or Target("clip" if clause.has("video") else "sound")
        return [SetVolume(of, level=0.0)]
    if (clause.has("clear") and not clause.noun()) or (
        clause.has("all") and not clause.noun() and not clause.unknown()
    ):
        return [Clear()]
    ordinals = clause.all("ordinal", "nth")
    if len(ordinals) > 1:
        noun = clause.noun()
        kind = targets.KIND_OF.get(noun.concept, "clip") if noun else "clip"
        return [Remove(tuple(Target(kind, ordinal=int(t.value)) for t in ordinals))]
    start = start if start < len(clause.plain) and not clause.postposed else clause.lead
    said = targets.read(clause, start) or targets.read(clause, clause.lead)
    if said is None:
        return None
    several = _each_of(clause, start)
    if len(several) > 1:
        return [Remove(tuple(several))]
    if denied and not (clause.noun() or said.named):
        return None
    if clause.has("later") and not said.named and clause.noun() is None:
        return None
    if denied and said.words and clause.noun() is None:
        return None
    return [Remove((said,))]


def _each_of(clause: Clause, start: int) -> list[Target]:
    """ "the ocean and the forest": the targets between the joints."""
    joints = [t for t in clause.all("and") if t.start > start]
    cuts = [start, *(t.end for t in joints), len(clause.plain)]
    stops = [*(t.start for t in joints), len(clause.plain)]
    parts = [targets.read(clause, a, b) for a, b in zip(cuts, stops, strict=False)]
    named = [part for part in parts if part is not None]
    return named if len(named) == len(stops) else []


def _verb_length(clause: Clause) -> int:
    return max(
        (t.end - t.start for t in clause.at(clause.lead) if t.concept == "remove"), default=0
    )


def keep(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """Only the named stays; "use b.mp4" with nothing else said works on that file."""
    strong = clause.has("keep_strong")
    strong = strong or (bool(clause.verbs & {"use", "keep"}) and clause.has("only"))
    if clause.has("time", "range", "as_music", "half_of"):
        return None
    if (
        not strong
        and "keep" in clause.verbs
        and not clause.has("name")
        and not clause.verbs & {"add", "make"}
    ):
        # "keep the music": it stays as it is.
        as_is = clause.noun() and not clause.has("position", "later", "to_end")
        return [Talk("left")] if as_is else None
    if not strong and not ({"keep"} & clause.verbs and clause.has("name")):
        return None
    word = clause.first("keep_strong", "keep")
    start = (
        word.end if word and word.end < len(clause.plain) and not clause.postposed else clause.lead
    )
    said = targets.read(clause, start) or targets.read(clause)
    return (
        [KeepOnly(said)]
        if said is not None and not (said.it and not said.named and not strong)
        else None
    )


def gather(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """Uploads onto the timeline: "add b.mp4", "use all my photos"."""
    if not clause.verbs & {"add", "use", "back", "make", "generate"} or clause.has(
        "as_music", "title"
    ):
        return None
    if clause.has("time", "range") and "use" in clause.verbs:
        return None
    said = targets.read(clause, clause.lead)
    if said is None or said.it:
        return None
    name = clause.has("name")
    own = (
        said.kind in ("photo", "upload", "clip")
        and clause.has("the", "all")
        and (clause.has("upload", "photo"))
    )
    if (not name and not own) or (clause.has("music") and not name):
        return None
    if clause.has("before", "after", "start", "end", "later"):
        return None
    many = said.kind == "photo" and not said.named
    return [Gather(replace(said, all=many or said.all), None)]
