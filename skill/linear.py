"""A linear model in a file: hashed features -> a score for each output.

The file is a table of ``size`` places: a byte for each that tells whose it is, then for each output
a signed byte for each, its weight. The hash of a feature says which place could be its own; most
features have none, and say nothing. ``scripts/linear_training.py`` writes it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from zlib import crc32

# A weight of 1 in the file adds this much to a score, a log odds.
UNIT = 1 / 24


def hashed(features: Iterable[str]) -> set[int]:
    """A number of 32 bits for each feature."""
    return {crc32(feature.encode()) for feature in features}


def owner(feature: int) -> int:
    """The byte by which a hashed feature knows its place; 0 is nobody's."""
    return feature >> 24 or 1


class Model:
    """A table that is read when it is first asked."""

    def __init__(self, file: Path, outputs: int) -> None:
        self.file = file
        self.outputs = outputs
        self._owners = b""
        self._planes: list[array[int]] = []

    def scores(self, features: Iterable[int]) -> list[float]:
        """The sum of the weights of hashed features, for each output."""
        if not self._planes:
            self._read()
        owners, size = self._owners, len(self._owners)
        places = [place for one in features if owners[place := one % size] == owner(one)]
        if len(places) < 2:  # of one place itemgetter makes no tuple
            return [sum(plane[place] for place in places) * UNIT for plane in self._planes]
        picked = itemgetter(*places)
        return [sum(picked(plane)) * UNIT for plane in self._planes]

    def forget(self) -> None:
        """Read the file anew when it is next asked."""
        self._owners, self._planes = b"", []

    def _read(self) -> None:
        data = self.file.read_bytes()
        size = len(data) // (self.outputs + 1)
        self._owners = data[:size]
        self._planes = [
            array("b", data[begin : begin + size]) for begin in range(size, len(data), size)
        ]
