"""A wish for music in plain words -> a mood. The words of twelve languages are data."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).with_name("words.json")

# Scripts that write words without spaces between them, or stems that carry endings.
_JOINED = re.compile(
    r"[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def read(text: str) -> str | None:
    """The mood that a wish for music names ("something jazzy", "欢快一点的"), or None.

    Of several the longest word counts, and of equal ones the first: "gentle
    piano" is piano, and "smooth jazz" jazz.
    """
    folded = _fold(text)
    best: tuple[int, int, str] | None = None
    for word, mood in _words():
        found = _find(folded, word)
        if found is not None and (best is None or (-len(word), found) < best[:2]):
            best = (-len(word), found, mood)
    return None if best is None else best[2]


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
def _words() -> tuple[tuple[str, str], ...]:
    moods: dict[str, dict[str, list[str]]] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(
        (_fold(word), mood)
        for mood, languages in moods.items()
        for words in languages.values()
        for word in words
    )
