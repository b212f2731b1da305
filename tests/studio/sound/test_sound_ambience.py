from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hearing import RATE

from skill.studio import loudness
from skill.studio.generate.ambience import ambience, layers


def scene(kind: str, time: str = "day", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "time": time, "seed": 4, **more}


HEARD = [
    scene("ocean"),
    scene("ocean", "night", weather=["storm"]),
    scene("rain", "night", accents=["window"]),
    scene("forest", "dawn"),
    scene("forest", "night"),
    scene("fire", "night"),
    scene("city", "night"),
    scene("snow"),
    scene("underwater"),
]


@pytest.mark.parametrize("place", HEARD, ids=lambda s: "-".join(map(str, list(s.values())[:2])))
def test_a_place_is_heard_softly(place: dict[str, Any]) -> None:
    sound = ambience(place, 4.0)
    assert sound is not None
    assert sound.shape == (4 * RATE, 2)
    assert sound.dtype == np.float32
    assert -31 < loudness.integrated(sound, RATE) < -25
    assert loudness.true_peak(sound) < -8
    assert np.abs(sound[[0, -1]]).max() < 1e-4
    assert abs(float(sound.mean())) < 1e-4
    assert float(np.square(sound.mean(axis=1)).mean()) > 0.4 * float(np.square(sound).mean())


@pytest.mark.parametrize("kind", ["space", "abstract", "stars", "nonsense", ""])
def test_where_nothing_sounds_there_is_none(kind: str) -> None:
    assert ambience(scene(kind, "night"), 2) is None


@pytest.mark.parametrize(
    ("place", "there", "not_there"),
    [
        (scene("ocean"), {"surf"}, {"rain", "thunder", "birds"}),
        (scene("ocean", weather=["storm"]), {"storm surf", "thunder", "rain", "gale"}, {"surf"}),
        (scene("ocean", accents=["birds"]), {"gulls"}, {"birds"}),
        (scene("forest", "golden"), {"birds"}, {"crickets"}),
        (scene("forest", "night"), {"crickets"}, {"birds"}),
        (scene("forest", weather=["rain"]), {"rain"}, {"birds"}),
        (scene("snow", backdrop="forest"), {"breeze"}, {"birds", "crickets"}),
        (scene("rain", accents=["window"]), {"window rain"}, {"rain"}),
        (scene("city", weather=["rain"], without=["weather:rain"]), {"city"}, {"rain"}),
        (scene("stars", "night", backdrop="meadow"), {"crickets"}, set()),
        (scene("fire", "night", accents=["candle"]), {"candle"}, {"campfire"}),
        (scene("mountains", accents=["lake"]), {"wind", "lapping"}, set()),
        (scene("abstract", weather=["rain"]), {"rain"}, set()),
    ],
)
def test_the_words_of_a_scene_decide(
    place: dict[str, Any], there: set[str], not_there: set[str]
) -> None:
    heard = set(layers(place))
    assert there <= heard
    assert not not_there & heard


def test_a_short_clip_of_the_sea_has_a_wave() -> None:
    for seed in range(4):
        sound = ambience({**scene("ocean"), "seed": seed}, 5)
        assert sound is not None
        level = np.sqrt(np.square(sound).reshape(50, -1).mean(axis=1))
        level = level[8:-8]  # without the fades
        assert level.max() > 1.8 * np.quantile(level, 0.2)


def test_it_is_the_same_for_the_same_scene() -> None:
    one, two = ambience(scene("meadow"), 2), ambience(scene("meadow"), 2)
    other = ambience({**scene("meadow"), "seed": 5}, 2)
    assert one is not None
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_wrong_types_are_borne() -> None:
    made = ambience({"kind": "ocean", "seed": "x", "weather": "rain", "accents": None}, 1)
    assert made is not None
    assert ambience({"kind": "ocean", "seed": float("nan")}, 0.5) is not None
