"""A linear model in a file: hashed features -> a score for each output.

The file is a table of places, as text: a line of characters that tell whose each place is, then
for each output a line of weights, each the character whose code lies that far from ``ZERO``. The
hash of a feature says which place could be its own; most features have none, and say nothing.
``scripts/linear_training.py`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from zlib import crc32

# A weight of 1 in the file adds this much to a score, a log odds.
UNIT = 1 / 24
# Codes of characters: the middle of what can be printed in ASCII, and how far it is to either end.
ZERO = ord("O")
LARGEST = ord("~") - ZERO


def hashed(features: Iterable[str]) -> set[int]:
    """A number of 32 bits for each feature."""
    return {crc32(feature.encode()) for feature in features}


def owner(feature: int) -> int:
    """The character's code by which a hashed feature knows its place; a space is nobody's."""
    return ord("!") + (feature >> 24) % 94


class Model:
    """A table that is read when it is first asked."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._owners = b""
        self._lines: list[bytes] = []

    def scores(self, features: Iterable[int]) -> list[float]:
        """The sum of the weights of hashed features, for each output."""
        if not self._lines:
            self._owners, *self._lines = self.file.read_bytes().splitlines()
        owners, size = self._owners, len(self._owners)
        places = [place for one in features if owners[place := one % size] == owner(one)]
        if len(places) < 2:  # of one place itemgetter makes no tuple
            return [sum(line[place] - ZERO for place in places) * UNIT for line in self._lines]
        picked, nothing = itemgetter(*places), ZERO * len(places)
        return [(sum(picked(line)) - nothing) * UNIT for line in self._lines]

    def forget(self) -> None:
        """Read the file anew when it is next asked."""
        self._owners, self._lines = b"", []
