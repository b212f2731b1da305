"""Rain on a window: lights out of focus behind the glass, drops that bend them, runnels."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, hash01, smooth
from .palette import light
from .particles import Bokeh
from .plates import Mist
from .stage import Layer, Stage

STREET = ("#ffb45a", "#ff7a3c", "#ffd99a", "#ff4a3a", "#7ab8ff", "#5ad0c0", "#ffe9c8")
NEON = ("#ff3fb4", "#3fe8ff", "#8a5bff", "#ff5f6e", "#41ffb3", "#ffd23f")
GARDEN = ("#8fb56a", "#b9cf8a", "#dfe8d0", "#6f9a5a", "#c8d8e4")


def rainy_window(stage: Stage) -> list[Layer]:
    """The view behind the glass, blurred, and the glass before it."""
    return [*_view(stage), Pane(stage)]


def _view(stage: Stage) -> list[Layer]:
    dark = stage.light.dark
    neon = stage.scene.get("mood") == "neon"
    backdrop = stage.scene.get("backdrop")
    names = NEON if neon else STREET if dark > 0.2 and backdrop != "forest" else GARDEN
    colours = np.stack([light(c) / light(c).max() for c in names]).astype(np.float32)
    power = 0.16 + 0.34 * dark
    layers: list[Layer] = [Distance(stage)]
    layers.append(Bokeh(stage, colours, 60, 0.040, 0.18, 0.55, power * 1.1, 0.10))
    layers.append(Bokeh(stage, colours, 46, 0.072, 0.46, 0.80, power * 0.9, 0.25))
    layers.append(Mist(stage, "breath", 0.72, 0.30, 0.18, 0.3, light(stage.light.haze), 0.6))
    return layers


class Distance:
    """A street or a garden out of focus: masses of light and dark that slowly breathe."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("view")
        lit = stage.light
        h, w = 96, max(16, int(96 * stage.aspect))
        y, x = np.mgrid[0:h, 0:w].astype(np.float32) / h
        rise = np.clip(1 - y, 0, 1)
        low, mid, high = light(lit.sky[0]), light(lit.sky[2]), light(lit.sky[4])
        sky = mid + (high - mid) * smooth(0.4, 1.0, rise)[..., None]
        sky = low * 0.6 + (sky - low * 0.6) * smooth(0.30, 0.62, rise)[..., None]
        blocks = np.zeros((h, w), np.float32)
        for _ in range(14):
            cx, half = rng.uniform(0, stage.aspect), rng.uniform(0.05, 0.16)
            top = rng.uniform(0.10, 0.52)
            blocks = np.maximum(blocks, ((np.abs(x - cx) < half) & (y > top)) * rng.uniform(0.5, 1))
        blocks = cv2.GaussianBlur(blocks, (0, 0), 3.5)[..., None]
        wall = light(lit.haze) * 0.22 + light("#20242e") * 0.5
        picture = sky * (1 - 0.8 * blocks) + wall * 0.8 * blocks
        floor = smooth(0.72, 0.95, y)[..., None]
        picture = picture * (1 - 0.55 * floor)
        self.picture = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), 2.0)

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        stage = self.stage
        zoom, dx, dy = view.at(0.3)
        h, w = self.picture.shape[:2]
        scale = stage.height / h * zoom * 1.08
        matrix = np.array(
            [
                [scale, 0, stage.width / 2 + dx * stage.height - w / 2 * scale],
                [0, scale, stage.height / 2 + dy * stage.height - h / 2 * scale],
            ]
        )
        frame[:] = cv2.warpAffine(
            self.picture, matrix, (stage.width, stage.height), flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip


class Pane:
    """The glass. Standing drops bend the view behind them; others run down and wipe a path."""

    RUNNERS = 15
    LENS = 5.5  # a drop shows the view this many times smaller, upside down

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("pane")
        h, w = stage.height, stage.width
        self.bend = np.zeros((h, w, 2), np.float32)  # from a pixel to what its drop shows
        self.edge = np.zeros((h, w), np.float32)
        unit = stage.unit
        area = w * h / (1080 * 1080 * unit * unit)
        count = int(2100 * area)
        sizes = (1.8 + 2.1 * rng.standard_exponential(count) ** 1.45).clip(1.6, 21) * unit
        for size in np.sort(sizes):
            x, y = rng.uniform(0, w), rng.uniform(0, h)
            self._stand(rng, float(x), float(y), float(size))
        self.gx, self.gy = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
        self.runners = [self._runner(rng) for _ in range(int(self.RUNNERS * max(0.6, stage.aspect)))]
        fog = noise.spectral(rng, 256, 256, 1.6, 2.0)
        self.fog = cv2.resize(fog, (w // 4 + 1, h // 4 + 1), interpolation=cv2.INTER_CUBIC)

    def _stand(self, rng: np.random.Generator, x: float, y: float, size: float) -> None:
        h, w = self.edge.shape
        reach = int(size * 1.5) + 2
        x0, x1 = max(0, int(x) - reach), min(w, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(h, int(y) + reach)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        dx, dy = gx + 0.5 - x, gy + 0.5 - y
        angle = np.arctan2(dy, dx)
        wobble = 1 + 0.09 * np.sin(2 * angle + rng.random() * 6) + 0.05 * np.sin(3 * angle + rng.random() * 6)
        tall = rng.uniform(1.0, 1.25)
        r = np.sqrt(dx**2 + (dy / tall) ** 2) / (size * wobble)
        inside = smooth(1.0 + 0.7 / size, 1.0 - 0.7 / size, r)
        part, edge = self.bend[y0:y1, x0:x1], self.edge[y0:y1, x0:x1]
        taken = inside > 0.5
        lens = self.LENS * (0.5 + 0.5 * np.sqrt(np.clip(1 - r * r, 0, 1)))
        part[taken, 0] = (-dx * lens)[taken]
        part[taken, 1] = (-dy * lens)[taken]
        np.copyto(edge, np.where(taken | (inside > edge), inside * (0.25 + 0.75 * np.minimum(r, 1)), edge))

    def _runner(self, rng: np.random.Generator) -> tuple[float, float, float, float, float]:
        return (rng.uniform(0.02, 0.98), rng.random(), rng.uniform(7.0, 15.0),
                rng.uniform(5.5, 10.5), rng.random() * 1000)  # fmt: skip

    def _path(self, runner: tuple[float, float, float, float, float], p: Array) -> tuple[Array, Array]:
        """Where a running drop is after a share ``p`` of its way (canvas pixels)."""
        x, _, _, _, seed = runner
        h, w = self.stage.height, self.stage.width
        # It sticks and slips: three sines make the pace uneven, never backwards.
        slip = p + 0.055 * np.sin(p * 19 + seed) + 0.026 * np.sin(p * 37 + seed * 2)
        y = (slip * 1.35 - 0.15) * h
        wander = 0.012 * np.sin(p * 23 + seed) + 0.008 * np.sin(p * 51 + seed * 3)
        return x * w + wander * h, y

    def draw(self, frame: Array, t: float, view: View) -> None:
        del view
        stage = self.stage
        h, w = frame.shape[:2]
        wiped = np.zeros((h // 2 + 1, w // 2 + 1), np.uint8)
        heads = []
        for runner in self.runners:
            p = (t / runner[2] + runner[1]) % 1.0
            at = np.linspace(max(0.0, p - 0.40), p, 30)
            px, py = self._path(runner, at)
            size = runner[3] * stage.unit
            points = np.stack([px, py], -1)
            for i in range(len(at) - 1):
                age = (p - at[i]) / 0.40
                value = int(255 * (1 - age) ** 0.7)
                a, b = points[i] * 4, points[i + 1] * 4  # half size, three fractional bits
                cv2.line(wiped, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), value,
                         max(1, round(size * 0.75)), cv2.LINE_AA, 3)  # fmt: skip
            heads.append((float(px[-1]), float(py[-1]), size * (0.85 + 0.3 * math.sin(p * 40))))
        clear = cv2.resize(cv2.GaussianBlur(wiped, (0, 0), 1.2 * stage.unit + 0.3), (w, h))
        keep = 1.0 - np.minimum(clear.astype(np.float32) * (1.4 / 255), 1.0)

        scene = frame.copy()
        small = cv2.resize(frame, (w // 3, h // 3), interpolation=cv2.INTER_AREA)
        # What is fogged on the glass scatters a little light of everything.
        mean = small.mean(axis=(0, 1))
        fog = cv2.resize(np.clip(0.10 + 0.035 * self.fog, 0, 0.3), (w, h)) * keep
        frame += (mean * 1.25 - frame) * fog[..., None]
        bend = self.bend * keep[..., None]
        edge = self.edge * keep
        for x, y, size in heads:
            self._head(bend, edge, x, y, size)
        for i in range(9):  # small drops that a runner leaves along its track
            for number, runner in enumerate(self.runners):
                p = (t / runner[2] + runner[1]) % 1.0
                mark = math.floor(p * 26) - i
                if mark < 0 or hash01(number, mark, stage.seed) < 0.45:
                    continue
                px, py = self._path(runner, np.array([mark / 26.0]))
                size = runner[3] * stage.unit * (0.18 + 0.25 * hash01(mark, number, 7))
                self._head(bend, edge, float(px[0]), float(py[0]), size * min(1.0, (p * 26 - mark) * 2))
        mask = (np.abs(bend[..., 0]) + np.abs(bend[..., 1])) > 0.01
        image = cv2.remap(
            scene, self.gx + bend[..., 0], self.gy + bend[..., 1], cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )  # fmt: skip
        rim = 1.25 - 0.85 * smooth(0.45, 1.0, edge)
        image = image * rim[..., None]
        # A glint of the sky on the upper side of every drop.
        glint = np.exp(-(((bend[..., 0] - 9) ** 2 + (bend[..., 1] - 16) ** 2) / 40.0)) * 0.5
        image += glint[..., None] * (mean + 0.12)
        frame[mask] = image[mask] + mean * 0.10

    def _head(self, bend: Array, edge: Array, x: float, y: float, size: float) -> None:
        h, w = edge.shape
        if size < 0.8:
            return
        reach = int(size * 2.4) + 2
        x0, x1 = max(0, int(x) - reach), min(w, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(h, int(y) + reach)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        dx, dy = gx + 0.5 - np.float32(x), gy + 0.5 - np.float32(y)
        narrow = np.where(dy < 0, 1.0 + (-dy / size) * 0.28, 1.0)  # drawn out above
        r = np.sqrt((dx * narrow) ** 2 + np.where(dy < 0, dy / 1.7, dy / 1.1) ** 2) / size
        inside = r < 1.0
        lens = self.LENS * (0.5 + 0.5 * np.sqrt(np.clip(1 - r * r, 0, 1)))
        part = bend[y0:y1, x0:x1]
        part[inside, 0] = (-dx * lens)[inside]
        part[inside, 1] = (-dy * lens)[inside]
        edge[y0:y1, x0:x1][inside] = (0.25 + 0.75 * r)[inside]
