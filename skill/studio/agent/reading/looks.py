"""The picture's shape and look: "make it vertical", "no bars", "电影感"."""

from __future__ import annotations

from collections.abc import Sequence

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, Clause
from skill.studio.agent.edits import SetFit, SetLook, SetRatio, Target, Wish
from skill.studio.agent.lexicon import Tag
from skill.studio.agent.reading.context import Context

NOT_MINE = frozenset({"undo", "redo", "back", "clear", "trim", "move"})


def read(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """All that is said of shape and look in a clause; a clause may name several."""
    framed = "trim" in clause.verbs and clause.has("shape", "ratio")  # "crop to 9:16"
    if (clause.verbs & NOT_MINE and not framed) or clause.has(
        "title", "caption", "music", "sound", "volume"
    ):
        return None
    wishes: list[Wish] = [*_fit(clause), *_ratio(clause), *_look(clause)]
    return wishes or None


def shape(clause: Clause) -> tuple[float, float] | None:
    """The width and height that a clause asks for; None where it names none."""
    tags = clause.all("shape") or clause.all("ratio")
    # "for Instagram" is square, and "Instagram Reels" are not.
    return width_height(max(tags, key=lambda tag: tag.end - tag.start)) if tags else None


def _ratio(clause: Clause) -> list[Wish]:
    found = shape(clause)
    if found is None:
        return []
    # "square" in a sentence about something else is no canvas.
    about = clause.definite or clause.has("it", "video", "orientation", "all")
    end = len(clause.plain.rstrip(BLANK))
    # "适合手机看的竖屏": what a clause ends with is what it is about, where heads come last.
    article = any(t.concept == "a" for t in clause.at(clause.lead))
    last = any(t.end == end for t in clause.all("ratio", "shape"))
    about = about or (clause.postposed and last and not article)
    if clause.unknown() and not about:
        return []
    if "remove" in clause.verbs and "trim" not in clause.verbs:
        return []
    return [SetRatio(found)]


def _look(clause: Clause) -> list[Wish]:
    off = "remove" in clause.verbs or clause.has("neg", "less", "plain_look")
    if clause.has("bars", "grain"):
        bars, grain = (_wanted(clause, concept) for concept in ("bars", "grain"))
        if clause.unknown() and not clause.verbs and not off:
            return []
        return [SetLook(bars, grain, _clip(clause))]
    if clause.has("plain_look"):
        return [SetLook(False, False, _clip(clause))]
    if not clause.has("cinematic"):
        return []
    alone = not clause.unknown()
    commanded = clause.verbs & {"make", "add", "change", "use", "remove"} and (
        alone or clause.definite or clause.has("it", "video", "all", "look")
    )
    if not (alone or commanded):
        return []
    return [SetLook(not off, not off, _clip(clause))]


def _wanted(clause: Clause, concept: str) -> bool | None:
    """Whether bars or grain are to be there; None where nothing is said of them."""
    tag = clause.first(concept)
    if tag is None:
        return None
    before = [t for t in clause.all("bars", "grain") if t.end <= tag.start]
    start = before[-1].end if before else 0
    denied = any(start <= t.start < tag.start for t in clause.all("neg", "less"))
    return not (denied or "remove" in clause.verbs or (not before and clause.has("less")))


def _fit(clause: Clause) -> list[Wish]:
    if clause.has("contain"):
        return [SetFit("contain", _clip(clause))]
    return [SetFit("cover", _clip(clause))] if clause.has("cover") else []


def _clip(clause: Clause) -> Target | None:
    """The one clip that is meant, where one is named."""
    said = targets.read(clause, clause.lead)
    if said is None or said.kind not in ("clip", "photo") or not said.named:
        return None
    return said


def formats(clause: Clause, content: int | None) -> list[Tag]:
    """The tags that name the shape of a new clip, and not what it shows.

    ``content``: where the description of the picture begins, or None.
    """
    return [
        tag
        for tag in clause.all("shape", "ratio")
        if tag.concept == "shape"
        or (content is not None and tag.start < content)
        or _as_format(clause, tag)
    ]


def width_height(tag: Tag) -> tuple[float, float]:
    """The shape that a tag of ``formats`` names."""
    pair = tag.value.split(":") if isinstance(tag.value, str) else tag.value
    return float(pair[0]), float(pair[1])


def _as_format(clause: Clause, tag: Tag) -> bool:
    """Whether it is no part of the picture: "..., vertical", "in portrait", "square format"."""
    spoken = clause.plain[tag.start : tag.end]
    if not clause.latin or " " in spoken:  # "for my phone", "landscape mode"
        return True
    head = clause.plain[: tag.start].rstrip()
    before = {t.concept for t in clause.tags if t.end == len(head)}
    rest = clause.plain[tag.end :].lstrip(" -")
    after = {t.concept for t in clause.at(len(clause.plain) - len(rest))}
    if "a" in before and "topic_of" in after:  # "make a tiktok about rain"
        return True
    if after & {"orientation", "video"} or ("video" in before and "of" in after):
        return True
    led = head.endswith((",", ";", "(")) or not clause.unknown(0, tag.start)
    led = led or bool(before & {"video", "particle", "to", "a"})
    return led and (not rest.strip(BLANK) or rest[0] in BLANK)
