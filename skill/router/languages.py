"""The languages of a script: which of them a sentence could ask for something in."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from skill.router.lexicon import LONGEST, MISTYPED, NAMES, Lexicon, unspaced
from skill.router.slips import meant, slips

WORDS = Path(__file__).with_name("words")

_SCRIPTS = {
    "latin": re.compile("[a-z]"),
    "han": re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
    "hangul": re.compile("[\uac00-\ud7a3]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}
# What is written onto a word is at most this long.
_PIECE = 5


class Languages:
    """The lexicons of one script, and which of them a word could name a step in."""

    def __init__(self, script: str) -> None:
        common = _load(WORDS / "any.json")
        files = sorted((WORDS / script).glob("*.json"))
        self.lexicons = [Lexicon(file.stem, common, _load(file)) for file in files]
        # A word that is right in one language is no slip in another.
        self._right = {word for lexicon in self.lexicons for word in lexicon.typed_right}
        for lexicon in self.lexicons:
            lexicon.typed_right = self._right
        self._before = _which([lexicon.before for lexicon in self.lexicons])
        self._after = _which([lexicon.after for lexicon in self.lexicons])
        self._naming: dict[str, int] = {}
        self._slips: dict[str, list[tuple[str, int]]] | None = None
        if len(self.lexicons) > 1:
            for index, lexicon in enumerate(self.lexicons):
                for word, roles in lexicon.beginnings():
                    if roles & NAMES:
                        self._naming[word] = self._naming.get(word, 0) | 1 << index

    def naming(self, words: list[str]) -> list[Lexicon]:
        """The lexicons in which a word, or the beginning of a phrase, names a step.

        With one language to a script there is nothing to choose, and letters that no space
        parts have no words to look up: then it is all of them.
        """
        if len(self.lexicons) == 1 or any(map(unspaced, words)):
            return self.lexicons
        found = 0
        for word in words:
            found |= self._naming.get(word, 0) or self._naming_apart(word)
        if not found:
            found = self._mistyped(words)
        return [lexicon for index, lexicon in enumerate(self.lexicons) if found >> index & 1]

    def _naming_apart(self, word: str) -> int:
        """The same for a word with something written onto it ("l'exporter", "mandarmelo")."""
        found = 0
        if len(word) <= LONGEST:
            for length in range(1, min(_PIECE + 1, len(word))):
                if which := self._before.get(word[:length]):
                    found |= which & self._naming.get(word[length:], 0)
                if which := self._after.get(word[-length:]):
                    found |= which & self._naming.get(word[:-length], 0)
        return found

    def _mistyped(self, words: list[str]) -> int:
        """A bit for each lexicon in which a word is a slip away from one that names a step."""
        if self._slips is None:
            naming: dict[str, int] = {}
            for index, lexicon in enumerate(self.lexicons):
                for word, roles in lexicon.words.items():
                    if roles & MISTYPED:
                        naming[word] = naming.get(word, 0) | 1 << index
            self._slips = slips(naming)
        found = 0
        for word in words:
            if 5 <= len(word) <= LONGEST and word not in self._right:
                found |= meant(word, self._slips)
        return found


@cache
def languages(script: str) -> Languages:
    """The languages of a script, a folder of ``words``; read when its letters first turn up."""
    return Languages(script)


def scripts(text: str) -> list[str]:
    """The scripts that stand in a text, of those that there are words for."""
    if text.isascii():
        return ["latin"]
    return [script for script, pattern in _SCRIPTS.items() if pattern.search(text)] or ["latin"]


def _which(of: list[set[str]]) -> dict[str, int]:
    """What is written onto words, with a bit for each lexicon that does so."""
    which: dict[str, int] = {}
    for index, pieces in enumerate(of):
        for piece in pieces:
            which[piece] = which.get(piece, 0) | 1 << index
    return which


def _load(file: Path) -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = json.loads(file.read_bytes())
    return loaded
