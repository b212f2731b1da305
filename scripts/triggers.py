"""How well the description of SKILL.md tells apart what it is for and what it is not, by words.

An assistant's model decides by the description whether to use the skill. No model is asked here.
What can be measured without one: whether the words of a sentence are nearer to the description's
than those of a near miss. A sentence scores a point for each of its words that the description
says the skill is for, and loses two for each that stands behind "not for". The figure is the share
of pairs (one sentence of either half) that come in the right order, a tie counting half: 50% is
chance, and what any description gets that says nothing. The peer is a search for "video".
Sentences in other languages are scored by the English that stands beside them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from skill import frontmatter

QUERIES = Path(__file__).resolve().parent.parent / "evals" / "eval_queries.json"
# Words that tell nothing of what a sentence is about.
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "a an and any are at be by can do does for from get give has have here how i if in into is "
        "it its make me more my need no not of off on one or our out over so that the them then "
        "there this three to two u up us use user using was way we what when where which who will "
        "with you your want wants",
    )
)


@dataclass(frozen=True)
class Query:
    """A sentence, its English, and whether the skill is for it."""

    text: str
    english: str
    wanted: bool
    language: str
    near: str = ""


@dataclass(frozen=True)
class Separation:
    """Shares of pairs in the right order, 0..1; ``scores`` are those by the description."""

    description: float
    peer: float
    length: int
    scores: Sequence[tuple[Query, int]]


def read_queries(path: Path = QUERIES) -> list[Query]:
    return [
        Query(
            item["query"],
            item.get("english", item["query"]),
            item["should_trigger"],
            item["language"],
            item.get("near", ""),
        )
        for item in json.loads(path.read_text("utf-8"))
    ]


def measure(description: str | None = None, queries: Sequence[Query] | None = None) -> Separation:
    """Measure a description, SKILL.md's own unless told otherwise."""
    if description is None:
        path = frontmatter.find()
        description = str(frontmatter.parse(path.read_text("utf-8"), path)["description"])
    queries = queries or read_queries()
    scores = [(query, score(description, query.english)) for query in queries]
    return Separation(
        description=_order(queries, lambda query: score(description, query.english)),
        peer=_order(queries, lambda query: score("video", query.english)),
        length=len(description),
        scores=scores,
    )


def score(description: str, sentence: str) -> int:
    """Points for what the description is for, less two for each word that it is not for."""
    parts = re.split(r"\b[Nn]ot (?:for|when)\b", description)
    wanted, unwanted = _words(parts[0]), _words(" ".join(parts[1:]))
    said = _words(sentence)
    against = {word for word in said if _among(word, unwanted)}
    return sum(_among(word, wanted) for word in said - against) - 2 * len(against)


def table(found: Separation) -> list[str]:
    """The figures in Markdown, with what they are not."""
    half = [score for query, score in found.scores if query.wanted]
    rest = [score for query, score in found.scores if not query.wanted]
    return [
        f"The description ({found.length} characters) against {len(half)} sentences that it is "
        f"for and {len(rest)} near misses, by words alone; no model was asked:",
        "",
        "| | pairs in the right order |",
        "|---|---|",
        f"| words of the description | {found.description:.0%} |",
        f'| the word "video" (peer) | {found.peer:.0%} |',
        "| chance | 50% |",
    ]


def _order(queries: Sequence[Query], points: Callable[[Query], int]) -> float:
    wanted = [points(query) for query in queries if query.wanted]
    others = [points(query) for query in queries if not query.wanted]
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(wanted, others)]
    return sum(pairs) / len(pairs)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(re.findall(r"[a-z]{3,}|mp4", plain)) - _PLAIN


def _among(word: str, words: frozenset[str]) -> bool:
    """Whether one of the words is the same but for its ending ("clips", "trimming")."""
    return any(_kin(word, other) for other in words)


def _kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    stem = short[: max(4, len(short) - 2)]
    return one == other or (
        len(short) >= 4 and long.startswith(stem) and len(long) - len(short) < 5
    )
