"""One frame from its recipe: pictures blended from back to front, bars, grain, then titles."""

from __future__ import annotations

import cv2
import numpy as np
from av import VideoFrame

from skill.studio.render import planes
from skill.studio.render.grain import Grain
from skill.studio.render.overlay import Stencils
from skill.studio.render.plan import Recipe
from skill.studio.render.planes import BLACK, Views


class Composer:
    """Makes canvases of ``width`` x ``height`` px out of pictures and recipes."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._stencils = Stencils(width, height)
        self._grain: Grain | None = None
        self._black = planes.black(width, height)[0]
        self._last: tuple[str, VideoFrame] | None = None

    def compose(self, recipe: Recipe, pictures: list[VideoFrame]) -> VideoFrame:
        """The frame of a recipe, with ``pictures`` as its sources gave them, in its order.

        A single picture that nothing is laid over comes back as it is, and a
        frame like the one before is that frame; so nobody may write to either.
        """
        key = recipe.key
        if self._last is None or self._last[0] != key:
            self._last = key, self._made(recipe, pictures)
        return self._last[1]

    def _made(self, recipe: Recipe, pictures: list[VideoFrame]) -> VideoFrame:
        frame, canvas = self._blended(recipe, pictures)
        grainy = [picture for picture in recipe.pictures if picture.shot.grain]
        if grainy:
            strength = sum(_share(recipe, index) * picture.shot.grain
                           for index, picture in enumerate(recipe.pictures))  # fmt: skip
            frame, canvas = self._own(frame, canvas)
            top = min(bar_rows(p.shot.bars, self._width, self._height) for p in grainy)
            luma = canvas[0][top : self._height - top]
            if self._grain is None:
                self._grain = Grain(self._width, self._height)
            self._grain.onto(luma, strength, grainy[-1].tick)
        for title, opacity in recipe.titles:
            stencil = self._stencils.of(title)
            if stencil is not None:
                frame, canvas = self._own(frame, canvas)
                stencil.onto(canvas, opacity)
        return frame

    def _own(self, frame: VideoFrame, canvas: Views | None) -> tuple[VideoFrame, Views]:
        return (frame, canvas) if canvas is not None else planes.copy(frame)

    def _blended(
        self, recipe: Recipe, pictures: list[VideoFrame]
    ) -> tuple[VideoFrame, Views | None]:
        """The pictures over each other, and the planes if the frame may be written to."""
        frame: VideoFrame = self._black
        canvas: Views | None = None
        for picture, given in zip(recipe.pictures, pictures, strict=True):
            bars = bar_rows(picture.shot.bars, self._width, self._height)
            if picture.weight >= 1:
                frame, canvas = given, None
                if bars:
                    frame, canvas = planes.copy(given)
                    _fill(canvas, bars)
            else:
                frame, canvas = _faded(frame, canvas, given, picture.weight, bars)
        return frame, canvas


def bar_rows(ratio: float, width: int, height: int) -> int:
    """Rows of black above and below a picture of ``ratio``; 0 if the canvas is no wider than it.

    Bars are drawn on canvases wider than tall only: on others they would leave a slit.
    """
    if ratio <= 0 or width <= height or ratio <= width / height * 1.005:
        return 0
    return int((height - width / ratio) / 4) * 2


def _fill(canvas: Views, rows: int) -> None:
    for index, (plane, level) in enumerate(zip(canvas, BLACK, strict=True)):
        part = rows if index == 0 else rows // 2
        plane[:part] = level
        plane[len(plane) - part :] = level


def _faded(
    under: VideoFrame, canvas: Views | None, over: VideoFrame, weight: float, bars: int
) -> tuple[VideoFrame, Views]:
    """A weighted sum of two pictures, the upper one with bars; into ``canvas`` if it is given."""
    frame = under
    below = planes.views(under)
    if canvas is None:
        frame, canvas = planes.blank(under.width, under.height)
    above = planes.views(over)
    for index, (target, low, high) in enumerate(zip(canvas, below, above, strict=True)):
        rows = bars if index == 0 else bars // 2
        end = len(target) - rows
        middle = slice(rows, end)
        cv2.addWeighted(low[middle], 1 - weight, high[middle], weight, 0, dst=target[middle])
        level = BLACK[index] * weight
        for edge in (slice(0, rows), slice(end, None)) if rows else ():
            target[edge] = np.rint(low[edge] * (1 - weight) + level)
    return frame, canvas


def _share(recipe: Recipe, index: int) -> float:
    """How much of a picture is left under those in front of it."""
    share = recipe.pictures[index].weight
    for picture in recipe.pictures[index + 1 :]:
        share *= 1 - picture.weight
    return share
