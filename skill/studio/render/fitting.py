"""How a picture of any shape comes onto the canvas: covering it, or whole over a blurred copy.

Sizes and places are pixels; all that reach the canvas are even, because the
chroma planes have half of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from av import VideoFrame

from skill.studio.render import planes
from skill.studio.render.plan import View
from skill.studio.render.planes import Views

NEARLY = 0.985
"""A picture that fills this much of both sides fills the canvas: no sliver of backdrop."""

DIM = 0.55
"""Brightness of the copy behind a picture that is shown whole."""

PAN = 0.15
"""How far a pan goes to each side of the middle at most, as a share of what is seen."""


@dataclass(frozen=True)
class Window:
    """The box of the canvas that a picture covers."""

    x: int
    y: int
    width: int
    height: int


def window(fit: str, aspect: float, width: int, height: int) -> Window:
    """Where a picture of ``aspect`` (width / height as shown) stands on the canvas."""
    whole = Window(0, 0, width, height)
    if fit != "contain":
        return whole
    scale = min(width / aspect, height)
    wide, high = aspect * scale, scale
    if wide >= NEARLY * width and high >= NEARLY * height:
        return whole
    wide, high = max(2, _even(wide)), max(2, _even(high))
    return Window(_even((width - wide) / 2), _even((height - high) / 2), int(wide), int(high))


def stand(picture: Views, place: Window, width: int, height: int) -> VideoFrame:
    """A canvas with the picture in its window, over a blurred, darker copy of itself."""
    frame, canvas = planes.blank(width, height)
    for target, plane in zip(canvas, backdrop(picture, width, height), strict=True):
        np.copyto(target, plane)
    put(canvas, picture, place)
    return frame


def put(canvas: Views, picture: Views, place: Window) -> None:
    """Lay the picture into its window of the canvas."""
    box = planes.crop(canvas, place.x, place.y, place.width, place.height)
    for target, plane in zip(box, picture, strict=True):
        np.copyto(target, plane)


def backdrop(picture: Views, width: int, height: int) -> Views:
    """The picture covering the canvas, out of focus and at DIM times its brightness."""
    high, wide = picture[0].shape
    scale = min(wide / width, high / height)
    seen_w, seen_h = max(2, _even(width * scale)), max(2, _even(height * scale))
    part = planes.crop(picture, _even((wide - seen_w) / 2), _even((high - seen_h) / 2),
                       seen_w, seen_h)  # fmt: skip
    # Blurred where it is small: nothing finer would be left of it anyway.
    small = planes.resize(part, max(8, _even(width / 16)), max(8, _even(height / 16)))
    sigma = max(small[0].shape) / 30
    made = []
    for index, plane in enumerate(small):
        # Whole levels only at the very end: rounded here, they would show as terraces there.
        fine = plane.astype(np.float32)
        blur = cv2.GaussianBlur(fine, (0, 0), sigma if index == 0 else sigma / 2)
        size = (width, height) if index == 0 else (width // 2, height // 2)
        large = cv2.resize(blur, size, interpolation=cv2.INTER_CUBIC)
        # A little more colour than light is left, or yellow turns to olive.
        gain = DIM if index == 0 else DIM + 0.1
        level = planes.BLACK[index] * (1 - gain)
        made.append(planes.known(cv2.convertScaleAbs(large, alpha=gain, beta=level)))
    return made[0], made[1], made[2]


def warp(picture: Views, view: View, width: int, height: int) -> Views:
    """What ``view`` shows of the picture, covering ``width`` x ``height``, to a part of a pixel."""
    made = []
    for index, plane in enumerate(picture):
        size = (width, height) if index == 0 else (width // 2, height // 2)
        high, wide = plane.shape
        scale = max(size[0] / wide, size[1] / high) * view.zoom
        seen_w, seen_h = size[0] / scale, size[1] / scale
        x = wide / 2 + view.x * min((wide - seen_w) / 2, PAN * seen_w)
        y = high / 2 + view.y * min((high - seen_h) / 2, PAN * seen_h)
        # Pixels have their middles at halves.
        shift_x = x - seen_w / 2 + 0.5 / scale - 0.5
        shift_y = y - seen_h / 2 + 0.5 / scale - 0.5
        matrix = np.array([[1 / scale, 0, shift_x], [0, 1 / scale, shift_y]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        moved = cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        made.append(planes.known(moved))
    return made[0], made[1], made[2]


def covering(wide: int, high: int, width: int, height: int) -> tuple[int, int, int, int]:
    """Box (x, y, width, height) in a picture of ``wide`` x ``high`` that fills the other shape."""
    scale = min(wide / width, high / height)
    seen_w, seen_h = min(wide, round(width * scale)), min(high, round(height * scale))
    seen_w, seen_h = max(1, seen_w), max(1, seen_h)
    return (wide - seen_w) // 2, (high - seen_h) // 2, seen_w, seen_h


def _even(number: float) -> int:
    return int(number / 2 + 0.5) * 2
