"""Space: nebulae in depth, stars near and far, a planet with its air and rings."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands
from .night import put_points
from .noise import Array, smooth
from .palette import light
from .plates import Picture
from .stage import Layer, Stage

CLOUDS = (
    ("#1b2a6b", "#6a3fa0", "#e06a8a", "#ffc08a"),
    ("#0d3b5c", "#1f8a9a", "#7fd0c0", "#ffe0a8"),
    ("#3a1250", "#a02f6a", "#f0713a", "#ffd98a"),
    ("#10205a", "#3f5fc0", "#9f7fe0", "#f4c4e8"),
)
GASES = (
    ("#d9b38a", "#a8764f", "#efe0c4", "#c48a5c"),
    ("#8fb0c8", "#5f86a8", "#d5e4ea", "#7f9fc0"),
    ("#d8a0a8", "#9f6078", "#f0d8d0", "#b8788c"),
)


def space(stage: Stage) -> list[Layer]:
    """Far to near: nebula, stars at three distances, a planet where it is asked for or drawn."""
    rng = stage.rng("space")
    words = stage.has("planet", "moon")
    layers: list[Layer] = [Nebula(stage)]
    layers.append(Field(stage, 0, 2600, 0.10, 0.55))
    layers.append(Field(stage, 1, 500, 0.30, 1.5))
    if words or rng.random() < 0.65:
        layers.append(Planet(stage))
    layers.append(Field(stage, 2, 60, 0.9, 2.4))
    return layers


class Nebula:
    """Clouds of gas: warped noise lit from a few hot stars, crossed by lanes of dust."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("nebula")
        mood = str(stage.scene.get("mood", ""))
        pick = {"warm": 2, "cold": 1, "neon": 3, "vivid": 0, "dreamy": 3}.get(mood)
        names = CLOUDS[int(rng.integers(len(CLOUDS))) if pick is None else pick]
        a, b, c, d = (light(name) for name in names)
        h = int(stage.height * 0.62)
        w = int(stage.height * (stage.aspect + 0.5) * 0.62)
        y, x = np.mgrid[0:h, 0:w].astype(np.float32) / h
        x -= w / h / 2
        y -= 0.5
        tile = noise.spectral(rng, 1024, 1024, 1.9, 3.0)
        fine = noise.spectral(rng, 1024, 1024, 1.35, 6.0)
        warp = noise.spectral(rng, 512, 512, 2.3, 2.0)
        px, py = x * 230 + 300, y * 230 + 300
        wx = noise.sample(warp, px, py) * 34
        wy = noise.sample(warp, px + 200, py + 90) * 34
        n = noise.sample(tile, px + wx, py + wy)
        m = noise.sample(tile, px * 1.6 + wy + 400, py * 1.6 - wx)
        f = noise.sample(fine, px * 2.2 + wx * 1.6, py * 2.2 + wy * 1.6)
        lean = rng.uniform(-0.5, 0.5)
        band = np.exp(-(((y - lean * x) / 0.36) ** 2))
        dense = smooth(-0.5, 2.6, n + 0.45 * f + 1.0 * band - 0.45)
        hot = smooth(0.3, 2.2, m + 0.4 * f + 1.1 * band - 0.5)
        dust = smooth(
            0.2, 1.5, noise.sample(fine, px * 1.1 + wy * 2 + 77, py * 1.1 - wx * 2) + 0.4 * m
        )
        picture = a * (0.05 + 0.16 * dense)[..., None]
        picture = picture + b * (0.34 * dense**1.6)[..., None]
        picture = picture + c * (0.42 * (hot * dense) ** 1.3)[..., None]
        picture = picture + d * (0.55 * (hot * dense) ** 3.2)[..., None]
        for _ in range(3):  # stars that light the gas about them
            sx, sy = rng.uniform(-0.5, 0.5) * stage.aspect, rng.uniform(-0.3, 0.3)
            far = np.sqrt((x - sx) ** 2 + (y - sy) ** 2)
            picture = picture + d * (0.20 * np.exp(-far / 0.10) * (0.3 + dense))[..., None]
        picture *= (1 - 0.75 * dust * (0.3 + 0.7 * band))[..., None]
        self.picture = np.asarray(picture, np.float32)
        self.glow = np.asarray(noise.spectral(rng, 256, 256, 2.0, 2.0), np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.22)
        h, w = self.picture.shape[:2]
        scale = stage.height * 1.16 * zoom / h
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), t * 0.12, scale)
        matrix[0, 2] += stage.width / 2 - w / 2 + dx * stage.height
        matrix[1, 2] += stage.height / 2 - h / 2 + dy * stage.height

        def work(a: int, b: int) -> None:
            moved = matrix.copy()
            moved[1, 2] -= a
            cv2.warpAffine(
                self.picture, moved, (stage.width, b - a), dst=frame[a:b], flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT,
            )  # fmt: skip

        in_bands(stage.pool, 0, stage.height, work)


