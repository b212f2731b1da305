"""The sky: gradient, sun and its glow, lit clouds that drift; the light behind every ground."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import SKY_STOPS, light, ramp
from .stage import Stage

SHRINK = 3  # the sky is computed at a third of the canvas and enlarged
WIND = 0.012  # canvas heights a second, at the zenith


class Sky:
    """Paints everything above ``stage.horizon`` (and a little below, for what hides the line)."""

    def __init__(self, stage: Stage, depth: float = 0.2, sun_x: float | None = None) -> None:
        self.stage, self.depth = stage, depth
        lit = stage.light
        self.rows = int(min(stage.height, stage.horizon + 0.03 * stage.height))
        self.shape = (max(2, self.rows // SHRINK), max(2, stage.width // SHRINK))
        self.ramp = ramp(lit.sky, SKY_STOPS)
        rng = stage.rng("sky")
        side = 1 if rng.random() < 0.5 else -1
        reach = min(0.5, stage.aspect * 0.5)
        self.sun_x = sun_x if sun_x is not None else side * (0.10 + 0.14 * rng.random()) * 2 * reach
        self.sun_y = lit.sun_height
        if stage.time == "day":  # high over the picture
            self.sun_y = max(self.sun_y, stage.horizon / stage.height + 0.14)
        if stage.time == "night":  # the moon, which must stand on the canvas
            self.sun_y = min(self.sun_y, 0.66 * stage.horizon / stage.height)
        self.sun, self.glow = light(lit.sun), light(lit.glow)
        self.lit, self.dark, self.haze = (
            light(lit.cloud_lit),
            light(lit.cloud_dark),
            light(lit.haze),
        )
        size = 1024
        self.tile = noise.spectral(rng, size, size, 1.75, 3.0)
        self.soft = noise.blur(self.tile, 3.0)
        self.fine = noise.spectral(rng, 512, 512, 1.35, 4.0)
        self.streaks = noise.spectral(rng, 512, 512, 1.7, 1.5, stretch=0.35)
        self.clear: Array | None = None  # how far the last frame's clouds let stars through
        self.offset = [float(x) for x in rng.random(4) * size]

    def sun_at(self, view: View) -> tuple[float, float]:
        """The sun's place on the canvas in pixels."""
        stage = self.stage
        zoom, dx, dy = view.at(self.depth)
        x = stage.width / 2 + (self.sun_x + dx) * zoom * stage.height
        y = stage.horizon + (dy - self.sun_y) * zoom * stage.height
        return x, y

    def colour(self, t: float, view: View) -> Array:
        """The sky at a third of the canvas (rows/3, width/3, 3): square roots of scene light,
        which blend and enlarge as the eye expects."""
        stage, lit = self.stage, self.stage.light
        h, w = self.shape
        zoom, dx, dy = view.at(self.depth)
        top = (
            stage.horizon - (np.arange(h, dtype=np.float32) + 0.5) * self.rows / h
        ) / stage.height
        e = (top / zoom + dy).astype(np.float32)[:, None]
        u: Array = ((np.arange(w, dtype=np.float32) + 0.5) / w - 0.5) * stage.aspect / zoom - dx
        u = u.astype(np.float32)[None, :]
        rise = np.clip(e[:, 0], 0, 1)
        base = self.ramp[(rise * (len(self.ramp) - 1)).astype(np.int32)]
        planes = [np.repeat(base[:, i : i + 1], w, axis=1) for i in range(3)]

        du, de = u - np.float32(self.sun_x), e - np.float32(self.sun_y)
        distance = np.sqrt(du * du + de * de)
        near = np.exp(distance * np.float32(-1 / 0.055))
        around = np.exp(distance * np.float32(-1 / 0.22))
        band = np.exp(-np.abs(du) * 1.1) * np.exp(-np.maximum(e, 0) * 7.0)
        halo = lit.glow_power * (near * 1.7 + around * 0.34 + band * 0.22 * (self.sun_y < 0.4))
        for i in range(3):
            planes[i] += halo * self.glow[i]
        for i in range(3):
            np.sqrt(planes[i], out=planes[i])
        self.clear = None
        if lit.cover > 0:
            self._clouds(planes, u, e, distance, t)
        return cv2.merge(planes)

    def draw(self, frame: Array, t: float, view: View) -> None:
        self.paint(frame, self.colour(t, view))
        self._disc(frame, view)

    def paint(self, frame: Array, colour: Array) -> None:
        """Enlarge a sky of ``colour`` (roots) onto the top of the frame."""
        part = frame[: self.rows]
        cv2.resize(colour, (self.stage.width, self.rows), dst=part, interpolation=cv2.INTER_CUBIC)
        cv2.multiply(part, part, dst=part)

    def _disc(self, frame: Array, view: View) -> None:
        """The sun itself, at full size, behind the clouds as they stand."""
        lit, stage = self.stage.light, self.stage
        if lit.sun_power <= 0.2 or self.sun_y < -0.02:
            return
        radius = (0.019 if self.sun_y < 0.3 else 0.016) * stage.height
        x, y = self.sun_at(view)
        reach = int(radius * 1.5) + 2
        x0, x1 = max(0, int(x) - reach), min(stage.width, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(self.rows, int(y) + reach)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        gx = np.arange(x0, x1, dtype=np.float32)[None, :] + 0.5 - np.float32(x)
        gy = np.arange(y0, y1, dtype=np.float32)[:, None] + 0.5 - np.float32(y)
        soft = max(1.0, radius * 0.10)
        disc = smooth(radius + soft, radius - soft, np.sqrt(gx * gx + gy * gy)) * lit.sun_power * 13
        if self.clear is not None:
            h, w = self.clear.shape
            rows, columns = np.meshgrid(np.arange(y0, y1), np.arange(x0, x1), indexing="ij")
            through = noise.sample(
                self.clear,
                (columns * (w / stage.width)).astype(np.float32),
                (rows * (h / self.rows)).astype(np.float32),
            )
            disc = disc * through**1.5
        frame[y0:y1, x0:x1] += disc[..., None] * self.sun

    def _clouds(
        self, planes: Sequence[Array], u: Array, e: Array, distance: Array, t: float
    ) -> None:
        """Two sheets on planes overhead: heaps with relief, lit from the sun; high streaks."""
        lit, rush = self.stage.light, self.stage.camera.rush
        up = np.maximum(e, 0.0)
        rim = np.exp(distance * np.float32(-1 / 0.15)) * lit.glow_power
        haze = np.exp(up * -8.0) * 0.8
        around = np.exp(distance * np.float32(-1 / 0.5))
        wind = WIND * rush * t

        far = 1.0 / (up + 0.16)
        x = u * far
        px = x * 105 + (self.offset[2] + wind * 300)
        pz = far * 150 + (self.offset[3] + wind * 60) + 0.25 * px
        veil = smooth(0.1, 2.6, noise.sample(self.streaks, px, pz) + lit.cover - 0.3)
        veil *= 0.55 * smooth(0.02, 0.2, up)
        self._blend(planes, veil, 0.9 + 0.0 * veil, rim * 0.6, haze, around)

        far = 1.0 / (up + 0.10)
        x, z = u * far, np.broadcast_to(far, distance.shape)
        px = x * 62 + (self.offset[0] + wind * 330)
        pz = z * 78 + (self.offset[1] + wind * 110)
        drift = noise.sample(self.soft, px * 0.5 - wind * 90, pz * 0.5)
        n = noise.sample(self.tile, px + drift * 5, pz)
        fine = noise.sample(self.fine, px * 2.3 - wind * 200, pz * 2.3 + wind * 160)
        fine *= smooth(0.03, 0.16, up)
        # Towards the sun over the plane: relief, and the cloud that the light has crossed.
        far_sun = 1.0 / (max(self.sun_y, 0.0) + 0.10)
        tx, tz = self.sun_x * far_sun - x, far_sun - z
        step = 9.0 / (np.sqrt(tx * tx + tz * tz) + 0.6)
        ahead = noise.sample(self.soft, px + tx * step, pz + tz * step)
        edge = np.float32(1.25 - 2.2 * lit.cover)
        thick = np.maximum(n + 0.30 * fine - edge, 0.0)
        alpha = 1.0 - np.exp(-1.15 * thick * (1 + 0.5 * thick))
        alpha *= smooth(0.0, 0.05, up)
        relief = np.clip((n + 0.35 * fine - ahead) * 0.32, -0.5, 0.6)
        shine = 0.16 + 0.78 * np.exp(-0.85 * thick) + relief * alpha
        shine -= 0.22 * np.maximum(ahead - edge, 0.0)
        self._blend(
            planes, alpha, np.clip(shine, 0.0, 1.3), rim * np.exp(-0.8 * thick), haze, around
        )

    def _blend(
        self,
        planes: Sequence[Array],
        alpha: Array,
        shine: Array,
        rim: Array,
        haze: Array,
        around: Array,
    ) -> None:
        # A low sun reaches the clouds about it most.
        reach = 1.0 if self.sun_y > 0.4 else 0.45 + 0.6 * around
        for i in range(3):
            colour = self.dark[i] + (self.lit[i] - self.dark[i]) * shine * reach
            colour += rim * (self.glow[i] * 2.4)
            colour += (self.haze[i] - colour) * haze
            np.sqrt(np.maximum(colour, 0.0), out=colour)
            planes[i] += (colour - planes[i]) * alpha
