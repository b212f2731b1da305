"""Clusters -> glyphs: bidirectional levels (UAX #9), then HarfBuzz for each run.

No library of the system takes part: HarfBuzz comes in uharfbuzz's wheel, the levels from
python-bidi. (Pillow's Raqm looks for FriBiDi on the system and is silently off without it.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from .fonts import HAN, LATIN, Font


@dataclass(frozen=True)
class Cluster:
    """A user-perceived character with its font and its bidirectional level."""

    text: str
    font: Font
    level: int


@dataclass(frozen=True)
class Glyph:
    """A glyph at x, y from the line's left end on the baseline, in em, y upwards."""

    font: Font
    id: int
    x: float
    y: float

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Left, bottom, right, top of its ink, in em; None where it has none."""
        extents = self.font.shaper.get_glyph_extents(self.id)
        if extents is None or not extents.width:
            return None
        em = self.font.scale / self.font.units
        left, top = self.x + extents.x_bearing * em, self.y + extents.y_bearing * em
        return left, top + extents.height * em, left + extents.width * em, top


@dataclass(frozen=True)
class Line:
    """Glyphs from left to right, in em.

    ``width`` is what they take up; ``ink`` (left, bottom, right, top) is what they cover.
    ``rightward`` is the direction of the paragraph.
    """

    glyphs: tuple[Glyph, ...]
    width: float
    ink: tuple[float, float, float, float]
    rightward: bool
    fonts: tuple[Font, ...]

    @property
    def inked(self) -> bool:
        return self.ink[0] < self.ink[2]


@dataclass(frozen=True)
class Run:
    """Neighbours of one font and level; ``after`` is the space, in em, behind each."""

    font: Font
    level: int
    clusters: tuple[str, ...]
    after: tuple[float, ...]


def base_level(text: str) -> int:
    """0 for a paragraph that runs to the right, 1 for one that runs to the left (P2, P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return 1
        if kind == "L":
            return 0
    return 0


def levels(text: str) -> list[int]:
    """The embedding level of each character of a paragraph."""
    base = base_level(text)
    if not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return [base] * len(text)
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"] = base
    storage["base_dir"] = "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    for index, character in enumerate(storage["chars"]):
        character["index"] = index
        character["type"] = character["type"] or "L"  # newer than Python's tables
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found: list[int | None] = [None] * len(text)
    for character in storage["chars"]:
        found[character["index"]] = character["level"]
    result: list[int] = []
    for level in found:  # joiners have none; they stay with what they join
        result.append(level if level is not None else (result[-1] if result else base))
    return result


_CLOSING = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "〈": "〉", "《": "》", "「": "」"}


def _resolve_brackets(characters: list[dict[str, str]], base: str) -> None:
    """Rule N0, which python-bidi leaves out: a pair of brackets gets one direction."""
    opened: list[tuple[str, int]] = []
    pairs = []
    for index, character in enumerate(characters):
        sign = character["ch"]
        if character["type"] != "ON":
            continue
        if sign in _CLOSING:
            opened.append((_CLOSING[sign], index))
        elif any(sign == closing for closing, _ in opened):
            while opened:
                closing, start = opened.pop()
                if closing == sign:
                    pairs.append((start, index))
                    break
    strong = {"L": "L", "R": "R", "AN": "R", "EN": "R"}
    for start, end in sorted(pairs):
        inside = {strong.get(c["type"]) for c in characters[start + 1 : end]}
        if base in inside:
            direction = base
        elif inside - {None}:
            before = (strong.get(c["type"]) for c in reversed(characters[:start]))
            direction = next((kind for kind in before if kind), base)
        else:
            continue
        characters[start]["type"] = characters[end]["type"] = direction


def runs(clusters: Sequence[Cluster]) -> list[Run]:
    """Cut clusters into runs, in the order of reading."""
    after = [
        here.font.tracking + _gap(here, following)
        for here, following in zip_longest(clusters, clusters[1:])
    ][: len(clusters)]
    found: list[Run] = []
    start = 0
    for (font, level), group in groupby(clusters, key=lambda c: (c.font, c.level)):
        texts = tuple(c.text for c in group)
        end = start + len(texts)
        found.append(Run(font, level, texts, tuple(after[start:end])))
        start = end
    return found


