"""A message -> what it wishes, in order: edits, and what is to be answered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from skill.studio.agent import language as languages
from skill.studio.agent import message as messages
from skill.studio.agent.clause import Clause
from skill.studio.agent.edits import (
    AddTitle,
    ChangeTitle,
    Gather,
    Generate,
    InPlace,
    Later,
    Moment,
    Remove,
    SetFade,
    SetLength,
    SetMusic,
    SetVolume,
    Style,
    Talk,
    Target,
    Unclear,
    Wish,
)
from skill.studio.agent.lexicon import load
from skill.studio.agent.message import fold
from skill.studio.agent.reading import aside, generate, lengths, looks, order, sound, talk, titles
from skill.studio.agent.reading.context import Context, Reader
from skill.studio.agent.reading.when import edge_before
from skill.studio.agent.splitting import split

READERS: tuple[Reader, ...] = (
    talk.back,
    talk.denied,
    talk.how,
    talk.instead_of,
    aside.read,
    generate.read,
    talk.courtesy,
    talk.elsewhere,
    order.keep,
    titles.read,
    lengths.trim,
    sound.read,
    order.remove,
    lengths.length,
    looks.read,
    order.move,
    order.gather,
    talk.later,
    talk.presenting,
    talk.asking,
    generate.bare,
)
# Clauses that say several things of the same video: "make it vertical and 10 seconds long".
TOGETHER = (lengths.length, looks.read)
# A feature that is named beside these is no wish of its own.
NO_MORE = (talk.back, talk.later, talk.denied, talk.how, talk.courtesy, talk.elsewhere)
# "Another scene", with no word of which.
ANEW = Generate(change=True, replace=Target("clip", it=True))
IDLE = frozenset({"hello", "thanks", "praise", "yes", "bye", "present", "left"})
TRIMMED = "trim"
ROUTED = frozenset({"export", "credits", "status", "upload"})


@dataclass(frozen=True)
class Addition(Wish):
    """More words for the clip before: "a misty forest. Slow camera."."""

    text: str


@dataclass(frozen=True)
class Understanding:
    """``wishes`` in the order said; ``language`` is the message's own."""

    wishes: tuple[Wish, ...]
    language: str


def understand(
    text: str,
    names: Sequence[str] = (),
    language: str = "en",
    paints: Callable[[str], bool] = lambda _: False,
    empty: bool = True,
    last: str = "",
) -> Understanding:
    """What a message wishes for.

    ``names``: of the uploads. ``language``: the session's. ``paints``: whether
    words describe a scene. ``empty``: whether the timeline has no clip. ``last``:
    the verb of the last message's edit.
    """
    message = messages.read(text, names)
    spoken = languages.detect(message, language)
    context = Context(paints, empty, last)
    wishes: list[Wish] = []
    clauses = split(message, spoken)
    if clauses and last and _more_of_it(clauses[0], last):
        clauses[0] = replace(clauses[0], inherited=frozenset({last}))
    each = next((c for c in clauses if c.has("each") and c.has("time")), None)
    for clause in clauses:
        for wish in _read(clause, context, wishes):
            before = wishes[-1] if wishes else None
            if isinstance(wish, Addition):
                assert isinstance(before, Generate)  # noqa: S101 - that is when there are additions
                wishes[-1] = replace(before, prompt=f"{before.prompt}, {wish.text}")
            else:
                wishes.append(wish)
    return Understanding(tuple(_settle(wishes, each, empty)), spoken)


def _more_of_it(clause: Clause, last: str) -> bool:
    """ "and the music too", "and the last second as well": the last edit once more."""
    noun = clause.noun()
    too = load(clause.language).pattern("too")
    edge = any(edge_before(clause, time) for time in clause.all("time"))
    if clause.verbs or clause.question or clause.quotes() or (edge if noun else not edge):
        return False
    if (last == TRIMMED) != edge:
        return False
    if too.sub("", fold(clause.unknown())).strip():
        return False
    joined = any(t.concept == "and" and t.start < clause.lead for t in clause.tags)
    return joined or bool(too.search(clause.plain))


