"""The sound of a scene's place: waves, rain, wind, birds, a fire, a city far away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.studio import loudness
from skill.studio.generate.ambience import air, creatures, fire, water

Sound = NDArray[np.float32]
Layer = Callable[[int, int, np.random.Generator], Sound]

LOUDNESS = -28.0  # LUFS; a quiet place is 2 under it, a storm 2 over it

LAYERS: dict[str, Layer] = {
    "surf": water.surf,
    "storm surf": water.storm_surf,
    "lapping": water.lapping,
    "rain": water.rain,
    "window rain": water.window_rain,
    "underwater": water.underwater,
    "breeze": air.breeze,
    "wind": air.wind,
    "gale": air.gale,
    "leaves": air.leaves,
    "thunder": air.thunder,
    "city": air.city,
    "birds": creatures.birds,
    "gulls": creatures.gulls,
    "crickets": creatures.crickets,
    "campfire": fire.campfire,
    "candle": fire.candle,
    "eruption": fire.eruption,
}

_DARK = ("dusk", "night")


def ambience(scene: Mapping[str, Any], seconds: float, rate: int = 48000) -> Sound | None:
    """A scene's own sound, float32 (n, 2), n = round(seconds * rate), at -26 to -30 LUFS.

    Read from the scene's kind, backdrop, time, weather and accents; the same
    for the same scene and length. It fades in and out. None where there is
    nothing to hear: space, abstract pictures, a sky of stars without a ground.
    """
    parts = layers(scene)
    count = round(seconds * rate)
    if not parts or count <= 0:
        return None
    seed = scene.get("seed")
    seed = abs(int(seed)) if isinstance(seed, (int, float)) and abs(seed) < 2**63 else 0
    mixed = np.zeros((count, 2), np.float32)
    for name, level in parts.items():
        rng = np.random.default_rng([seed, *name.encode()])
        made = LAYERS[name](count, rate, rng)
        power = float(np.sqrt(np.square(made).mean())) + 1e-9
        mixed += made * np.float32(10 ** (level / 20) / power)
    target = LOUDNESS + (2 if "gale" in parts else -2 if set(parts) <= {"breeze"} else 0)
    measured = loudness.integrated(mixed, rate)
    if np.isfinite(measured):
        mixed *= np.float32(10 ** ((target - measured) / 20))
    loudness.limit(mixed, rate, -9.0)
    fade = min(count // 3, round(0.6 * rate))
    edge = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
    mixed[:fade] *= edge
    mixed[count - fade :] *= edge[::-1]
    return mixed


def layers(scene: Mapping[str, Any]) -> dict[str, float]:
    """What sounds in a scene, and how strong (dB of RMS beside the others)."""
    kind, backdrop = str(scene.get("kind")), str(scene.get("backdrop") or "")
    dark = scene.get("time") in _DARK
    accents, weather = _words(scene, "accents"), _words(scene, "weather")
    weather -= {word.partition(":")[2] for word in _words(scene, "without")}
    storm, rainy = "storm" in weather, "rain" in weather or kind == "rain"
    snowy = kind in ("snow", "aurora") or bool({"snow", "snowy"} & weather)

    heard = dict(_GROUND.get(kind, {}))
    if kind == "stars" and backdrop in _GROUND:
        heard = dict(_GROUND[backdrop])
    elif backdrop in _GROUND and kind in _GROUND:
        for name, level in _GROUND[backdrop].items():
            heard.setdefault(name, level - 6)
    if not heard and not (rainy or storm):
        return {}
    if kind == "ocean" and storm:
        heard = {"storm surf": 0.0}
    if kind == "fire":
        heard = {
            "candle": {"candle": 0.0},
            "volcano": {"eruption": 0.0},
        }.get(next((word for word in ("candle", "volcano") if word in accents), ""), heard)
        if "fireplace" not in accents and "candle" not in accents and dark:
            heard["crickets"] = -16.0
    if kind == "mountains" and "volcano" in accents:
        heard["eruption"] = 0.0
    if "lake" in accents:
        heard["lapping"] = -4.0

    living = kind in ("forest", "meadow", "mountains") or backdrop in ("forest", "meadow")
    if living and not (storm or rainy or snowy or "volcano" in accents):
        heard["crickets" if dark else "birds"] = (
            -12.0 if kind == "mountains" else -2.0 if not dark else -7.0
        )
    if "birds" in accents and not dark and not storm:
        heard["gulls" if kind == "ocean" else "birds"] = -8.0

    if rainy or storm:
        heard.pop("rain", None)
        heard["window rain" if "window" in accents else "rain"] = 0.0 if kind == "rain" else -2.0
    if storm:
        heard["gale"] = -5.0
        heard["thunder"] = 0.0
    elif "wind" in weather:
        heard["wind"] = -2.0
    return heard


# What each kind of ground sounds like in quiet weather.
_GROUND: dict[str, dict[str, float]] = {
    "ocean": {"surf": 0.0},
    "sky": {"breeze": 0.0},
    "mountains": {"wind": 0.0},
    "city": {"city": 0.0},
    "forest": {"breeze": -2.0, "leaves": -7.0},
    "meadow": {"breeze": 0.0, "leaves": -12.0},
    "desert": {"wind": 0.0},
    "snow": {"breeze": 0.0},
    "aurora": {"breeze": 0.0},
    "rain": {"rain": 0.0},
    "fire": {"campfire": 0.0},
    "underwater": {"underwater": 0.0},
}


def _words(scene: Mapping[str, Any], key: str) -> set[str]:
    value = scene.get(key)
    return {str(word) for word in value} if isinstance(value, (list, tuple)) else set()
