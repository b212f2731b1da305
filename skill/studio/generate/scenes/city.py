"""A city over water: towers in layers of haze, lit windows, traffic on the quay, reflections."""

from __future__ import annotations

import math

import numpy as np

from .buildings import Lamps, skin_of, tower
from .camera import View
from .compositing import shine
from .night import put_points
from .noise import Array, hash01, smooth
from .palette import light
from .plates import Mist, Plate, margin
from .stage import Layer, Stage
from .water import Mirror


def city(stage: Stage) -> list[Layer]:
    """The skyline's layers from far to near, the quay, and the water before it."""
    line = stage.horizon / stage.height + 0.045
    wet = stage.has("rain", "storm")
    neon = stage.scene.get("mood") == "neon"
    layers: list[Layer] = [SkyGlow(stage, neon)]
    clear = 0.65 if stage.light.dark < 0.2 else 1.0
    haze = 0.12 * (stage.has("mist", "rain", "storm", "snow"))
    for number, (tall, wide, far, depth) in enumerate(
        ((0.26, 0.034, 0.50, 0.24), (0.46, 0.055, 0.22, 0.32), (0.30, 0.085, 0.04, 0.42))
    ):
        layers.append(
            skyline(stage, number, line, tall, wide, min(0.85, far * clear + haze), depth)
        )
        if number < 2:
            power = 0.5 if haze else 0.22 * clear
            colour = skin_of(stage, 0, (4, 6)).air * (1.5 if stage.light.dark > 0.5 else 1.0)
            layers.append(
                Mist(stage, f"smog {number}", line - 0.05, 0.11, power, depth, colour, 0.5)
            )
    layers.append(Quay(stage, line))
    water = light(stage.light.water) * 0.8
    layers.append(
        Mirror(stage, line + 0.012, ripple=0.75 if wet else 0.5, depth=0.42, tint=water,
               keep=0.80, smear=0.05 if stage.light.dark > 0.5 else 0.02)
    )  # fmt: skip
    return layers


