"""Still water: a lake, a river, a wet street; it mirrors what is painted above its line."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands
from .noise import Array, smooth
from .palette import light
from .stage import Stage

SHRINK = 4  # ripples are computed at a quarter of the canvas


class Mirror:
    """Water below row ``line`` (canvas heights), down to ``end``. ``ripple`` 0 glass .. 1 breeze;
    ``smear`` how far lamps are drawn out, in canvas heights."""

    def __init__(
        self, stage: Stage, line: float, end: float = 1.0, ripple: float = 0.35,
        depth: float = 0.35, tint: Array | None = None, keep: float = 0.86,
        smear: float = 0.0,
    ) -> None:  # fmt: skip
        self.stage, self.line, self.end, self.depth = stage, line, end, depth
        rng = stage.rng("mirror")
        self.ripple, self.keep, self.smear = ripple, keep, smear
        self.tint = light(stage.light.water) if tint is None else tint
        self.tile = noise.spectral(rng, 512, 512, 1.3, 6.0, stretch=1.6)
        self.long = noise.spectral(rng, 512, 512, 1.8, 4.0, stretch=2.2)
        self.calm = noise.spectral(rng, 256, 256, 2.0, 2.0, stretch=1.8)

    def row(self, view: View) -> float:
        """The water's edge on the canvas, in pixels."""
        zoom, _, dy = view.at(self.depth)
        stage = self.stage
        return (
            stage.horizon + (self.line * stage.height - stage.horizon) * zoom + (dy * stage.height)
        )

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, _ = view.at(self.depth)
        edge = self.row(view)
        y0, y1 = max(1, int(edge)), min(stage.height, int(self.end * stage.height) + 1)
        if y1 - y0 < 2:
            return
        rows = y1 - y0
        h, w = max(2, rows // SHRINK), max(2, stage.width // SHRINK)
        down = ((np.arange(h, dtype=np.float32) + 0.5) * rows / h / stage.height)[:, None]
        z = 0.10 / (down + 0.012)  # distance over the water
        x = ((np.arange(w, dtype=np.float32) / w - 0.5) * stage.aspect / zoom - dx)[None, :] * z
        z = np.broadcast_to(z, (h, w))
        n = noise.sample(self.tile, x * 300 + t * 9, z * 500 - t * 14)
        n += 0.8 * noise.sample(self.tile, x * 210 - t * 7, z * 330 + t * 11)
        swell = noise.sample(self.long, x * 80 + t * 5, z * 160 - t * 9)
        # Breezes touch the water in patches; between them it lies like glass.
        patch = noise.sample(self.calm, x * 22 + t * 1.5, z * 26 + t * 0.8)
        wind = self.ripple * (0.35 + 0.65 * smooth(-0.8, 1.2, patch))
        near = smooth(0.0, 0.10, down) * 0.7 + 0.3
        shake = (n * 0.55 + swell * 0.6) * wind * near * np.float32(0.030 * stage.height)
        sway = n * wind * near * np.float32(0.006 * stage.height)
        glint = smooth(1.2, 3.2, n) * wind * 0.10
        waves = cv2.resize(
            cv2.merge([shake, sway, glint]), (stage.width, rows), interpolation=cv2.INTER_LINEAR
        )
        first = max(0, y0 - int(rows * 1.25) - 8)  # what stands higher is not mirrored
        above = self._smeared(frame[first:y0]) if self.smear else frame[first:y0]
        columns = np.arange(stage.width, dtype=np.float32)[None, :]
        depth = max(1.0, self.end * stage.height - edge)

        def work(a: int, b: int) -> None:
            row = np.arange(a, b, dtype=np.float32)[:, None] + np.float32(y0)
            # The mirrored row; what shakes past the edge folds back.
            source = np.float32(edge - 1 - first) - np.abs(
                row - np.float32(edge) + waves[a:b, :, 0]
            )
            np.clip(np.abs(source, out=source), 0, y0 - first - 1, out=source)
            across = waves[a:b, :, 1] + columns
            image: Array = cv2.remap(
                above, across, source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
            )
            share = self.keep * (1 - 0.42 * np.minimum((row - y0) / depth, 1.0))
            shine = 1 + waves[a:b, :, 2]
            rest = np.broadcast_to((1 - share).astype(np.float32), shine.shape) * shine
            kept = shine * share.astype(np.float32)
            tint = cv2.merge([rest * c for c in self.tint])
            part = frame[y0 + a : y0 + b]
            cv2.multiply(image, cv2.merge([kept, kept, kept]), dst=part)
            cv2.add(part, tint, dst=part)

        in_bands(stage.pool, 0, rows, work)

    def _smeared(self, above: Array) -> Array:
        """The view over the water with every lamp drawn out into a column by countless waves."""
        h, w = above.shape[:2]
        small = cv2.resize(above, (w // 2, max(2, h // 6)), interpolation=cv2.INTER_AREA)
        tall = max(1, int(self.smear * self.stage.height / 6)) | 1
        small = cv2.blur(small, (1, tall), borderType=cv2.BORDER_REFLECT)
        drawn = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
        return cv2.addWeighted(above, 0.45, drawn, 0.55, 0, dst=drawn)


class Shine:
    """A bright line where far water meets the land: mist and sun on the wet edge."""

    def __init__(self, stage: Stage, mirror: Mirror, power: float = 0.5) -> None:
        self.stage, self.mirror, self.power = stage, mirror, power
        self.colour = light(stage.light.haze)

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        edge = self.mirror.row(view)
        tall = self.stage.height * 0.004 + 1
        y0, y1 = int(max(0, edge - 3 * tall)), int(min(self.stage.height, edge + 3 * tall))
        y = np.arange(y0, y1, dtype=np.float32)
        share = (np.exp(-(((y - edge) / tall) ** 2)) * self.power)[:, None, None]
        frame[y0:y1] += (self.colour - frame[y0:y1]) * share
