"""Frames through three threads: sources decode or paint, the composer blends, the caller encodes.

The heavy parts (FFmpeg, OpenCV, numpy) let go of Python's lock, so the three
really run at once. The queues between them are short, which bounds the memory.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from av import VideoFrame

from skill.studio.render.compose import Composer
from skill.studio.render.plan import Piece, Plan, Recipe
from skill.studio.render.sources import Media, Sources

AHEAD = 4
"""Frames that one stage may be ahead of the next."""

_WAIT = 0.1  # s between two looks at whether to stop


class Stopped(Exception):
    """How a stage learns that it is over."""


class Pipeline:
    """The composed frames of some pieces of a plan, in order. Close it when done."""

    def __init__(self, plan: Plan, pieces: Sequence[Piece], media: Media) -> None:
        self._plan, self._pieces, self._media = plan, pieces, media
        self._stop = threading.Event()
        self._drawn: queue.Queue[Any] = queue.Queue(AHEAD)
        self._composed: queue.Queue[Any] = queue.Queue(AHEAD)
        self._threads = [
            threading.Thread(target=self._stage, args=(work, out), name=f"render-{name}")
            for name, work, out in (
                ("sources", self._draw, self._drawn),
                ("compose", self._compose, self._composed),
            )
        ]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def frames(self, stop: threading.Event) -> Iterator[VideoFrame]:
        """The frames of all pieces; raises Stopped soon after ``stop`` is set."""
        for piece in self._pieces:
            for _ in range(piece.first, piece.last):
                yield self._take(self._composed, stop)

    def _draw(self) -> None:
        sources = Sources(self._media, self._plan.width, self._plan.height, self._plan.fps)
        try:
            for piece in self._pieces:
                sources.release(piece.first)
                for number in range(piece.first, piece.last):
                    recipe = self._plan.recipe(number)
                    pictures = [sources.at(picture) for picture in recipe.pictures]
                    self._put(self._drawn, (recipe, pictures))
        finally:
            sources.release()

    def _compose(self) -> None:
        composer = Composer(self._plan.width, self._plan.height)
        for piece in self._pieces:
            for _ in range(piece.first, piece.last):
                recipe: Recipe
                recipe, pictures = self._take(self._drawn)
                self._put(self._composed, composer.compose(recipe, pictures))

    def _stage(self, work: Callable[[], None], out: queue.Queue[Any]) -> None:
        try:
            work()
        except Stopped:
            pass
        except BaseException as error:  # it is raised again where the caller waits
            with contextlib.suppress(Stopped):
                self._put(out, error)

    def _put(self, where: queue.Queue[Any], item: object) -> None:
        while not self._stop.is_set():
            try:
                where.put(item, timeout=_WAIT)
            except queue.Full:
                continue
            return
        raise Stopped

    def _take(self, where: queue.Queue[Any], stop: threading.Event | None = None) -> Any:
        while not self._stop.is_set() and not (stop and stop.is_set()):
            try:
                item = where.get(timeout=_WAIT)
            except queue.Empty:
                continue
            if isinstance(item, BaseException):
                raise item
            return item
        raise Stopped
