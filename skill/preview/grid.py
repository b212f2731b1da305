"""How many frames a sheet has, and how large they are: as large as the page allows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

WIDTH = 1600  # px of the page
INNER = 1520  # px between its margins
TALLEST = 1060  # px that the frames may take in all, so that the timeline is seen with them
GAP, CAPTION = 16, 34  # px between cells, and below each (skill/studio/board/frames.py)
ARROW = 30  # px between before and after
LARGEST = 752  # px; two side by side


@dataclass(frozen=True)
class Grid:
    """``columns``, and the size of a picture in px."""

    columns: int
    width: int
    height: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def sheet(count: int, ratio: float) -> Grid:
    """The grid for so many pictures of a ratio (width / height)."""
    return max(
        (_cells(columns, ratio) for columns in range(1, 9)),
        key=lambda grid: _worth(grid, count, grid.columns),
    )


def wanted(length: int, ratio: float) -> int:
    """How many frames a video of ``length`` ms gets, full rows where that can be."""
    count = 6 if length <= 6000 else 8 if length <= 15_000 else 12
    columns = sheet(count, ratio).columns
    return min(16, -(-count // columns) * columns)


def pairs(count: int, ratio: float) -> Grid:
    """The grid for so many pairs of before and after; ``columns`` of pairs."""
    found = []
    for columns in range(1, 5):
        wide = (INNER - (columns - 1) * 2 * GAP) // columns
        found.append(_sized(columns, (wide - ARROW) // 2, ratio))
    return max(found, key=lambda grid: _worth(grid, count, grid.columns))


def mixed(count: int, before: float, after: float) -> tuple[Grid, Grid]:
    """Two grids of one column for pairs whose sides have different ratios, equally high."""
    height = min(TALLEST / max(1, count) - CAPTION - GAP, (INNER - ARROW) / (before + after))
    sides = [_sized(1, round(height * ratio), ratio) for ratio in (before, after)]
    lowest = min(side.height for side in sides)
    return Grid(1, sides[0].width, lowest), Grid(1, sides[1].width, lowest)


def _cells(columns: int, ratio: float) -> Grid:
    return _sized(columns, min(LARGEST, (INNER - (columns - 1) * GAP) // columns), ratio)


def _sized(columns: int, width: int, ratio: float) -> Grid:
    # Upright pictures of two columns would be taller than the page: narrower then.
    width = max(2, int(min(width, (TALLEST - CAPTION) * ratio)) // 2 * 2)
    return Grid(columns, width, max(2, round(width / ratio / 2) * 2))


def _worth(grid: Grid, count: int, columns: int) -> tuple[bool, int]:
    rows = -(-count // columns)
    fits = rows * (grid.height + CAPTION + GAP) <= TALLEST
    return fits, grid.width * grid.height if fits else -rows * grid.height
