"""Canvas sizes: a shape (16:9) in pixels, the shape that suits a picture, and its name."""

from __future__ import annotations

LONG, SHORT = 1920, 1080  # px, of the largest canvas either way up
NAMED = ((16, 9), (9, 16), (1, 1), (4, 5), (5, 4), (4, 3), (3, 4), (21, 9), (3, 2), (2, 3))
NARROWEST = 1 / 3


def size(ratio: tuple[float, float]) -> tuple[int, int]:
    """Width and height in px, even, of the largest canvas of a shape.

    Raises ValueError for a shape narrower than 1:3 either way.
    """
    width, height = ratio
    if min(width, height) <= 0 or not NARROWEST <= width / height <= 1 / NARROWEST:
        raise ValueError(f"{width:g}:{height:g} is too narrow for a canvas")
    most = (LONG, SHORT) if width >= height else (SHORT, LONG)
    scale = min(most[0] / width, most[1] / height)
    return _even(width * scale), _even(height * scale)


def suits(width: int, height: int) -> tuple[float, float]:
    """The usual shape nearest to a picture's: wide, square, 4:5 or tall."""
    shape = width / height if width > 0 and height > 0 else 16 / 9
    if shape > 1.15:
        return 16, 9
    if shape > 0.9:
        return 1, 1
    return (4, 5) if shape > 0.7 else (9, 16)


def name(width: int, height: int) -> str:
    """ "16:9"; an unusual shape as it is, "2.39:1"."""
    for across, down in NAMED:
        if size((across, down)) == (width, height):
            return f"{across}:{down}"
    return f"{width / height:.2f}:1" if width >= height else f"1:{height / width:.2f}"


def _even(value: float) -> int:
    return 2 * round(value / 2)
