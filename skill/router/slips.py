"""Typing errors: words that are one slip away from a word of the dispatch table.

A slip leaves a letter out, adds one, changes one, or swaps two neighbours (Damerau's four kinds);
a word of nine letters or more may have two. Every word is filed under what is left of it when
letters are taken out, so that a look-up compares a handful of candidates, not all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LONG = 9


def slips(words: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """File words of five letters or more, with their roles, under their shortened forms."""
    filed: dict[str, list[tuple[str, int]]] = {}
    for word, roles in words.items():
        if len(word) >= 5:
            for short in {word, *_shortened(word)}:
                filed.setdefault(short, []).append((word, roles))
    return filed


def meant(word: str, filed: Mapping[str, list[tuple[str, int]]]) -> int:
    """The roles of the words that a mistyped word may stand for, 0 for none."""
    roles = 0
    for short in {word, *_shortened(word)}:
        for candidate, its_roles in filed.get(short, ()):
            allowed = 2 if len(candidate) >= LONG else 1
            if word[0] == candidate[0] and distance(word, candidate) <= allowed:
                roles |= its_roles
    return roles


def swaps(words: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """File words with their roles under their letters in order."""
    filed: dict[str, list[tuple[str, int]]] = {}
    for word, roles in words.items():
        filed.setdefault("".join(sorted(word)), []).append((word, roles))
    return filed


def swapped(word: str, filed: Mapping[str, list[tuple[str, int]]]) -> int:
    """The roles of the words that differ from this one by two neighbours swapped, 0 for none."""
    roles = 0
    for candidate, its_roles in filed.get("".join(sorted(word)), ()):
        if distance(word, candidate) == 1:
            roles |= its_roles
    return roles


def distance(left: str, right: str) -> int:
    """Slips between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _shortened(word: str) -> Iterator[str]:
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]
