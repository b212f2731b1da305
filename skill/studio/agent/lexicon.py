"""The words of a language, and where they stand in a message.

One JSON file a language in ``words/``. "words" has the words of each concept
("add", "title", "music"); the other sections give a concept with a value
("color": "#e53935", "mood": "lo-fi"). In an entry a space stands for any space, a hyphen
for a hyphen, a space or nothing, ``*`` at an end for the rest of a word, and
``...`` for one to four words in between ("turn ... down").
``any.json`` holds what all languages share. Files are read once a process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from skill.studio.agent.message import fold

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "zh", "es", "fr", "de", "pt", "ja", "ko", "ru", "hi", "ar", "id")
LATIN = ("en", "es", "fr", "de", "pt", "id")

# Sections that are no concept with values.
PLAIN = ("about", "words", "verb", "head", "apposed", "common", "numbers", "units", "particles")

# What a word is made of, script by script; in others words are not set apart.
LETTERS = (
    ("\u0370", "a-z0-9\u00c0-\u024f"),
    ("\u0530", "\u0400-\u052f"),
    ("\u0700", "\u0620-\u065f\u066e-\u06d3"),
    ("\u0980", "\u0900-\u097f"),
)

# Words that only one reader looks for, in a place of its own; elsewhere they mean nothing.
EDGES = (
    "opening", "closing", "ongoing", "aside", "near", "object", "own", "too", "middle", "any_kind",
    "play",
)  # fmt: skip
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Tag:
    """A concept that stands at ``start`` to ``end`` of the text, with its value if it has one."""

    concept: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """A language: patterns of its concepts, its numbers and units, its word order.

    ``verb_last``: the verb may end a clause; ``head_last``: a noun follows what describes it;
    ``apposed``: what describes a noun may stand right after it ("video koki").
    ``particles`` are the small words of numbers: from, to, edge, before, half, and_half,
    percent, times, nth.
    """

    language: str
    patterns: tuple[tuple[str, Any, re.Pattern[str]], ...]
    numbers: dict[str, float]
    units: dict[str, tuple[str, ...]]
    particles: dict[str, tuple[str, ...]]
    verb_last: bool
    head_last: bool
    apposed: bool = False

    @property
    def latin(self) -> bool:
        return self.language in LATIN

    def pattern(self, concept: str, value: str | None = None) -> re.Pattern[str]:
        """The words of a concept (and value); matches nothing where it has none."""
        named = (p for name, own, p in self.patterns if name == concept and own == value)
        return next(named, NOTHING)

    def values(self, concept: str) -> list[tuple[str, re.Pattern[str]]]:
        """The values of a concept, and the words of each."""
        return [(str(own), p) for name, own, p in self.patterns if name == concept]

    def tags(self, plain: str) -> list[Tag]:
        """Every concept of the text, those inside longer ones too."""
        return [
            Tag(concept, value, found.start(), found.end())
            for concept, value, pattern in self.patterns
            if concept not in EDGES
            for found in pattern.finditer(plain)
            if found.end() > found.start()
        ]


@cache
def load(language: str) -> Lexicon:
    """The words of a language. Raises FileNotFoundError where there are none."""
    data = _read(language)
    shared = _read("any")
    patterns = []
    for concept, entries in data.get("words", {}).items():
        patterns.append((concept, None, compile_entries(entries)))
    sections = {key for key in (*data, *shared) if key not in PLAIN}
    for concept in sorted(sections):
        values = {**shared.get(concept, {}), **data.get(concept, {})}
        for value in values:
            entries = [
                *shared.get(concept, {}).get(value, ()),
                *data.get(concept, {}).get(value, ()),
            ]
            patterns.append((concept, value, compile_entries(entries)))
    return Lexicon(
        language=language,
        patterns=tuple(patterns),
        numbers={fold(word): float(value) for word, value in data.get("numbers", {}).items()},
        units={unit: tuple(map(fold, words)) for unit, words in data.get("units", {}).items()},
        particles={
            key: tuple(
                map(fold, (*shared["particles"][key], *data.get("particles", {}).get(key, ())))
            )
            for key in shared["particles"]
        },
        verb_last=data.get("verb") == "last",
        head_last=data.get("head") == "last",
        apposed=bool(data.get("apposed")),
    )


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Every word of a language's file, to tell languages apart; no pattern is made for it."""
    data = _read(language)
    entries = [*data.get("common", ()), *data.get("numbers", ())]
    for key, section in data.items():
        if isinstance(section, dict) and key != "numbers":
            entries += [word for words in section.values() for word in words]
    return frozenset(word for entry in entries for word in re.findall(r"[^\W\d_]+", fold(entry)))


def outermost(tags: Iterable[Tag]) -> list[Tag]:
    """The tags that do not lie inside a longer one, in the order in which they stand.

    A "word" tag is a compound that means nothing here ("music box"): it hides what it covers.
    """
    ordered = sorted(set(tags), key=lambda tag: (tag.start, -tag.end, tag.concept, str(tag.value)))
    words = [tag for tag in ordered if tag.concept == "word"]
    kept: list[Tag] = []
    for tag in ordered:
        length = tag.end - tag.start
        inside = any(
            other.start <= tag.start and tag.end <= other.end and other.end - other.start > length
            for other in kept
        )
        hidden = any(word.start <= tag.start and tag.end <= word.end for word in words)
        if not inside and not hidden:
            kept.append(tag)
    return kept


def compile_entries(entries: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all entries, the longest first."""
    # "bring it back" before "bring ... back", which covers "bring" alone.
    ordered = sorted({fold(entry) for entry in entries}, key=lambda e: (" ... " in e, -len(e), e))
    return re.compile("|".join(map(_entry, ordered)) or r"(?!)")


def _entry(entry: str) -> str:
    first, _, second = entry.partition(" ... ")
    # The tag covers the first part alone: what stands between has a meaning of its own.
    gap = rf"(?=(?:\s+[^\s,.;]+){{1,4}}?\s+{_words(second)})" if second else ""
    return _words(first) + gap


def _words(entry: str) -> str:
    body = entry.strip("*")
    pattern = "".join(
        r"\s+" if char == " " else r"[\s-]?" if char == "-" else re.escape(char) for char in body
    )
    head, tail = _letters(body[:1]), _letters(body[-1:])
    if head:
        pattern = (f"[{head}]*" if entry.startswith("*") else f"(?<![{head}])") + pattern
    if tail:
        pattern += f"[{tail}]*" if entry.endswith("*") else f"(?![{tail}])"
    return pattern


def _letters(char: str) -> str:
    if not (char.isalnum() or "\u0900" <= char <= "\u097f"):
        return ""
    return next((letters for limit, letters in LETTERS if char < limit), "")


def _read(language: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return data
