"""The fonts in the package: opened when first needed, chosen for each cluster of characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from skill.studio.render.errors import RenderError

FOLDER = Path(__file__).resolve().parent.parent / "fonts"

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Font:
    """A font file. Lengths are in em, y upwards from the baseline.

    ``scale`` makes scripts look equally large beside each other; ``top`` and ``bottom`` bound
    what the eye takes for the height of a line (capitals, an ideograph's body, the Devanagari
    head line with a matra), by which a title is centred; ``tracking`` is added after each
    cluster, and is zero where letters join.
    """

    file: str
    script: str  # ISO 15924; "" lets HarfBuzz find it
    ranges: Ranges  # the characters it is opened for; those without a range of their own try all
    scale: float = 1.0
    top: float = 0.72
    bottom: float = 0.0
    tracking: float = 0.0
    leading: float = 1.18  # from baseline to baseline, at least

    @property
    def path(self) -> Path:
        """The font's file. Raises RenderError where this copy of the skill lacks it."""
        path = FOLDER / self.file
        if not path.is_file():  # registries of skills that take text alone leave fonts out
            raise RenderError(
                f"The font {self.file} is missing in this copy of the skill, so this text cannot "
                "be drawn. Install the skill again, from its release or with its own 'install'."
            )
        return path

    @cached_property
    def shaper(self) -> Any:
        """HarfBuzz's font; the file is mapped, not read."""
        import uharfbuzz as hb

        return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path))))

    @cached_property
    def units(self) -> int:
        """Font units in an em."""
        return int(self.shaper.face.upem)

    @cached_property
    def outlines(self) -> Any:
        """FreeType's face."""
        import freetype

        return freetype.Face(str(self.path))

    @cached_property
    def _known(self) -> dict[int, bool]:
        return {}

    def has(self, character: str) -> bool:
        code = ord(character)
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = self.shaper.get_nominal_glyph(code) is not None
        return known

    def draws(self, cluster: str) -> bool:
        return all(self.has(c) or invisible(c) for c in cluster)

    def claims(self, character: str) -> bool:
        code = ord(character)
        return any(first <= code <= last for first, last in self.ranges)


LATIN = Font(
    "InterDisplay-SemiBold.ttf",
    "",
    ((0x20, 0x24F), (0x370, 0x52F), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x20A0, 0x20CF)),
    top=0.728,
    tracking=-0.005,
)
ARABIC = Font(
    "NotoSansArabic-Bold.ttf",
    "Arab",
    ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)),
    scale=0.94,
    top=0.68,
    bottom=-0.12,
)
HEBREW = Font(
    "NotoSansHebrew-Bold.ttf",
    "Hebr",
    ((0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    scale=1.06,
    top=0.62,
)
DEVANAGARI = Font(
    "NotoSansDevanagari-Bold.ttf",
    "Deva",
    ((0x900, 0x97F), (0xA8E0, 0xA8FF), (0x1CD0, 0x1CFF)),
    scale=1.0,
    top=0.70,
    bottom=-0.06,
)
HAN = Font(
    "NotoSansCJK-Bold-Han.otf",
    "Hani",
    ((0x2E80, 0x30FF), (0x31F0, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)),
    scale=0.97,
    top=0.80,
    bottom=-0.06,
    tracking=0.02,
    leading=1.27,
)
HANGUL = Font(
    "NotoSansCJK-Bold-Hangul.otf",
    "Hang",
    ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7A3)),
    scale=0.97,
    top=0.79,
    bottom=-0.06,
    tracking=-0.01,
    leading=1.27,
)
EMOJI = Font(
    "NotoEmoji-Bold.ttf",
    "",
    ((0x1F000, 0x1FAFF),),
    scale=0.86,
    top=0.82,
    bottom=-0.10,
    tracking=0.04,
)

