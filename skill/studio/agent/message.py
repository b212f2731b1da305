"""A message made ready for reading: folded for comparing, with what is quoted covered up.

``plain`` has the length of ``text``, so that a place in one is the same place in
the other. What stands in quotes, and names of files, is content: it is covered
with MASK and cannot be taken for a command.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MASK = "\ue000"
LONGEST = 4000  # characters of a message that are read
LONGEST_QUOTE = 300

QUOTES = {
    "“": "”\"“", '"': '"”', "„": "“”\"", "‘": "’'", "'": "'’", "`": "`", "’": "’", "”": "”",
    "「": "」", "『": "』", "«": "»", "»": "«", "‹": "›", "《": "》", "〈": "〉", "＂": "＂",
    "｢": "｣", "﹁": "﹂", "″": "″",
}  # fmt: skip
# These also stand inside words ("don't", "l'eau"): only a lone one opens or closes.
APOSTROPHES = "'‘’"
SAME = {**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "～": "~", "ё": "е", "ı": "i"}
FILE = re.compile(
    r"[^\s,;:!?'\"“”‘’「」『』«»《》()，。；：！？、/\\]+?"
    r"\.(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac)(?![a-z0-9])",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://[^\s'\"“”「」，。、）)]+", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """Covered content: where it stands (quote marks included) and what it says."""

    start: int
    end: int
    text: str
    kind: str  # "quote" or "name"


@dataclass(frozen=True)
class Message:
    text: str
    plain: str
    spans: tuple[Span, ...]


def read(text: str, names: Iterable[str] = ()) -> Message:
    """Fold a message; ``names`` are those of the uploads, covered where they are said."""
    text = unicodedata.normalize("NFC", text)[:LONGEST]
    # Controls and lone surrogates say nothing; line breaks do.
    text = "".join(
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co") else " " for c in text
    )
    plain = fold(text)
    spans: list[Span] = []
    for span in (*_quotes(text), *_names(text, plain, names)):
        if all(span.end <= other.start or span.start >= other.end for other in spans):
            spans.append(span)
    for span in spans:
        plain = plain[: span.start] + MASK * (span.end - span.start) + plain[span.end :]
    return Message(text, plain, tuple(sorted(spans, key=lambda span: span.start)))


def fold(text: str) -> str:
    """Lower case, half width, no Latin accents, ASCII digits, simplified characters.

    Character by character, so that the length stays the same.
    """
    return "".join(map(_fold, text))


@cache
def _fold(char: str) -> str:
    if char in SAME:
        return SAME[char]
    simplified = _simplified().get(char, char)
    folded = unicodedata.normalize("NFKC", simplified).lower()
    if len(folded) != 1:
        return simplified
    digit = unicodedata.digit(folded, None)
    if digit is not None:
        return str(digit)
    # Accents are left out as often as they are typed; other scripts need their marks.
    latin = "\u00c0" <= folded <= "\u024f"
    return unicodedata.normalize("NFD", folded)[0] if latin else folded


@cache
def _simplified() -> dict[str, str]:
    path = Path(__file__).parent / "words" / "simplified.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["pairs"]
    return {pair[0]: pair[1] for row in rows for pair in row.split()}


def traditional(text: str) -> bool:
    """Whether Chinese text is in the traditional script."""
    return any(char in _simplified() for char in text)


def _quotes(text: str) -> Iterable[Span]:
    at = 0
    while at < len(text):
        end = _close(text, at) if text[at] in QUOTES else None
        if end is None:
            at += 1
            continue
        inside = text[at + 1 : end].strip()
        if inside:
            yield Span(at, end + 1, inside, "quote")
        at = end + 1


def _close(text: str, start: int) -> int | None:
    """Where the quote that opens at ``start`` ends; None where it does not."""
    mark = text[start]
    lone = mark in APOSTROPHES
    before = text[start - 1] if start else " "
    if lone and _latin(before):
        return None
    if mark in "’”″»" and (
        before.isalnum() or (start + 1 < len(text) and text[start + 1].isspace())
    ):
        return None
    for end in range(start + 1, min(len(text), start + LONGEST_QUOTE + 2)):
        if text[end] in QUOTES[mark] and end > start + 1:
            after = text[end + 1] if end + 1 < len(text) else " "
            if not (lone and _latin(after)):
                return end
    return None


def _latin(char: str) -> bool:
    """A letter of a script that writes apostrophes inside words."""
    return char.isalnum() and char < "\u2e80"


def _names(text: str, plain: str, names: Iterable[str]) -> Iterable[Span]:
    for link in LINK.finditer(text):
        yield Span(link.start(), link.end(), link.group(), "name")
    for name in sorted({name for name in names if len(name) > 2}, key=len, reverse=True):
        whole = re.compile(rf"(?<![a-z0-9_]){re.escape(fold(name))}(?![a-z0-9])")
        for found in whole.finditer(plain):
            yield Span(found.start(), found.end(), name, "name")
    for found in FILE.finditer(text):
        # In a script without spaces the words before a name stick to it.
        glued = re.search(r"[\u2e80-\u9fff\uac00-\ud7af]+(?=[!-~]+$)", found.group())
        start = found.start() + (glued.end() if glued else 0)
        yield Span(start, found.end(), text[start : found.end()], "name")
