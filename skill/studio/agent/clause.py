"""A clause: one wish of a message, with the concepts that stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from skill.studio.agent.lexicon import Tag, load

VERBS = frozenset(
    {
        "generate", "make", "add", "change", "replace", "remove", "keep", "trim", "skip", "shorter",
        "longer", "move", "swap", "reverse", "mute", "unmute", "louder", "quieter", "bigger",
        "smaller", "use", "undo", "redo", "back", "clear", "hold",
    }
)  # fmt: skip
NOUNS = (
    "title", "caption", "music", "sound", "volume", "video", "photo", "upload", "bars", "grain",
)  # fmt: skip
# What may stand between a verb or an article and the noun that it is about.
ADJECTIVES = frozenset(
    {
        "time", "range", "mood", "genre", "color", "size", "ratio", "shape", "cinematic", "ordinal",
        "nth", "position", "bit", "much", "more", "less", "another", "other", "number", "each",
        "percent", "filler", "start", "end", "gen", "whole",
    }
)  # fmt: skip

# Tags that are words of a picture, and no part of a command.
CONTENT = frozenset({"number", "setting", "where", "word"})
BLANK = " \t\n,，、،.。:：-;；()!?！？~…؟؛।\"'“”"


@dataclass(frozen=True)
class Clause:
    """Part of a message; places are counted in its own ``text`` and ``plain``.

    ``soft``: joined to the one before by a comma or "and". ``inherited``: the
    verb of that one, which goes for this one too where it has none.
    """

    text: str
    plain: str
    tags: tuple[Tag, ...]
    language: str
    question: bool = False
    soft: bool = False
    inherited: frozenset[str] = frozenset()

    @cached_property
    def lead(self) -> int:
        """Where it begins, past "please", "and then" and the like."""
        at = past_blank(self.plain, 0)
        while True:
            courtesy = [t.end for t in self.at(at) if t.concept in ("filler", "then", "and")]
            if not courtesy or any(
                t.concept in VERBS for t in self.at(at) if t.end >= max(courtesy)
            ):
                return at
            at = past_blank(self.plain, max(courtesy))

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The concepts of its verb: at the lead, or later where it begins with its object."""
        here = frozenset(t.concept for t in self.at(self.lead)) & VERBS
        if not here and self.postposed:
            # "在结尾加上...", "第三段移到...": places and times come before the verb.
            here = frozenset(t.concept for t in self.at(self.after_article)) & VERBS
        if here or self._content or not (self.topic or self.definite or self.placing):
            return here or self.inherited
        later = [t for t in self.tags if t.concept in VERBS and t.start >= self.lead]
        if load(self.language).verb_last:
            later = [t for t in later if t.end == later[-1].end]
        else:
            later = [t for t in later if t.start == later[0].start]
        return frozenset(t.concept for t in later) or self.inherited

    @property
    def _content(self) -> bool:
        """ "a video about ...": whatever follows is what it shows."""
        noun = next((t for t in self.at(self.after_article) if t.concept == "video"), None)
        if noun is None or self.definite:
            return False
        return any(t.concept == "of" for t in self.at(past_blank(self.plain, noun.end)))

    @property
    def placing(self) -> bool:
        """Whether a verb may stand at the end: always, or before a place ("沙漠放最后")."""
        if load(self.language).verb_last:
            return True
        end = len(self.plain.rstrip(BLANK))
        if not self.postposed:
            return False
        if any(t.end == end for t in self.all("remove", "clear", "swap", "mute")):
            return True  # "第五秒以后的都删掉"
        placed = {t.end for t in self.all("add", "move")}
        swapped = self.first("instead")
        if swapped is not None and self.unknown(0, swapped.start):
            return bool(self.unknown(swapped.end))  # "森林换成海滩"
        edge = self.all("start", "end")
        beside = self.all("before", "after", "between")
        return any(t.end == end and t.start in placed for t in edge) or (
            bool(placed) and any(t.end == end for t in beside)
        )

    @cached_property
    def topic(self) -> bool:
        """Whether it begins with what it is about ("the music ...", "标题 ...") or with a value."""
        at = self.after_article
        return any(t.concept in (*NOUNS, "it", "ba", "all", "quote", "name") for t in self.at(at))

    @cached_property
    def after_article(self) -> int:
        """Where the noun or the description begins, past articles and adjectives."""
        return self.after_article_of(self.lead)

    def after_article_of(self, at: int) -> int:
        while True:
            ends = [t.end for t in self.at(at) if t.concept in ADJECTIVES | {"the", "a"}]
            if not ends:
                return at
            at = past_blank(self.plain, max(ends))

    @property
    def definite(self) -> bool:
        return any(t.concept in ("the", "ba") for t in self.at(self.lead))

    @property
    def inquiry(self) -> bool:
        """A question, and no polite wish ("can we open with a starry sky?")."""
        return self.question and not self.plain[: self.lead].strip(BLANK)

    @property
    def latin(self) -> bool:
        return load(self.language).latin

    @property
    def postposed(self) -> bool:
        """Whether what is said of a noun comes after it: "B前面", "Bの前"."""
        return load(self.language).head_last

    @property
    def definite_object(self) -> bool:
        """ "把..." and "将...": about something that is there."""
        here = {t.concept for t in self.at(self.lead)}
        return "ba" in here and "ba_to" not in here

    @property
    def definite_noun(self) -> bool:
        """ "the music": about what is there already."""
        noun = self.noun()
        return noun is not None and any(
            t.concept == "the" and t.end <= noun.start and not self.unknown(t.end, noun.start)
            for t in self.tags
        )

    @property
    def verb_at_end_makes(self) -> bool:
        """ "...の動画を作って": the verb that asks for a clip stands last."""
        if not load(self.language).verb_last:
            return False
        end = len(self.plain.rstrip(BLANK))
        return any(
            t.concept in ("generate", "make", "add") and not self.unknown(t.end, end)
            for t in self.tags
            if t.start > self.lead
        )

    @property
    def denied(self) -> Tag | None:
        """ "no music", "没有标题": a denial at the lead with no verb of its own."""
        here = next((t for t in self.at(self.lead) if t.concept == "neg"), None)
        if here is None:
            return None
        follows = {t.concept for t in self.at(past_blank(self.plain, here.end))}
        return None if follows & (VERBS | {"elsewhere"}) else here

    def at(self, place: int) -> list[Tag]:
        return self._starts.get(place, [])

    @cached_property
    def _starts(self) -> dict[int, list[Tag]]:
        starts: dict[int, list[Tag]] = {}
        for tag in self.tags:
            starts.setdefault(tag.start, []).append(tag)
        return starts

    def all(self, *concepts: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.concept in concepts]

    def has(self, *concepts: str) -> bool:
        return any(tag.concept in concepts for tag in self.tags)

    def first(self, *concepts: str) -> Tag | None:
        return next(iter(self.all(*concepts)), None)

    def value(self, *concepts: str) -> Any:
        """The value of the first tag of the concepts; None where there is none."""
        tag = self.first(*concepts)
        return None if tag is None else tag.value

    def quotes(self) -> list[Tag]:
        return self.all("quote")

    def noun(self, start: int = 0, end: int | None = None) -> Tag | None:
        """The noun that it is about, of NOUNS: the last of a compound ("video title").

        Where a noun follows what describes it, those that only describe or say
        where ("视频的", "動画に") are passed over.
        """
        stop = len(self.plain) if end is None else end
        nouns = [t for t in self.all(*NOUNS) if start <= t.start and t.end <= stop]
        if not nouns:
            return None
        heads = nouns
        if self.postposed:
            heads = [
                t for t in nouns if not any(g.concept == "gen" for g in self.at(t.end))
            ] or nouns
            given = self.first("ba_to")
            verb = next((t for t in self.tags if t.concept == "add"), None)
            if given is not None and verb is not None and given.end < verb.start:
                # "在第二段加标题": what comes before the verb is where it goes.
                heads = [t for t in heads if t.start >= verb.end] or heads
        head = heads[0]
        for tag in nouns:
            if tag.start >= head.end and not self.plain[head.end : tag.start].strip():
                head = tag
        return head

    def unknown(self, start: int = 0, end: int | None = None) -> str:
        """What no tag of a command covers, in the text as it was typed."""
        stop = len(self.plain) if end is None else end
        covered = bytearray(len(self.plain))
        for tag in self.tags:
            if tag.concept not in CONTENT:
                covered[tag.start : tag.end] = b"\x01" * (tag.end - tag.start)
        kept = "".join(
            char if not covered[place] and char not in BLANK else " "
            for place, char in enumerate(self.text[start:stop], start)
        )
        return " ".join(kept.split())

    def part(self, start: int, end: int | None = None) -> Clause:
        """The clause from ``start`` to ``end``, with the tags that lie inside."""
        stop = len(self.plain) if end is None else end
        return replace(
            self,
            text=self.text[start:stop],
            plain=self.plain[start:stop],
            tags=shift([t for t in self.tags if start <= t.start and t.end <= stop], start),
        )


def shift(tags: Iterable[Tag], by: int) -> tuple[Tag, ...]:
    """Tags in a text that begins ``by`` characters later."""
    return tuple(replace(t, start=t.start - by, end=t.end - by) for t in tags)


def past_blank(plain: str, at: int) -> int:
    """The first place from ``at`` on that is no space or mark."""
    while at < len(plain) and plain[at] in BLANK:
        at += 1
    return at
