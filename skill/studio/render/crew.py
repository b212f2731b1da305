"""Threads that make the missing pieces of a video, each a run of neighbours.

A run has its own sources, pipeline and encoder. Painting a scene and the end of
every piece keep only one core busy; a second run fills the other.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence

from skill.studio.render.cache import Cache
from skill.studio.render.encode import VideoEncoder
from skill.studio.render.output import Output
from skill.studio.render.pipeline import Pipeline, Stopped
from skill.studio.render.plan import Piece, Plan
from skill.studio.render.sources import Media

MOST = 3
"""Runs at once, whatever the machine has: each takes 200 to 250 MB at 1080p."""

_LOOK = 0.03  # s between two looks at whether to stop

Named = tuple[str, Piece]
"""A piece and the key that it is kept under."""


class Crew:
    """Makes pieces and puts them into the cache."""

    def __init__(self, plan: Plan, output: Output, media: Media, cache: Cache) -> None:
        self._plan, self._output, self._media, self._cache = plan, output, media, cache
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._done = 0
        self._error: BaseException | None = None

    def make(self, pieces: Sequence[Named], look: Callable[[int], None]) -> None:
        """Make the pieces. ``look`` hears how many frames are done, often, and may raise to stop.

        It is called in the caller's thread. What a piece raises is raised here.
        """
        cores = os.cpu_count() or 1
        runs = shares(pieces, min(MOST, cores))
        # One core, one thread of the encoder: less work in all, and a third of the memory.
        each = -(-cores // max(1, len(runs)))
        threads = [
            threading.Thread(target=self._run, args=(run, each), name="render-encode", daemon=True)
            for run in runs
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    look(self._done)
                    thread.join(_LOOK)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error
        look(self._done)

    def _run(self, pieces: Sequence[Named], threads: int) -> None:
        try:
            with Pipeline(self._plan, [piece for _, piece in pieces], self._media) as pipeline:
                composed = pipeline.frames(self._stop)
                for key, piece in pieces:
                    encoder = VideoEncoder(self._output, self._plan.fps, threads)
                    for _ in range(piece.first, piece.last):
                        encoder.add(next(composed))
                        with self._lock:
                            self._done += 1
                    self._cache.put(key, encoder.finish())
        except Stopped:
            pass
        except BaseException as error:  # it is raised again where the caller waits
            with self._lock:
                self._error = self._error or error
            self._stop.set()


def shares(pieces: Sequence[Named], count: int) -> list[list[Named]]:
    """At most ``count`` runs of neighbouring pieces with about as many frames each."""
    lengths = [piece.last - piece.first for _, piece in pieces]
    total = sum(lengths)
    runs: list[list[Named]] = [[] for _ in range(count)]
    before = 0
    for named, length in zip(pieces, lengths, strict=True):
        # By where its middle falls.
        runs[(2 * before + length) * count // (2 * total)].append(named)
        before += length
    return [run for run in runs if run]
