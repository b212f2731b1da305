"""A message and a project -> an answer: understood, applied edit by edit, and told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from skill.draft import Draft
from skill.studio.agent import message as messages
from skill.studio.agent import reply, scene, targets, timeline
from skill.studio.agent.apply import Fact, Refusal, apply
from skill.studio.agent.applying import clips, lengths, looks, order, sound, titles
from skill.studio.agent.edits import (
    Ask,
    BringBack,
    Edit,
    Later,
    Redo,
    Remove,
    SetVolume,
    Talk,
    Trim,
    Unclear,
    Undo,
    Wish,
)  # fmt: skip
from skill.studio.agent.language import base
from skill.studio.agent.project import Answer, Project
from skill.studio.agent.state import recall, remember
from skill.studio.agent.understanding import understand

APPLIERS = (clips, lengths, looks, order, sound, titles)  # imported so that they register
# What the timeline's difference tells better, with names and times: an answer that would say no
# more than that stays silent, as the cloud's agent does.
SHOWN = frozenset(
    f"done.{name}"
    for name in (
        *("title", "title_text", "title_time", "music", "music_changed", "length", "length_all"),
        *("trimmed", "trimmed_part", "trimmed_all", "moved", "reordered", "removed"),
        *("kept", "ratio"),
    )
)
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@dataclass
class _Work:
    """What has been done of a message so far."""

    project: Project
    start: Draft
    move: str | None = None
    facts: list[Fact] = field(default_factory=list)
    refusals: list[Fact] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def respond(message: str, project: Project, language: str = "en") -> Answer:
    """The answer to a chat message. Never raises for a text, whatever it says.

    ``language`` is the session's; a message in another script is answered in its own.
    """
    understood = understand(
        message,
        [item.name for item in project.media],
        language,
        _paints,
        not timeline.clips(project.draft),
        str(recall(project.draft, "last") or ""),
    )
    tongue = _tongue(message, language, understood.language)
    work = _Work(project, project.draft)
    for wish in understood.wishes:
        _do(wish, work)
    return _answer(work, tongue)


def _paints(words: str) -> bool:
    return bool(scene.read(words).get("known"))


def _do(wish: Wish, work: _Work) -> None:
    """One wish; what cannot be done is noted and the rest goes on."""
    if isinstance(wish, Talk):
        work.talk.append(wish.topic)
    elif isinstance(wish, Later):
        work.later.append(wish.feature)
    elif isinstance(wish, Unclear):
        work.unclear.append(wish.text)
    elif isinstance(wish, Ask):
        work.refusals.append(Fact(f"ask.{wish.what}"))
    elif isinstance(wish, (Undo, Redo, BringBack)):
        _travel(wish, work)
    elif isinstance(wish, Edit):
        try:
            outcome = apply(wish, work.project)
        except Refusal as refusal:
            work.refusals.append(refusal.fact)
            return
        work.edits.append(wish)
        work.facts += outcome.facts
        draft = outcome.draft
        if _seen(draft) != _seen(work.project.draft):
            draft = remember(draft, last=_repeatable(wish))
        work.project = replace(work.project, draft=draft)


def _repeatable(edit: Edit) -> str | None:
    """The verb that "and the music too" goes on with, of edits that have no value."""
    if isinstance(edit, Remove):
        return "remove"
    if isinstance(edit, Trim) and (edit.head or edit.tail):
        return "trim"
    return "mute" if isinstance(edit, SetVolume) and edit.level == 0 else None


def _seen(draft: Draft) -> Draft:
    """The draft without what the talk was about: by that alone it is no other version."""
    return remember(draft, focus=None, last=None)


def _travel(wish: Undo | Redo | BringBack, work: _Work) -> None:
    """To the draft before, or the one after it."""
    project = work.project
    forward = isinstance(wish, Redo) or (isinstance(wish, BringBack) and project.next is not None)
    goal = project.next if forward else project.previous
    if isinstance(wish, BringBack) and goal is not None and not _brings(wish, project.draft, goal):
        goal = None
    if goal is None or work.move is not None or work.edits:
        name = "back" if isinstance(wish, BringBack) else "redo" if forward else "undo"
        work.refusals.append(Fact(f"cannot.{name}"))
        return
    work.move = "redo" if forward else "undo"
    work.edits.append(wish)
    work.facts.append(Fact("done.redone" if forward else "done.undone"))
    work.project = replace(project, draft=goal)


def _brings(wish: BringBack, now: Draft, goal: Draft) -> bool:
    """Whether there is more of what is to be there again: "bring back the music"."""
    kinds = targets.KINDS.get(wish.kind, ()) if wish.kind in ("music", "title") else ()
    here = [segment for kind in kinds for segment in now.segments_of(kind)]
    return not kinds or any(s not in here for kind in kinds for s in goal.segments_of(kind))


def _answer(work: _Work, language: str) -> Answer:
    draft = work.project.draft
    changed = _seen(draft) != _seen(work.start)
    moved = work.move if len(work.edits) == 1 else None
    first = work.edits[0] if work.edits else None
    tool, arguments = _call(first) if first else ("", {})
    given = draft if changed and moved is None else None
    loose = work.refusals or work.talk or work.later or work.unclear
    if work.edits and changed and not loose and all(fact.key in SHOWN for fact in work.facts):
        return Answer("", given, moved, tool, arguments)
    return Answer(_text(work, draft, language), given, moved, tool, arguments)


def _text(work: _Work, draft: Draft, language: str) -> str:
    parts = [reply.facts([*work.facts, *work.refusals], language)]
    parts += [_talk(topic, draft, language) for topic in dict.fromkeys(work.talk)]
    parts.append(reply.later(work.later, language))
    if work.unclear:
        parts.append(reply.unclear(work.unclear, bool(work.edits or work.refusals), language))
    elif work.later and not work.edits:
        parts.append(reply.say("unclear.instead", language))
    return reply.join(parts, language) or reply.say("talk.hello", language)


def _talk(topic: str, draft: Draft, language: str) -> str:
    return (
        reply.summary(draft, language)
        if topic == "status"
        else reply.say(f"talk.{topic}", language, moods=reply.moods(language))
    )


def _call(edit: Edit) -> tuple[str, dict[str, Any]]:
    """An edit as the name and the arguments of a tool, for the protocol's events."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(edit).__name__).lower()
    return name, _plain(asdict(edit))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was not said."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        inner = _plain(value) if isinstance(value, Mapping) else value
        if isinstance(value, (list, tuple)):
            inner = [_plain(item) if isinstance(item, Mapping) else item for item in value]
        if inner not in (None, "", False, {}, []):
            kept[key] = inner
    return kept


def _tongue(message: str, session: str, spoken: str) -> str:
    """The language to answer in: the session's, or the message's where its script is another."""
    tag = session.replace("_", "-").lower()
    written = messages.traditional(message)
    latin = spoken in ("en", "es", "fr", "de", "pt", "id")
    language = (
        base(session)
        if latin and base(session) not in ("zh", "ja", "ko", "ru", "hi", "ar")
        else spoken
    )
    if language == "zh" and (written or (tag.startswith(TRADITIONAL) and spoken == "zh")):
        return "zh-Hant"
    return language
