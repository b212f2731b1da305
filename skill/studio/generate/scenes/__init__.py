"""Painted scenes: a prompt becomes a moving picture, made by code in layers with depth.

``read`` understands a prompt (no heavy import), ``paint`` makes its frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .reading import KINDS, TIMES, read

if TYPE_CHECKING:
    from .painter import Painter

__all__ = ["KINDS", "TIMES", "paint", "read"]


def paint(scene: Mapping[str, Any], width: int, height: int, seconds: float) -> Painter:
    """A painter of the scene: canvas in pixels, length in seconds. See ``painter.Painter``."""
    # Imported here: reading a prompt must not cost the start of numpy and OpenCV.
    from .painter import Painter

    return Painter(scene, width, height, seconds)
