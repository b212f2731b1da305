"""What every part of a scene knows: the canvas, the light, the camera, the seed, the words."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from .camera import Camera, View
from .noise import Array
from .palette import Light, light_of


@dataclass(frozen=True)
class Stage:
    """A canvas of ``width`` x ``height`` pixels with its horizon at row ``horizon``."""

    width: int
    height: int
    seconds: float
    horizon: float
    time: str
    light: Light
    camera: Camera
    seed: int
    words: frozenset[str]  # weather, sky and accents asked for
    scene: Mapping[str, Any]
    # Workers for what can be computed beside the rest; each painter has its own.
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "paint"))

    def rng(self, name: str) -> np.random.Generator:
        """Numbers for one part of the scene: the same for every size of canvas."""
        return np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(name.encode())])

    @property
    def unit(self) -> float:
        """Pixels of a canvas height of 1080 on the shorter side: scales drops, stars, lines."""
        return min(self.width, self.height) / 1080

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def shrunk(self, times: int) -> Stage:
        """The same stage on a canvas so many times smaller."""
        return replace(
            self,
            width=max(2, self.width // times),
            height=max(2, self.height // times),
            horizon=self.horizon / times,
        )

    def has(self, *words: str) -> bool:
        """Whether any of the words was asked for."""
        return any(word in self.words for word in words)


class Layer(Protocol):
    """A part of the picture."""

    def draw(self, frame: Array, t: float, view: View) -> None:
        """Paint over the frame: scene light (height, width, 3), in place."""


def set_stage(
    scene: Mapping[str, Any], width: int, height: int, seconds: float, horizon: float
) -> Stage:
    """The stage of a scene; ``horizon`` is a fraction of the height from the top."""
    weather = tuple(scene.get("weather", ()))
    words = frozenset((*weather, *scene.get("sky", ()), *scene.get("accents", ())))
    time = str(scene.get("time") or "day")
    return Stage(
        width=width,
        height=height,
        seconds=seconds,
        horizon=horizon * height,
        time=time,
        light=light_of(time, weather),
        camera=Camera(
            str(scene.get("camera", "push_in")), str(scene.get("pace", "normal")), seconds
        ),
        seed=int(scene.get("seed", 0)),
        words=words,
        scene=scene,
    )