# Full-width punctuation whose ink fills the left, or the right, half of its square.
_LEFT_HALF = frozenset("、。，．：；！？）］｝」』】〉》〕〗”’")
_RIGHT_HALF = frozenset("（［｛「『【〈《〔〖“‘")


def _gap(here: Cluster, following: Cluster | None) -> float:
    """What good composition adds, or takes away, between two clusters of CJK, em."""
    if following is None:
        return 0.0
    if here.font is HAN and following.font is HAN:
        blank = here.text in _LEFT_HALF and following.text in _LEFT_HALF | _RIGHT_HALF
        blank |= here.text in _RIGHT_HALF and following.text in _RIGHT_HALF
        return -0.5 * HAN.scale if blank else 0.0
    if (here.font is HAN) != (following.font is HAN):
        other, han = (following, here) if here.font is HAN else (here, following)
        if other.font is LATIN and other.text.isalnum() and han.text.isalnum():
            return 0.12
    return 0.0


def visual(ordered: Sequence[Run]) -> list[Run]:
    """Runs from left to right (rule L2)."""
    result = list(ordered)
    for level in range(max((run.level for run in result), default=0), 0, -1):
        start = 0
        while start < len(result):
            end = start
            while end < len(result) and result[end].level >= level:
                end += 1
            result[start:end] = reversed(result[start:end])
            start = end + 1
    return result


def shape(clusters: Sequence[Cluster], language: str, base: int) -> Line:
    """Shape one line, whose clusters are in the order of reading."""
    end = len(clusters)
    while end and clusters[end - 1].text in (" ", "\u200b"):
        end -= 1  # a space at the end of a line takes no room, in either direction
    ordered = runs(clusters[:end])
    glyphs: list[Glyph] = []
    x = 0.0
    for run in visual(ordered):
        for glyph, advance, _ in glyphs_of(run, language):
            glyphs.append(Glyph(run.font, glyph.id, x + glyph.x, glyph.y))
            x += advance
    if ordered:
        x -= ordered[-1].font.tracking
    fonts = tuple(dict.fromkeys(run.font for run in ordered if not "".join(run.clusters).isspace()))
    boxes = [box for glyph in glyphs if (box := glyph.box)]
    ink = (
        min((box[0] for box in boxes), default=0.0),
        min((box[1] for box in boxes), default=0.0),
        max((box[2] for box in boxes), default=0.0),
        max((box[3] for box in boxes), default=0.0),
    )
    line = Line(tuple(glyphs), x, ink, base == 0, fonts)
    return _hang(line) if HAN in fonts else line


def _hang(line: Line) -> Line:
    """Leave out the blank halves of full-width punctuation at the ends of a line."""
    left, bottom, right, top = line.ink
    ends = (line.glyphs[0].font, line.glyphs[-1].font)
    before = left - 0.06 if ends[0] is HAN and left > 0.2 else 0.0
    behind = line.width - right - 0.06 if ends[1] is HAN and line.width - right > 0.2 else 0.0
    return replace(
        line,
        glyphs=tuple(replace(glyph, x=glyph.x - before) for glyph in line.glyphs),
        width=line.width - before - behind,
        ink=(left - before, bottom, right - before, top),
    )


def glyphs_of(run: Run, language: str) -> list[tuple[Glyph, float, int]]:
    """Shape a run: from left to right each glyph, its advance, and its cluster's index."""
    import uharfbuzz as hb

    font, text = run.font, "".join(run.clusters)
    owner = [index for index, cluster in enumerate(run.clusters) for _ in cluster]
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(c) for c in text])
    buffer.guess_segment_properties()
    if font.script:
        buffer.script = font.script
    if language and font is HAN:
        buffer.language = language
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    capitals = text.isupper() and sum(c.isupper() for c in text) > 1
    hb.shape(font.shaper, buffer, {"case": capitals})
    em = font.scale / font.units
    shaped: list[tuple[Glyph, float, int]] = []
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    for index, (info, position) in enumerate(zip(infos, positions, strict=True)):
        cluster = owner[info.cluster]
        advance = position.x_advance * em
        if index + 1 == len(infos) or owner[infos[index + 1].cluster] != cluster:
            advance += run.after[cluster]
        glyph = Glyph(font, info.codepoint, position.x_offset * em, position.y_offset * em)
        shaped.append((glyph, advance, cluster))
    return shaped
