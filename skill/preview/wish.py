"""Whether a turn asks to see the project: "show me what it looks like", "the frame at 3 s".

The words stand in ``words/``, one file a language: ``signs`` (parts of words without which it is
no such wish), whole sentences as patterns (``[x]`` may be missing, ``(x|y)`` is one of them,
``{t}`` a time), and what may stand around them. A clause is such a wish only as a whole, so that
"a preview of spring" and "show me a sunset over the sea" go where they went.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from skill.preview.look import Look, Place
from skill.wish import LONGEST, clauses

WORDS = Path(__file__).parent / "words"
_CLAUSE = 140  # characters of the longest wish
_CLAUSES = 3  # that one wish may be cut into ("before and after")
_VARIANTS = 60  # ways of taking polite words off both ends that are tried
# The languages of a script; the kana and the Han letters share one, as do the rest by theirs.
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff\u3400-\u9fff]"), ("zh", "ja")),
    (re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"), ("ko",)),
    (re.compile(r"[\u0400-\u04ff]"), ("ru",)),
    (re.compile(r"[\u0900-\u097f]"), ("hi",)),
    (re.compile(r"[\u0600-\u06ff]"), ("ar",)),
)
_LATIN = ("en", "es", "fr", "de", "pt", "id", "hi")
_UNSPACED = ("zh", "ja", "ko")
_PLACES: tuple[Place, ...] = ("start", "middle", "end")


@dataclass(frozen=True)
class Wish:
    """A wish to look, and what else the turn asks for ("" for nothing)."""

    look: Look
    rest: str


def looked_for(message: str) -> Wish | None:
    """The wish to look in a turn; None where there is none."""
    if len(message) > LONGEST or not message.strip():
        return None
    languages = _languages(message)
    if not languages:
        return None
    found = _look(message, languages)
    if found is not None:
        return Wish(found, "")
    return _within(message, languages)


def _within(message: str, languages: tuple[Words, ...]) -> Wish | None:
    """A wish that is a part of a turn: "add a title 'X' and show me what it looks like"."""
    parts = list(clauses(message))
    if len(parts) < 2:
        return None
    kept: list[tuple[int, int, int]] = []
    found: Look | None = None
    index = 0
    while index < len(parts):
        for count in range(min(_CLAUSES, len(parts) - index), 0, -1):
            start, end = parts[index][0], parts[index + count - 1][1]
            look = _look(message[start:end], languages, last=index + count == len(parts))
            if look is not None:
                found = look if found is None else _both(found, look)
                index += count
                break
        else:
            kept.append(parts[index])
            index += 1
    if found is None:
        return None
    told = [part for part in kept if not _is_filler(message[part[0] : part[1]], languages)]
    return Wish(found, _joined(message, kept) if told else "")


def _joined(message: str, kept: list[tuple[int, int, int]]) -> str:
    """What is left of a message: the parts that stood side by side with what joined them."""
    said = ""
    for place, (start, end, joiner) in enumerate(kept):
        said += message[start:end]
        if place + 1 < len(kept):
            said += message[end:joiner] if kept[place + 1][0] == joiner else ", "
    return said.strip(" \t\n,;，；、")


def _both(one: Look, other: Look) -> Look:
    return Look(
        (*one.at, *other.at),
        one.wants_sheet or other.wants_sheet,
        one.before_after or other.before_after,
    )


def _look(clause: str, languages: tuple[Words, ...], last: bool = True) -> Look | None:
    """What a clause asks to look at; None where it is anything else.

    A bare "show me" is one where nothing comes after it: what comes would be what is to be shown.
    """
    if len(clause) > 2 * _CLAUSE:
        return None
    for words in languages:
        text = words.plain(clause)
        if text and len(text) <= _CLAUSE:
            for variant in words.bare(text):
                look = words.look(variant)
                if look is not None and (last or not words.says_no_more(variant)):
                    return look
    return None


def _is_filler(clause: str, languages: tuple[Words, ...]) -> bool:
    return any(
        not (text := words.plain(clause)) or words.filler.fullmatch(text) for words in languages
    )


def _languages(message: str) -> tuple[Words, ...]:
    """The languages that a message may be in and of which it holds a sign."""
    names = [name for script, names in _SCRIPTS if script.search(message) for name in names]
    folded = _folded(message)
    read = map(_words, dict.fromkeys((*names, *_LATIN)))
    return tuple(words for words in read if any(sign in folded for sign in words.signs))


class Words:
    """The words of one language."""

    def __init__(self, name: str, listed: dict[str, list[str]]) -> None:
        self._spaced = name not in _UNSPACED
        self._listed = listed
        self.signs = tuple(_folded(sign) for sign in listed["signs"])

    def plain(self, text: str) -> str:
        """Letters and figures alone, small; times keep their marks."""
        folded = re.sub(r"(?<!\d)[.,:]|[.,:](?!\d)", " ", _folded(text))
        kept = "".join(
            " " if unicodedata.category(c)[0] in "PSZC" and c not in ".,:" else c for c in folded
        )
        return (" " if self._spaced else "").join(kept.split())

    def bare(self, text: str) -> Iterator[str]:
        """The text, and what is left of it without polite words at its ends."""
        seen = [text]
        for variant in seen:
            yield variant
            if len(seen) > _VARIANTS:
                continue
            for found in (self._lead.match(variant), self._tail.search(variant)):
                if found is None:
                    continue
                rest = (variant[: found.start()] + variant[found.end() :]).strip()
                if rest and rest not in seen:
                    seen.append(rest)

    def look(self, text: str) -> Look | None:
        if self._frame.fullmatch(text):
            at = self._time(text)
            return None if at is None else Look((at,))
        if self._compare.fullmatch(text):
            return Look(before_after=True)
        return Look() if self._sheet.fullmatch(text) else None

    def says_no_more(self, text: str) -> bool:
        """Whether it is the verb alone: "show me"."""
        return bool(self._one_of("bare").fullmatch(text))

    @property
    def filler(self) -> re.Pattern[str]:
        return self._one_of("filler")

    @property
    def _lead(self) -> re.Pattern[str]:
        return self._one_of("lead", "{}(?![^ ]) ?" if self._spaced else "{}")

    @property
    def _tail(self) -> re.Pattern[str]:
        return self._one_of("tail", "(?<![^ ]){}$" if self._spaced else "{}$")

    @property
    def _sheet(self) -> re.Pattern[str]:
        return self._one_of("sheet")

    @property
    def _frame(self) -> re.Pattern[str]:
        return self._one_of("frame")

    @property
    def _compare(self) -> re.Pattern[str]:
        return self._one_of("compare")

    def _one_of(self, key: str, around: str = "{}") -> re.Pattern[str]:
        return _compiled(self, key, around)

    def pattern(self, key: str) -> str:
        """The patterns of a key as one regular expression."""
        return "(?:" + "|".join(map(self._expression, self._listed[key])) + ")"

    def _expression(self, template: str) -> str:
        kept = "".join(
            c if c in "()[]|?{}" or unicodedata.category(c)[0] not in "PS" else " "
            for c in _folded(template)
        )
        kept = kept.replace("[", "(?:").replace("]", ")?")
        kept = re.sub(r"\((?!\?)", "(?:", kept)
        kept = re.sub(" +", " *" if self._spaced else "", kept)
        for hole in ("{place}", "{side}"):
            if hole in kept:
                kept = kept.replace(hole, self._alternatives(*_PLACES))
        return kept.replace("{t}", self._moment)

    def _alternatives(self, *keys: str) -> str:
        words = [self.plain(word) for key in keys for word in self._listed[key]]
        return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"

    @property
    def _moment(self) -> str:
        """A time, as a pattern: 0:03.5, 3.5 seconds, second 3, 1 minute 20 seconds."""
        number = r"\d{1,5}(?:[.,]\d{1,3})?"
        second, minute = self._alternatives("seconds"), self._alternatives("minutes")
        # 9:16 is a shape that people ask for; all other shapes are no times.
        clock = r"(?!9:16(?![\d:]))(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
        parts = f"(?:{number} ?{minute} ?[^ \\d]{{0,3}} ?)?{number} ?{second}"
        named = f"(?:{minute}|{second}) ?(?:[^\\W\\d_]{{1,3}} )?{number}"
        ordinal = "第?" if not self._spaced else ""
        return f"(?:{clock}(?: ?{second})?|{ordinal}(?:{parts}|{number} ?{minute}|{named}))"

    def _time(self, text: str) -> int | Place | None:
        """The time (ms) or place that a wish for a frame names."""
        clock = re.search(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:[.,]\d{1,3})?)", text)
        if clock:
            hours, minutes, seconds = (_number(part or "0") for part in clock.groups())
            return round((hours * 3600 + minutes * 60 + seconds) * 1000)
        number = r"(\d{1,5}(?:[.,]\d{1,3})?)"
        second, minute = self._alternatives("seconds"), self._alternatives("minutes")
        found = [
            re.search(
                f"{number} ?{unit}(?![^\\W\\d_])"
                f"|(?<![^\\W\\d_]){unit} ?(?:[^\\W\\d_]{{1,3}} )?{number}",
                text,
            )
            if self._spaced
            else re.search(f"{number}{unit}|{unit}{number}", text)
            for unit in (minute, second)
        ]
        if any(found):
            values = [_number(next(filter(None, one.groups()))) if one else 0.0 for one in found]
            return round((values[0] * 60 + values[1]) * 1000)
        for place in _PLACES:
            if re.search(self._alternatives(place), text):
                return place
        return None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


@lru_cache(maxsize=32)
def _words(name: str) -> Words:
    return Words(name, json.loads((WORDS / f"{name}.json").read_text("utf-8")))


@lru_cache(maxsize=128)
def _compiled(words: Words, key: str, around: str) -> re.Pattern[str]:
    return re.compile(around.format(words.pattern(key)))


def _folded(text: str) -> str:
    """Small letters without accents (of Latin and Arabic), figures as 0 to 9."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    folded = []
    for character in text:
        if character.isdecimal():
            folded.append(str(unicodedata.decimal(character)))
        elif "\u064b" <= character <= "\u0652" or character == "\u0640":
            continue  # Arabic vowel signs, and the stroke that only makes a word longer
        elif character in "أإآ":
            folded.append("ا")
        elif character < "\u0250":
            parts = unicodedata.normalize("NFD", character)
            folded.append("".join(c for c in parts if not unicodedata.combining(c)))
        elif character in "ё":
            folded.append("е")
        else:
            folded.append(character)
    return "".join(folded)
