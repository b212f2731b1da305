"""Titles on the picture: drawn once, then blended in YUV, only inside their box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np

from skill.studio.render import planes
from skill.studio.render.plan import Title
from skill.studio.render.planes import Bytes, Views


class Drawn(Protocol):
    """What ``text.draw`` returns: a place in px, and RGBA (h, w, 4) with straight alpha."""

    @property
    def x(self) -> int: ...

    @property
    def y(self) -> int: ...

    @property
    def rgba(self) -> Bytes: ...


@dataclass(frozen=True)
class Stencil:
    """A drawn title as planes: ``inks`` already multiplied by their ``covers`` (0..255)."""

    x: int
    y: int
    inks: Views
    covers: Views

    def onto(self, canvas: Views, opacity: float) -> None:
        """Blend into planes of one's own: canvas * (1 - cover) + ink."""
        height, width = self.covers[0].shape
        box = planes.crop(canvas, self.x, self.y, width, height)
        for target, ink, cover in zip(box, self.inks, self.covers, strict=True):
            if opacity < 1:
                ink = planes.known(cv2.convertScaleAbs(ink, alpha=opacity))
                cover = planes.known(cv2.convertScaleAbs(cover, alpha=opacity))
            rest = cv2.multiply(target, cv2.bitwise_not(cover), scale=1 / 255)
            cv2.add(rest, ink, dst=target)


def stencil(drawn: Drawn, width: int, height: int) -> Stencil | None:
    """Planes of a drawn title on a canvas in px; None where nothing of it is on the canvas."""
    rgba = np.asarray(drawn.rgba)
    x, y = int(drawn.x), int(drawn.y)
    # What hangs over the canvas is cut off; then the box grows to even numbers.
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + rgba.shape[1]), min(height, y + rgba.shape[0])
    if right <= left or bottom <= top:
        return None
    part = rgba[top - y : bottom - y, left - x : right - x]
    pad = top % 2, bottom % 2, left % 2, right % 2
    part = planes.known(cv2.copyMakeBorder(part, *pad, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)))
    alpha = part[..., 3].astype(np.float32) / 255
    ink = part[..., :3].astype(np.float32) @ planes.MATRIX.T + planes.OFFSET
    inked = ink * alpha[..., None]
    half = part.shape[1] // 2, part.shape[0] // 2
    chroma = cv2.resize(np.ascontiguousarray(inked[..., 1:]), half, interpolation=cv2.INTER_AREA)
    inks = _bytes(inked[..., 0]), _bytes(chroma[..., 0]), _bytes(chroma[..., 1])
    cover = _bytes(alpha * 255)
    thin = _bytes(cv2.resize(alpha, half, interpolation=cv2.INTER_AREA) * 255)
    return Stencil(left - left % 2, top - top % 2, inks, (cover, thin, thin))


class Stencils:
    """The titles of a plan, each drawn when it is first seen."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._made: dict[str, Stencil | None] = {}

    def of(self, title: Title) -> Stencil | None:
        if title.key not in self._made:
            self._made[title.key] = stencil(_draw(title.meta, *self._size), *self._size)
        return self._made[title.key]


def _draw(meta: Mapping[str, Any], width: int, height: int) -> Drawn:
    from skill.studio.render import text  # a video without titles needs no shaper

    drawn: Drawn = text.draw(meta, width, height)
    return drawn


def _bytes(array: Any) -> Bytes:
    made: Bytes = np.clip(np.rint(array), 0, 255).astype(np.uint8)
    return made
