"""How one language talks of a screen: ``words/<language>.json``, compiled.

A file holds lists of words, and patterns over them: ``<name>`` in a pattern is any
word of that list, ``<LABEL>`` what is in quotes or emphasised, ``<W>`` one word, a
space any run of space. Adding a language is adding a file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from skill.gui.sentences import quotes

_HERE = Path(__file__).with_name("words")

# In a masked sentence: what is quoted, and where an emphasis (**, *, __, `) begins.
HIDDEN, MARK = "\x00", "\x02"
_LABEL = f"(?:[\"'“‘「『«《`\\[【]{HIDDEN}|{MARK}\\w)"
_WORD = rf"[\w'’&%{MARK}-]+"
_SPACE = rf"[\s{MARK}]+"
_OPENING = r"\"'“‘「『«《`\[【"
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)|(?<=\S)([*_]{1,3})(?!\w)")
_NAMED = re.compile(r"(?<!\?P)<(\w+)>")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Lexicon:
    """The compiled patterns of a language. ``asks`` are (kind, pattern, only_first)."""

    language: str
    spaced: bool
    fold: dict[int, str]
    lead: re.Pattern[str]
    asks: tuple[tuple[str, re.Pattern[str], bool], ...]
    patterns: dict[str, re.Pattern[str]]
    templates: dict[str, str]

    def has(self, name: str, text: str) -> bool:
        """Whether a word of that list stands in the text."""
        return self.patterns[name].search(text.lower()) is not None

    def at_start(self, name: str, text: str, start: int = 0) -> re.Match[str] | None:
        """That pattern at ``start``, where the lead-in words ("please", "you can") end."""
        return self.patterns[name].match(text, start)

    def mask(self, sentence: str) -> str:
        """The sentence in small letters, as long as it is, quotations hidden, emphasis marked."""
        # Letter by letter, because a few have a longer small form.
        letters = [
            small if len(small := c.lower()) == 1 else c for c in sentence.translate(self.fold)
        ]
        for start, end in quotes(sentence):
            letters[start + 1 : end - 1] = HIDDEN * (end - start - 2)
        for found in _EMPHASIS.finditer(sentence):
            if letters[found.start()] == HIDDEN:
                continue
            letters[found.start() : found.end()] = " " * (found.end() - found.start())
            if found[1]:
                letters[found.end() - 1] = MARK
        return "".join(letters)

    def without_places(self, sentence: str) -> str:
        """The sentence without "in the Media panel", unless it describes a scene."""
        masked = self.mask(sentence)
        if self.has("shows", masked):
            return sentence
        pieces, at = [], 0
        for found in self.patterns["strip"].finditer(masked):
            pieces.append(sentence[at : found.start()])
            at = found.end()
        return "".join([*pieces, sentence[at:]])


def lexicon_for(sentence: str, language: str) -> Lexicon:
    """The lexicon by the script of a sentence; English where its language has none."""
    if _HAN.search(sentence):
        return load("zh")
    name = language.lower().replace("_", "-").partition("-")[0]
    return load(name if name != "zh" and name in _known() else "en")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(file.stem for file in _HERE.glob("*.json"))


@lru_cache(maxsize=16)
def load(language: str) -> Lexicon:
    """Read and compile the words of a language."""
    data = json.loads((_HERE / f"{language}.json").read_text("utf-8"))
    spaced: bool = data["spaced"]
    words = {name: _any(listed, spaced) for name, listed in data["words"].items()}
    groups = {**words, "LABEL": _LABEL, "W": _WORD}

    def compiled(pattern: str) -> re.Pattern[str]:
        filled = _NAMED.sub(lambda found: groups[found[1]], pattern)
        filled = filled.replace(" ?", _SPACE[:-1] + "*").replace(" ", _SPACE)
        return re.compile(filled)

    # What stands before the verb: signs, but no quotation, and any number of lead-in words.
    lead = compiled(rf"[^\w{_OPENING}{HIDDEN}]*(?:<lead>[\s,，、:：{MARK}]*)*")
    patterns = {name: compiled(f"<{name}>") for name in words}
    for name, pattern in data.items():
        if isinstance(pattern, str) and name != "language":
            patterns[name] = compiled(pattern)
    return Lexicon(
        language,
        spaced,
        str.maketrans(data["fold"]),
        lead,
        tuple((kind, compiled(pattern), bool(first)) for kind, pattern, *first in data["asks"]),
        patterns,
        data["templates"],
    )


def _any(words: list[str], spaced: bool) -> str:
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<!\w)(?:{listed})(?!\w)".replace("\\ ", " ") if spaced else f"(?:{listed})"
