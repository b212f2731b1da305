"""Fire under the open sky: flames, embers, logs and stones, and the light that they throw."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands, shine
from .mountains import ranges_behind
from .night import put_points
from .noise import Array, smooth
from .palette import light
from .plates import Picture, Plate, margin
from .sky import Sky
from .stage import Layer, Stage
from .woods import tree_line

# What burning gas shows from its rim to its heart, as light; the film curve does the rest.
HEAT = np.array(
    [[0, 0, 0], [0.10, 0.008, 0.001], [0.55, 0.07, 0.006], [1.7, 0.36, 0.03], [3.6, 1.25, 0.16],
     [6.5, 3.4, 0.75], [9.0, 6.2, 2.4]], np.float32,
)  # fmt: skip


class Flames:
    """A fire of several tongues. ``x`` and ``foot`` in canvas heights (x from the middle)."""

    SHRINK = 3

    def __init__(
        self, stage: Stage, x: float, foot: float, tall: float, wide: float, depth: float,
        tongues: int = 5, name: str = "flames", quick: float = 1.0, calm: float = 1.0,
    ) -> None:  # fmt: skip
        self.stage, self.x, self.foot, self.depth = stage, x, foot, depth
        self.tall, self.wide, self.quick, self.calm = tall, wide, quick, calm
        rng = stage.rng(name)
        self.broad = noise.spectral(rng, 256, 256, 1.9, 4.0, stretch=0.75)
        self.fine = noise.spectral(rng, 256, 256, 1.2, 8.0, stretch=0.55)
        self.tongues = [
            (rng.uniform(-0.62, 0.62) if i else 0.0, rng.uniform(0.55, 0.95) if i else 1.0,
             rng.uniform(0.35, 0.6), rng.random() * 60)
            for i in range(tongues)
        ]  # fmt: skip
        self.heat = np.linspace(0, 1, len(HEAT))

    def flicker(self, t: float) -> float:
        """How bright the fire burns, about 1."""
        return (
            1.0 + 0.10 * math.sin(t * 9.1) * math.sin(t * 4.3 + 1) + 0.08 * math.sin(t * 13.7 + 2)
            + 0.06 * math.sin(t * 2.3)
        )  # fmt: skip

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(self.depth)
        size = stage.height * zoom
        cx = stage.width / 2 + (self.x + dx) * size
        cy = stage.horizon + (self.foot * stage.height - stage.horizon) * zoom + dy * size
        x0, x1 = int(cx - self.wide * size * 1.5), int(cx + self.wide * size * 1.5)
        y0, y1 = int(cy - self.tall * size * 1.5), int(cy + self.tall * size * 0.10)
        x0, x1, y0, y1 = max(0, x0), min(stage.width, x1), max(0, y0), min(stage.height, y1)
        if x1 - x0 < 4 or y1 - y0 < 4:
            return
        h, w = max(2, (y1 - y0) // self.SHRINK), max(2, (x1 - x0) // self.SHRINK)
        y = (np.arange(h, dtype=np.float32) + 0.5) * (y1 - y0) / h + y0
        x = (np.arange(w, dtype=np.float32) + 0.5) * (x1 - x0) / w + x0
        up = ((cy - y) / (self.tall * size)).astype(np.float32)[:, None]
        across = ((x - cx) / (self.wide * size)).astype(np.float32)[None, :]
        total = np.zeros((h, w), np.float32)
        for place, high, wide, start in self.tongues:
            total = np.maximum(
                total, self._tongue(across, up, t * self.quick, place, high, wide, start)
            )
        heat = np.clip(total, 0, 1)
        planes = [np.interp(heat, self.heat, HEAT[:, i]).astype(np.float32) for i in range(3)]
        image = cv2.merge(planes)
        image = cv2.resize(np.sqrt(image), (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC)
        np.multiply(image, image, out=image)
        frame[y0:y1, x0:x1] += image * np.float32(0.62)

    def _tongue(
        self, x: Array, up: Array, t: float, place: float, high: float, wide: float, start: float
    ) -> Array:
        # The gas is torn upwards: noise scrolls, faster and finer with height.
        sway = 0.30 * math.sin(t * 1.3 + start) + 0.16 * math.sin(t * 2.9 + start * 2)
        rise = np.maximum(up, 0.0) / high
        u = x - place * (1 - 0.55 * np.minimum(rise, 1.0)) - sway * rise**1.5 * 0.5 * self.calm
        px = u * 40 + start * 7
        py = np.broadcast_to(rise * 30 + t * 52, px.shape)
        n = noise.sample(self.broad, px, py)
        f = noise.sample(self.fine, px * 1.9 + n * 5, py * 1.5 + t * 34)
        u = u + (n * 0.20 + f * 0.06) * np.minimum(rise, 1.3) * self.calm
        pulse = 1 + 0.13 * math.sin(t * 3.7 + start * 3) * self.calm
        body = wide * (1.02 - 0.88 * np.clip(rise / pulse, 0, 1.2)) * smooth(-0.08, 0.16, up)
        body = np.maximum(body, 0.001)
        core = np.maximum(1.0 - (u / body) ** 2, -1.5)
        lick = 0.16 * f * (0.2 + rise) * self.calm
        heat = core * np.maximum(1.08 - 0.72 * rise, 0) + lick - 0.34 * np.maximum(rise - 0.5, 0)
        hollow = 0.30 * smooth(0.35, 0.0, rise) * smooth(0.6, 0.0, np.abs(u) / body)
        return np.maximum(heat * 0.95 - hollow, 0.0) * smooth(1.25, 0.85, rise + 0.22 * n)


class Embers:
    """Sparks that the fire throws up: they rise, swing, cool and go out."""

    def __init__(self, stage: Stage, flames: Flames, count: int = 90) -> None:
        self.stage, self.flames = stage, flames
        self.r = stage.rng("embers").random((count, 6)).astype(np.float32)
        self.hot = np.array([5.0, 1.7, 0.22], np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage, fire, r = self.stage, self.flames, self.r
        zoom, dx, dy = view.at(fire.depth)
        life = 1.3 + 2.6 * r[:, 0]
        phase = np.mod(t / life + r[:, 1], 1.0)
        turn = np.floor(t / life + r[:, 1])
        luck = np.mod(r[:, 2] + turn * 0.618, 1.0)
        rise = fire.tall * (0.25 + (0.9 + 2.6 * luck) * phase**0.85)
        wander = 0.10 * np.sin(phase * (5 + 6 * r[:, 3]) + 6.3 * r[:, 4]) * phase
        x = (
            fire.x
            + fire.wide * 0.6 * (luck - 0.5) * (1 + phase)
            + wander * (0.6 + fire.tall * 2) * 0.5
        )
        px = stage.width / 2 + (x + dx) * zoom * stage.height
        foot = stage.horizon + (fire.foot * stage.height - stage.horizon) * zoom + dy * stage.height
        py = foot - rise * stage.height * zoom
        glow = (1 - phase) ** 1.3 * smooth(0.0, 0.06, phase) * (0.7 + 1.8 * r[:, 5])
        inside = (px > 12) & (px < stage.width - 13) & (py > 12) & (py < stage.height - 13)
        colour = self.hot * (1 - 0.5 * phase[:, None] * np.array([0.2, 0.8, 1.0], np.float32))
        put_points(frame, px[inside], py[inside], glow[inside], colour[inside], stage.unit)


class Glow:
    """The light a fire throws on a plate: a second picture of it, lit by the fire alone."""

    def __init__(self, stage: Stage, plate: Plate, lit: Array, fire: Flames) -> None:
        self.stage, self.plate, self.fire = stage, plate, fire
        self.picture = Picture.of(lit, np.ones(lit.shape[:2], np.float32))

    def draw(self, frame: Array, t: float, view: View) -> None:
        matrix = self.plate.place(view)
        rows = self.picture.image.shape[0]
        y0 = max(0, int(matrix[1, 2]))
        y1 = min(self.stage.height, int(matrix[1, 2] + rows * matrix[1, 1]))
        power = self.fire.flicker(t)

        def work(a: int, b: int) -> None:
            moved = matrix.copy()
            moved[1, 2] -= a
            image = cv2.warpAffine(self.picture.image, moved, (self.stage.width, b - a))
            part = frame[a:b]
            cv2.scaleAdd(self.picture.light(image)[0], power, part, dst=part)

        in_bands(self.stage.pool, y0, y1, work)


def camp(stage: Stage, sky: Sky) -> list[Layer]:
    """A clearing: woods behind, ground in the firelight, logs and stones, the fire."""
    x, foot, tall, wide = 0.0, 0.835, 0.235, 0.115
    if stage.aspect < 0.8:
        foot, tall, wide = 0.80, 0.17, 0.085
    fire = Flames(stage, x, foot, tall, wide, 0.8)
    layers: list[Layer] = []
    backdrop = stage.scene.get("backdrop")
    line = stage.horizon / stage.height
    layers += ranges_behind(stage, sky, 0.7) if backdrop == "mountains" else []
    if backdrop not in ("desert", "ocean"):
        layers.append(tree_line(stage, "back", line + 0.03, 0.16, 0.35, 0.30, 1.3, 0.02, under=0.1))
        woods = tree_line(
            stage, "sides", line + 0.09, 0.52, 0.62, 0.02, 0.55, 0.02, 2, gap=1.0, under=0.1
        )
        layers.append(woods)
        layers.append(Glow(stage, woods, _firelight(stage, woods, fire, 0.55), fire))
    ground = _ground(stage, line + 0.065)
    layers.append(ground)
    layers.append(Glow(stage, ground, _firelight(stage, ground, fire, 1.0), fire))
    hearth = _hearth(stage, fire)
    layers += [Halo(stage, fire), hearth[0], Glow(stage, hearth[0], hearth[1], fire), fire]
    layers.append(Embers(stage, fire))
    return layers


def _ground(stage: Stage, line: float) -> Plate:
    rng = stage.rng("clearing")
    depth = 0.8
    side = margin(stage, depth)
    width, h = stage.width + 2 * side, stage.height
    top = int((line - 0.03) * h)
    rows = int(1.12 * h) - top
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    edge = 0.03 * h + noise.line(rng, width, 1.2, 2.0) * 0.006 * h
    cover = smooth(-0.012 * h, 0.012 * h, y - edge[None, :])
    down = (y + 0.02 * h) / h
    z = 0.10 / (down + 0.01)
    u = (x / width - 0.5) * (width / h) * z
    rough = noise.sample(noise.spectral(rng, 512, 512, 0.9, 8.0), u * 260, z * 260)
    sandy = stage.scene.get("backdrop") in ("desert", "ocean")
    soil = light("#b08a5c" if sandy else "#5b5240")
    if stage.has("snow", "snowy"):
        soil = light("#d5dbe4")
    shine = light(stage.light.ambient) * 0.55 + light(stage.light.sky[2]) * 0.15
    paint = soil * shine * (0.8 + 0.25 * rough)[..., None]
    return Plate(stage, paint, cover, -side, top, depth)


def _firelight(stage: Stage, plate: Plate, fire: Flames, power: float) -> Array:
    """What the fire alone shows of a plate: falling off with distance, over bumps and blades."""
    h = stage.height
    rows, width = plate.size
    colour, cover = plate.picture.light(plate.picture.image)
    rng = stage.rng("firelight")
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    dx = (x + plate.left - stage.width / 2) / h - fire.x
    dy = (y + plate.top) / h - fire.foot
    far = np.sqrt(dx**2 + (dy * (3.0 if power >= 1 else 0.9)) ** 2)
    fall = 1.0 / (1.0 + (far / 0.16) ** 2) ** 1.1 - 0.012
    bump = noise.sample(noise.spectral(rng, 512, 512, 0.7, 10.0), x * 0.9, y * 2.4)
    warm = np.array([1.0, 0.42, 0.10], np.float32)
    if power >= 1:
        tone = np.clip(0.75 + 0.30 * bump, 0.2, 1.6) * 0.62
    else:
        own = colour.mean(axis=2)
        tone = np.clip(own / (np.percentile(own[cover > 0.5], 90) + 1e-6), 0.1, 1.5) * 0.5
    lit = (np.maximum(fall, 0) * tone * cover * np.float32(power))[..., None] * warm
    return np.asarray(lit, np.float32)


class Halo:
    """The air about a fire, and its heat on the lens."""

    def __init__(self, stage: Stage, fire: Flames, power: float = 1.0) -> None:
        self.stage, self.fire, self.power = stage, fire, power

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage, fire = self.stage, self.fire
        zoom, dx, dy = view.at(fire.depth)
        h, w = stage.height // 8 + 1, stage.width // 8 + 1
        y = np.arange(h, dtype=np.float32)[:, None] * 8 / stage.height
        x = np.arange(w, dtype=np.float32)[None, :] * 8 / stage.height - stage.aspect / 2
        foot = (
            stage.horizon + (fire.foot * stage.height - stage.horizon) * zoom
        ) / stage.height + dy
        far = np.sqrt((x - (fire.x + dx) * zoom) ** 2 + (y - foot + fire.tall * 0.45) ** 2)
        size = fire.tall / 0.235
        glow = 0.16 * np.exp(-far / (0.13 * size)) + 0.045 * np.exp(-far / (0.42 * size))
        glow *= np.float32(fire.flicker(t) * self.power)
        warm = np.array([1.0, 0.38, 0.09], np.float32)
        shine(stage.pool, frame, 0, np.asarray(glow, np.float32), stage.height, warm)


def _hearth(stage: Stage, fire: Flames) -> tuple[Plate, Array]:
    """Stones about the fire and logs laid across, and the same in the fire's light."""
    rng = stage.rng("hearth")
    h = stage.height
    width, rows = int(fire.wide * 4.2 * h), int(fire.wide * 1.9 * h)
    colour = np.zeros((rows, width, 3), np.float32)
    cover = np.zeros((rows, width), np.float32)
    lit = np.zeros((rows, width, 3), np.float32)
    cx, cy = width / 2, rows * 0.62
    rough = noise.spectral(rng, 256, 256, 1.0, 6.0)
    ambient = light(stage.light.ambient) * 0.5
    flame = np.array([1.0, 0.42, 0.10], np.float32)
    ring = [(math.pi * 2 * i / 17 + rng.normal(0, 0.07)) for i in range(17)]
    behind = sorted((a for a in ring if math.sin(a) < 0), key=math.sin)
    before = sorted((a for a in ring if math.sin(a) >= 0), key=math.sin)

    def stone(angle: float) -> None:
        px = cx + math.cos(angle) * fire.wide * 1.35 * h
        py = cy + math.sin(angle) * fire.wide * 0.44 * h
        size = fire.wide * h * rng.uniform(0.16, 0.25) * (1 + 0.15 * math.sin(angle))
        _lump(colour, cover, lit, rough, rng, px, py, size, cx, cy, ambient, flame)

    for angle in behind:
        stone(angle)
    reach = fire.wide * h
    for turn in (-0.50, 0.42, -0.12, 0.85, -0.95):
        log(colour, cover, lit, rough, rng, (cx, cy), reach, turn, ambient)
    for angle in before:
        stone(angle)
    left = stage.width / 2 + fire.x * h - cx
    top = fire.foot * h - cy + fire.wide * 0.10 * h
    return Plate(stage, colour, cover, left, top, fire.depth), lit


