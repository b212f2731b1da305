"""Windows on the canvas: even, inside, and as wide as the picture asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.studio.render.fitting import covering, window

even = st.integers(8, 960).map(lambda half: half * 2)


@given(st.floats(0.1, 10), even, even)
def test_a_window_is_even_and_inside_the_canvas(aspect: float, width: int, height: int) -> None:
    place = window("contain", aspect, width, height)
    assert all(n % 2 == 0 for n in (place.x, place.y, place.width, place.height))
    assert place.x >= 0
    assert place.x + place.width <= width
    assert place.y >= 0
    assert place.y + place.height <= height
    assert place.width == width or place.height == height


@given(st.integers(1, 9000), st.integers(1, 9000), even, even)
def test_the_part_that_covers_lies_inside_and_touches_two_sides(
    wide: int, high: int, width: int, height: int
) -> None:
    x, y, seen_w, seen_h = covering(wide, high, width, height)
    assert x >= 0
    assert y >= 0
    assert x + seen_w <= wide
    assert y + seen_h <= high
    assert seen_w == wide or seen_h == high


@pytest.mark.parametrize("aspect", [16 / 9, 1.76, 1.79])
def test_a_picture_of_nearly_the_same_shape_fills_the_canvas(aspect: float) -> None:
    place = window("contain", aspect, 1920, 1080)
    assert (place.width, place.height) == (1920, 1080)


def test_cover_is_the_whole_canvas() -> None:
    place = window("cover", 0.5, 1920, 1080)
    assert (place.x, place.y, place.width, place.height) == (0, 0, 1920, 1080)
