"""The painter: a scene set up once for a canvas, and its frames at any time in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compositions import compose
from .grade import Developer

# How fast the painted world runs; the camera keeps its own time.
RATE = {"slow": 0.55, "fast": 1.5}
GLOWING = ("city", "rain", "fire")  # lamps and flames in the dark bloom on the lens


class Painter:
    """Frames of one scene. One thread at a time; the same ``t`` gives the same bytes."""

    def __init__(self, scene: Mapping[str, Any], width: int, height: int, seconds: float) -> None:
        """Canvas in pixels (at least 16 each way), length in seconds. Raises ValueError."""
        if width < 16 or height < 16:
            raise ValueError(f"a canvas of {width}x{height} is too small to paint on")
        self.width, self.height = width, height
        self.rate = RATE.get(str(scene.get("pace")), 1.0)
        self.stage, self.layers = compose(scene, width, height, seconds)
        bloom = 0.13 * self.stage.light.dark if scene.get("kind") in GLOWING else 0.0
        mood, style = str(scene.get("mood", "natural")), list(scene.get("style", ()))
        self.developer = Developer(self.stage, mood, style, bloom)

    def frame(self, t: float) -> NDArray[np.uint8]:
        """The picture at ``t`` seconds: (height, width, 3) uint8 RGB, BT.709, full range."""
        view = self.stage.camera.view(t)
        now = t * self.rate
        frame = np.zeros((self.height, self.width, 3), np.float32)
        for layer in self.layers:
            prepare = getattr(layer, "prepare", None)
            if prepare is not None:
                prepare(now, view)
        for layer in self.layers:
            layer.draw(frame, now, view)
        return self.developer.develop(frame, t)
