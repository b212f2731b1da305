"""The camera: a movement over the clip, felt by each layer according to its depth."""

from __future__ import annotations

import math
from dataclasses import dataclass

TIMELAPSE = 6.0  # how much faster clouds and stars run in a timelapse


@dataclass(frozen=True)
class View:
    """Where the camera is: ``zoom`` of the nearest layer (1 at rest), its shift in canvas
    heights (x to the right, y down), ``travel`` forward in canvas heights, ``progress`` 0..1."""

    zoom: float
    x: float
    y: float
    travel: float
    progress: float

    def at(self, depth: float) -> tuple[float, float, float]:
        """Zoom and shift of a layer: depth 1 is nearest, 0 infinitely far."""
        return 1 + (self.zoom - 1) * depth, self.x * depth, self.y * depth


@dataclass(frozen=True)
class Camera:
    """A camera movement (a word of ``reading``) over a length in seconds."""

    move: str = "push_in"
    pace: str = "normal"
    seconds: float = 5.0

    @property
    def amount(self) -> float:
        """How far the movement goes; longer clips travel further, slower."""
        by_length: float = min(2.2, max(0.5, (max(self.seconds, 0.1) / 6.0) ** 0.6))
        return by_length * {"slow": 0.7, "fast": 1.7, "timelapse": 0.8}.get(self.pace, 1.0)

    @property
    def rush(self) -> float:
        """How fast time runs for clouds: 1, or many times that in a timelapse."""
        return TIMELAPSE if self.pace == "timelapse" else 1.0

    @property
    def reach(self) -> tuple[float, float]:
        """The largest zoom, and the largest shift in canvas heights, over the whole clip."""
        views = [self.view(self.seconds * i / 8) for i in range(9)]
        return max(v.zoom for v in views), max(max(abs(v.x), abs(v.y)) for v in views)

    def view(self, t: float) -> View:
        """The view at ``t`` seconds; it rests before the start and after the end."""
        p = min(1.0, max(0.0, t / self.seconds)) if self.seconds > 0 else 0.0
        ease = 0.35 * p + 0.65 * p * p * (3 - 2 * p)  # starts and lands softly, never quite still
        a, swing = self.amount, ease - 0.5
        zoom, x, y, travel = 1.0, 0.0, 0.0, 0.0
        if self.move == "push_in":
            zoom, travel = 1 + 0.085 * a * ease, 0.35 * a * ease
        elif self.move == "pull_out":
            zoom, travel = 1 + 0.085 * a * (1 - ease), -0.35 * a * ease
        elif self.move in ("pan_left", "pan_right"):
            x = 0.30 * a * swing * (1 if self.move == "pan_left" else -1)
            zoom = 1.02
        elif self.move in ("tilt_up", "tilt_down"):
            y = 0.12 * a * swing * (1 if self.move == "tilt_up" else -1)
            zoom = 1.03
        elif self.move == "orbit":
            x, zoom = 0.22 * a * swing, 1.02 + 0.02 * a * ease
        elif self.move == "drift":
            x = 0.10 * a * swing + 0.012 * math.sin(t * 0.9)
            y = 0.014 * math.sin(t * 0.63 + 1.0)
            zoom, travel = 1.03 + 0.03 * a * ease, 0.15 * a * ease
        return View(zoom, x, y, travel, p)
