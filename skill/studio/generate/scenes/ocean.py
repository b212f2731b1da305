"""The sea from a beach or a low boat: breakers, foam, glitter, wet sand, in the light of the hour.

Every pixel is shaded from its slope: the sky mirrored after Fresnel, the deep behind it, the sun
through thin crests, its path over the waves, foam lit from above and behind.
"""

from __future__ import annotations

from concurrent.futures import Future
from itertools import pairwise

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import beam, light
from .sky import Sky
from .stage import Stage
from .surface import FOCUS, SHRINK, Seen, Surface


class Ocean:
    """Paints everything under the horizon; what stands over it is what it mirrors."""

    def __init__(self, stage: Stage, sky: Sky, shore: bool = True) -> None:
        self.stage, self.sky, self.shore = stage, sky, shore
        rng = stage.rng("ocean")
        calm = "calm" in stage.scene.get("moods", ())
        force = 1.9 if stage.has("storm") else 0.55 if calm else 1.0
        self.surface = Surface(stage, sky.depth, shore, force, rng)
        size = 1024
        self.foam = noise.Plane(_lace(rng, size))
        self.froth = noise.Plane(noise.even(noise.spectral(rng, size, size, 0.9, 14.0)))
        self.sand = noise.Plane(noise.spectral(rng, 512, 512, 0.8, 4.0))
        self.side = float(np.sign(sky.sun_x) or 1.0)
        lit = stage.light
        clarity = (0.1 if stage.has("storm", "rain") else 0.9) * (1.0 - 0.96 * lit.dark)
        high = lit.sun_height > 0.3
        self.deep = light(lit.water)
        self.sun = light(lit.sun) * lit.sun_power
        self.ambient, self.haze, self.beam = light(lit.ambient), light(lit.haze), beam(lit)
        self.through = light(lit.water) * 1.5 + light("#2f9a86") * clarity * (1.0 if high else 0.3)
        self.through += light(lit.glow) * 0.35 * lit.glow_power
        self.shallow = light("#3fb0a8") * clarity * (0.8 if high else 0.10) * shore
        self.bed = light("#b59a78")
        self.ready: tuple[float, View, Future[Seen]] | None = None

    def prepare(self, t: float, view: View) -> None:
        """Begin the shape of the water on the second worker, while the sky is painted."""
        self.ready = (t, view, self.stage.pool.submit(self.surface.at, t, view))

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        if self.ready and self.ready[:2] == (t, view):
            seen = self.ready[2].result()
        else:
            seen = self.surface.at(t, view)
        over = frame[: self.sky.rows]
        size = (max(2, stage.width // 3), max(2, self.sky.rows // 3))
        sky = self._mirror(np.sqrt(cv2.resize(over, size, interpolation=cv2.INTER_AREA)))
        # In four strips, which fit the processor's cache; the lower rows cost more.
        tall = seen.z.shape[0]
        ends = [0, *(int(tall * share) for share in (0.30, 0.56, 0.79)), tall]
        strips = [seen.part(slice(*rows)) for rows in pairwise(ends)]
        lower = stage.pool.submit(lambda: [self._shade(one, sky, t, view) for one in strips[2:]])
        upper = [self._shade(one, sky, t, view) for one in strips[:2]]
        water = np.concatenate([*upper, *lower.result()])
        water = self._soften(water, seen.z)
        top = int(self.surface.horizon(view))
        below = frame[top:]
        size = (stage.width, water.shape[0] * SHRINK)
        big = cv2.resize(water, size, interpolation=cv2.INTER_CUBIC)[: below.shape[0]]
        cv2.multiply(big, big, dst=below[: big.shape[0]])

    def _soften(self, water: Array, z: Array) -> Array:
        """Crests against what lies behind, and the unresolved distance, want softer edges."""
        soft = cv2.GaussianBlur(water, (3, 3), 0.8)
        jump = np.zeros_like(z)
        jump[1:] = np.minimum(np.abs(np.diff(z, axis=0)) / z[1:] * 5.0, 1.0)
        jump = np.maximum(cv2.dilate(jump, np.ones((3, 3), np.uint8)), 0.6 * smooth(20.0, 60.0, z))
        return cv2.blendLinear(soft, water, jump, 1.0 - jump)

    def _mirror(self, sky: Array) -> Array:
        """The sky (roots, a third of the canvas) as waves mirror it: blurred, going on overhead."""
        h, w = sky.shape[:2]
        calm = cv2.blur(np.minimum(sky, 1.5), (max(1, w // 40) | 1, max(1, h // 14) | 1))
        # Over the canvas' edge the sky goes on, evenly, as its highest rows do on the whole.
        pad = _pad(h)
        calm = cv2.copyMakeBorder(calm, pad, 0, 0, 0, cv2.BORDER_REPLICATE)
        even = calm[pad : pad + pad // 2 + 1].mean(axis=(0, 1))
        share = np.linspace(1.0, 0.0, pad * 2, dtype=np.float32)[:, None, None]
        top = calm[: pad * 2]
        top += (even - top) * share[: top.shape[0]]
        return cv2.multiply(calm, calm)

    def _slopes(self, seen: Seen) -> tuple[Array, Array]:
        """Slopes of swell, wind sea and ripples; what a pixel cannot resolve is lost to a mean."""
        sea, small = self.surface.sea, self.surface.small
        sx, sz, z = seen.slope_x, seen.slope_z, seen.z
        water = smooth(-0.2, 5.0, seen.shore)
        texel = np.float32(sea.size / sea.metres)
        big = seen.wind.sample(seen.x * texel, seen.along * texel, seen.span * texel)
        share = water / (1.0 + 2.0 * np.abs(sz))
        sx, sz = sx + big[..., 1] * share, sz + big[..., 2] * share
        out = slice(0, int(np.count_nonzero(seen.flat > 35)))
        if out.stop:  # far off, only long waves show
            scale = np.float32(texel * 0.11)
            wide = seen.wind.sample(
                seen.x[out] * scale, seen.along[out] * scale, seen.span[out] * texel * 0.3
            )
            far = smooth(40.0, 220.0, z[out]) * 1.1
            sx[out] += wide[..., 1] * far
            sz[out] += wide[..., 2] * far
        close = (z < 70).any(axis=1)
        if close.any():
            near = slice(int(close.argmax()), None)
            texel = np.float32(small.size / small.metres)
            fine = seen.ripples.sample(
                seen.x[near] * texel, seen.along[near] * texel, seen.span[near] * texel
            )
            gentle = (0.22 + 0.78 * water[near]) / (1.0 + (z[near] / 30.0) ** 2)
            gentle /= 1.0 + 9.0 * sz[near] * sz[near]
            sx[near] += fine[..., 1] * gentle
            sz[near] += fine[..., 2] * gentle
        return sx, sz

    def _shade(self, seen: Seen, sky: Array, t: float, view: View) -> Array:
        """Square roots of the light of some rows of the water."""
        sx, sz = self._slopes(seen)
        u, drop, z, s = seen.u, seen.drop, seen.z, seen.shore
        # The mirrored ray, in the sky's coordinates; unresolved waves mirror higher sky.
        dn = -u * sx - drop - sz
        square = 1.0 + sx * sx + sz * sz
        scale = 2.0 * dn / square
        lost = z / (z + 70.0)
        rz = np.float32(FOCUS) / np.maximum(1.0 + scale * sz, 0.15)
        e = np.abs(-drop - scale) * rz + 0.16 * lost
        mu = (u + scale * sx) * rz
        colour = self._look_up(sky, mu, e, view)
        facing = np.clip(-dn / np.sqrt(square * (1 + drop * drop)), 0.0, 1.0)
        glancing = 1.0 - facing
        glancing *= glancing
        fresnel = np.minimum(0.02 + 0.98 * glancing * glancing * (1.0 - facing), 0.72)

        # The water's own light: the deep, the shallows, the sun through thin crests.
        lift = np.clip(seen.swell * 0.62 - 0.12, 0.0, 1.0) * smooth(0.02, 0.55, -sz)
        glow = lift * (0.35 + 0.65 * np.exp(-np.abs(mu - self.sky.sun_x) * 0.9)) * 0.5
        shoal = smooth(26.0, 2.0, s) * (0.4 + 0.6 * facing)
        clear = 0.55 + 0.5 * facing
        # The sun's path: wide where waves are not resolved, sparks where they are.
        du = mu - np.float32(self.sky.sun_x)
        de = e - 0.15 * lost - np.float32(max(self.sky.sun_y, 0.012))
        spread = 0.030 + 0.10 * np.minimum(z / 300.0, 1.0)
        path = np.exp(-(du * du * 1.6 + de * de * 0.55) / (spread * spread))
        path *= (5.1 / (1.0 + (z / 90.0) ** 2) + 1.35) * fresnel
        rest = 1.0 - fresnel
        planes = []
        for i in range(3):
            body = (self.deep[i] + self.shallow[i] * shoal) * clear + self.through[i] * glow
            planes.append(body * rest + colour[..., i] * fresnel + path * self.sun[i])
        self._whiten(planes, seen, sz, t, self._beach(planes, colour, seen, t))
        mist = (1.0 - np.exp(-z / 1400.0)) * 0.55
        for i in range(3):
            planes[i] += (self.haze[i] * 0.75 - planes[i]) * mist
        return np.asarray(np.sqrt(np.maximum(cv2.merge(planes), 0.0)))

    def _look_up(self, sky: Array, u: Array, e: Array, view: View) -> Array:
        """The sky's light towards mirrored rays: ``u`` across, ``e`` up, in canvas heights."""
        stage = self.stage
        w, h = sky.shape[1], max(2, self.sky.rows // 3)
        zoom, dx, dy = view.at(self.sky.depth)
        px = (u + np.float32(dx)) * np.float32(zoom / stage.aspect * w) + np.float32(0.5 * w - 0.5)
        scale = h / (self.sky.rows / stage.height)
        line = stage.horizon / stage.height * scale - 0.5 + _pad(h)
        py = np.float32(line) - (e - np.float32(dy)) * np.float32(zoom * scale)
        return cv2.remap(sky, px, py, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _beach(
        self, planes: list[Array], colour: Array, seen: Seen, t: float
    ) -> tuple[Array, Array] | None:
        """Wet sand that mirrors; gives the last wave's seam of foam, and the foam of its sheet."""
        near = slice(int(np.count_nonzero(seen.flat > self.surface.shoreline + 8)), None)
        if not self.shore or near.start >= seen.z.shape[0]:
            return None
        s, x = seen.shore[near], seen.x[near]
        reach, age = self._run_up(x, t)
        edge = s + reach  # metres behind the sheet's front
        land = smooth(0.35, -0.35, edge)
        if land.any():
            along = seen.along[near]
            grain = self.sand.sample(x * 75, along * 75, seen.span[near] * 75)
            coarse = noise.sample(self.sand.levels[0], x * 7, along * 7)
            wet = smooth(-4.6, -0.4, s + 0.5 * coarse)
            gloss = wet * (0.50 + 0.10 * coarse)
            texture = (1 + 0.07 * grain) * (1.0 - 0.62 * wet) * (1 - gloss)
            for i in range(3):
                shine = self.ambient[i] * 0.75 + self.beam[i] * 0.22
                ground = self.bed[i] * shine * texture + colour[near, :, i] * gloss * 0.85
                planes[i][near] += (ground - planes[i][near]) * land
        front = (edge - 0.10) * np.float32(1 / 0.13)
        both = np.zeros((2, *seen.z.shape), np.float32)
        both[0, near] = np.exp(-front * front) * smooth(-0.5, -0.02, s - 0.6)
        both[0, near] *= 0.9 - 0.5 * smooth(1.5, 6.0, age)
        sheet = smooth(0.0, 0.4, edge) * smooth(0.6, -0.6, s)
        both[1, near] = sheet * (0.10 + 0.45 * np.exp(age * np.float32(-1 / 2.6)))
        return both[0], both[1]

    def _run_up(self, x: Array, t: float) -> tuple[Array, Array]:
        """How far the last wave's sheet stands up the beach, and its age: by a table over x."""
        low, high, count = float(x.min()), float(x.max()) + 1e-3, 1024
        at = np.linspace(low, high, count, dtype=np.float32)[None, :]
        table = cv2.merge(list(self.surface.surf.run_up(at, t)))
        index = (x - np.float32(low)) * np.float32((count - 1) / (high - low))
        found = cv2.remap(table, index, np.zeros_like(index), cv2.INTER_LINEAR)
        return found[..., 0], found[..., 1]

    def _whiten(
        self, planes: list[Array], seen: Seen, sz: Array, t: float,
        beach: tuple[Array, Array] | None,
    ) -> None:  # fmt: skip
        """Foam: solid on the roller, lace behind it, fading strand by strand."""
        # By what is seen, not by the flat sea: a breaker stands up over rows that lie far off.
        rows = (seen.z < 85).any(axis=1)
        if not rows.any():
            return
        near = slice(int(rows.argmax()), None)
        x, z, span = seen.x[near], seen.along[near], seen.span[near]
        roller, height = seen.roller[near], seen.height[near]
        sway = 4 * np.float32(np.sin(t * 0.8))
        lace = self.foam.sample(x * 58 + sway, z * 58 - t * 9.0, span * 58)
        lace2 = self.foam.sample(x * 19 + 300, z * 19 + t * 3.0, span * 19)
        # On a steep face the texture runs with the height, and tumbles down it in streaks.
        fx, fz = x * 40 + t * 10, z * 24 - height * 46 + t * 46 * roller
        steep = np.minimum(span * 24, 3.0)
        froth = self.froth.sample(fx, fz, steep)
        relief = froth - self.froth.sample(fx + 3.0 * self.side, fz + 6.0, steep)
        streak = self.froth.sample(x * 26 + froth * 5, fz * 0.16, steep)
        cover = np.maximum(roller * 1.15, seen.trail[near] * 0.72)
        if beach:
            cover = np.maximum(cover, beach[1][near])
        pattern = 0.62 * lace + 0.38 * lace2
        foam = smooth(-0.06, 0.20, pattern - (1.0 - cover) * 0.9) * np.minimum(cover * 2.0, 1.0)
        torn = roller * (1.0 + 0.5 * smooth(0.1, 0.9, height)) - 0.55 * (1.0 - streak)
        foam = np.maximum(foam, smooth(0.10, 0.62, torn - 0.20 * (froth - 0.5)))
        if beach:
            foam = np.maximum(foam, beach[0][near] * (0.45 + 0.55 * froth))
        foam *= 0.94
        # Spray on the crest catches the light through it; the foot of the roller lies in shade.
        crest = self.surface.surf.envelope(seen.shore[near])
        top = smooth(0.20, 1.05, seen.swell[near] / np.maximum(crest, 0.15))
        lit = np.clip(0.10 + 1.1 * top * top + 0.6 * relief + 0.25 * sz[near], 0.04, 1.9) * 0.24
        shade = 0.36 + 0.24 * froth + 0.14 * streak + 0.40 * top
        for i in range(3):
            white = self.ambient[i] * shade + self.beam[i] * lit
            planes[i][near] += (white - planes[i][near]) * foam


def _pad(rows: int) -> int:
    """Rows of sky that go on over a mirrored sky of ``rows``."""
    return max(8, rows // 6)


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
