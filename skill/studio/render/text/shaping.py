"""Clusters -> glyphs: bidirectional levels (UAX #9), then HarfBuzz for each run.

No library of the system takes part: HarfBuzz comes in uharfbuzz's wheel, the levels from
python-bidi. (Pillow's Raqm looks for FriBiDi on the system and is silently off without it.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from .fonts import HAN, HANGUL, Font


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


@dataclass(frozen=True)
class Line:
    """Glyphs from left to right; ``width`` in em; ``rightward`` is the paragraph's direction."""

    glyphs: tuple[Glyph, ...]
    width: float
    rightward: bool
    fonts: tuple[Font, ...]


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


def visual(runs: Sequence[tuple[Font, int, str]]) -> list[tuple[Font, int, str]]:
    """Runs from left to right (rule L2)."""
    ordered = list(runs)
    top = max((level for _, level, _ in ordered), default=0)
    for level in range(top, 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end][1] >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = end + 1
    return ordered


def shape(clusters: Sequence[Cluster], language: str, base: int) -> Line:
    """Shape one line, whose clusters are in the order of reading."""
    end = len(clusters)
    while end and clusters[end - 1].text in (" ", "\u200b"):
        end -= 1  # a space at the end of a line takes no room, in either direction
    runs = [
        (font, level, "".join(c.text for c in group))
        for (font, level), group in groupby(clusters[:end], key=lambda c: (c.font, c.level))
    ]
    glyphs: list[Glyph] = []
    x = 0.0
    tracking = 0.0
    for font, level, text in visual(runs):
        for glyph, advance, _ in run(font, text, level, language):
            glyphs.append(Glyph(font, glyph[0], x + glyph[1], glyph[2]))
            x += advance
        tracking = font.tracking
    fonts = tuple(dict.fromkeys(font for font, _, text in runs if not text.isspace()))
    return Line(tuple(glyphs), x - tracking, base == 0, fonts)


def run(
    font: Font, text: str, level: int, language: str
) -> list[tuple[tuple[int, float, float], float, int]]:
    """Shape a run of one font and direction.

    Returns, from left to right, (glyph id, x offset, y offset), advance, and the index in
    ``text`` of the first character that the glyph stands for. Lengths in em.
    """
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    if font.script:
        buffer.script = font.script
    if language and font in (HAN, HANGUL):
        buffer.language = language
    buffer.direction = "rtl" if level % 2 else "ltr"
    capitals = text.isupper() and sum(c.isupper() for c in text) > 1
    hb.shape(font.shaper, buffer, {"case": capitals})
    em = font.scale / font.units
    shaped = []
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    for index, (info, position) in enumerate(zip(infos, positions, strict=True)):
        advance = position.x_advance * em
        last = index + 1 == len(infos) or infos[index + 1].cluster != info.cluster
        if last and font.tracking:
            advance += font.tracking
        offset = (info.codepoint, position.x_offset * em, position.y_offset * em)
        shaped.append((offset, advance, info.cluster))
    return shaped
