"""Colour: display colours as scene light, and the light of each time of day.

Scenes are painted in linear light and developed at the end by a film curve (``grade``). A colour
picked by eye on a display goes through the curve's inverse (``light``), so that alone it shows as
picked, while glow, haze and sun add to it as light does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .noise import Array


def film(x: Array) -> Array:
    """Scene light to display 0..1: Hejl and Burgess-Dawson's film curve, gamma included."""
    x = np.maximum(x, 0.0)
    return (x * (6.2 * x + 0.5)) / (x * (6.2 * x + 1.7) + 0.06)


def unfilm(y: Array) -> Array:
    """The inverse of ``film``: display 0..1 to scene light."""
    y = np.clip(y, 0.0, 0.93)  # paper white: what is brighter is a source of light
    a, b, c = 6.2 * (1 - y), 0.5 - 1.7 * y, -0.06 * y
    return (-b + np.sqrt(b * b - 4 * a * c)) / (2 * a)


def rgb(text: str) -> Array:
    """'#rrggbb' as display RGB 0..1."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def light(text: str, gain: float = 1.0) -> Array:
    """'#rrggbb' as scene light (3,), times ``gain``."""
    return (unfilm(rgb(text)) * gain).astype(np.float32)


def to_oklab(colour: Array) -> Array:
    """Display RGB 0..1 (…, 3) to OKLab (Ottosson 2020); a square stands for the sRGB curve."""
    r, g, b = np.moveaxis(np.asarray(colour) ** 2.2, -1, 0)
    long = np.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    mid = np.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = np.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return np.stack(
        [
            0.2104542553 * long + 0.7936177850 * mid - 0.0040720468 * short,
            1.9779984951 * long - 2.4285922050 * mid + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * mid - 0.8086757660 * short,
        ],
        -1,
    )


def from_oklab(lab: Array) -> Array:
    """OKLab to display RGB 0..1, clipped."""
    lightness, a, b = np.moveaxis(np.asarray(lab), -1, 0)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    mid = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        [
            4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
        ],
        -1,
    )
    return np.asarray(np.clip(linear, 0, 1) ** (1 / 2.2))


def ramp(stops: tuple[str, ...], at: tuple[float, ...], count: int = 512) -> Array:
    """A gradient (count, 3) of scene light over 0..1, even to the eye between its stops."""
    lab = to_oklab(np.stack([rgb(stop) for stop in stops]))
    where = np.linspace(0, 1, count)
    mixed = np.stack([np.interp(where, at, lab[:, i]) for i in range(3)], -1)
    kernel = np.hanning(count // 12 | 1)  # no kinks at the stops
    padded = np.pad(mixed, ((kernel.size // 2,) * 2, (0, 0)), mode="edge")
    mixed = np.stack(
        [np.convolve(padded[:, i], kernel / kernel.sum(), "valid") for i in range(3)], -1
    )
    return unfilm(from_oklab(mixed)).astype(np.float32)


SKY_STOPS = (0.0, 0.05, 0.13, 0.26, 0.46, 0.85)  # heights over the horizon, in canvas heights


@dataclass(frozen=True)
class Light:
    """The light of a time of day. Colours are '#rrggbb'; heights are in canvas heights."""

    sky: tuple[str, ...]
    sun: str  # the sun's (or moon's) own light
    sun_height: float  # over the horizon; below 0 it has set
    sun_power: float
    glow: str  # the air around the sun
    glow_power: float
    cloud_lit: str
    cloud_dark: str
    haze: str  # what distance fades into
    ambient: str  # what the sky adds in shade
    water: str  # deep water
    stars: float = 0.0
    dark: float = 0.0  # 0 day .. 1 night: how far lamps outshine the sky
    cover: float = 0.5  # cloud cover 0..1


TIMES: dict[str, Light] = {
    "dawn": Light(
        ("#f8d0a8", "#f2b59c", "#d9a3a6", "#a69ac4", "#7189bd", "#4668a6"),
        "#ffc890", 0.055, 1.0, "#ffb070", 0.55, "#ffc4a0", "#8580a0",
        "#cfb8bc", "#7f86ad", "#38506a", 0.05, 0.25, 0.5,
    ),
    "day": Light(
        ("#dbe9f0", "#bfdaec", "#93c1e4", "#5f9dd6", "#3b7bc0", "#24609f"),
        "#fff3dc", 0.62, 1.2, "#fff0d2", 0.22, "#ffffff", "#9fb2c8",
        "#c8dcea", "#8fb4d8", "#0d4a68", 0.0, 0.0, 0.45,
    ),
    "golden": Light(
        ("#ffe0a4", "#fbcb8c", "#e9b98c", "#c3ae9f", "#8fa5b6", "#5f86ab"),
        "#ffd08a", 0.17, 1.3, "#ffb65c", 0.75, "#ffd9a0", "#9a8a90",
        "#f0c795", "#9c94a0", "#23495c", 0.0, 0.08, 0.5,
    ),
    "sunset": Light(
        ("#ffc47c", "#fba162", "#dd8068", "#a06c82", "#565b88", "#28406e"),
        "#ffa050", 0.055, 1.5, "#ff8238", 0.8, "#ff9f68", "#57476c",
        "#ad838c", "#706c96", "#12283f", 0.03, 0.3, 0.55,
    ),
    "dusk": Light(
        ("#e0a183", "#b08890", "#6d73a3", "#3c5894", "#24427e", "#152d60"),
        "#ffb080", -0.05, 0.25, "#f08a60", 0.35, "#c08a98", "#33406e",
        "#7c7a9c", "#3d4f86", "#10233f", 0.25, 0.75, 0.45,
    ),
    "night": Light(
        ("#26395a", "#1d3050", "#142544", "#0d1a36", "#08122a", "#050c1e"),
        "#cfdcff", 0.48, 0.16, "#5f7fb8", 0.10, "#3c4c70", "#101a30",
        "#1f3152", "#26385e", "#06101f", 1.0, 1.0, 0.35,
    ),
}  # fmt: skip


def beam(lit: Light) -> Array:
    """The sun's light on the ground: half its colour is lost to the sky's on the way."""
    sun = light(lit.sun)
    return np.asarray((sun * 0.58 + sun.mean() * 0.42) * lit.sun_power, np.float32)


def light_of(time: str, weather: tuple[str, ...] = ()) -> Light:
    """The light of a time of day under the weather: cloud and rain grey it, storm darkens it."""
    base = TIMES.get(time, TIMES["day"])
    if "storm" in weather or "rain" in weather:
        grey = {"dawn": "#7f8494", "day": "#818d99", "golden": "#8f857c", "sunset": "#785f6c",
                "dusk": "#3b4663", "night": "#182034"}.get(time, "#818d99")  # fmt: skip
        depth = 0.8 if "storm" in weather else 0.66
        if "storm" in weather:
            grey = blend(grey, "#27313d", 0.42)
        return replace(
            base,
            sky=tuple(
                blend(stop, blend(grey, "#1c232e", 0.10 * i), depth)
                for i, stop in enumerate(base.sky)
            ),
            sun_power=0.0,
            glow_power=base.glow_power * 0.22,
            cloud_lit=blend(base.cloud_lit, grey, 0.6),
            cloud_dark=blend(grey, "#151b26", 0.55),
            haze=blend(base.haze, grey, 0.75),
            ambient=blend(base.ambient, grey, 0.4),
            water=blend(base.water, blend(grey, "#123036", 0.6), 0.5),
            stars=0.0,
            cover=0.85,
        )
    if "mist" in weather:
        return replace(
            base,
            sky=tuple(blend(s, base.haze, 0.45 - 0.06 * i) for i, s in enumerate(base.sky)),
            sun_power=base.sun_power * 0.6,
            cover=base.cover * 0.6,
        )
    if "clear" in weather:
        return replace(base, cover=0.0)
    if "clouds" in weather:
        return replace(base, cover=max(0.7, base.cover))
    return base


def blend(one: str, other: str, share: float) -> str:
    """A colour ``share`` of the way from one to the other, even to the eye."""
    lab = to_oklab(rgb(one)) * (1 - share) + to_oklab(rgb(other)) * share
    return "#" + "".join(f"{round(float(c) * 255):02x}" for c in from_oklab(lab))