class Field:
    """Stars of one distance; the nearest have the crosses of a telescope."""

    def __init__(self, stage: Stage, number: int, count: int, depth: float, power: float) -> None:
        self.stage, self.depth, self.number = stage, depth, number
        rng = stage.rng(f"field {number}")
        count = int(count * max(0.8, stage.aspect))
        self.x = rng.uniform(-0.75, 0.75, count).astype(np.float32) * max(stage.aspect, 1.0)
        self.y = rng.uniform(-0.75, 0.75, count).astype(np.float32)
        self.flux = (
            (power * rng.standard_exponential(count) ** 1.7 * 0.5).clip(0, 9).astype(np.float32)
        )
        tints = np.stack(
            [light(c) for c in ("#a9c2ff", "#dfe8ff", "#ffffff", "#ffe2b8", "#ffc490")]
        )
        tints = tints / tints.max(axis=1, keepdims=True)
        self.colour = tints[rng.integers(0, 5, count)].astype(np.float32)
        self.beat = rng.uniform(1.0, 4.0, count).astype(np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom = 1 + (view.zoom - 1) * (0.3 + 2.2 * self.depth)
        pace = 5.0 if stage.camera.pace == "timelapse" else 1.0
        drift = 0.0022 * t * (0.3 + self.depth) * pace
        px = ((self.x + view.x * self.depth - drift) * zoom) * stage.height + stage.width / 2
        py = ((self.y + view.y * self.depth) * zoom + 0.5) * stage.height
        inside = (px > 12) & (px < stage.width - 13) & (py > 12) & (py < stage.height - 13)
        power = self.flux * (1 + 0.15 * np.sin(self.beat * t))
        put_points(frame, px[inside], py[inside], power[inside], self.colour[inside], stage.unit)
        if self.number < 2:
            return
        for i in np.flatnonzero(inside & (self.flux > 2.0)):
            self._cross(frame, int(px[i]), int(py[i]), float(power[i]), self.colour[i])

    def _cross(self, frame: Array, x: int, y: int, power: float, colour: Array) -> None:
        reach = int((8 + 5 * power) * self.stage.unit)
        h, w = frame.shape[:2]
        fall = np.exp(-np.abs(np.arange(-reach, reach + 1)) / (reach * 0.28)).astype(np.float32)
        fall *= 0.10 * power
        a, b = max(0, x - reach), min(w, x + reach + 1)
        frame[y, a:b] += fall[a - x + reach : b - x + reach, None] * colour
        a, b = max(0, y - reach), min(h, y + reach + 1)
        frame[a:b, x] += fall[a - y + reach : b - y + reach, None] * colour


class Planet:
    """A planet lit from the side: seas and clouds, or bands of gas and rings."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("planet")
        prompt = str(stage.scene.get("prompt", "")).casefold()
        earth = "earth" in prompt or "地球" in prompt
        saturn = "saturn" in prompt or "ring" in prompt or "土星" in prompt
        rocky = earth or (not saturn and "jupiter" not in prompt and "木星" not in prompt
                          and rng.random() < 0.5)  # fmt: skip
        ringed = saturn or (not rocky and rng.random() < 0.6)
        radius = (0.25 if ringed else 0.30) * min(stage.height, stage.width * 1.1)
        self.radius = radius
        self.side = 1.0 if rng.random() < 0.5 else -1.0
        size = int(radius * 2.3)
        self.size = size
        y, x = (np.mgrid[0:size, 0:size].astype(np.float32) + 0.5 - size / 2) / np.float32(radius)
        r2 = x * x + y * y
        self.z = np.sqrt(np.maximum(1 - r2, 0))
        tilt = 0.42 * self.side
        self.u = x * math.cos(tilt) + y * math.sin(tilt)
        self.v = -x * math.sin(tilt) + y * math.cos(tilt)
        self.lon = np.arctan2(self.u, self.z) * np.float32(512 / (2 * np.pi))
        self.lat = np.arcsin(np.clip(self.v, -1, 1)) * np.float32(256 / np.pi) + 128
        sun = np.array([-self.side * 0.78, -0.42, 0.46])
        sun /= np.linalg.norm(sun)
        lit = x * sun[0] + y * sun[1] + self.z * sun[2]
        self.edge = smooth(1.0 + 1.2 / radius, 1 - 1.2 / radius, np.sqrt(r2))
        self.day = smooth(-0.10, 0.35, lit) * np.clip(0.25 + 0.9 * lit, 0.02, 1.2)
        self.map = _earth(rng) if rocky else _bands(rng)
        air = light("#7fb8ff") if rocky else light("#e8c8a0")
        rim = (1 - self.z) ** 2.6 * smooth(-0.25, 0.5, lit) * self.edge
        outer = (
            np.exp(-np.maximum(np.sqrt(r2) - 1, 0) / 0.035)
            * smooth(-0.2, 0.5, lit)
            * (1 - self.edge)
        )
        self.air = ((rim * 0.9 + outer * 0.45)[..., None] * air).astype(np.float32)
        self.turn = 2.0 if stage.camera.pace != "timelapse" else 14.0
        self.rings = _rings(rng, radius, tilt, sun) if ringed else None
        day = (self.day * self.edge * 1.5).astype(np.float32)
        self.day = cv2.merge([day, day, day])

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom = 1 + (view.zoom - 1) * 0.9
        x = self.side * 0.20 * min(stage.width, stage.height * 1.4)
        y = stage.height * (0.05 if stage.aspect > 0.8 else -0.08)
        x = stage.width / 2 + x * zoom + view.x * 0.6 * stage.height
        y = stage.height / 2 + y * zoom + view.y * 0.6 * stage.height
        half = self.size / 2 * zoom
        matrix = np.array([[zoom, 0, x - half], [0, zoom, y - half]])
        if self.rings is not None:
            self.rings[0].lay(stage.pool, frame, self._ring_place(x, y, zoom))
        body = np.empty((self.size, self.size, 3), np.float32)

        def paint(a: int, b: int) -> None:
            surface = noise.sample(self.map, self.lon[a:b] + t * self.turn * 0.5, self.lat[a:b])
            cv2.multiply(surface, self.day[a:b], dst=surface)
            cv2.add(surface, self.air[a:b], dst=body[a:b])

        in_bands(stage.pool, 0, self.size, paint)
        x0, x1 = int(max(0, x - half)), int(min(stage.width, x + half))
        y0, y1 = int(max(0, y - half)), int(min(stage.height, y + half))

        def lay(a: int, b: int) -> None:
            moved = matrix.copy()
            moved[:, 2] -= (x0, a)
            cover = cv2.warpAffine(self.edge, moved, (x1 - x0, b - a))[..., None]
            part = frame[a:b, x0:x1]
            part *= 1 - cover
            part += cv2.warpAffine(body, moved, (x1 - x0, b - a))

        if x1 - x0 > 1:
            in_bands(stage.pool, y0, y1, lay)
        if self.rings is not None:
            self.rings[1].lay(stage.pool, frame, self._ring_place(x, y, zoom))

    def _ring_place(self, x: float, y: float, zoom: float) -> Array:
        half = self.rings[0].image.shape[0] / 2 * zoom if self.rings else 0.0
        return np.array([[zoom, 0, x - half], [0, zoom, y - half]])


def _earth(rng: np.random.Generator) -> Array:
    """A map (256, 512, 3) of seas, land, ice and cloud, repeating along its length."""
    land = noise.spectral(rng, 512, 512, 1.75, 3.0)[:256]
    rough = noise.spectral(rng, 512, 512, 1.2, 6.0)[:256]
    cloud = noise.spectral(rng, 512, 512, 1.5, 4.0, stretch=1.5)[:256]
    lat = np.abs(np.linspace(-1, 1, 256, dtype=np.float32))[:, None]
    ground = smooth(0.15, 0.35, land + 0.25 * rough)
    dry = smooth(-0.4, 0.8, rough + 1.2 * (0.35 - np.abs(lat - 0.3)))
    sea, green, sand, ice = (light(c) for c in ("#12406f", "#3f5f33", "#a08a58", "#e8eef2"))
    earth = green + (sand - green) * dry[..., None]
    picture = sea + (earth - sea) * ground[..., None]
    picture = picture + (ice - picture) * smooth(0.78, 0.9, lat + 0.06 * rough)[..., None]
    picture = (
        picture + (ice * 1.05 - picture) * (smooth(0.3, 1.6, cloud + 0.3 * rough) * 0.9)[..., None]
    )
    return np.asarray(picture, np.float32)


def _bands(rng: np.random.Generator) -> Array:
    """A map (256, 512, 3) of bands of gas with storms along their edges."""
    colours = np.stack([light(c) for c in GASES[int(rng.integers(len(GASES)))]])
    swirl = noise.spectral(rng, 256, 512, 1.7, 4.0, stretch=2.5)
    fine = noise.spectral(rng, 256, 512, 1.2, 10.0, stretch=3.0)
    lat = np.arange(256, dtype=np.float32)[:, None] + swirl * 3.0 + fine * 1.2
    line = noise.line(rng, 256, 0.9, 4.0)
    value = np.interp(lat, np.arange(256), line)
    at = np.clip((value + 1.8) / 3.6, 0, 1) * 3
    index = np.minimum(at.astype(int), 2)
    part = (at - index)[..., None]
    return np.asarray(colours[index] * (1 - part) + colours[index + 1] * part, np.float32)


def _rings(
    rng: np.random.Generator, radius: float, tilt: float, sun: Array
) -> tuple[Picture, Picture]:
    """Rings with gaps and the planet's shadow across them: the half behind it, the half before."""
    h = w = int(radius * 5.0)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = (x - w / 2) / np.float32(radius), (y - h / 2) / np.float32(radius)
    u, v = x * math.cos(tilt) + y * math.sin(tilt), -x * math.sin(tilt) + y * math.cos(tilt)
    r = np.sqrt(u * u + (v / 0.26) ** 2)
    grain = noise.line(rng, 1024, 0.6, 8.0)
    density = np.interp(r, np.linspace(1.25, 2.35, 1024), grain).astype(np.float32)
    cover = (
        smooth(1.28, 1.34, r) * smooth(2.30, 2.22, r) * np.clip(0.62 + 0.22 * density, 0.05, 0.95)
    )
    cover *= 1 - 0.9 * np.exp(-(((r - 1.88) / 0.025) ** 2))
    along = x * sun[0] + y * sun[1]
    aside = np.abs(-x * sun[1] + y * sun[0])
    shadow = smooth(0.0, -0.25, along) * smooth(0.98, 0.82, aside) * smooth(-2.4, -1.0, along)
    tint = light("#e4cfae") * (0.65 + 0.12 * density)[..., None]
    colour = np.asarray(tint * (1 - 0.9 * shadow)[..., None], np.float32)
    before = v > 0
    return Picture.of(colour, cover * ~before), Picture.of(colour, cover * before)
