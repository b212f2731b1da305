"""All that stands in the sky of a scene: the sky itself, stars, moon, northern lights."""

from __future__ import annotations

from dataclasses import replace

from .aurora import Aurora
from .night import Meteors, MilkyWay, Moon, Stars
from .sky import Sky
from .stage import Layer, Stage


def heavens(
    stage: Stage, depth: float = 0.2, sun_x: float | None = None
) -> tuple[Sky, list[Layer]]:
    """The sky over a ground, and everything in it from back to front."""
    lit = stage.light
    starry = stage.has("stars", "milkyway", "meteor", "aurora")
    if lit.dark >= 0.9 and starry and not stage.has("clouds", "storm", "rain"):
        # Who asks for stars does not want them behind clouds.
        stage = replace(stage, light=replace(lit, cover=0.12 if stage.has("milkyway") else 0.2))
    sky = Sky(stage, depth, sun_x)
    layers: list[Layer] = [sky]
    if stage.light.stars <= 0:
        return sky, layers
    starlit = stage.has("stars", "meteor") or stage.scene.get("kind") == "stars"
    if stage.has("milkyway") or (starlit and lit.dark >= 0.9 and not stage.has("moon", "aurora")):
        layers.append(MilkyWay(stage, sky))
    layers.append(Stars(stage, sky))
    if stage.has("aurora"):
        layers.append(Aurora(stage, sky))
    elif lit.dark >= 0.9 and not stage.has("milkyway") and not starlit:
        layers.append(Moon(stage, sky, 0.93))
    elif stage.has("moon"):
        layers.append(Moon(stage, sky, 0.95))
    if stage.has("meteor") or (lit.dark >= 0.9 and starry):
        layers.append(Meteors(stage, sky, 1.1 if stage.has("meteor") else 3.4))
    return sky, layers
