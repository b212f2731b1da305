"""The words of one language: what part a word can play in a turn.

A language is one file, ``words/<script>/<language>.json``: for each role its words, phrases and
stems (``"export*"`` stands for every word that begins so), written as ``text.plain`` leaves them,
which keeps the start fast. A word may have several roles; which of them counts is decided by the
company it keeps (``grammar.py``). ``typed_right`` lists words that look like a slip and are none
("expert"). ``joined`` are the letters that are an "and" written onto the next word (Arabic wa),
``before`` and ``after`` what else a language writes onto a word ("l'exporter", "mandarmelo",
"videonya"): an unknown word is read without them.

Words between spaces are looked up whole. Chinese, Japanese, Korean and Thai letters are cut into
the longest entries that fit, because there a space does not end a word; an entry may have a space
in it ("무료 체험").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from skill.router.slips import meant, slips, swapped, swaps
from skill.router.text import CONTENT, FILE

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
    "person",  # my boss, friends: who gets the video, or who does something in it
    "credit",  # credits, balance, free trial
    "quantity",  # how many, left, spent
    "project",  # status, timeline, tracks
    "progress",  # is it done, how far
    "render",  # the render, the export, the second clip: what a question can be about
    "upload",  # upload
    "media",  # footage, photos: the user's own
    "bring",  # add, use, send: with media and "here"
    "here",  # my own, from my phone, to you: it is the user's
    "present",  # here is, use this: words that only present a file
    "opens",  # this is, here are: begins a clause that presents a file, whatever it shows
    "negation",  # don't, not yet, before
    "edit",  # make, add, change
    "reason",  # because, I need it for
    "then",  # then, after that: always parts two wishes
    "and",  # and: parts two wishes where each is one
    "says",  # that says, titled: what follows is content
    "content",  # at the end, white balance: known words that only describe content together
    "praise",  # I love, is perfect: an opinion that asks for nothing
)
BIT = {role: 1 << index for index, role in enumerate(ROLES)}

# The roles that can name a step: without one of them a clause is a message.
NAMES = sum(
    BIT[role] for role in ("export", "deliver", "credit", "project", "progress", "upload", "bring")
)

# The roles whose words are recognised with a slip of the finger in them.
MISTYPED = BIT["export"] | BIT["credit"] | BIT["project"] | BIT["upload"]

# Nobody writes more than this in one word; it keeps the time of a turn linear in its length.
LONGEST = 32

# The roles of words that others are written onto: verbs and the things that they are done to.
_CARRIES = NAMES | BIT["media"]
_LISTS = ("typed_right", "joined", "before", "after")

# From here on words are roots and signs that differ by their order alone: "علم" is no slip.
_FIRST_RIGHT_TO_LEFT = "\u0590"

# Chinese, Japanese, Korean and Thai letters: a space does not end a word there.
_LETTERS = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f"
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = re.compile(f"[{_LETTERS}]")
_WORD = rf"(?![{_LETTERS}])\w"
_TOKEN = re.compile(
    rf"[{_LETTERS}]+(?: [{_LETTERS}]+)*|\d(?:(?:{_WORD}|[.,:×])*{_WORD})?"
    rf"|(?:{_WORD})(?:{_WORD}|['\u0900-\u0dff-])*|&|[{CONTENT}{FILE}]"
)


class Token:
    """A stretch of a clause; ``roles`` has a bit for each part it can play, 0 for none."""

    __slots__ = ("_cut", "_reach", "roles", "text")

    def __init__(
        self, text: str, roles: int, cut: Callable[[str], Sequence[Token]] | None = None
    ) -> None:
        self.text = text
        self.roles = roles
        self._cut: Callable[[str], Sequence[Token]] | Sequence[Token] = cut or ()
        self._reach = -1

    @property
    def parts(self) -> Sequence[Token]:
        """The shorter entries that it is made of, for the clauses in which it does not fit."""
        if callable(self._cut):
            self._cut = self._cut(self.text)
        return self._cut

    @property
    def reach(self) -> int:
        """Its roles and those of its parts: all that it can be."""
        if self._reach < 0:
            self._reach = self.roles
            for part in self.parts:
                self._reach |= part.reach
        return self._reach


class Lexicon:
    """The entries of one language, ready to be looked up."""

    def __init__(self, language: str, *files: dict[str, list[str]]) -> None:
        self.language = language
        lists: dict[str, set[str]] = {name: set() for name in _LISTS}
        self.words: dict[str, int] = {}
        self.phrases: dict[str, int] = {}
        self.stems: dict[str, int] = {}
        self.runs: dict[str, int] = {}
        for file in files:
            for role, entries in file.items():
                if role in lists:
                    lists[role].update(entries)
                    continue
                bit = BIT[role]
                for entry in entries:
                    if entry[0] >= _FIRST_UNSPACED and _UNSPACED.match(entry):
                        table = self.runs
                    elif entry[-1] == "*":
                        table, entry = self.stems, entry[:-1]
                    else:
                        table = self.phrases if " " in entry else self.words
                    table[entry] = table.get(entry, 0) | bit
        self.stem_lengths = sorted({len(stem) for stem in self.stems})
        # How long the entries are that begin with a word (in words) or a letter (in letters).
        self._phrase_lengths = _lengths(
            (e.partition(" ")[0], e.count(" ") + 1) for e in self.phrases
        )
        self._run_lengths = _lengths((entry[0], len(entry)) for entry in self.runs)
        self.typed_right, self.joined = lists["typed_right"], lists["joined"]
        self.before, self.after = lists["before"], lists["after"]
        self._before_lengths = sorted({len(piece) for piece in self.before}, reverse=True)
        self._after_lengths = sorted({len(piece) for piece in self.after}, reverse=True)
        self._slips: dict[str, list[tuple[str, int]]] | None = None
        self._swaps: dict[str, list[tuple[str, int]]] = {}
        self._tokens: dict[str, Token] = {}

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
        return sum(word in self.words or word in self._phrase_lengths for word in words)

    def beginnings(self) -> Iterator[tuple[str, int]]:
        """Each word, and the first word of each phrase, with the roles it can lead to."""
        yield from self.words.items()
        for phrase, roles in self.phrases.items():
            yield phrase.partition(" ")[0], roles

    def read(self, words: list[str], longest: int = 99) -> list[Token]:
        """Cut raw tokens (of ``split``) into entries, the longest (in words) first."""
        tokens: list[Token] = []
        index, count = 0, len(words)
        while index < count:
            word = words[index]
            if _UNSPACED.match(word):
                tokens.extend(self._read_run(word))
                index += 1
                continue
            for length in self._phrase_lengths.get(word, ()):
                if length <= longest and index + length <= count:
                    phrase = " ".join(words[index : index + length])
                    if roles := self.phrases.get(phrase, 0):
                        tokens.append(self._entry(phrase, roles, self._cut_phrase))
                        index += length
                        break
            else:
                tokens.extend(self._read_word(word))
                index += 1
        return tokens

    def _entry(self, text: str, roles: int, cut: Callable[[str], Sequence[Token]]) -> Token:
        """The token of an entry: always the same one, so that it is cut into parts only once."""
        token = self._tokens.get(text)
        if token is None:
            token = self._tokens[text] = Token(text, roles, cut)
        return token

    def _cut_phrase(self, phrase: str) -> Sequence[Token]:
        words = phrase.split(" ")
        return self.read(words, len(words) - 1)

    def _read_word(self, word: str) -> list[Token]:
        roles = _number(word) if word[0].isdigit() else self.roles_of(word)
        if not roles and len(word) <= LONGEST:
            if word[0] in self.joined and (rest := self._read_joined(word[1:])):
                return [Token(word[0], BIT["and"] | BIT["function"]), *rest]
            if rest := self._apart(word):
                return rest
            roles = self._meant(word)
        return [Token(word, roles)]

    def _read_joined(self, word: str) -> list[Token]:
        roles = self.roles_of(word)
        return [Token(word, roles)] if roles else self._apart(word)

    def _apart(self, word: str) -> list[Token]:
        """An unknown word without what is written onto it, and that beside it; or nothing."""
        for length in self._before_lengths:
            piece, stem = word[:length], word[length:]
            if piece in self.before and (rest := self._read_joined(stem)):
                return [self._piece(piece), *rest]
        for length in self._after_lengths:
            stem, piece = word[:-length], word[-length:]
            if piece in self.after and (roles := self.roles_of(stem)) & _CARRIES:
                return [Token(stem, roles), self._piece(piece)]
        return []

    def _piece(self, piece: str) -> Token:
        return Token(piece, self.words.get(piece, 0) | BIT["function"])

    def _meant(self, word: str) -> int:
        """The roles of the word that a mistyped one is a slip away from, or 0.

        For a word that names a step that is any slip, for the others two letters swapped:
        "teh vidoe" is nothing else, while "whale" is not "whole".
        """
        if len(word) < 3 or word in self.typed_right:
            return 0
        if self._slips is None:
            self._slips = slips({w: r & MISTYPED for w, r in self.words.items() if r & MISTYPED})
            self._swaps = swaps(self.words)
        roles = meant(word, self._slips) if len(word) >= 5 else 0
        return roles or (swapped(word, self._swaps) if word[0] < _FIRST_RIGHT_TO_LEFT else 0)

    def _read_run(self, run: str, longest: int = 99) -> Iterator[Token]:
        index, unknown = 0, 0
        while index < len(run):
            for length in self._run_lengths.get(run[index], ()):
                entry = run[index : index + length]
                if length <= longest and (roles := self.runs.get(entry, 0)):
                    if unknown < index:
                        yield Token(run[unknown:index], 0)
                    yield self._entry(entry, roles, self._cut_run)
                    index += length
                    unknown = index
                    break
            else:
                if run[index] == " ":
                    if unknown < index:
                        yield Token(run[unknown:index], 0)
                    unknown = index + 1
                index += 1
        if unknown < len(run):
            yield Token(run[unknown:], 0)

    def _cut_run(self, entry: str) -> Sequence[Token]:
        return tuple(self._read_run(entry, len(entry) - 1)) if len(entry) > 1 else ()


def split(clause: str) -> list[str]:
    """The raw tokens of a clause that ``text.plain`` has been over."""
    return _TOKEN.findall(clause)


def unspaced(word: str) -> bool:
    """Whether a raw token is of letters that no space parts."""
    return bool(_UNSPACED.match(word))


def _number(word: str) -> int:
    """ "2" can count, "10s" and "1080p" only describe."""
    return BIT["attribute"] | (BIT["quantity"] if word.isdecimal() else 0)


def _lengths(found: Iterator[tuple[str, int]]) -> dict[str, list[int]]:
    """The lengths of what begins alike, the longest first."""
    lengths: dict[str, set[int]] = {}
    for beginning, length in found:
        lengths.setdefault(beginning, set()).add(length)
    return {beginning: sorted(of, reverse=True) for beginning, of in lengths.items()}
