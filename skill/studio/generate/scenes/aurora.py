"""Northern lights: curtains of light, folded and drifting, drawn out along the lines of force."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import glow
from .noise import Array, smooth
from .palette import light
from .sky import Sky
from .stage import Stage

SHRINK = 5  # rays are soft: a fifth of the canvas is enough
STEPS = 26  # heights at which each line of sight meets the curtains
TILE = 384


class Aurora:
    """Curtains over the horizon: ribbons on a plane, seen through many heights at once."""

    def __init__(self, stage: Stage, sky: Sky, power: float = 0.72) -> None:
        self.stage, self.sky, self.power = stage, sky, power
        rng = stage.rng("aurora")
        self.fold = noise.spectral(rng, TILE, TILE, 2.4, 2.0)
        self.drift = noise.spectral(rng, TILE, TILE, 2.1, 3.0)
        self.rays = noise.even(noise.spectral(rng, TILE, TILE, 0.8, 14.0))
        self.patch = noise.spectral(rng, TILE, TILE, 2.2, 1.5)
        height = np.linspace(0, 1, STEPS)
        green, teal, violet, rose = (
            light(colour) / light(colour).max()
            for colour in ("#35f58a", "#2fe6c0", "#7a4dff", "#ff5fa8")
        )
        colours = [
            np.interp(height, (0.0, 0.28, 0.62, 1.0), (green[i], teal[i], violet[i], rose[i]))
            for i in range(3)
        ]
        # A sharp foot, then fading upwards; a touch of rose under the brightest curtains.
        fade = np.exp(-height * 3.1) * smooth(0.0, 0.10, height) + 0.04 * np.exp(-height * 40)
        self.colours: Array = (np.stack(colours, -1) * fade[:, None]).astype(np.float32)
        self.colours[0] = rose * 0.10
        self.rows = int(stage.horizon) + 1

    def _ribbons(self, t: float) -> Array:
        """The curtains from below: bright along winding lines, (TILE, TILE)."""

        def moved(tile: Array, dx: float, dy: float) -> Array:
            matrix = np.array([[1, 0, dx % TILE], [0, 1, dy % TILE]], np.float32)
            return cv2.warpAffine(tile, matrix, (TILE, TILE), borderMode=cv2.BORDER_WRAP)

        fold = moved(self.fold, t * 2.2, t * 0.8) + 0.55 * moved(self.drift, -t * 3.4, t * 1.6)
        # The foot of a curtain is sharp on one side and trails off on the other.
        line = np.exp(-np.abs(fold) * np.where(fold > 0, 5.0, 16.0))
        line *= 0.25 + 1.1 * moved(self.rays, t * 5.0, -t * 2.0)
        line *= smooth(-1.3, 1.0, moved(self.patch, -t * 2.6, -t * 1.1))
        return np.asarray(line, np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(self.sky.depth * 0.7)
        h, w = max(2, self.rows // SHRINK), max(2, stage.width // SHRINK)
        e = (stage.horizon - (np.arange(h) + 0.5) * self.rows / h) / stage.height / zoom + dy
        u = ((np.arange(w) + 0.5) / w - 0.5) * stage.aspect / zoom - dx
        up = np.maximum(e, 0).astype(np.float32)[:, None] + np.float32(0.16)
        across = (u.astype(np.float32)[None, :] / up) * np.float32(20.0)
        away = np.broadcast_to(np.float32(26.0) / up, (h, w))
        ribbons = noise.Plane(self._ribbons(t), 5)
        span = away[:, 0] * np.float32(0.035)
        trails = np.empty((STEPS, h * w), np.float32)
        trail = np.zeros((h, w), np.float32)
        for i in range(STEPS):
            reach = np.float32(1.0 + 0.034 * i + 0.0008 * i * i)
            here = ribbons.sample(across * reach, away * reach, span)
            # Each height carries on the one under it: rays, not dots.
            trail = here if i == 0 else trail * np.float32(0.55) + here * np.float32(0.45)
            trails[i] = trail.reshape(-1)
        total = (trails.T @ self.colours).reshape(h, w, 3)
        total *= (smooth(0.015, 0.20, up - 0.16) * (34.0 / STEPS * self.power))[..., None]
        glow(stage.pool, frame, 0, total, self.rows)
