"""Lines of glyphs: wrapped, balanced, and made as small as the room needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import clusters as text_clusters
from .fonts import FONTS, LATIN, Font, choose, invisible
from .shaping import Cluster, Line, base_level, glyphs_of, levels, runs, shape

BLANK = 0.6  # em, the height of an empty line
CLEAR = 0.16  # em between the ink of two lines, at least
STEP = 0.94  # a size that does not fit is tried again this much smaller
FEW_LINES = 0.6  # down to this part of the wished size rather than take more lines
KEEP_WORDS = 0.45  # down to this part of the wished size rather than cut a word in two
HYPHEN = 0.4  # em, room for it
CUT = 4.0  # the cost of cutting a word


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

    ``top`` (negative) and ``bottom`` are the optical bounds about the first baseline, and
    ``ink`` (left, top, right, bottom) what is covered where all lines begin at 0, px.
    """

    lines: tuple[Line, ...]
    baselines: tuple[float, ...]
    em: float
    top: float
    bottom: float
    ink: tuple[float, float, float, float]

    @property
    def width(self) -> float:
        """Of the longest line, px."""
        return max(line.width for line in self.lines) * self.em

    def fits(self, width: float, height: float) -> bool:
        left, top, right, bottom = self.ink
        return max(right, self.width) - min(left, 0) <= width and bottom - top <= height


def read(line: str, language: str) -> Paragraph:
    """Split, choose fonts, drop what no font draws, find levels, measure."""
    parts = text_clusters.clusters(line)
    fonts = choose(parts, language)
    kept: list[tuple[str, Font]] = []
    for part, font in zip(parts, fonts, strict=True):
        if font is None:
            part, font = _simplify(part)
        after_space = not kept or kept[-1][0] == " "
        if font is not None and not (part == " " and after_space):
            kept.append((part, font))
    while kept and kept[-1][0] == " ":
        kept.pop()
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
    for run in runs(clusters):
        advances = [0.0] * len(run.clusters)
        for _, advance, index in glyphs_of(run, language):
            advances[index] += advance
        widths.extend(advances)
    return widths


def wrap(paragraph: Paragraph, width: float, cut: bool) -> list[tuple[int, int]] | None:
    """Ranges of clusters for lines at most ``width`` em wide.

    As few lines as possible, and these as equal as possible, at the best places to break.
    None where a word is too wide, and may not be ``cut``.
    """
    widths, count = paragraph.widths, len(paragraph.clusters)
    costs = list(paragraph.breaks)
    if cut:
        _allow_cuts(paragraph, width, costs)
    total = sum(widths)
    target = total / max(1, math.ceil(total / width))
    # best[i]: lines, cost, and the start of the last line, for the clusters before i
    best: list[tuple[int, float, int] | None] = [(0, 0.0, 0)] + [None] * count
    for end in range(1, count + 1):
        cost = costs[end - 1]
        if cost is None:
            continue
        room = HYPHEN if hyphenated(paragraph, end) else 0.0
        trailing = True
        for start in range(end - 1, -1, -1):
            if not trailing or paragraph.clusters[start].text != " ":
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
    lines: list[tuple[int, int]] = []
    end = count
    while end or not lines:
        entry_at = best[end]
        if entry_at is None:
            return None
        lines.append((entry_at[2], end))
        end = entry_at[2]
    return lines[::-1]


def _allow_cuts(paragraph: Paragraph, width: float, costs: list[float | None]) -> None:
    """Let words wider than a line be broken between any two clusters."""
    start = 0
    for end in (i + 1 for i, cost in enumerate(paragraph.breaks) if cost is not None):
        if sum(paragraph.widths[start:end]) > width:
            for index in range(start, end - 1):
                costs[index] = CUT
        start = end


def hyphenated(paragraph: Paragraph, end: int) -> bool:
    """Whether a line that ends before cluster ``end`` cuts a word of an alphabet."""
    if end >= len(paragraph.clusters) or paragraph.breaks[end - 1] is not None:
        return False
    around = paragraph.clusters[end - 1], paragraph.clusters[end]
    return all(c.font is LATIN and c.text[0].isalpha() for c in around)


def fit(
    texts: Sequence[str],
    language: str,
    em: float,
    room: tuple[float, float],
    *,
    few: int,
    smallest: float,
) -> Block | None:
    """Set lines into ``room`` (width, height in px), no larger than ``em`` px.

    ``few`` lines are aimed at: a smaller size is preferred to more of them. Below ``smallest``
    px the text is cut short. None where nothing of it can be drawn.
    """
    paragraphs = _trim([read(text, language) for text in texts])
    if not any(line.inked for p in paragraphs for line in [shape(p.clusters, language, p.base)]):
        return None
    good: list[Block] = []
    size = em
    while size >= em * FEW_LINES:
        block = _set(paragraphs, language, size, room[0], cut=False)
        if block is not None and block.fits(*room):
            good.append(block)
            if len(block.lines) <= max(few, len(paragraphs)):
                return block
        size *= STEP
    if good:
        fewest = min(len(block.lines) for block in good)
        return next(block for block in good if len(block.lines) == fewest)
    while size >= 1:
        block = _set(paragraphs, language, size, room[0], cut=size <= em * KEEP_WORDS)
        if block is not None and block.fits(*room):
            return block
        if size * STEP < smallest and sum(len(p.clusters) for p in paragraphs) > 1:
            paragraphs = _shorten(paragraphs, language)
        else:
            size *= STEP
    return None


def _trim(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Without the lines at either end of which nothing can be drawn."""
    drawn = [index for index, paragraph in enumerate(paragraphs) if paragraph.clusters]
    return paragraphs[drawn[0] : drawn[-1] + 1] if drawn else []


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
    paragraphs: Sequence[Paragraph], language: str, em: float, width: float, cut: bool
) -> Block | None:
    if width <= 0:
        return None
    lines: list[Line] = []
    for paragraph in paragraphs:
        ranges = wrap(paragraph, width / em, cut)
        if ranges is None:
            return None
        for start, end in ranges:
            clusters = paragraph.clusters[start:end]
            if hyphenated(paragraph, end):
                clusters = (*clusters, Cluster("-", LATIN, clusters[-1].level))
            lines.append(shape(clusters, language, paragraph.base))
    baselines = [0.0]
    for above, below in pairwise(lines):
        need = below.ink[3] - above.ink[1] + CLEAR
        leading = max((font.leading for font in (*above.fonts, *below.fonts)), default=1.0)
        step = max(leading, need) if below.glyphs else BLANK
        baselines.append(baselines[-1] + step * em)
    first, last = lines[0], lines[-1]
    top = max((font.top * font.scale for font in first.fonts), default=0.7)
    bottom = min((font.bottom * font.scale for font in last.fonts), default=0.0)
    return Block(
        tuple(lines),
        tuple(baselines),
        em,
        -top * em,
        baselines[-1] - bottom * em,
        (
            min(line.ink[0] for line in lines) * em,
            min(y - line.ink[3] * em for line, y in zip(lines, baselines, strict=True)),
            max(line.ink[2] for line in lines) * em,
            max(y - line.ink[1] * em for line, y in zip(lines, baselines, strict=True)),
        ),
    )
