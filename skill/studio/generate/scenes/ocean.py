"""The sea from a beach or a low boat: waves in perspective, breakers, foam, glitter, wet sand.

The surface is a height field. For every frame its silhouettes are found column by column from
near to far (as in voxel landscapes), so that a breaker hides what is behind it; then every pixel
is shaded from its slope: sky reflected after Fresnel, the deep behind it, light through crests,
the sun's path, foam in the light of the hour.
"""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import light
from .sky import Sky
from .stage import Stage
from .waves import Surf, WindSea

SHRINK = 2  # the water is shaded at half the canvas
FOCUS = 1.35  # focal length in canvas heights
NEAR, FAR = 2.5, 4000.0  # metres
COLUMNS = 420


class Ocean:
    """Paints everything under the horizon; ``sky`` is what it mirrors."""

    def __init__(self, stage: Stage, sky: Sky, shore: bool = True) -> None:
        self.stage, self.sky, self.shore = stage, sky, shore
        rng = stage.rng("ocean")
        storm = stage.has("storm")
        calm = "calm" in stage.scene.get("moods", ())
        force = 1.9 if storm else 0.55 if calm else 1.0
        self.eye = 2.5 if shore else 3.2
        self.shoreline = 8.0 if shore else -30.0
        self.sea = WindSea(rng, 256, 42.0, 0.11 * force * (1.0 if shore else 1.7), 5.5)
        self.ripples = WindSea(rng, 256, 6.5, 0.010 * (0.6 + 0.4 * force), 3.0)
        self.surf = Surf.make(rng, 1.25 * force**0.7, 6.2, 15.0)
        size = 1024
        self.foam = noise.Plane(_lace(rng, size))
        self.froth = noise.Plane(noise.even(noise.spectral(rng, size, size, 0.9, 14.0)))
        self.sand = noise.Plane(noise.spectral(rng, size, size, 0.8, 4.0))
        self._grid()
        lit = stage.light
        self.deep = light(lit.water)
        self.side = float(np.sign(sky.sun_x) or 1.0)
        self.sun = light(lit.sun) * lit.sun_power
        self.ambient = light(lit.ambient)
        clarity = (0.1 if stage.has("storm", "rain") else 0.9) * (1.0 - 0.85 * lit.dark)
        high = 1.0 if lit.sun_height > 0.3 else 0.3
        self.through = light(lit.water) * 1.5 + light("#2f9a86") * clarity * high
        self.through += light(lit.glow) * 0.35 * lit.glow_power
        self.bed = light("#b59a78")
        self.shallow = light("#3fb0a8") * clarity * (0.8 if high == 1.0 else 0.10) * shore

    def _grid(self) -> None:
        """The distances at which the surface is cut, from near to far."""
        stage = self.stage
        self.rows = max(4, int((stage.height * 1.02 - stage.horizon) / SHRINK) + 2)
        self.cols = max(4, stage.width // SHRINK)
        drops = np.arange(0.6, self.rows * 1.2, 1.15) * SHRINK / stage.height
        z = FOCUS * self.eye / drops
        if self.shore:
            z = np.concatenate([z, np.arange(self.shoreline + 1, self.shoreline + 27, 0.2)])
        else:
            z = np.concatenate([z, np.arange(NEAR, 60, 0.3)])
        z = np.sort(z[(z >= NEAR) & (z <= FAR)])
        self.z = np.append(z, FAR).astype(np.float32)[:, None]

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, _dx, dy = view.at(self.sky.depth)
        focus = FOCUS * zoom
        horizon = stage.horizon + dy * zoom * stage.height
        # What stands over the water, as painted so far, is what it mirrors.
        over = frame[: self.sky.rows]
        size = (max(2, stage.width // 3), max(2, self.sky.rows // 3))
        sky = np.sqrt(cv2.resize(over, size, interpolation=cv2.INTER_AREA))

        top = int(horizon)
        water = self._water(sky, t, view, focus, horizon - top)
        below = frame[top:]
        height = below.shape[0]
        big = cv2.resize(
            water, (stage.width, water.shape[0] * SHRINK), interpolation=cv2.INTER_CUBIC
        )[:height]
        cv2.multiply(big, big, dst=below[: big.shape[0]])

    def _water(self, sky: Array, t: float, view: View, focus: float, rest: float) -> Array:
        """Square roots of the light of the water, (rows, cols, 3) at half the canvas."""
        stage, surf = self.stage, self.surf
        ahead, aside = view.travel * 2.5, -view.x * 6.0
        aspect = stage.aspect
        _, dx, _ = view.at(self.sky.depth)
        # -- the surface on a grid of distances and columns
        u = ((np.arange(COLUMNS, dtype=np.float32) + 0.5) / COLUMNS - 0.5) * aspect
        u = (u / (focus / FOCUS) - dx).astype(np.float32)[None, :]
        z = self.z
        gx = u * z / FOCUS + np.float32(aside)
        gz = z + np.float32(ahead)
        wind, fine = self.sea.at(t), self.ripples.at(t)
        texel = np.float32(self.sea.size / self.sea.metres)
        s = gz - self._coast(gx)
        fade = smooth(-1.0, 14.0, s) * (1.0 / (1.0 + (z / 260.0) ** 2))
        height = noise.sample(np.ascontiguousarray(wind[..., 0]), gx * texel, gz * texel + 0 * gx)
        height *= fade
        since, number = surf.phase(s, gx, t)
        strength, next_one = surf.strength(number, gx), surf.strength(number + 1, gx)
        swell = surf.crest(s, since, strength, next_one)
        broken, coming = surf.breaking(s, strength), surf.breaking(s, next_one)
        ragged = noise.sample(self.froth.levels[1], gx * 40 + t * 30, gz * 40 - t * 60)
        roller = broken * np.exp(-np.maximum(since, 0) / 0.55)
        roller = np.maximum(roller, coming * np.exp(-(((since - surf.period) / 0.28) ** 2)) * 1.05)
        roller *= smooth(-1.0, 1.5, s)
        height += swell + roller * (ragged - 0.4) * 0.24
        trail = np.maximum(broken, 0.35 * coming) * np.exp(-since / 2.9)
        trail *= smooth(-0.4, 1.0, s)
        slope_z = np.gradient(height, axis=0) / np.gradient(z, axis=0)
        slope_x = np.gradient(swell, axis=1) / np.gradient(gx, axis=1)
        grid = cv2.merge([height, slope_x, slope_z, roller.astype(np.float32)])
        extra = cv2.merge([trail.astype(np.float32), swell.astype(np.float32)])
        where, depth = self._visible(height, focus, rest)
        # -- per pixel
        across = (np.arange(self.cols, dtype=np.float32) + 0.5) * COLUMNS / self.cols - 0.5
        across = np.broadcast_to(across[None, :], where.shape)
        grid = cv2.remap(grid, across, where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        extra = cv2.remap(extra, across, where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return self._shade(sky, grid, extra, depth, wind, fine, t, view, focus, rest)

    def _coast(self, x: Array) -> Array:
        return self.shoreline + 0.9 * self.surf.along(x, 1.7, 700.0)

    def _visible(self, height: Array, focus: float, rest: float) -> tuple[Array, Array]:
        """For each pixel the cut of the surface that is seen (fractional), and its distance."""
        h = self.stage.height / SHRINK
        drop = (focus * h * (self.eye - height) / self.z + rest / SHRINK).astype(np.float32)
        nearest = np.minimum.accumulate(drop, axis=0)
        rows, cuts = self.rows, nearest.shape[0]
        # How many cuts lie lower on the screen than each pixel's centre.
        bins = np.clip(np.ceil(nearest - 0.5), 0, rows).astype(np.int32)
        flat = bins + np.arange(COLUMNS, dtype=np.int32)[None, :] * (rows + 1)
        counts = np.bincount(flat.ravel(), minlength=COLUMNS * (rows + 1))
        counts = counts.reshape(COLUMNS, rows + 1)
        lower = counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]  # cuts with bin > row
        index = np.clip(lower.T, 1, cuts - 1).astype(np.int64)
        column = np.arange(COLUMNS)[None, :]
        below, above = nearest[index - 1, column], nearest[index, column]
        centre = (np.arange(rows, dtype=np.float32) + 0.5)[:, None]
        part = np.clip((below - centre) / np.maximum(below - above, 1e-4), 0, 1)
        where = (index - 1 + part).astype(np.float32)
        zs = self.z[:, 0]
        # Between cuts the drop runs as 1/z.
        depth = 1.0 / ((1 - part) / zs[index - 1] + part / zs[index])
        size = (self.cols, rows)
        return (
            cv2.resize(where, size, interpolation=cv2.INTER_LINEAR),
            cv2.resize(depth.astype(np.float32), size, interpolation=cv2.INTER_LINEAR),
        )

    def _shade(
        self, sky: Array, grid: Array, extra: Array, z: Array, wind: Array, fine: Array,
        t: float, view: View, focus: float, rest: float,
    ) -> Array:  # fmt: skip
        stage, lit = self.stage, self.stage.light
        _, dx, _ = view.at(self.sky.depth)
        ratio = focus / FOCUS
        u = ((np.arange(self.cols, dtype=np.float32) + 0.5) / self.cols - 0.5) * stage.aspect
        u = ((u / ratio - dx) / FOCUS).astype(np.float32)[None, :]
        drop = ((np.arange(self.rows, dtype=np.float32) + 0.5) * SHRINK - rest) / stage.height
        drop = (np.maximum(drop, 0.0005) / focus).astype(np.float32)[:, None]
        x = u * z + np.float32(-view.x * 6.0)
        wz = z + np.float32(view.travel * 2.5)
        s = wz - self._coast(x)
        height, sx, sz, roller = cv2.split(grid)
        trail, swell = cv2.split(extra)

        # Slopes: swell, wind sea, ripples; what a pixel cannot resolve is lost to a mean.
        water = smooth(-0.2, 5.0, s)
        flat = FOCUS * self.eye / drop[:, 0] / FOCUS
        span = flat * flat * SHRINK / (focus * stage.height * self.eye)  # metres of depth a pixel
        texel = np.float32(self.sea.size / self.sea.metres)
        big = noise.Plane(wind, 4).sample(x * texel, wz * texel, span * texel)
        near_sea = water / (1.0 + 2.0 * np.abs(sz))
        sx = sx + big[..., 1] * near_sea
        sz = sz + big[..., 2] * near_sea
        out = slice(0, int(np.count_nonzero(flat > 35)))
        wide_texel = texel * 0.11
        wide = noise.Plane(wind, 6).sample(
            x[out] * wide_texel, wz[out] * wide_texel, span[out] * texel * 0.3
        )
        far = smooth(40.0, 220.0, z[out]) * 1.1
        sx[out] += wide[..., 1] * far
        sz[out] += wide[..., 2] * far
        near = slice(int(np.count_nonzero(flat > 70)), None)
        small_texel = np.float32(self.ripples.size / self.ripples.metres)
        small = noise.Plane(fine, 4).sample(
            x[near] * small_texel, wz[near] * small_texel, span[near] * small_texel
        )
        gentle = (0.22 + 0.78 * water[near]) / (1.0 + (z[near] / 30.0) ** 2)
        gentle /= 1.0 + 9.0 * sz[near] * sz[near]
        sx[near] += small[..., 1] * gentle
        sz[near] += small[..., 2] * gentle
        lost = z / (z + 70.0)

        # The mirrored ray, in the sky's coordinates.
        dn = -u * sx - drop - sz
        scale = 2.0 * dn / (1.0 + sx * sx + sz * sz)
        rx, ry, rz = u + scale * sx, -drop - scale, 1.0 + scale * sz
        facing = np.clip(-dn / np.sqrt((1 + sx * sx + sz * sz) * (1 + drop * drop)), 0.0, 1.0)
        rz = np.maximum(rz, 0.15)
        e = np.abs(ry) / rz * FOCUS + 0.16 * lost
        mu = rx / rz * FOCUS
        colour = self._mirror(sky, mu, e, view)
        fresnel = 0.02 + 0.98 * (1.0 - facing) ** 5
        fresnel = np.minimum(fresnel, 0.72)

        # The water's own light: the deep, and the sun through thin crests.
        lift = np.clip(swell * 0.62 - 0.12, 0.0, 1.0) * smooth(0.02, 0.55, -sz)
        glow = lift * (0.35 + 0.65 * np.exp(-np.abs(mu - self.sky.sun_x) * 0.9))
        shoal = smooth(26.0, 2.0, s) * (0.4 + 0.6 * facing)
        sheet = smooth(3.0, 0.0, s) * (1.0 - smooth(0.0, -0.5, s))
        body = [
            (self.deep[i] + self.shallow[i] * shoal) * (0.55 + 0.5 * facing) + self.through[i] * glow * 0.5
            + self.bed[i] * self.ambient[i] * sheet * 0.25
            for i in range(3)
        ]  # fmt: skip

        # The sun's path: wide where waves are not resolved, sparks where they are.
        du, de = (
            mu - np.float32(self.sky.sun_x),
            e - 0.15 * lost - np.float32(max(self.sky.sun_y, 0.012)),
        )
        spread = 0.030 + 0.10 * np.minimum(z / 300.0, 1.0)
        spark = np.exp(-(du * du * 1.6 + de * de * 0.55) / (spread * spread))
        path = spark * (1.6 / (1.0 + (z / 90.0) ** 2) + 0.42) * fresnel * 3.2
        planes = [
            body[i] * (1 - fresnel) + colour[..., i] * fresnel + path * self.sun[i]
            for i in range(3)
        ]
        self._beach(planes, colour, s, x, wz, span, t)
        self._whiten(planes, roller, trail, s, x, wz, height, sx, sz, span, t)
        mist = 1.0 - np.exp(-z / 1400.0)
        haze = light(lit.haze)
        for i in range(3):
            planes[i] += (haze[i] * 0.75 - planes[i]) * mist * 0.55
        water_light = np.sqrt(np.maximum(cv2.merge(planes), 0.0))
        # Crests against what lies behind, and the unresolved distance, want softer edges.
        soft = cv2.GaussianBlur(water_light, (3, 3), 0.8)
        jump = np.zeros_like(z)
        jump[1:] = np.minimum(np.abs(np.diff(z, axis=0)) / z[1:] * 5.0, 1.0)
        jump = np.maximum(cv2.dilate(jump, np.ones((3, 3), np.uint8)), 0.6 * smooth(20.0, 60.0, z))
        return cv2.blendLinear(soft, water_light, jump, 1.0 - jump)

    def _mirror(self, sky: Array, u: Array, e: Array, view: View) -> Array:
        """The sky's light towards mirrored rays: ``u`` across, ``e`` up, in canvas heights."""
        h, w = sky.shape[:2]
        zoom, dx, dy = view.at(self.sky.depth)
        px = ((u + dx) * zoom / self.stage.aspect + 0.5) * w - 0.5
        rows = self.sky.rows / self.stage.height
        line = self.stage.horizon / self.stage.height
        py = (line - (e - dy) * zoom) / rows * h - 0.5 + max(8, h // 6)
        calm = cv2.blur(np.minimum(sky, 1.5), (max(1, w // 40) | 1, max(1, h // 14) | 1))
        # Over the canvas' edge the sky goes on, evenly, as its highest rows do on the whole.
        pad = max(8, h // 6)
        calm = cv2.copyMakeBorder(calm, pad, 0, 0, 0, cv2.BORDER_REPLICATE)
        even = calm[pad : pad + pad // 2 + 1].mean(axis=(0, 1))
        share = np.linspace(1.0, 0.0, pad * 2, dtype=np.float32)[:, None, None]
        calm[: pad * 2] += (even - calm[: pad * 2]) * share
        np.multiply(calm, calm, out=calm)
        return cv2.remap(
            calm, px.astype(np.float32), py.astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip

    def _beach(
        self,
        planes: list[Array],
        colour: Array,
        s: Array,
        x: Array,
        z: Array,
        span: Array,
        t: float,
    ) -> None:
        """Wet sand that mirrors, and the sheet of the last wave with its seam of foam."""
        if not self.shore:
            return
        reach, age = self.surf.run_up(x, t)
        edge = s + reach  # metres behind the sheet's front
        land = smooth(0.35, -0.35, edge)
        grain = self.sand.sample(x * 75, z * 75, span * 75)
        coarse = noise.sample(self.sand.levels[0], x * 7, z * 7)
        wet = smooth(-4.6, -0.4, s + 0.5 * coarse)
        gloss = wet * (0.50 + 0.10 * coarse)
        sun_tint = 0.35 * self.sun
        for i in range(3):
            albedo = self.bed[i] * (1.0 - 0.62 * wet)
            dry = albedo * (self.ambient[i] * 0.75 + sun_tint[i] * 0.5) * (1 + 0.07 * grain)
            ground = dry * (1 - gloss) + colour[..., i] * gloss * 0.85
            planes[i] += (ground - planes[i]) * land
        front = np.exp(-(((edge - 0.10) / 0.13) ** 2)) * smooth(-0.5, -0.02, s - 0.6)
        self._seam = (front * (0.9 - 0.5 * smooth(1.5, 6.0, age))).astype(np.float32)
        self._sheet = (smooth(0.0, 0.4, edge) * smooth(0.6, -0.6, s)).astype(np.float32)
        self._age = age

    def _whiten(
        self, planes: list[Array], roller: Array, trail: Array, s: Array, x: Array, z: Array,
        height: Array, sx: Array, sz: Array, span: Array, t: float,
    ) -> None:  # fmt: skip
        """Foam: solid on the roller, lace behind it, fading strand by strand."""
        sway = 4 * np.float32(np.sin(t * 0.8))
        lace = self.foam.sample(x * 58 + sway, z * 58 - t * 9.0, span * 58)
        lace2 = self.foam.sample(x * 19 + 300, z * 19 + t * 3.0, span * 19)
        # On a steep face the texture runs with the height, and tumbles down it.
        fx, fz = x * 48 + t * 12, z * 30 - height * 62 + t * 60 * roller
        steep = np.minimum(span * 30, 3.0)
        froth = self.froth.sample(fx, fz, steep)
        relief = froth - self.froth.sample(fx + 2.5 * self.side, fz + 5.0, steep)
        cover = np.maximum(roller * 1.15, trail * 0.72)
        if self.shore:
            old = np.exp(-self._age / 2.6)
            cover = np.maximum(cover, self._sheet * (0.10 + 0.45 * old))
        pattern = 0.62 * lace + 0.38 * lace2
        foam = smooth(-0.06, 0.20, pattern - (1.0 - cover) * 0.9) * np.minimum(cover * 2.0, 1.0)
        foam = np.maximum(foam, smooth(0.30, 0.80, roller - 0.25 * (froth - 0.5)))
        if self.shore:
            foam = np.maximum(foam, self._seam * (0.45 + 0.55 * froth))
        # Spray on the crest catches the light through it; the foot of the roller lies in shade.
        top = smooth(0.25, 1.25, height)
        lit = np.clip(0.30 + 0.85 * top + 0.9 * relief + 0.25 * sz, 0.10, 1.7)
        shade = 0.58 + 0.30 * froth + 0.25 * top
        for i in range(3):
            white = self.ambient[i] * 0.95 * shade + self.sun[i] * 0.24 * lit
            planes[i] += (white - planes[i]) * foam * 0.94


def _lace(rng: np.random.Generator, size: int) -> Array:
    """Foam as it dissolves, 0..1: high where it clings longest, in strands between holes."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    bend_x, bend_y = (noise.spectral(rng, size, size, 1.8, 8.0) * 9 for _ in range(2))
    total = np.zeros((size, size), np.float32)
    for count, share in ((420, 0.5), (2200, 0.32), (9000, 0.18)):
        _, border = noise.cells(rng, size, count)
        border = noise.sample(border, x + bend_x, y + bend_y)
        total += share * np.exp(-border * 3.4)
    cloud = noise.even(noise.spectral(rng, size, size, 1.3, 6.0))
    return noise.even((0.9 * (total - total.mean()) / total.std() + 1.5 * (cloud - 0.5)) * 0.8)