def _read(clause: Clause, context: Context, before: Sequence[Wish]) -> list[Wish]:
    """The wishes of one clause."""
    for reader in READERS:
        found = reader(clause, context)
        if not found:
            continue
        wishes: list[Wish] = list(found)
        if reader in TOGETHER:
            for other in TOGETHER:
                wishes += [] if other is reader else other(clause, context) or []
        generated = any(isinstance(wish, Generate) for wish in wishes)
        feature = clause.first("later")
        if (
            feature
            and not (generated or any(isinstance(w, SetFade) for w in wishes))
            and (reader not in NO_MORE)
        ):
            wishes.append(Later(str(feature.value)))
        return wishes
    text = clause.text[clause.lead :].strip(" ,.，。、")
    last = before[-1] if before else None
    if isinstance(last, Generate) and last.prompt and not (clause.verbs or clause.question):
        return [Addition(text)]
    if clause.question and text:
        return [Talk("question")]
    return [Unclear(text)] if any(char.isalnum() for char in text) else []


def _settle(wishes: list[Wish], each: Clause | None, empty: bool) -> list[Wish]:
    """Wishes that belong together are joined, and courtesy gives way to work."""
    merged: list[Wish] = []
    for wish in wishes:
        last = merged[-1] if merged else None
        if isinstance(last, InPlace):
            merged.pop()
            if isinstance(wish, Generate):
                wish = replace(wish, replace=last.target)
            merged.append(wish)
        elif isinstance(last, Generate) and last == ANEW and isinstance(wish, Generate):
            merged[-1] = wish  # "换个场景，改成海边": the second says what
        elif isinstance(wish, Remove) and isinstance(last, Generate) and empty:
            continue  # "a beach, no music": there is none
        elif isinstance(wish, Remove) and isinstance(last, Remove):
            merged[-1] = Remove(last.targets + wish.targets)
        elif isinstance(wish, SetLength) and isinstance(last, Generate) and not wish.each:
            # "a misty forest. 10 seconds."
            plain = wish.target is None and wish.length is not None
            if plain and last.length is None:
                merged[-1] = replace(last, length=wish.length)
            else:
                merged.append(wish)
        elif isinstance(wish, SetMusic) and isinstance(last, SetMusic):
            named = wish if wish.mood else last
            merged[-1] = SetMusic(named.mood, wish.volume or last.volume, wish.other, named.like)
        elif isinstance(wish, ChangeTitle) and isinstance(last, AddTitle) and not wish.target.named:
            # "写「夜航」，放在左上角": the title that was just named.
            merged[-1] = AddTitle(
                wish.text or last.text,
                _over(last.moment, wish.moment),
                _over(last.style, wish.style),
            )
        elif _again(last, wish):
            merged[-1] = last if isinstance(wish, SetVolume) and last else wish
        elif wish != last or isinstance(wish, Generate):
            merged.append(wish)
    if each is not None and any(isinstance(wish, Generate) for wish in merged):
        length = int(each.value("time"))
        merged = [
            replace(w, length=length) if isinstance(w, Generate) else w
            for w in merged
            if not (isinstance(w, SetLength) and w.each)
        ]
    elif each is not None and any(isinstance(wish, Gather) for wish in merged):
        # "a slideshow of these with piano music, 2 seconds each": that is no length of the whole.
        shown = SetLength(None, int(each.value("time")), each=True)
        place = max(n for n, wish in enumerate(merged) if isinstance(wish, Gather))
        merged = [replace(w, length=None) if isinstance(w, Gather) else w for w in merged]
        merged = [*merged[: place + 1], shown, *(w for w in merged[place + 1 :] if w != shown)]
    merged = [wish for wish in merged if not isinstance(wish, InPlace)]
    real = [w for w in merged if not (isinstance(w, Talk) and w.topic in IDLE | ROUTED)]
    work = [w for w in real if w == aside.ELSEWHERE or not isinstance(w, Talk)]
    return work or real or merged[:1]


Said = TypeVar("Said", Moment, Style)


def _again(last: Wish | None, wish: Wish) -> bool:
    """ "太短了，再长一点": the same wish in other words."""
    if isinstance(last, SetLength) and isinstance(wish, SetLength):
        # "too short, make it 15 seconds": the second says how long.
        return last.scale is not None and wish.target in (None, last.target)
    scaled = isinstance(last, ChangeTitle) and last.style.scale is not None
    same = isinstance(wish, SetVolume) and (wish.target.it or wish.target == Target())
    return scaled and same and isinstance(wish, SetVolume) and wish.scale is not None


def _over(first: Said, second: Said) -> Said:
    """What is said first, with what is said afterwards put over it."""
    said = {f.name: getattr(second, f.name) for f in fields(second)}
    return replace(first, **{n: v for n, v in said.items() if v is not None and v is not False})