class SkyGlow:
    """The light of a city on the air over it."""

    def __init__(self, stage: Stage, neon: bool) -> None:
        self.stage = stage
        self.colour = light("#b0527f" if neon else "#b5805a") * 0.30 * stage.light.dark

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t, view
        if self.colour.max() < 0.004:
            return
        stage = self.stage
        rows = int(stage.horizon * 1.05)
        h, w = max(2, rows // 4), max(2, stage.width // 4)
        y = (np.arange(h, dtype=np.float32) + 0.5) * rows / h
        rise = np.maximum(stage.horizon - y, 0) / stage.height
        across = ((np.arange(w, dtype=np.float32) + 0.5) / w - 0.5) * stage.aspect
        glow = np.exp(-rise / 0.16)[:, None] * (0.55 + 0.45 * np.exp(-((across / 0.6) ** 2)))[None]
        shine(stage.pool, frame, 0, glow, rows, self.colour)


def skyline(
    stage: Stage, number: int, line: float, tall: float, wide: float, haze: float, depth: float
) -> Skyline:
    """One layer of towers on the row ``line``; lengths in canvas heights."""
    rng = stage.rng(f"skyline {number}")
    side = margin(stage, depth)
    width = stage.width + 2 * side
    h = stage.height
    rows = int(tall * 1.45 * h)
    under = int(0.10 * h)
    colour = np.zeros((rows + under, width, 3), np.float32)
    cover = np.zeros((rows + under, width), np.float32)
    scale = h / 1080 * (1 if stage.aspect > 0.8 else 0.8)
    cell = (max(2, round((4 + 2 * number) * scale)), max(3, round((6 + 2.5 * number) * scale)))
    skin = skin_of(stage, haze, cell)
    lamps = Lamps()
    middle = width / 2
    heart = middle + (rng.random() - 0.5) * 0.5 * stage.width  # downtown
    for row in range(2):
        x = -wide * h
        while x < width:
            w = wide * h * rng.uniform(0.55, 1.35)
            centre = (x + w / 2 - heart) / h
            town = 0.40 + 0.60 * math.exp(-((centre / 0.42) ** 2))
            if number == 2:  # the near row stays low in the middle: towers show over it
                town = 0.30 + 0.55 * min(1.0, (abs(x + w / 2 - middle) / middle) ** 1.5)
            high = tall * h * town * rng.uniform(0.45, 1.05) ** (1.0 if row else 0.8)
            if row == 0 or rng.random() < 0.7:
                tower(
                    colour,
                    cover,
                    lamps,
                    skin,
                    rng,
                    int(x),
                    rows,
                    int(w),
                    int(high * (1 - 0.25 * row)),
                    middle,
                )
            x += w * rng.uniform(0.75, 1.35)
    colour[rows:] = skin.wall * 0.4 * (1 - haze) + skin.air * haze
    cover[rows:] = 1.0
    top = line * h - rows
    plate = Plate(stage, colour, cover, -side, top, depth)
    return Skyline(stage, plate, lamps, number)


class Skyline:
    """A plate of towers whose windows, beacons and signs live."""

    def __init__(self, stage: Stage, plate: Plate, lamps: Lamps, number: int) -> None:
        self.stage, self.plate, self.lamps, self.number = stage, plate, lamps, number
        seed = stage.seed + 31 * number
        self.phase = [hash01(seed, i) for i in range(len(lamps.windows))]
        self.red = light("#ff3a2e")

    def draw(self, frame: Array, t: float, view: View) -> None:
        self.plate.draw(frame, t, view)
        matrix = self.plate.place(view)
        zoom, left, top = matrix[0, 0], matrix[0, 2], matrix[1, 2]
        height, width = frame.shape[:2]
        dark = self.stage.light.dark
        for (x, y, w, h, lamp), phase in zip(self.lamps.windows, self.phase, strict=True):
            # Each goes on and off at its own hour, fading over a fifth of a second.
            beat = (t * (0.03 + 0.09 * phase) + phase * 7.3) % 1.0
            on = min(1.0, max(0.0, (0.55 - beat) * 40)) * min(1.0, beat * 60)
            if on <= 0.0:
                continue
            x0, y0 = round(left + x * zoom), round(top + y * zoom)
            if 0 <= x0 < width - w and 0 <= y0 < height - h:
                frame[y0 : y0 + h, x0 : x0 + w] += lamp * np.float32(on * dark)
        flicker = 1.0
        for i, (x, y, w, h, tube) in enumerate(self.lamps.signs):
            if hash01(self.stage.seed, i, 5) < 0.25:
                flicker = 0.55 + 0.45 * (hash01(self.stage.seed, i, int(t * 9)) > 0.3)
            x0, y0 = round(left + x * zoom), round(top + y * zoom)
            x1, y1 = max(0, x0), max(0, y0)
            frame[y1 : max(0, y0 + h), x1 : max(0, x0 + w)] += tube * np.float32(flicker * dark)
        if dark > 0.4 and self.lamps.beacons:
            points = np.array(self.lamps.beacons, np.float32)
            px, py = left + points[:, 0] * zoom, top + points[:, 1] * zoom
            inside = (px > 12) & (px < width - 13) & (py > 12) & (py < height - 13)
            blink = 0.5 + 0.5 * np.sin(t * 2.6 + points[:, 0] * 0.7)
            power = (0.4 + 5.0 * smooth(0.55, 0.95, blink)) * dark
            red = np.broadcast_to(self.red, (len(points), 3))
            put_points(frame, px[inside], py[inside], power[inside], red[inside], self.stage.unit)


class Quay:
    """The road along the water: lamps, and cars with their lights."""

    def __init__(self, stage: Stage, line: float) -> None:
        self.stage, self.line = stage, line
        rng = stage.rng("quay")
        self.cars = [
            (
                rng.random() * 3.0,
                rng.uniform(0.05, 0.11) * (1 if i % 2 else -1),
                i % 2,
                rng.random(),
            )
            for i in range(int(26 * max(stage.aspect, 0.6)))
        ]
        self.white, self.tail = light("#fff1d0"), light("#ff2a1a")
        self.lamp = light("#ffd09a") * 0.6
        self.wall = skin_of(stage, 0.05, (4, 6)).wall * 0.5

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.44)
        h = stage.height
        row = stage.horizon + (self.line * h - stage.horizon) * zoom + dy * h
        y0, y1 = int(row - 0.006 * h), int(row + 0.016 * h)
        frame[y0:y1] *= 0.25
        frame[y0:y1] += self.wall
        if stage.light.dark < 0.3:
            return
        span = stage.aspect + 0.5
        rush = 4.0 if stage.camera.pace == "timelapse" else 1.0
        x, y, power, colour = [], [], [], []
        long = 26 if stage.camera.pace == "timelapse" else 5
        for start, speed, lane, kind in self.cars:
            at = (start + speed * t * rush) % span - span / 2
            for i in range(long):
                x.append(
                    (at - i * 0.0011 * math.copysign(1, speed) + dx) * zoom * h + stage.width / 2
                )
                y.append(row + (-0.0005 + 0.0035 * lane) * h)
                power.append((1.5 + 1.2 * kind) * (1 - i / long) ** 1.5)
                colour.append(self.white if lane else self.tail)
        for i in range(int(span * 16)):
            x.append(((i + 0.5) / 16 - span / 2 + dx) * zoom * h + stage.width / 2)
            y.append(row - 0.011 * h)
            power.append(2.2)
            colour.append(self.lamp)
        px, py = np.array(x, np.float32), np.array(y, np.float32)
        inside = (px > 12) & (px < stage.width - 13) & (py > 12) & (py < h - 13)
        put_points(
            frame, px[inside], py[inside],
            (np.array(power, np.float32) * stage.light.dark)[inside], np.stack(colour)[inside],
            stage.unit,
        )  # fmt: skip
        self._pools(frame, row, zoom, dx, span)

    def _pools(self, frame: Array, row: float, zoom: float, dx: float, span: float) -> None:
        """The light that the lamps lay on the fronts behind them."""
        stage = self.stage
        h = stage.height
        y0, y1 = int(row - 0.05 * h), int(row + 0.012 * h)
        if y0 < 0 or y1 > h:
            return
        across = (np.arange(stage.width, dtype=np.float32) - stage.width / 2) / (zoom * h) - dx
        beat = np.mod((across + span / 2) * 16, 1.0) - 0.5
        pool = 0.35 + 0.65 * np.exp(-((beat / 0.22) ** 2))
        rise = np.exp(-np.abs((np.arange(y0, y1) - (row - 0.010 * h)) / (0.012 * h)))
        glow = (
            rise[:, None].astype(np.float32) * pool[None, :] * np.float32(0.13 * stage.light.dark)
        )
        for i in range(3):
            frame[y0:y1, :, i] += glow * self.lamp[i]
