"""One render from beginning to end: plan, missing pieces, sound, file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2

from skill.draft import AUDIO, VIDEO, Draft
from skill.studio.render import planes
from skill.studio.render.cache import Cache, makers
from skill.studio.render.compose import Composer
from skill.studio.render.crew import Crew
from skill.studio.render.encode import encode_sound
from skill.studio.render.errors import Cancelled, RenderError, disk_errors
from skill.studio.render.mux import mux
from skill.studio.render.output import Output, fit, read_output
from skill.studio.render.packets import Packets
from skill.studio.render.plan import Piece, canonical, make_plan
from skill.studio.render.sources import Media, Sources, gathered

# More threads inside OpenCV gained nothing beside the pipeline's own three (2 cores, measured).
CV_THREADS = max(1, (os.cpu_count() or 1) // 4)

_PREFIX = ".render-"
_ABANDONED = 86_400  # s after which a folder of ours belongs to nobody any more

PICTURE = 0.96
"""Share of the work that the frames are; the rest is putting the file together."""


class Job:
    """A render; see ``render`` for what it is given."""

    def __init__(
        self,
        draft: Draft,
        media: Media,
        out: Path,
        output: Mapping[str, Any],
        cache: Path | None,
        progress: Callable[[float], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._draft, self._out = draft, out
        self._output = read_output(output, draft)
        self._plan = make_plan(draft, self._output.width, self._output.height)
        self._media = gathered(draft, media)
        self._cache_folder = cache
        self._progress, self._cancelled = progress, cancelled
        self._told = -1.0

    def run(self) -> None:
        cv2.setNumThreads(CV_THREADS)
        self._tell(0.0)
        with disk_errors("saving the video"):
            self._out.parent.mkdir(parents=True, exist_ok=True)
            _sweep(self._out.parent)
            # Beside the target, so that the last step is a rename.
            with tempfile.TemporaryDirectory(
                dir=self._out.parent, prefix=_PREFIX, ignore_cleanup_errors=True
            ) as folder:
                cache = Cache(self._cache_folder or Path(folder, "pieces"))
                file = Path(folder, "made")
                self._make(cache, file)
                if self._output.form == "gif":
                    from skill.studio.render.gif import to_gif

                    file, video = Path(folder, "gif"), file
                    to_gif(video, file, self._check)
                file.replace(self._out)
                if self._cache_folder:
                    cache.prune()
        self._tell(1.0)

    def _make(self, cache: Cache, file: Path) -> None:
        settings = f"{makers()} {self._output.settings}"
        pictured, sounding = self._output.pictured, self._output.sounding
        cut = self._plan.pieces() if pictured else ()
        keys = {piece: self._plan.key(piece, settings) for piece in cut}
        sound = None
        if sounding:
            sound = _Sound(self._draft, self._media, cache, self._cache_folder, self._output)
        self._fill(cache, keys)
        track = sound.result(self._check) if sound else None
        total = len(keys)

        def pieces() -> Iterator[tuple[int, Packets]]:
            for number, (piece, key) in enumerate(keys.items()):
                self._tell(PICTURE + (1 - PICTURE) * number / total)
                yield piece.first, self._kept(cache, piece, key)

        mux(file, self._output, self._plan.fps, pieces(), track, self._check)

    def _fill(self, cache: Cache, keys: Mapping[Piece, str]) -> None:
        """Encode the pieces that the cache does not have."""
        missing: dict[str, Piece] = {}
        for piece, key in keys.items():
            if not cache.has(key):
                missing.setdefault(key, piece)
        total = sum(piece.last - piece.first for piece in keys)
        kept = total - sum(piece.last - piece.first for piece in missing.values())

        def look(done: int) -> None:
            self._check()
            self._tell(PICTURE * (kept + done) / max(1, total))

        Crew(self._plan, self._output, self._media, cache).make(list(missing.items()), look)

    def _kept(self, cache: Cache, piece: Piece, key: str) -> Packets:
        """The piece from the cache, or made again where its file was damaged or deleted."""
        for _ in range(2):
            found = cache.get(key)
            if found is not None and len(found.packets) == piece.last - piece.first:
                return found
            crew = Crew(self._plan, self._output, self._media, cache)
            crew.make([(key, piece)], lambda _: self._check())
        raise RenderError("The folder for finished pieces does not keep them. Export once more.")

    def _check(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise Cancelled("the render was stopped")

    def _tell(self, done: float) -> None:
        if self._progress is not None and done > self._told:
            self._told = done
            self._progress(done)


class _Sound:
    """The sound of a draft, mixed and encoded beside the picture, or taken from the cache."""

    def __init__(
        self, draft: Draft, media: Media, cache: Cache, folder: Path | None, output: Output
    ) -> None:
        self._made: Packets | None = None
        self._error: BaseException | None = None
        key = _sound_key(draft, f"{makers()} {output.audio} {output.audio_bits}")

        def make() -> None:
            try:
                self._made = cache.get(key)
                if self._made is None:
                    from skill.studio.render.sound import mix  # only where there is sound to mix

                    self._made = encode_sound(mix(draft, media, cache=folder), output)
                    cache.put(key, self._made)
            except BaseException as error:  # it is raised again where the caller waits
                self._error = error

        self._thread = threading.Thread(target=make, name="render-sound", daemon=True)
        self._thread.start()

    def result(self, check: Callable[[], None]) -> Packets:
        """The track; ``check`` is called while waiting and may raise to stop."""
        while self._thread.is_alive():
            check()
            self._thread.join(0.1)
        if self._error is not None:
            raise self._error
        if self._made is None:
            raise RenderError("The sound could not be made. Export once more.")
        return self._made


def _sweep(folder: Path) -> None:
    """Delete what renders that were killed left behind."""
    for left in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def still(draft: Draft, media: Media, at_ms: int, width: int) -> planes.Bytes:
    """One composed frame as RGB (h, ``width``, 3), at a time in ms. Raises RenderError."""
    wide = fit(width)
    plan = make_plan(draft, wide, fit(wide * draft.height / draft.width))
    frame = min(max(0, at_ms * plan.fps // 1000), plan.frames - 1)
    recipe = plan.recipe(frame)
    sources = Sources(gathered(draft, media), plan.width, plan.height, plan.fps)
    try:
        pictures = [sources.at(picture) for picture in recipe.pictures]
        made = Composer(plan.width, plan.height).compose(recipe, pictures)
        return planes.to_rgb(made)
    finally:
        sources.release()


def _sound_key(draft: Draft, settings: str) -> str:
    """Hash of what the sound follows from: the AUDIO tracks, and what VIDEO segments sound like."""
    heard: list[object] = [settings, draft.duration]
    for track in draft.tracks:
        if track.type not in (AUDIO, VIDEO):
            continue
        for segment in track.segments:
            meta = {
                name: value
                for name, value in segment.meta.items()
                if track.type == AUDIO or name not in ("look", "fit", "motion", "name")
            }
            heard.append([track.type, track.id, segment.start, segment.duration, meta])
    return hashlib.sha256(canonical(heard).encode()).hexdigest()[:40]
