"""The words of every language: what part a word can play in a turn.

A language is one file, ``words/<script>/<language>.json``: for each role its words, phrases and
stems (``"export*"`` stands for every word that begins so), written as ``text.plain`` leaves them,
which keeps the start fast. A word may have several roles; which of them counts is decided by the
company it keeps (``grammar.py``). ``typed_right`` lists words that look like a slip and are none
("expert"), ``joined`` the letters that are an "and" written onto the next word (Arabic wa).

Words between spaces are looked up whole. Chinese, Japanese, Korean and Thai letters are cut into
the longest entries that fit, because there a space does not end a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from skill.router.slips import meant, slips
from skill.router.text import CONTENT

WORDS = Path(__file__).with_name("words")

ROLES = (
    "polite",  # please, can you, let's, ok, great
    "determiner",  # the, my, this
    "indefinite",  # a, some, 一个: "give me a video" wants a new one
    "function",  # to, in, as, for, me
    "export",  # export, download, render
    "deliver",  # send, give, save, post: an export only with a deliverable
    "deliverable",  # the video, it, the final cut
    "attribute",  # mp4, 1080p, high quality, under 8 MB
    "place",  # my computer, YouTube
    "credit",  # credits, balance, free trial
    "quantity",  # how many, left, spent
    "project",  # status, timeline, tracks
    "progress",  # is it done, how far
    "render",  # the render, the export: a noun
    "upload",  # upload
    "media",  # footage, photos: the user's own
    "bring",  # add, use, send: with media and "here"
    "here",  # here, in, from my phone
    "present",  # here is, use this: words that only present a file
    "negation",  # don't, not yet, before
    "edit",  # make, add, change
    "reason",  # because, I need it for
    "then",  # then, after that: always parts two wishes
    "and",  # and: parts two wishes where each is one
    "says",  # that says, titled: what follows is content
)
BIT = {role: 1 << index for index, role in enumerate(ROLES)}

# The roles that can name a step: without one of them a clause is a message.
NAMES = sum(
    BIT[role] for role in ("export", "deliver", "credit", "project", "progress", "upload", "bring")
)

# The roles whose words are recognised with a slip of the finger in them.
MISTYPED = BIT["export"] | BIT["credit"] | BIT["project"] | BIT["upload"]

_SCRIPTS = {
    "latin": re.compile("[a-z]"),
    "han": re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
    "hangul": re.compile("[\uac00-\ud7a3]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}

# Chinese, Japanese, Korean and Thai letters: a space does not end a word there.
_LETTERS = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f"
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = re.compile(f"[{_LETTERS}]")
_WORD = rf"(?![{_LETTERS}])\w"
_TOKEN = re.compile(
    rf"[{_LETTERS}]+|\d(?:(?:{_WORD}|[.,:×])*{_WORD})?|(?:{_WORD})(?:{_WORD}|['\u0900-\u0dff-])*|"
    + CONTENT
)


class Token(NamedTuple):
    """A stretch of a clause; ``roles`` has a bit for each part it can play, 0 for none.

    ``parts`` are the shorter entries that a longer one is made of, for the clauses in which
    the longer one does not fit.
    """

    text: str
    roles: int
    parts: tuple[Token, ...] = ()


class Lexicon:
    """The entries of one language, ready to be looked up."""

    def __init__(self, language: str, *files: dict[str, list[str]]) -> None:
        self.language = language
        self.typed_right: set[str] = set()
        self.joined: set[str] = set()
        self.words: dict[str, int] = {}
        self.phrases: dict[str, list[tuple[list[str], int]]] = {}
        self.stems: dict[str, int] = {}
        self.runs: dict[str, list[tuple[str, int]]] = {}
        phrases: dict[str, int] = {}
        runs: dict[str, int] = {}
        for file in files:
            for role, entries in file.items():
                if role == "typed_right":
                    self.typed_right.update(entries)
                    continue
                if role == "joined":
                    self.joined.update(entries)
                    continue
                bit = BIT[role]
                for entry in entries:
                    if entry[0] >= _FIRST_UNSPACED and _UNSPACED.match(entry):
                        table = runs
                    elif entry[-1] == "*":
                        table, entry = self.stems, entry[:-1]
                    else:
                        table = phrases if " " in entry or "-" in entry else self.words
                    table[entry] = table.get(entry, 0) | bit
        for entry in sorted(phrases, key=len, reverse=True):
            words = _TOKEN.findall(entry)
            self.phrases.setdefault(words[0], []).append((words, phrases[entry]))
        for entry in sorted(runs, key=len, reverse=True):
            self.runs.setdefault(entry[0], []).append((entry, runs[entry]))
        self.stem_lengths = sorted({len(stem) for stem in self.stems})
        self._slips: dict[str, list[tuple[str, int]]] | None = None

    def roles_of(self, word: str) -> int:
        """The roles of a word between spaces; 0 where it is unknown."""
        roles = self.words.get(word, 0)
        for length in self.stem_lengths:
            if length > len(word):
                break
            roles |= self.stems.get(word[:length], 0)
        return roles

    def count(self, words: list[str]) -> int:
        """How many of the words the language has, phrases by their first word."""
        return sum(word in self.words or word in self.phrases for word in words)

    def read(self, words: list[str]) -> list[Token]:
        """Cut raw tokens (of ``split``) into entries, the longest first."""
        tokens: list[Token] = []
        index, count = 0, len(words)
        while index < count:
            word = words[index]
            if _UNSPACED.match(word):
                tokens.extend(self._read_run(word))
                index += 1
                continue
            taken = roles = 0
            for phrase, bit in self.phrases.get(word, ()):
                if words[index : index + len(phrase)] == phrase:
                    taken, roles = len(phrase), bit
                    break
            if taken:
                phrase = words[index : index + taken]
                parts = tuple(self._word(part) for part in phrase)
                tokens.append(Token(" ".join(phrase), roles, parts))
                index += taken
                continue
            token = self._word(word)
            if not token.roles and word[0] in self.joined and self.roles_of(word[1:]):
                tokens.append(Token(word[0], BIT["and"] | BIT["function"]))
                token = self._word(word[1:])
            tokens.append(token)
            index += 1
        return tokens

    def _word(self, word: str) -> Token:
        roles = _NUMBER if word[0].isdigit() else self.roles_of(word) or self._meant(word)
        return Token(word, roles)

    def _meant(self, word: str) -> int:
        """The roles of the step's word that a mistyped word is one slip away from, or 0."""
        if len(word) < 5 or word in self.typed_right:
            return 0
        if self._slips is None:
            self._slips = slips({w: r & MISTYPED for w, r in self.words.items() if r & MISTYPED})
        return meant(word, self._slips)

    def _read_run(self, run: str, longest: int = 99) -> Iterator[Token]:
        index, unknown = 0, 0
        while index < len(run):
            for entry, roles in self.runs.get(run[index], ()):
                length = len(entry)
                if length < longest and run.startswith(entry, index):
                    if unknown < index:
                        yield Token(run[unknown:index], 0)
                    parts = tuple(self._read_run(entry, length)) if length > 1 else ()
                    yield Token(entry, roles, parts)
                    index += len(entry)
                    unknown = index
                    break
            else:
                index += 1
        if unknown < len(run):
            yield Token(run[unknown:], 0)