def _lump(
    colour: Array, cover: Array, lit: Array, rough: Array, rng: np.random.Generator, px: float,
    py: float, size: float, cx: float, cy: float, ambient: Array, flame: Array,
) -> None:  # fmt: skip
    rows, width = cover.shape
    x0, x1 = max(0, int(px - size * 1.4)), min(width, int(px + size * 1.4))
    y0, y1 = max(0, int(py - size * 1.2)), min(rows, int(py + size * 1.2))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    shift = rng.random() * 200
    n = noise.sample(rough, x * 0.9 + shift, y * 0.9)
    u, v = (x - px) / size, (y - py) / (size * 0.74)
    r = np.sqrt(u * u + v * v) * (1 + 0.03 * n)
    edge = smooth(1.0 + 1.5 / size, 1.0 - 1.5 / size, r)
    z = np.sqrt(np.maximum(1 - r * r, 0))
    tx, ty = cx - px, (cy - size * 1.5) - py
    length = math.hypot(tx, ty) + 1e-6
    facing = np.clip((u * tx + v * ty) / length * 0.75 + 0.22 * z, 0, 1)
    albedo = light("#7d756c") * rng.uniform(0.7, 1.15)
    texture = (0.85 + 0.22 * n)[..., None]
    for target, paint in (
        (colour, albedo * ambient * texture * (0.4 + 0.6 * z)[..., None]),
        (lit, albedo * flame * texture * (facing**1.3 * 2.4)[..., None]),
    ):
        part = target[y0:y1, x0:x1]
        part += (paint - part) * edge[..., None]
    np.maximum(cover[y0:y1, x0:x1], edge, out=cover[y0:y1, x0:x1])


