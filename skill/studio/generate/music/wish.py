"""A wish for music in plain words -> a mood. The words of twelve languages are data."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).with_name("words.json")
_KINDS = _WORDS.with_name("kinds.json")

# Scripts that write words without spaces between them, or stems that carry endings.
_JOINED = re.compile(
    r"[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def read(text: str) -> str | None:
    """The mood that a wish for music names ("something jazzy", "欢快一点的"), or None.

    An instrument or a genre counts before how it should feel ("mellow guitar" is
    acoustic), except inside a longer word ("sad piano"); then the longest word
    counts, and of equal ones the first.
    """
    folded = _fold(text)
    found = [(at, word, mood) for word, mood in _words() if (at := _find(folded, word)) is not None]
    whole = [
        one
        for one in found
        if not any(one[1] != other[1] and _inside(one, other) for other in found)
    ]
    ranked = ((word not in _kinds(), -len(word), at, mood) for at, word, mood in whole)
    return min(ranked)[3] if whole else None


def kind(text: str) -> str:
    """The longest word of a text that names an instrument or a genre; "" where none does."""
    folded = _fold(text)
    found = [word for word in _kinds() if _find(folded, word) is not None]
    return max(found, key=len, default="")


def _inside(one: tuple[int, str, str], other: tuple[int, str, str]) -> bool:
    """Whether a found word is part of a longer one."""
    return other[0] <= one[0] and one[0] + len(one[1]) <= other[0] + len(other[1])


def _find(text: str, word: str) -> int | None:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if _JOINED.match(word[0]):
            # "не" is no word of "нет", but "весёл" is the beginning of "весёлая".
            if not _JOINED.match(text[at - 1 : at]) or not "\u0400" <= word[0] <= "\u097f":
                return at
        elif not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            return at
        at = text.find(word, at + 1)
    return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    """The words that name an instrument or a genre."""
    languages: dict[str, list[str]] = json.loads(_KINDS.read_text(encoding="utf-8"))
    del languages["about"]
    return frozenset(_fold(word) for words in languages.values() for word in words)


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, str], ...]:
    moods: dict[str, dict[str, list[str]]] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(
        (_fold(word), mood)
        for mood, languages in moods.items()
        for words in languages.values()
        for word in words
    )
