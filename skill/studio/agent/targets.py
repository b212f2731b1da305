"""What an edit is about: read from words, and found on the timeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Segment
from skill.studio.agent.clause import Clause
from skill.studio.agent.edits import Target
from skill.studio.agent.lexicon import load
from skill.studio.agent.message import fold
from skill.studio.agent.project import Project
from skill.studio.agent.state import focus

KIND_OF = {
    "video": "clip", "photo": "photo", "upload": "upload", "title": "title", "caption": "title",
    "music": "music", "sound": "sound", "volume": "sound",
}  # fmt: skip
KINDS = {
    "clip": (VIDEO,), "photo": (VIDEO,), "title": (TEXT,), "music": (AUDIO,), "sound": (AUDIO,),
    "upload": (VIDEO, AUDIO), "any": (VIDEO, AUDIO, TEXT),
}  # fmt: skip
# So many of a target's words must be found in what is on the timeline.
LIKE_ENOUGH = 0.5


def read(clause: Clause, start: int = 0, end: int | None = None) -> Target | None:
    """What a stretch of a clause names; None where it names nothing."""
    part = clause.part(start, end)
    noun = part.noun()
    kind = KIND_OF.get(noun.concept, "any") if noun else "any"
    everything = part.has("all", "each")
    name = part.first("name")
    if name is not None:
        return Target(kind, words=str(name.value))
    quote = part.first("quote")
    if quote is not None:
        return Target("title" if kind == "any" else kind, words=str(quote.value))
    ordinal = _ordinal(part)
    if ordinal is not None:
        return Target("clip" if kind == "any" else kind, ordinal=ordinal)
    words = said(part)
    values = [t for t in part.all("color", "genre", "mood") if noun and t.end <= noun.start]
    if not words and kind in ("title", "clip") and values and not everything:
        words = part.text[values[0].start : values[-1].end]
    if words and kind not in ("music", "sound"):
        return Target(kind, words=words)
    if everything:
        return Target(kind, all=True)
    if noun is not None:
        # "this clip" is the one that was talked of, "the clip" the only or the last one.
        own = kind == "clip" and bool(load(part.language).pattern("own").search(part.plain))
        return Target(kind, it=part.has("it") and not own, own=own)
    return Target(it=True) if part.has("it") else None


def said(clause: Clause) -> str:
    """The words of a clause that name something: what is no command and no number."""
    return " ".join(word for word in clause.unknown().split() if not word.isdigit())


def _ordinal(part: Clause) -> int | None:
    tag = part.first("nth", "ordinal")
    if tag is not None:
        return int(tag.value)
    noun, number = part.first("video", "photo", "title"), part.first("number")
    if noun is not None and number is not None and noun.end <= number.start <= noun.end + 1:
        return int(number.value) or None
    return None


def find(
    target: Target,
    project: Project,
    kinds: Sequence[int] | None = None,
    describe: Callable[[str], Mapping[str, Any]] | None = None,
) -> list[Segment]:
    """The segments that a target means; [] where there are none.

    ``describe`` reads words as a scene, so that "the beach clip" finds an ocean.
    """
    draft = project.draft
    pool = [s for kind in kinds or KINDS[target.kind] for s in draft.segments_of(kind)]
    if target.kind == "photo":
        pool = [s for s in pool if _source(s) == "image"] or pool
    if target.kind == "upload" or target.own:
        sent = [s for s in pool if "hash" in (s.meta.get("source") or {})]
        pool = sorted(sent, key=project.sent) or (pool if target.own else [])
    if target.words:
        return _by_words(target, pool, describe)
    if target.ordinal is not None:
        index = target.ordinal - 1 if target.ordinal > 0 else target.ordinal
        return [pool[index]] if -len(pool) <= index < len(pool) else []
    if target.all:
        return pool
    if target.it:
        here = [s for s in pool if s.id == focus(draft)]
        if here:
            return here
    return pool[-1:]


def _source(segment: Segment) -> str:
    source = segment.meta.get("source")
    return str(source.get("kind", "")) if isinstance(source, Mapping) else ""


def _by_words(
    target: Target,
    pool: Sequence[Segment],
    describe: Callable[[str], Mapping[str, Any]] | None,
) -> list[Segment]:
    wanted = fold(target.words)
    same = [
        s
        for s in pool
        if wanted in (_label(s), _stem(_label(s)), fold(str(s.meta.get("text", ""))))
    ]
    if same:
        return same if target.all else same[-1:]
    scored = [(_score(wanted, s), s) for s in pool]
    if describe is not None and max((score for score, _ in scored), default=0) < LIKE_ENOUGH:
        scene = describe(target.words)
        if scene.get("known"):
            scored = [(_kinship(scene, s), s) for s in pool]
    best = max((score for score, _ in scored), default=0.0)
    if best < LIKE_ENOUGH:
        return []
    matching = [s for score, s in scored if score == best]
    return matching if target.all else matching[-1:]


def _label(segment: Segment) -> str:
    return fold(str(segment.meta.get("name", "")))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _score(wanted: str, segment: Segment) -> float:
    """The share of the words that the segment's name, text or prompt has."""
    source = segment.meta.get("source")
    scene = source.get("scene") if isinstance(source, Mapping) else None
    about = f"{_label(segment)} {fold(str(segment.meta.get('text', '')))}"
    if isinstance(scene, Mapping):
        about += (
            f" {fold(str(scene.get('prompt', '')))} {scene.get('kind', '')} {scene.get('time', '')}"
        )
    words = re.findall(r"[^\W_]+", wanted)
    if any(char >= "\u2e80" for char in wanted):
        # No spaces between words: pairs of characters do as well.
        joined = "".join(words)
        words = [joined[i : i + 2] for i in range(max(1, len(joined) - 1))]
        return sum(word in about for word in words) / max(1, len(words))
    known = set(re.findall(r"[^\W_]+", about))
    hits = sum(
        word in known
        or word.rstrip("s") in known
        or word + "s" in known
        # "storm" of a thunderstorm, and of "stormy".
        or (len(word) >= 4 and any(k.startswith(word) or k.endswith(word) for k in known))
        for word in words
    )
    return hits / max(1, len(words))


def _kinship(scene: Mapping[str, Any], segment: Segment) -> float:
    source = segment.meta.get("source")
    other = source.get("scene") if isinstance(source, Mapping) else None
    if not isinstance(other, Mapping) or other.get("kind") != scene.get("kind"):
        return 0.0
    return 1.0 if other.get("time") == scene.get("time") else 0.8
