"""Many frames of a draft as pictures, from one plan and one set of open sources.

What was drawn once is kept in the cache's folder, under a hash of the recipe that the pixels
follow from: after an edit only the frames that it touched are drawn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from skill.draft import Draft
from skill.studio.render.errors import RenderError
from skill.studio.render.plan import Plan, make_plan

Media = Callable[[str], Path]

ENDING = ".png"


def stills(
    draft: Draft, media: Media, times: Sequence[int], width: int, folder: Path, version: str
) -> Iterator[tuple[int, Path | str]]:
    """For each time (ms) its frame as a PNG file in ``folder``, or why there is none.

    ``width`` in px; ``version``, of what draws, is part of a picture's name. They come in the
    order of the timeline, each when it is done. Raises RenderError where the draft has no
    frames at all.
    """
    plan = still_plan(draft, width)
    folder.mkdir(parents=True, exist_ok=True)
    maker: _Maker | None = None
    try:
        for at in sorted(set(times)):
            path = folder / still_name(plan, at, version)
            if not path.is_file():
                try:
                    maker = maker or _Maker(plan, media)
                    maker.make(at, path)
                except RenderError as error:
                    yield at, str(error)
                    continue
            else:
                with contextlib.suppress(OSError):
                    os.utime(path)  # what is used stays
            yield at, path
    finally:
        if maker is not None:
            maker.close()


def still_plan(draft: Draft, width: int) -> Plan:
    """The plan of a draft's stills. Raises RenderError where there is nothing to show."""
    wide = _even(width)
    return make_plan(draft, wide, _even(wide * draft.height / draft.width))


def still_name(plan: Plan, at: int, version: str) -> str:
    """The file that the frame at a time (ms) is kept in."""
    canvas = f"{version} {plan.width}x{plan.height}@{plan.fps}"
    recipe = plan.recipe(_frame(plan, at)).key
    return hashlib.sha256(f"still {canvas}\n{recipe}".encode()).hexdigest()[:40] + ENDING


def _frame(plan: Plan, at: int) -> int:
    return min(max(0, at * plan.fps // 1000), plan.frames - 1)


def _even(size: float) -> int:
    return max(2, round(size / 2) * 2)


class _Maker:
    """Draws frames one after the other; a clip is closed once it is past."""

    def __init__(self, plan: Plan, media: Media) -> None:
        # av, numpy and cv2 load only where something is drawn; the server only asks for names.
        from skill.studio.render.compose import Composer
        from skill.studio.render.sources import Sources

        def found(content_hash: str) -> Path:
            # A draft comes from outside, and a hash becomes a path.
            path = media(content_hash) if content_hash.isalnum() else None
            if path is None or not path.is_file():
                raise RenderError("The file of a clip is no longer here. Send it again.")
            return path

        self._plan = plan
        self._sources = Sources(found, plan.width, plan.height, plan.fps)
        self._composer = Composer(plan.width, plan.height)

    def make(self, at: int, path: Path) -> None:
        import cv2
        import numpy as np

        from skill.studio.render import planes

        frame = _frame(self._plan, at)
        self._sources.release(frame)
        recipe = self._plan.recipe(frame)
        pictures = [self._sources.at(picture) for picture in recipe.pictures]
        made = planes.to_rgb(self._composer.compose(recipe, pictures))
        swapped = cv2.cvtColor(np.ascontiguousarray(made), cv2.COLOR_RGB2BGR)
        done, data = cv2.imencode(ENDING, swapped)
        if not done:
            raise RenderError("A frame could not be written as a picture. Try again.")
        _keep(path, data.tobytes())

    def close(self) -> None:
        self._sources.release()


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all: others may be looking for the same picture."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