# Scripts of which no more need be said: name, ISO 15924, range, scale, top.
OTHERS = tuple(
    Font(f"NotoSans{name}-Bold.ttf", script, ranges, scale=scale, top=top)
    for name, script, ranges, scale, top in (
        ("Bengali", "Beng", ((0x980, 0x9FF),), 0.94, 0.66),
        ("Gurmukhi", "Guru", ((0xA00, 0xA7F),), 1.0, 0.68),
        ("Gujarati", "Gujr", ((0xA80, 0xAFF),), 1.0, 0.68),
        ("Oriya", "Orya", ((0xB00, 0xB7F),), 1.0, 0.68),
        ("Tamil", "Taml", ((0xB80, 0xBFF),), 0.92, 0.68),
        ("Telugu", "Telu", ((0xC00, 0xC7F),), 0.96, 0.68),
        ("Kannada", "Knda", ((0xC80, 0xCFF),), 0.96, 0.68),
        ("Malayalam", "Mlym", ((0xD00, 0xD7F),), 0.92, 0.62),
        ("Sinhala", "Sinh", ((0xD80, 0xDFF),), 0.96, 0.66),
        ("Thai", "Thai", ((0xE00, 0xE7F),), 0.98, 0.66),
        ("Lao", "Laoo", ((0xE80, 0xEFF),), 0.98, 0.66),
        ("Khmer", "Khmr", ((0x1780, 0x17FF), (0x19E0, 0x19FF)), 1.0, 0.68),
        ("Myanmar", "Mymr", ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)), 0.96, 0.6),
        ("Georgian", "Geor", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)), 1.0, 0.7),
        ("Armenian", "Armn", ((0x530, 0x58F), (0xFB13, 0xFB17)), 1.0, 0.72),
        ("Ethiopic", "Ethi", ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)), 1.0, 0.72),
    )
)

FONTS = (LATIN, HAN, HANGUL, ARABIC, HEBREW, DEVANAGARI, *OTHERS, EMOJI)
CJK = (HAN, HANGUL)

# Punctuation that Latin and Chinese share, and that each sets in its own width.
SHARED = frozenset("“”‘’…—·")


def invisible(character: str) -> bool:
    """Whether a character shapes others, or nothing, and needs no glyph of its own."""
    return (
        unicodedata.category(character) == "Cf"
        or "\ufe00" <= character <= "\ufe0f"
        or character == "\u034f"
    )


def choose(clusters: Sequence[str], language: str) -> list[Font | None]:
    """The font of each cluster of a paragraph; None where no font draws it.

    Punctuation, digits and spaces stay in the font of the text before them where it has them
    (else of the text after), so that a run is not cut.
    """
    fonts: list[Font | None] = [None] * len(clusters)
    last: Font | None = None
    for index, cluster in enumerate(clusters):
        if _neutral(cluster):
            if last is not None and last not in (EMOJI, *CJK) and last.draws(cluster):
                fonts[index] = last
            else:
                fonts[index] = None if last is None else _find(cluster)
        else:
            fonts[index] = _find(cluster)
            last = fonts[index] or last
    _lead(clusters, fonts)
    if language.startswith(("zh", "ja")):
        _set_shared(clusters, fonts)
    return fonts


def _lead(clusters: Sequence[str], fonts: list[Font | None]) -> None:
    """Give the neutrals before the first letter the font of what follows."""
    first = next((i for i, c in enumerate(clusters) if not _neutral(c) and fonts[i]), len(clusters))
    following = fonts[first] if first < len(clusters) else None
    for index in range(first):
        if not _neutral(clusters[index]):
            continue
        keeps = following and following not in (EMOJI, *CJK) and following.draws(clusters[index])
        fonts[index] = following if keeps else _find(clusters[index])


def _set_shared(clusters: Sequence[str], fonts: list[Font | None]) -> None:
    """Quotes, dashes and dots beside Chinese characters are Chinese."""
    for index, cluster in enumerate(clusters):
        if cluster in SHARED:
            near = [fonts[i] for i in (index - 1, index + 1) if 0 <= i < len(clusters)]
            if HAN in near and HAN.has(cluster):
                fonts[index] = HAN


def _find(cluster: str) -> Font | None:
    base = cluster[0]
    for font in FONTS:
        if font.claims(base) and font.draws(cluster):
            return font
    for font in FONTS:
        if font.draws(cluster):
            return font
    return None


def _neutral(cluster: str) -> bool:
    """Whether a cluster is punctuation, a space or a digit that several scripts use."""
    return len(cluster) == 1 and unicodedata.bidirectional(cluster) not in ("L", "R", "AL", "NSM")