_NUMBER = BIT["attribute"] | BIT["quantity"]


def split(clause: str) -> list[str]:
    """The raw tokens of a clause that ``text.plain`` has been over."""
    return _TOKEN.findall(clause)


class Languages:
    """The lexicons of one script, and which of them a word could name a step in."""

    def __init__(self, script: str) -> None:
        common = _load(WORDS / "any.json")
        files = sorted((WORDS / script).glob("*.json"))
        self.lexicons = [Lexicon(file.stem, common, _load(file)) for file in files]
        # A word that is right in one language is no slip in another.
        right = {word for lexicon in self.lexicons for word in lexicon.typed_right}
        for lexicon in self.lexicons:
            lexicon.typed_right = right
        self._right = right
        self._naming: dict[str, int] = {}
        self._slips: dict[str, list[tuple[str, int]]] | None = None
        for index, lexicon in enumerate(self.lexicons):
            for word, roles in lexicon.words.items():
                if roles & NAMES:
                    self._naming[word] = self._naming.get(word, 0) | 1 << index
            for word, phrases in lexicon.phrases.items():
                if any(roles & NAMES for _, roles in phrases):
                    self._naming[word] = self._naming.get(word, 0) | 1 << index

    def naming(self, words: list[str]) -> list[Lexicon]:
        """The lexicons in which a word, or the beginning of a phrase, names a step.

        With one language to a script there is nothing to choose, and letters that no space
        parts have no words to look up: then it is all of them.
        """
        if len(self.lexicons) == 1 or any(_UNSPACED.match(word) for word in words):
            return self.lexicons
        found = 0
        for word in words:
            found |= self._naming.get(word, 0)
        if not found:
            found = self._mistyped(words)
        return [lexicon for index, lexicon in enumerate(self.lexicons) if found >> index & 1]

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
            if len(word) >= 5 and word not in self._right:
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


def _load(file: Path) -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = json.loads(file.read_bytes())
    return loaded
