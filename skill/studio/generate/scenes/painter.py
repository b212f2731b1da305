"""The painter: a scene set up once for a canvas, and its frames at any time in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .accents import accents
from .grade import Developer
from .heavens import heavens
from .stage import Layer, Stage, set_stage
from .weather import weather


class Painter:
    """Frames of one scene. One thread at a time; the same ``t`` gives the same bytes."""

    def __init__(self, scene: Mapping[str, Any], width: int, height: int, seconds: float) -> None:
        """Canvas in pixels (at least 16 each way), length in seconds. Raises ValueError."""
        if width < 16 or height < 16:
            raise ValueError(f"a canvas of {width}x{height} is too small to paint on")
        self.width, self.height = width, height
        self.stage, self.layers = compose(scene, width, height, seconds)
        self.developer = Developer(
            width,
            height,
            str(scene.get("mood", "natural")),
            list(scene.get("style", ())),
            self.stage.seed,
            self.stage.pool,
            0.13 * self.stage.light.dark * (scene.get("kind") in ("city", "rain", "fire")),
        )

    def frame(self, t: float) -> NDArray[np.uint8]:
        """The picture at ``t`` seconds: (height, width, 3) uint8 RGB, BT.709, full range."""
        view = self.stage.camera.view(t)
        frame = np.zeros((self.height, self.width, 3), np.float32)
        for layer in self.layers:
            prepare = getattr(layer, "prepare", None)
            if prepare is not None:
                prepare(t, view)
        for layer in self.layers:
            layer.draw(frame, t, view)
        return self.developer.develop(frame, t)


def compose(
    scene: Mapping[str, Any], width: int, height: int, seconds: float
) -> tuple[Stage, list[Layer]]:
    """The stage of a scene and its layers from back to front."""
    kind = scene.get("kind")
    if kind == "ocean":
        from .ocean import Ocean

        stage = set_stage(scene, width, height, seconds, 0.44)
        sky, layers = heavens(stage)
        return stage, [*layers, Ocean(stage, sky, not stage.has("boat", "lighthouse")), *accents(stage, sky, True), *weather(stage)]
    if kind == "mountains":
        from .mountains import mountains

        stage = set_stage(scene, width, height, seconds, 0.66)
        sky, layers = heavens(stage)
        return stage, [*layers, *mountains(stage, sky), *accents(stage, sky), *weather(stage)]
    if kind == "city":
        from .city import city

        stage = set_stage(scene, width, height, seconds, 0.62)
        return stage, [*heavens(stage)[1], *city(stage), *weather(stage, 0.70)]
    if kind == "forest":
        from .forest import forest

        stage = set_stage(scene, width, height, seconds, 0.58)
        return stage, [*forest(stage), *weather(stage, 0.85)]
    if kind == "desert":
        from .desert import desert

        stage = set_stage(scene, width, height, seconds, 0.50)
        sky, layers = heavens(stage)
        return stage, [*layers, *desert(stage, sky), *accents(stage, sky), *weather(stage)]
    if kind == "meadow":
        from .meadow import meadow

        stage = set_stage(scene, width, height, seconds, 0.52)
        sky, layers = heavens(stage)
        return stage, [*layers, *meadow(stage, sky), *accents(stage, sky), *weather(stage)]
    if kind == "fire":
        from .fire import camp, candles

        stage = set_stage(scene, width, height, seconds, 0.64)
        if stage.has("candle"):
            return stage, candles(stage)
        return stage, [*heavens(stage)[1], *camp(stage), *weather(stage)]
    if kind == "snow":
        from .horizons import snow_country

        scene = {**scene, "weather": [*scene.get("weather", ()), "snow", "snowy"]}
        stage = set_stage(scene, width, height, seconds, 0.50)
        sky, layers = heavens(stage)
        return stage, [*layers, *snow_country(stage, sky), *weather(stage)]
    if kind == "rain":
        from .window import rainy_window

        stage = set_stage({**scene, "weather": ["rain"]}, width, height, seconds, 0.55)
        return stage, rainy_window(stage)
    if kind == "underwater":
        from .underwater import underwater

        stage = set_stage(scene, width, height, seconds, 0.45)
        return stage, underwater(stage)
    if kind == "space":
        from .space import space

        stage = set_stage(scene, width, height, seconds, 0.5)
        return stage, space(stage)
    if kind == "abstract":
        from .abstract import abstract

        stage = set_stage(scene, width, height, seconds, 0.5)
        return stage, abstract(stage)
    from .horizons import under_aurora, under_clouds, under_stars

    if kind == "aurora":
        words = [*scene.get("weather", ()), "snowy"]
        scene = {**scene, "weather": words, "sky": [*scene.get("sky", ()), "aurora"]}
        stage = set_stage(scene, width, height, seconds, 0.72)
        sky, layers = heavens(stage)
        return stage, [*layers, *under_aurora(stage, sky), *weather(stage)]
    if kind == "stars":
        stage = set_stage({**scene, "time": "night"}, width, height, seconds, 0.84)
        sky, layers = heavens(stage)
        return stage, [*layers, *under_stars(stage, sky), *weather(stage)]
    stage = set_stage(scene, width, height, seconds, 0.88)
    sky, layers = heavens(stage)
    return stage, [*layers, *under_clouds(stage, sky), *accents(stage, sky), *weather(stage)]
