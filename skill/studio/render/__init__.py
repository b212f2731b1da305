"""A draft -> a plan of segments -> frames and sound -> a file.

plan       what every frame is made of, and the hash of every piece (pure)
sources    footage (video), photos and animations (image), painted scenes
compose    pictures, bars, grain and titles (overlay) in YUV planes
pipeline   three threads from sources to encoder
encode     pieces of H.264, one track of AAC; packets and cache keep them
mux        all of it in one file
sound      the mix; text draws the titles
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill.draft import Draft
from skill.studio.render.errors import Cancelled, RenderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Cancelled", "RenderError", "render", "still"]

Media = Callable[[str], Path]

_HIGH: Mapping[str, Any] = {"format": "mp4", "quality": "high"}


def render(
    draft: Draft,
    media: Media,
    out: Path,
    *,
    output: Mapping[str, Any] = _HIGH,
    cache: Path | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Make the draft's video and put it at ``out``, which appears only when it is whole.

    ``media`` gives the file of a content hash. With ``cache``, a folder,
    pieces that nothing changed in are taken from the last render. ``progress``
    hears 0..1, never less than before. Raises RenderError (its text is for the
    user) and Cancelled.
    """
    from skill.studio.render.job import Job  # av, numpy and cv2 load only when something is made

    Job(draft, media, out, output, cache, progress, cancelled).run()


def still(draft: Draft, media: Media, at_ms: int, width: int) -> NDArray[np.uint8]:
    """One composed frame as RGB (h, ``width``, 3), at a time in ms. Raises RenderError."""
    from skill.studio.render.job import still as make

    return make(draft, media, at_ms, width)
