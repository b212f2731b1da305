"""Lines of glyphs: wrapped, balanced, and made as small as the room needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from . import clusters as text_clusters
from .fonts import FONTS, Font, choose, invisible
from .shaping import Cluster, Glyph, Line, base_level, levels, run, shape

LEADING = 1.18  # em from baseline to baseline, at least
STEP = 0.94  # a size that does not fit is tried again this much smaller
KEEP_WORDS = 0.62  # down to this part of the wished size rather than cut a word in two
FEW_LINES = 0.6  # down to this part of the wished size rather than grow past `lines`
SMALLEST = 0.022  # em / shorter side of the canvas; below it the text is cut short


@dataclass(frozen=True)
class Paragraph:
    """A line as typed: its clusters, what each is wide in em, and where it may be broken."""

    clusters: tuple[Cluster, ...]
    widths: tuple[float, ...]
    breaks: tuple[float | None, ...]
    base: int


@dataclass(frozen=True)
class Block:
    """Lines with their baselines, in px downwards from the first one; ``em`` in px.

    ``top`` (above the first baseline, negative) and ``bottom`` are the optical bounds, px.
    """

    lines: tuple[Line, ...]
    baselines: tuple[float, ...]
    em: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        """Of the longest line, px."""
        return max((line.width for line in self.lines), default=0.0) * self.em


def read(line: str, language: str) -> Paragraph:
    """Split, choose fonts, drop what no font draws, find levels, measure."""
    parts = text_clusters.clusters(line)
    fonts = choose(parts, language)
    kept: list[tuple[str, Font]] = []
    for part, font in zip(parts, fonts, strict=True):
        if font is None:
            part, font = _simplify(part)
        if font is not None:
            kept.append((part, font))
    texts = [part for part, _ in kept]
    at = levels("".join(texts))
    found: list[Cluster] = []
    index = 0
    for part, font in kept:
        found.append(Cluster(part, font, at[index]))
        index += len(part)
    return Paragraph(
        tuple(found),
        tuple(_widths(found, language)),
        tuple(text_clusters.breaks(texts)),
        base_level("".join(texts)),
    )


def _simplify(cluster: str) -> tuple[str, Font | None]:
    """The part of a cluster that can be drawn: a letter without a mark that no font has."""
    for font in FONTS:
        rest = "".join(c for c in cluster if font.has(c) or invisible(c))
        if rest and font.has(cluster[0]):
            return rest, font
    return "", None


def _widths(clusters: Sequence[Cluster], language: str) -> list[float]:
    widths: list[float] = []
    for (font, level), group in groupby(clusters, key=lambda c: (c.font, c.level)):
        texts = [c.text for c in group]
        owner = [i for i, text in enumerate(texts) for _ in text]
        advances = [0.0] * len(texts)
        for _, advance, index in run(font, "".join(texts), level, language):
            advances[owner[index]] += advance
        widths.extend(advances)
    return widths


def wrap(paragraph: Paragraph, width: float, anywhere: bool) -> list[tuple[int, int]] | None:
    """Ranges of clusters for lines at most ``width`` em wide.

    As few lines as possible, and these as equal as possible, at the best places to break.
    None where a word does not fit and may not be cut (``anywhere``).
    """
    widths, count = paragraph.widths, len(paragraph.clusters)
    # best[i]: the lines, the cost, and the start of the last line, for the clusters before i
    best: list[tuple[int, float, int] | None] = [(0, 0.0, 0)] + [None] * count
    total = sum(widths)
    target = total / max(1, math.ceil(total / width)) if width > 0 else total
    for end in range(1, count + 1):
        cost = paragraph.breaks[end - 1]
        if cost is None:
            if not anywhere:
                continue
            cost = 3.0
        room = 0.0
        trailing = True
        for start in range(end - 1, -1, -1):
            blank = paragraph.clusters[start].text == " "
            if not (blank and trailing):
                trailing = False
                room += widths[start]
            if room > width:
                break
            before = best[start]
            if before is None:
                continue
            slack = (target - room) / max(target, 1e-6)
            entry = (before[0] + 1, before[1] + slack * slack * 4 + cost, start)
            current = best[end]
            if current is None or entry[:2] < current[:2]:
                best[end] = entry
    if best[count] is None:
        return None
    lines: list[tuple[int, int]] = []
    end = count
    while end:
        entry_at_end = best[end]
        assert entry_at_end is not None  # noqa: S101 - reached only through entries
        lines.append((entry_at_end[2], end))
        end = entry_at_end[2]
    return lines[::-1] or [(0, 0)]


def fit(
    lines: Sequence[str],
    language: str,
    em: float,
    room: tuple[float, float],
    *,
    few: int,
    smallest: float,
) -> Block | None:
    """Set lines into ``room`` (width, height in px), no larger than ``em`` px.

    ``few`` lines are aimed at; ``smallest`` px is the size below which text is cut short.
    None where nothing of the text can be drawn.
    """
    read_lines = [read(line, language) for line in lines]
    if not any(p.clusters for p in read_lines):
        return None
    size = em
    few = max(few, len(read_lines))
    while True:
        block = _set(read_lines, language, size, room[0], anywhere=size <= em * KEEP_WORDS)
        if block is not None and block.width <= room[0] + 0.01:
            tall = _ink_height(block) > room[1]
            many = len(block.lines) > few and size * STEP >= em * FEW_LINES
            if not tall and not many:
                return block
        if size * STEP < smallest and sum(len(p.clusters) for p in read_lines) > 1:
            read_lines = _shorten(read_lines, language)
        else:
            size *= STEP


def _shorten(paragraphs: list[Paragraph], language: str) -> list[Paragraph]:
    """A tenth less text, ended by an ellipsis."""
    total = sum(len(p.clusters) for p in paragraphs)
    keep = max(1, int(total * 0.9) - 1)
    result = []
    for paragraph in paragraphs:
        if keep <= 0:
            break
        texts = [c.text for c in paragraph.clusters]
        if len(texts) > keep:
            texts = [*texts[:keep], "…"] if keep > 1 else texts[:1]
        keep -= len(texts)
        result.append(read("".join(texts), language))
    return result


def _set(
    paragraphs: Sequence[Paragraph], language: str, em: float, width: float, anywhere: bool
) -> Block | None:
    lines: list[Line] = []
    for paragraph in paragraphs:
        ranges = wrap(paragraph, width / em, anywhere)
        if ranges is None:
            return None
        lines.extend(
            shape(paragraph.clusters[start:end], language, paragraph.base) for start, end in ranges
        )
    baselines = [0.0]
    for above, below in pairwise(lines):
        need = descent(above) + ascent(below) + 0.16
        baselines.append(baselines[-1] + max(LEADING, need) * em)
    first, last = lines[0], lines[-1]
    top = max((font.top * font.scale for font in first.fonts), default=0.7)
    bottom = min((font.bottom * font.scale for font in last.fonts), default=0.0)
    return Block(tuple(lines), tuple(baselines), em, -top * em, baselines[-1] - bottom * em)


def _ink_height(block: Block) -> float:
    return block.baselines[-1] + (ascent(block.lines[0]) + descent(block.lines[-1])) * block.em


def ascent(line: Line) -> float:
    """From the baseline up to the highest ink, em."""
    return max((top for _, top in map(_extent, line.glyphs)), default=0.0)


def descent(line: Line) -> float:
    """From the baseline down to the lowest ink, em."""
    return max((-bottom for bottom, _ in map(_extent, line.glyphs)), default=0.0)


def _extent(glyph: Glyph) -> tuple[float, float]:
    """Bottom and top of a glyph's ink against the baseline, em."""
    extents = glyph.font.shaper.get_glyph_extents(glyph.id)
    if extents is None:
        return 0.0, 0.0
    em = glyph.font.scale / glyph.font.units
    top = extents.y_bearing * em + glyph.y
    return top + extents.height * em, top
