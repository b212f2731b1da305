"""Which parts make up each kind of scene, and where its horizon lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .accents import accents
from .cabin import Cabin
from .heavens import heavens
from .palette import light
from .plates import Mist
from .rays import Rays
from .sky import Sky
from .stage import Layer, Stage, set_stage
from .weather import weather

Scene = Mapping[str, Any]


def compose(scene: Scene, width: int, height: int, seconds: float) -> tuple[Stage, list[Layer]]:
    """The stage of a scene and its layers from back to front; an unknown kind is abstract."""
    kind = str(scene.get("kind"))
    build, horizon, more = KINDS.get(kind, KINDS["abstract"])
    for group, words in more.items():
        scene = {**scene, group: [*scene.get(group, ()), *words]}
    stage = set_stage(scene, width, height, seconds, horizon)
    return stage, build(stage)


def _outdoors(
    stage: Stage,
    ground: Callable[[Stage, Sky], list[Layer]],
    *,
    over_water: bool = False,
    floor: float | None = None,
    mist: bool = False,
) -> list[Layer]:
    """Sky, ground, accents, weather. ``floor``: where rain splashes; ``mist``: one more bank."""
    sky, layers = heavens(stage)
    layers += ground(stage, sky)
    if mist and stage.has("mist"):
        line = stage.horizon / stage.height
        layers.append(Mist(stage, "bank", line + 0.02, 0.09, 0.85, 0.35))
        layers.append(Mist(stage, "veil", line + 0.14, 0.12, 0.35, 0.6))
    if stage.has("rays") and 0.0 < sky.sun_y < 0.5 and not stage.has("rain", "storm"):
        x = stage.width / 2 + sky.sun_x * stage.height
        y = stage.horizon - (sky.sun_y + 0.30) * stage.height
        colour = light(stage.light.glow)
        colour = colour * 0.5 + colour.mean() * 0.5
        end = stage.horizon / stage.height + 0.10
        layers.append(Rays(stage, x, y, colour, 0.40, 0.7, 0.0, min(1.0, end), 0.75))
    if stage.has("cabin") and stage.scene.get("kind") in ("mountains", "meadow"):
        foot = stage.horizon / stage.height + 0.225
        layers.append(Cabin(stage, foot, -1.0 if sky.sun_x > 0 else 1.0))
    return [*layers, *accents(stage, sky, over_water), *weather(stage, floor)]


def _ocean(stage: Stage) -> list[Layer]:
    from .ocean import Ocean

    open_sea = stage.has("boat", "lighthouse")  # no beach where ships go
    return _outdoors(
        stage, lambda s, sky: [Ocean(s, sky, not open_sea)], over_water=True, mist=True
    )


def _mountains(stage: Stage) -> list[Layer]:
    from .mountains import mountains

    return _outdoors(stage, mountains)


def _city(stage: Stage) -> list[Layer]:
    from .city import city

    return _outdoors(stage, lambda s, _: city(s), floor=0.70)


def _forest(stage: Stage) -> list[Layer]:
    from .forest import forest

    return [*forest(stage), *weather(stage, 0.85)]


def _desert(stage: Stage) -> list[Layer]:
    from .desert import desert

    return _outdoors(stage, desert)


def _meadow(stage: Stage) -> list[Layer]:
    from .meadow import meadow

    return _outdoors(stage, meadow)


def _fire(stage: Stage) -> list[Layer]:
    from .fire import camp
    from .hearth import candles, fireplace

    if stage.has("candle"):
        return candles(stage)
    if stage.has("fireplace"):
        return fireplace(stage)
    return _outdoors(stage, camp)


def _snow(stage: Stage) -> list[Layer]:
    from .horizons import snow_country

    return _outdoors(stage, snow_country)


def _aurora(stage: Stage) -> list[Layer]:
    from .horizons import under_aurora

    return _outdoors(stage, under_aurora)


def _stars(stage: Stage) -> list[Layer]:
    from .horizons import under_stars

    return _outdoors(stage, under_stars, mist=True)


def _sky(stage: Stage) -> list[Layer]:
    from .horizons import under_clouds

    return _outdoors(stage, under_clouds)


def _rain(stage: Stage) -> list[Layer]:
    from .window import rainy_window

    return rainy_window(stage)


def _underwater(stage: Stage) -> list[Layer]:
    from .underwater import underwater

    return underwater(stage)


def _space(stage: Stage) -> list[Layer]:
    from .space import space

    return space(stage)


def _abstract(stage: Stage) -> list[Layer]:
    from .abstract import abstract

    return abstract(stage)


# For each kind: what builds it, its horizon (share of the height from the top), and the words that
# go without saying.
KINDS: dict[str, tuple[Callable[[Stage], list[Layer]], float, dict[str, list[str]]]] = {
    "ocean": (_ocean, 0.44, {}),
    "sky": (_sky, 0.86, {}),
    "mountains": (_mountains, 0.66, {}),
    "city": (_city, 0.62, {}),
    "forest": (_forest, 0.58, {}),
    "meadow": (_meadow, 0.52, {}),
    "desert": (_desert, 0.50, {}),
    "snow": (_snow, 0.50, {"weather": ["snow", "snowy"]}),
    "rain": (_rain, 0.55, {"weather": ["rain"]}),
    "stars": (_stars, 0.84, {"sky": ["stars"]}),
    "aurora": (_aurora, 0.72, {"sky": ["aurora"], "weather": ["snowy"]}),
    "fire": (_fire, 0.64, {}),
    "underwater": (_underwater, 0.45, {}),
    "space": (_space, 0.5, {}),
    "abstract": (_abstract, 0.5, {}),
}