def log(
    colour: Array, cover: Array, lit: Array, rough: Array, rng: np.random.Generator,
    middle: tuple[float, float], reach: float, turn: float, ambient: Array,
) -> None:  # fmt: skip
    rows, width = cover.shape
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    cos, sin = math.cos(turn), math.sin(turn) * 0.62
    length = math.hypot(cos, sin)
    cos, sin = cos / length, sin / length
    px, py = x - middle[0] - rng.normal(0, 0.1) * reach, y - middle[1] + 0.10 * reach
    along, across = px * cos + py * sin, -px * sin + py * cos
    half, thick = reach * rng.uniform(0.80, 1.02), reach * rng.uniform(0.085, 0.12)
    n = noise.sample(rough, along * 0.22, across * 1.1 + turn * 90)
    v = across / thick * (1 + 0.05 * n)
    edge = smooth(1.0 + 1.2 / thick, 1 - 1.2 / thick, np.abs(v))
    edge = edge * smooth(half + 1.5, half - 1.5, np.abs(along))
    bark = light("#4a3a2c") * (0.75 + 0.3 * n)[..., None]
    round_ = np.sqrt(np.maximum(1 - np.minimum(np.abs(v), 1) ** 2, 0))[..., None]
    # Charred and glowing in the middle, lit from within along the cracks.
    heat = np.exp(-((along / (reach * 0.55)) ** 2))[..., None]
    crack = smooth(0.2, 1.5, n)[..., None] * heat
    ember = np.array([2.6, 0.50, 0.05], np.float32)
    warm = np.array([1.0, 0.42, 0.10], np.float32)
    paint = bark * ambient * (0.3 + 0.7 * round_) * (1 - 0.75 * heat)
    shine = (
        bark * warm * (0.5 + round_) * (0.35 + heat) * 1.1 * (1 - 0.55 * heat)
        + crack * ember * 0.75
    )
    colour += (paint - colour) * edge[..., None]
    lit += (shine - lit) * edge[..., None]
    np.maximum(cover, edge, out=cover)
