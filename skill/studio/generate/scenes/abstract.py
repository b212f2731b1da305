"""Abstract motion: colour that flows, ribbons of silk, lights out of focus, ink in water."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands
from .noise import Array, smooth
from .palette import light, ramp
from .particles import Bokeh, Motes
from .stage import Layer, Stage

SHRINK = 4

# Palettes from shadow to light; the first of a mood is its own, the rest are drawn by the seed.
PALETTES: dict[str, tuple[tuple[str, ...], ...]] = {
    "natural": (
        ("#0b1230", "#20356f", "#4f5fb5", "#b06ab0", "#f2a38a"),
        ("#06222b", "#0f5460", "#2f9a93", "#a7d8b0", "#f6efc8"),
        ("#1a0f2e", "#4a2470", "#a23f8f", "#ef7a6d", "#ffd08a"),
        ("#0a1a2c", "#174a7c", "#3f8fc8", "#9fd3e8", "#f2f6f2"),
    ),
    "warm": (("#2a0f12", "#7a2a1e", "#c9602b", "#f0a04a", "#ffe3a8"),),
    "cold": (("#050d1f", "#0f2f5c", "#2470a8", "#6fc0dc", "#e4f6fb"),),
    "pastel": (("#b9a7d6", "#d9b8dc", "#f2c4cf", "#f9dcc8", "#f8f1dc"),),
    "neon": (("#06020f", "#2b0a5e", "#8a12b8", "#ff2f9c", "#35e8ff"),),
    "dark": (("#040508", "#0d131c", "#1c2a38", "#3c5160", "#8496a0"),),
    "vintage": (("#2b1d18", "#5f4030", "#a07850", "#cfae80", "#efe0bd"),),
    "mono": (("#070707", "#262626", "#5a5a5a", "#a0a0a0", "#f0f0f0"),),
    "dreamy": (("#1c1640", "#54408f", "#a878c0", "#efb0cc", "#fdeee0"),),
    "vivid": (("#1f1458", "#5340b8", "#c04a92", "#ee8a58", "#f8d878"),),
    "calm": (("#0e2430", "#27566a", "#5f94a0", "#a9c8c4", "#ecefe2"),),
    "epic": (("#080a14", "#1c2248", "#6a2f4c", "#d0662f", "#ffcf7a"),),
}


def palette_of(stage: Stage) -> tuple[str, ...]:
    """Five colours from shadow to light, by mood and seed."""
    mood = str(stage.scene.get("mood", "natural"))
    if mood not in PALETTES or mood == "natural":
        # Without a mood, the hour sets it: "something at night" is dark.
        hours = {"night": "dark", "dusk": "dreamy", "sunset": "warm", "golden": "warm"}
        mood = hours.get(stage.time, "natural")
    choices = PALETTES[mood]
    return choices[int(stage.rng("palette").integers(len(choices)))]


def abstract(stage: Stage) -> list[Layer]:
    """Colour flows beneath; over it what the words ask for, or what the seed draws."""
    colours = palette_of(stage)
    rng = stage.rng("abstract")
    kinds = ("ribbons", "bokeh", "flow")
    kind = next((k for k in kinds if stage.has(k)), None)
    if kind is None:
        kind = kinds[int(rng.choice(3, p=(0.55, 0.2, 0.25)))]
    layers: list[Layer] = [Flow(stage, colours, 0.42 if kind == "ribbons" else 0.8)]
    top = np.stack([light(c) for c in colours[2:]])
    if kind == "ribbons":
        layers += [
            Ribbon(stage, colours, number, middle, wide, power)
            for number, (middle, wide, power) in enumerate(
                ((0.30, 0.24, 0.55), (0.70, 0.30, 0.65), (0.46, 0.20, 0.85), (0.58, 0.13, 1.0))
            )
        ]
        layers.append(Motes(stage, top[-1] * 0.8, 90, 0.5))
    elif kind == "bokeh":
        layers.append(Bokeh(stage, top, 26, 0.24, 0.0, 1.0, 0.10))
        layers.append(Bokeh(stage, top, 40, 0.09, 0.0, 1.0, 0.22))
        layers.append(Motes(stage, top[-1], 220, 0.9))
    else:
        layers.append(Motes(stage, top[-1] * 0.8, 60, 0.4))
    return layers


class Flow:
    """Domain-warped noise through a palette: slow currents of colour with light on their folds."""

    def __init__(self, stage: Stage, colours: tuple[str, ...], power: float) -> None:
        self.stage, self.power = stage, power
        rng = stage.rng("flow")
        self.a = noise.spectral(rng, 512, 512, 2.7, 2.0)
        self.b = noise.spectral(rng, 512, 512, 2.6, 2.0)
        self.ramp = np.sqrt(ramp(colours, (0.0, 0.3, 0.55, 0.8, 1.0)))
        self.pace = 3.0 if stage.camera.pace == "timelapse" else 1.0
        if "calm" in stage.scene.get("moods", ()):
            self.pace *= 0.7

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        h, w = max(2, stage.height // SHRINK), max(2, stage.width // SHRINK)
        zoom = 1 + (view.zoom - 1) * 0.6
        x = ((np.arange(w, dtype=np.float32) + 0.5) / w - 0.5) * stage.aspect / zoom - view.x
        y = ((np.arange(h, dtype=np.float32) + 0.5) / h - 0.5) / zoom - view.y
        x, y = np.broadcast_arrays(x[None, :] * 70, y[:, None] * 70)
        s = t * self.pace
        p = noise.sample(self.a, x + s * 2.2, y + s * 1.1)
        q = noise.sample(self.b, x - s * 1.4 + 90, y + s * 1.8 + 40)
        x2, y2 = x * 0.8 + p * 26, y * 0.8 + q * 26
        r = noise.sample(self.a, x2 - s * 1.2 + 200, y2 + s * 0.9)
        fold = noise.sample(self.b, x2 * 1.6 + r * 12 + 60, y2 * 1.6 - s * 1.5)
        value = 0.46 + 0.20 * r + 0.11 * fold + 0.05 * p
        # Light on the folds: the slope of the field, seen from the upper left.
        dx, dy = np.gradient(fold, axis=1), np.gradient(fold, axis=0)
        sheen = np.clip(1 - 5.5 * (dx + dy), 0.45, 1.8)
        index = np.clip(value * 511, 0, 511).astype(np.int32)
        small = self.ramp[index] * np.sqrt(sheen * np.float32(self.power))[..., None]
        size = (stage.width, stage.height)
        cv2.resize(np.ascontiguousarray(small), size, dst=frame, interpolation=cv2.INTER_CUBIC)
        np.multiply(frame, frame, out=frame)


class Ribbon:
    """A sheet of silk that runs across the picture: bright along its folds, clear between."""

    SHRINK = 2

    def __init__(
        self, stage: Stage, colours: tuple[str, ...], number: int, middle: float, wide: float,
        power: float,
    ) -> None:  # fmt: skip
        self.stage, self.middle, self.wide, self.power = stage, middle, wide, power
        rng = stage.rng(f"ribbon {number}")
        self.wave = rng.uniform(0.7, 1.6, 4) * np.array([1.6, 2.9, 5.1, 1.2])
        self.phase = rng.random(8) * 6.3
        self.speed = rng.uniform(0.25, 0.55, 4) * rng.choice([-1, 1], 4)
        self.tilt = rng.uniform(-0.20, 0.20)
        first, second = light(colours[2 + number % 3]), light(colours[1 + (number + 1) % 4])
        self.first, self.second = first, second
        self.threads = noise.spectral(rng, 256, 256, 0.9, 10.0)
        self.pace = 2.6 if stage.camera.pace == "timelapse" else 1.0

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        h, w = max(2, stage.height // self.SHRINK), max(2, stage.width // self.SHRINK)
        s = t * self.pace
        x = ((np.arange(w, dtype=np.float32) + 0.5) / w - 0.5) * stage.aspect
        x = x / view.zoom - view.x
        k, p, v = self.wave, self.phase, self.speed
        spine = self.middle + self.tilt * x + 0.13 * np.sin(k[0] * x + p[0] + v[0] * s)
        spine += 0.05 * np.sin(k[1] * x + p[1] + v[1] * 1.3 * s)
        half = self.wide * (0.62 + 0.38 * np.sin(k[3] * x + p[2] + v[2] * s))
        half = half * (0.72 + 0.28 * np.sin(k[0] * 0.6 * x + p[3] - v[3] * s))
        top, bottom = (spine - half).min(), (spine + half).max()
        y0, y1 = int(max(0, top * h - 3)), int(min(h, bottom * h + 3))
        if y1 - y0 < 2:
            return
        parts = (x, spine, half, s)
        middle = (y0 + y1) // 2
        other = stage.pool.submit(self._rows, middle, y1, h, parts)
        image = np.concatenate([self._rows(y0, middle, h, parts), other.result()])
        size = (stage.width, (y1 - y0) * self.SHRINK)
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
        top = y0 * self.SHRINK
        rows = min(size[1], frame.shape[0] - top)

        def work(a: int, b: int) -> None:
            part = frame[top + a : top + b]
            clear = 1.0 - image[a:b, :, 3]
            cv2.multiply(part, cv2.merge([clear, clear, clear]), dst=part)
            cv2.add(part, cv2.cvtColor(image[a:b], cv2.COLOR_BGRA2BGR), dst=part)

        in_bands(stage.pool, 0, rows, work)

    def _rows(self, y0: int, y1: int, h: int, parts: tuple[Array, Array, Array, float]) -> Array:
        """Some rows of the sheet: its light, and how far it veils what lies behind."""
        x, spine, half, s = parts
        k, p, v = self.wave, self.phase, self.speed
        y = ((np.arange(y0, y1, dtype=np.float32) + 0.5) / h)[:, None]
        across = ((y - spine[None, :]) / np.maximum(np.abs(half), 0.004)[None, :]).astype(
            np.float32
        )
        # The sheet turns over along its length: its folds are where many threads line up.
        twist = (np.sin(k[1] * 0.5 * x + p[4] + v[1] * s)[None, :] * 1.4).astype(np.float32)
        along = (k[2] * 0.4 * x[None, :] + p[5] + v[3] * s).astype(np.float32)
        depth = across * 2.3 + twist + 0.35 * np.sin(across * 4 + along)
        crest = np.sin(depth) / np.float32(0.42)
        fold = np.exp(-crest * crest)
        fine = noise.sample(
            self.threads, x[None, :].astype(np.float32) * 14 + across * 3, across * 60 + depth * 8
        )
        off = (np.abs(across) - np.float32(0.985)) / np.float32(0.020)
        body = smooth(1.0, 0.93, np.abs(across))
        shine = (0.08 + 0.46 * fold * (1 + 0.20 * fine) + 0.10 * smooth(-1, 1, depth)) * body
        shine = (shine + 0.42 * np.exp(-off * off)) * np.float32(self.power)
        mix = smooth(-1.2, 1.2, across + 0.5 * twist)
        planes = [
            (self.first[i] + (self.second[i] - self.first[i]) * mix) * shine for i in range(3)
        ]
        return np.asarray(cv2.merge([*planes, body * np.float32(0.30 * self.power)]))
