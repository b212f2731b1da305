"""Shafts of light through gaps in leaves, clouds or the water's surface."""

from __future__ import annotations

import numpy as np

from . import noise
from .camera import View
from .compositing import shine
from .noise import Array, smooth
from .stage import Stage

SHRINK = 6


class Rays:
    """Beams that fan out from a point (pixels of the canvas, usually over its edge)."""

    def __init__(
        self, stage: Stage, x: float, y: float, colour: Array, power: float = 0.5,
        fine: float = 1.0, top: float = 0.0, bottom: float = 1.0, reach: float = 1.1,
    ) -> None:  # fmt: skip
        """``fine``: how many beams; ``top`` and ``bottom``: rows between which they show, and
        ``reach``: how far they carry, in canvas heights."""
        self.stage, self.x, self.y = stage, x, y
        self.colour, self.power, self.fine, self.reach = colour, power, fine, reach
        self.top, self.bottom = int(top * stage.height), int(bottom * stage.height)
        rng = stage.rng(f"rays {int(x)}")
        self.beams = np.repeat(noise.line(rng, 1024, 0.9, 6.0)[None, :], 2, axis=0)
        self.dust = noise.spectral(rng, 256, 256, 1.6, 2.0)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.5)
        sx = stage.width / 2 + (self.x - stage.width / 2) * zoom + dx * stage.height
        sy = stage.horizon + (self.y - stage.horizon) * zoom + dy * stage.height
        rows = self.bottom - self.top
        h, w = max(2, rows // SHRINK), max(2, stage.width // SHRINK)
        y = (self.top + (np.arange(h, dtype=np.float32) + 0.5) * rows / h - sy) / stage.height
        x = ((np.arange(w, dtype=np.float32) + 0.5) * stage.width / w - sx) / stage.height
        x, y = np.broadcast_arrays(x[None, :], y[:, None])
        angle = np.arctan2(x, np.maximum(y, 1e-3)).astype(np.float32)
        far = np.sqrt(x * x + y * y)
        zero = np.zeros_like(angle)
        turn = angle * np.float32(150.0 * self.fine)
        beam = noise.sample(self.beams, turn + t * 3.5, zero)
        beam = beam + 0.8 * noise.sample(self.beams, turn * 1.7 - t * 4.5 + 300, zero)
        light = smooth(0.15, 2.1, beam)
        haze = 0.75 + 0.30 * noise.sample(self.dust, x * 90 + t * 4, y * 90 - t * 2)
        light = light * haze * np.exp(-((far / self.reach) ** 2)) * smooth(0.02, 0.25, far)
        light = light * smooth(1.25, 0.8, np.abs(angle)) * np.float32(self.power)
        if self.bottom < stage.height:  # no edge where the beams meet the ground
            light *= smooth(1.0, 0.85, np.arange(h, dtype=np.float32) / h)[:, None]
        shine(stage.pool, frame, self.top, light.astype(np.float32), rows, self.colour)
