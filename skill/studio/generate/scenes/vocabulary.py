"""The words of a prompt as concepts: longest match over the vocabularies in ``words/``.

A concept is ``group:value`` ("kind:ocean", "time:sunset", "thing:cat"). A vocabulary is one
JSON file a language. Entries match whole words, tolerant of the language's ``endings`` and
``beginnings``; an entry that ends with ``*`` matches every word that begins so. In a ``joined``
language (no spaces, or particles glued on) entries match anywhere in the text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"
GROUPS = ("kind", "time", "weather", "sky", "accent", "mood", "camera", "pace", "style", "thing")
LONGEST = 5  # words in the longest entry of a spaced language
CLAUSE = re.compile(r"[,.;:!?()\n，。；：！？（）、،؛।…]")
# Devanagari's vowel signs are no word characters to Python: name them.
LETTER = r"(?:[^\W_]|[\u0900-\u0963])"
TOKEN = re.compile(LETTER + "+(?:'" + LETTER + r"+)*|&|[,.;:!?()\n，。；：！？（）、،؛।…]")
SCRIPTS = (  # the first script found decides; kana before ideographs, since Japanese has both
    (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\uac00-\ud7af\u1100-\u11ff]"), "ko"),
    (re.compile(r"[\u3400-\u9fff]"), "zh"),
    (re.compile(r"[\u0400-\u04ff]"), "ru"),
    (re.compile(r"[\u0600-\u06ff]"), "ar"),
    (re.compile(r"[\u0900-\u097f]"), "hi"),
)
LATIN = ("en", "es", "fr", "de", "pt", "id")


@dataclass(frozen=True)
class Hit:
    """A stretch of the text and the concepts it stands for; none: a word nobody knows."""

    text: str
    concepts: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """One language: entries by their text, and how its words bend."""

    language: str
    joined: bool
    entries: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    endings: tuple[str, ...]
    beginnings: tuple[str, ...]
    names: dict[str, Any] = field(default_factory=dict)

    def look_up(self, text: str) -> tuple[str, ...]:
        """The concepts of a word or phrase, tolerant of inflection; () where it has none."""
        found = self.entries.get(text)
        if found:
            return found
        for beginning in self.beginnings:
            rest = text[len(beginning) :]
            if text.startswith(beginning) and len(rest) > 1 and rest in self.entries:
                return self.entries[rest]
        for ending in self.endings:
            rest = text[: -len(ending)]
            if text.endswith(ending) and len(rest) > 2:
                found = self.entries.get(rest) or self.entries.get(rest + "e")
                if found:
                    return found
        # A stem's own ending is one word's: it must not swallow the words after it.
        for length in range(len(text), max(2, text.rfind(" ")), -1):
            if text[:length] in self.stems:
                return self.stems[text[:length]]
        return ()


def fold(text: str) -> str:
    """Text for comparing: compatibility forms, case, Latin accents and hyphens folded away."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"[-‐‑–—_/]", " ", text)
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in parts if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=16)
def load(language: str) -> Vocabulary:
    """The vocabulary of a language. Raises FileNotFoundError where there is none."""
    data = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    entries: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}

    def enter(words: list[str], concept: str) -> None:
        for word in words:
            folded = fold(word.rstrip("*")).strip()
            (stems if word.endswith("*") else entries).setdefault(folded, []).append(concept)

    for group in GROUPS:
        for value, words in data.get(group, {}).items():
            enter(words, f"{group}:{value}")
    for mark in ("plain", "or", "no", "no_after"):
        enter(data.get(mark, []), mark)
    return Vocabulary(
        language,
        bool(data.get("joined")),
        {key: tuple(value) for key, value in entries.items()},
        {key: tuple(value) for key, value in stems.items()},
        tuple(sorted(data.get("endings", []), key=len, reverse=True)),
        tuple(sorted(data.get("beginnings", []), key=len, reverse=True)),
        data.get("names", {}),
    )


def language_of(prompt: str) -> str:
    """The language of a prompt among the twelve: by script, then by words it knows best."""
    for script, language in SCRIPTS:
        if script.search(prompt):
            return language
    words = [token for token in TOKEN.findall(fold(prompt)) if not CLAUSE.match(token)]
    scores = {
        language: sum(bool(vocabulary.look_up(word)) for word in words)
        for language in LATIN
        for vocabulary in [load(language)]
    }
    return max(LATIN, key=lambda language: scores[language])


def find(prompt: str, language: str) -> list[Hit]:
    """Every word of the prompt in order, with its concepts; English words count everywhere."""
    native, english = load(language), load("en")
    text = fold(prompt)
    hits: list[Hit] = []
    tokens = [match.group() for match in TOKEN.finditer(text)]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if CLAUSE.match(token):
            hits.append(Hit(token, ("clause",)))
            index += 1
        elif native.joined and not token.isascii():
            hits.extend(_split(token, native))
            index += 1
        else:
            length, hit = _phrase(tokens[index : index + LONGEST], native, english)
            hits.append(hit)
            index += length
    return _negate(hits)


def _phrase(tokens: list[str], *vocabularies: Vocabulary) -> tuple[int, Hit]:
    for length in range(len(tokens), 0, -1):
        text = " ".join(tokens[:length])
        for vocabulary in vocabularies:
            if concepts := vocabulary.look_up(text):
                return length, Hit(text, concepts + _within(tokens[:length], concepts, vocabulary))
    return 1, Hit(tokens[0], ())


def _within(
    tokens: list[str], concepts: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """What the words of a phrase add to it: the lavender of a "lavender field"."""
    if len(tokens) < 2 or concepts in (("plain",), ("no",), ("or",)):
        return ()
    groups = {concept.partition(":")[0] for concept in concepts}
    inner = [c for token in tokens for c in vocabulary.look_up(token)]
    return tuple(c for c in inner if c.partition(":")[0] in {"accent", "weather", "pace"} - groups)


def _split(token: str, vocabulary: Vocabulary) -> list[Hit]:
    hits, index = [], 0
    while index < len(token):
        for length in range(min(10, len(token) - index), 0, -1):
            piece = token[index : index + length]
            if concepts := vocabulary.entries.get(piece):
                hits.append(Hit(piece, concepts))
                break
        else:
            length = 1
        index += length
    return hits


def _negate(hits: list[Hit]) -> list[Hit]:
    """Mark what a "no" governs: the next concept, and on over "or"; in some languages the last."""
    out: list[Hit] = []
    reach = 0  # words that may still stand between a "no" and its concept
    for hit in hits:
        meaning = any(":" in concept for concept in hit.concepts)
        if "no_after" in hit.concepts:
            last = next((i for i in range(len(out) - 1, -1, -1) if _means(out[i])), None)
            if last is not None:
                out[last] = Hit(out[last].text, out[last].concepts, negated=True)
        elif "no" in hit.concepts and not meaning:
            reach = 3
        elif "clause" in hit.concepts and hit.text != "、":
            reach = 0
        elif meaning and reach:
            hit = Hit(hit.text, hit.concepts, negated=True)
            reach = -1
        elif reach < 0:  # after a negated concept: only "or" carries on
            reach = 3 if "or" in hit.concepts else 0
        elif reach:
            reach -= 1
        out.append(hit)
    return out


def _means(hit: Hit) -> bool:
    return any(":" in concept for concept in hit.concepts)
