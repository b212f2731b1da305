"""Rain on a window: lights out of focus behind the glass, drops that bend them, runnels."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from . import noise
from .camera import View
from .compositing import veil
from .noise import Array, hash01, smooth
from .palette import light
from .particles import Bokeh
from .stage import Layer, Stage

STREET = ("#ffb45a", "#ff7a3c", "#ffd99a", "#ff4a3a", "#7ab8ff", "#5ad0c0", "#ffe9c8")
NEON = ("#ff3fb4", "#3fe8ff", "#8a5bff", "#ff5f6e", "#41ffb3", "#ffd23f")
GARDEN = ("#8fb56a", "#b9cf8a", "#dfe8d0", "#6f9a5a", "#c8d8e4")


def rainy_window(stage: Stage) -> list[Layer]:
    """The view behind the glass, out of focus, and the glass before it."""
    return [Behind(stage), Pane(stage)]


class Behind:
    """What stands behind the glass; out of focus, so painted at half the size."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        half = stage.shrunk(2)
        dark = stage.light.dark
        garden = dark <= 0.2 or stage.scene.get("backdrop") == "forest"
        names = NEON if stage.scene.get("mood") == "neon" else GARDEN if garden else STREET
        colours = np.stack([light(c) / light(c).max() for c in names]).astype(np.float32)
        power = 0.16 + 0.34 * dark
        self.layers: list[Layer] = [
            Distance(half),
            Bokeh(half, colours, 60, 0.040, 0.18, 0.55, power * 1.1, 0.10),
            Bokeh(half, colours, 46, 0.072, 0.46, 0.80, power * 0.9, 0.25),
        ]
        self.half = np.zeros((half.height, half.width, 3), np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        for layer in self.layers:
            layer.draw(self.half, t, view)
        size = (self.stage.width, self.stage.height)
        cv2.resize(self.half, size, dst=frame, interpolation=cv2.INTER_LINEAR)


class Distance:
    """A street or a garden out of focus: masses of light and dark that slowly breathe."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("view")
        lit = stage.light
        h, w = 270, max(16, int(270 * stage.aspect))
        y, x = np.mgrid[0:h, 0:w].astype(np.float32) / h
        rise = np.clip(1 - y, 0, 1)
        low, mid, high = light(lit.sky[0]), light(lit.sky[2]), light(lit.sky[4])
        sky = mid + (high - mid) * smooth(0.4, 1.0, rise)[..., None]
        sky = low * 0.6 + (sky - low * 0.6) * smooth(0.30, 0.62, rise)[..., None]
        blocks: Array = np.zeros((h, w), np.float32)
        for _ in range(14):
            cx, half = rng.uniform(0, stage.aspect), rng.uniform(0.05, 0.16)
            top = rng.uniform(0.10, 0.52)
            blocks = np.maximum(blocks, ((np.abs(x - cx) < half) & (y > top)) * rng.uniform(0.5, 1))
        blocks = cv2.GaussianBlur(blocks, (0, 0), 10.0)[..., None]
        wall = light(lit.haze) * 0.22 + light("#20242e") * 0.5
        picture = sky * (1 - 0.8 * blocks) + wall * 0.8 * blocks
        floor = smooth(0.72, 0.95, y)[..., None]
        picture = picture * (1 - 0.55 * floor)
        self.picture = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), 6.0)

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
            self.picture, matrix, (stage.width, stage.height), flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip


class Pane:
    """The glass. Standing drops bend the view behind them; others run down and wipe a path."""

    RUNNERS = 15
    LENS = 5.5  # a drop shows the view this many times smaller, upside down
    SMALL = 3  # the view that drops show is this much smaller than the canvas

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        rng = stage.rng("pane")
        h, w = stage.height, stage.width
        bend = np.zeros((h, w, 2), np.float32)  # from a pixel to what its drop shows
        edge = np.zeros((h, w), np.float32)
        area = w * h / (1080 * 1080 * stage.unit**2)
        sizes = (1.8 + 2.1 * rng.standard_exponential(int(2100 * area)) ** 1.45).clip(1.6, 21)
        sizes = np.sort(sizes) * stage.unit
        owner = np.zeros((h, w), np.int32)
        middle = rng.random((len(sizes), 2)) * (w, h)
        for number, ((x, y), size) in enumerate(zip(middle, sizes, strict=True)):
            _drop(bend, edge, owner, number, rng, x, y, float(size), self.LENS)
        self.middle = (middle / 4).astype(int)  # in the pixels of the wiped sheet
        # Drops cover an eighth of the glass: only their pixels are worked on.
        self.pixels = np.flatnonzero(edge.reshape(-1) > 0)
        self.owner = owner.reshape(-1)[self.pixels]
        dx, dy = (bend[..., i].reshape(-1)[self.pixels] for i in range(2))
        rows, columns = np.divmod(self.pixels, w)
        self.source = [
            _fold((columns + dx).astype(np.float32) / self.SMALL),
            _fold((rows + dy).astype(np.float32) / self.SMALL),
        ]
        r = edge.reshape(-1)[self.pixels]
        self.rim = (1.25 - 0.85 * smooth(0.45, 1.0, r))[:, None]
        # A glint of the sky on the upper side of every drop.
        self.glint = (np.exp(-((dx - 9) ** 2 + (dy - 16) ** 2) / 40.0) * 0.5)[:, None]
        self.runners = [
            (rng.uniform(0.02, 0.98), rng.random(), rng.uniform(7.0, 15.0), rng.uniform(5.5, 10.5),
             rng.random() * 1000)
            for _ in range(int(self.RUNNERS * max(0.6, stage.aspect)))
        ]  # fmt: skip
        fog = np.clip(0.10 + 0.035 * noise.spectral(rng, 256, 256, 1.6, 2.0), 0, 0.3)
        self.fog = cv2.resize(fog, (w // 4 + 1, h // 4 + 1), interpolation=cv2.INTER_CUBIC)

    def _path(self, runner: tuple[float, ...], p: Array) -> tuple[Array, Array]:
        """Where a running drop is after a share ``p`` of its way (canvas pixels)."""
        x, seed = runner[0], runner[4]
        h, w = self.stage.height, self.stage.width
        # It sticks and slips: sines make the pace uneven, never backwards.
        slip = p + 0.055 * np.sin(p * 19 + seed) + 0.026 * np.sin(p * 37 + seed * 2)
        y = (slip * 1.35 - 0.15) * h
        wander = 0.012 * np.sin(p * 23 + seed) + 0.008 * np.sin(p * 51 + seed * 3)
        return x * w + wander * h, y

    def draw(self, frame: Array, t: float, view: View) -> None:
        del view
        h, w = frame.shape[:2]
        size = (max(2, w // self.SMALL), max(2, h // self.SMALL))
        small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        mean = small.mean(axis=(0, 1))
        wiped, heads = self._run(t)
        # What is fogged on the glass scatters a little light of everything.
        fog = self.fog * (1.0 - cv2.resize(wiped, self.fog.shape[::-1]).astype(np.float32) / 255)
        veil(self.stage.pool, frame, 0, fog, h, mean * 1.25)

        shown = cv2.remap(
            small, self.source[0], self.source[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        shown = shown.reshape(-1, 3)[: len(self.pixels)]
        shown = shown * self.rim + self.glint * (mean + 0.12) + mean * 0.10
        flat = frame.reshape(-1, 3)
        # A runner takes up whole drops, those whose middle it touches.
        dry = (wiped[self.middle[:, 1], self.middle[:, 0]] < 90)[self.owner]
        flat[self.pixels[dry]] = shown[dry]
        for x, y, radius in heads:
            self._head(frame, small, mean, x, y, radius)

    def _run(self, t: float) -> tuple[NDArray[np.uint8], list[tuple[float, float, float]]]:
        """Where runners have wiped the glass (a quarter of the canvas), and all moving drops."""
        stage = self.stage
        wiped = np.zeros((stage.height // 4 + 1, stage.width // 4 + 1), np.uint8)
        heads = []
        for number, runner in enumerate(self.runners):
            p = (t / runner[2] + runner[1]) % 1.0
            at = np.linspace(max(0.0, p - 0.40), p, 30)
            points = np.stack(self._path(runner, at), -1)
            size = runner[3] * stage.unit
            for i in range(len(at) - 1):
                value = int(255 * (1 - (p - at[i]) / 0.40) ** 0.7)
                (ax, ay), (bx, by) = points[i] * 4, points[i + 1] * 4  # four fractional bits
                cv2.line(wiped, (int(ax), int(ay)), (int(bx), int(by)), value,
                         max(1, round(size * 0.42)), cv2.LINE_AA, 4)  # fmt: skip
            for i in range(6):  # small drops that it leaves along its track
                mark = math.floor(p * 26) - i
                if mark < 0 or hash01(number, mark, stage.seed) < 0.45:
                    continue
                px, py = self._path(runner, np.array([mark / 26.0]))
                grown = min(1.0, (p * 26 - mark) * 2)
                bead = size * (0.18 + 0.25 * hash01(mark, number, 7)) * grown
                heads.append((float(px[0]), float(py[0]), bead))
            heads.append((*points[-1].tolist(), size * (0.85 + 0.3 * math.sin(p * 40))))
        return wiped, heads

    def _head(
        self, frame: Array, small: Array, mean: Array, x: float, y: float, size: float
    ) -> None:
        h, w = frame.shape[:2]
        reach = int(size * 2.4) + 2
        x0, x1 = max(0, int(x) - reach), min(w, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(h, int(y) + reach)
        if size < 0.8 or x1 - x0 < 2 or y1 - y0 < 2:
            return
        dx = np.arange(x0, x1, dtype=np.float32)[None, :] + np.float32(0.5 - x)
        dy = np.arange(y0, y1, dtype=np.float32)[:, None] + np.float32(0.5 - y)
        narrow = np.where(dy < 0, 1.0 - dy * np.float32(0.28 / size), 1.0)  # drawn out above
        r = np.sqrt((dx * narrow) ** 2 + np.where(dy < 0, dy / 1.7, dy / 1.1) ** 2) / np.float32(
            size
        )
        lens = np.float32(self.LENS / self.SMALL) * (0.5 + 0.5 * np.sqrt(np.clip(1 - r * r, 0, 1)))
        gx, gy = np.broadcast_arrays(np.float32(x / self.SMALL) - dx * lens,
                                     np.float32(y / self.SMALL) - dy * lens)  # fmt: skip
        shown = cv2.remap(small, gx.astype(np.float32), gy.astype(np.float32), cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REFLECT)  # fmt: skip
        shown = shown * (1.25 - 0.85 * smooth(0.65, 1.0, r))[..., None] + mean * 0.10
        glint = np.exp(-((dx / size + 0.3) ** 2 + (dy / size + 0.45) ** 2) * 9) * 0.6
        shown += glint[..., None] * (mean + 0.12)
        share = smooth(1.0 + 0.8 / size, 1.0 - 0.8 / size, r)[..., None]
        part = frame[y0:y1, x0:x1]
        part += (shown - part) * share


def _fold(values: Array) -> Array:
    """A long list as a rectangle, which OpenCV can take as a map."""
    padded = np.zeros(-(-max(1, len(values)) // 1024) * 1024, np.float32)
    padded[: len(values)] = values
    return padded.reshape(-1, 1024)


def _drop(
    bend: Array, edge: Array, owner: Array, number: int, rng: np.random.Generator, x: float,
    y: float, size: float, lens: float,
) -> None:  # fmt: skip
    """Set a standing drop into the maps: where each of its pixels looks, and how near its rim."""
    h, w = edge.shape
    reach = int(size * 1.5) + 2
    x0, x1 = max(0, int(x) - reach), min(w, int(x) + reach)
    y0, y1 = max(0, int(y) - reach), min(h, int(y) + reach)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    dx, dy = gx + np.float32(0.5 - x), gy + np.float32(0.5 - y)
    angle = np.arctan2(dy, dx)
    wobble = (
        1
        + 0.09 * np.sin(2 * angle + rng.random() * 6)
        + 0.05 * np.sin(3 * angle + rng.random() * 6)
    )
    r = np.sqrt(dx**2 + (dy / rng.uniform(1.0, 1.25)) ** 2) / (size * wobble)
    inside = r < 1.0
    power = lens * (0.5 + 0.5 * np.sqrt(np.clip(1 - r * r, 0, 1)))
    part = bend[y0:y1, x0:x1]
    part[inside, 0] = (-dx * power)[inside]
    part[inside, 1] = (-dy * power)[inside]
    edge[y0:y1, x0:x1][inside] = (0.25 + 0.75 * r)[inside]
    owner[y0:y1, x0:x1][inside] = number
