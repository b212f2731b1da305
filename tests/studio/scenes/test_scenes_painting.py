"""Every kind of scene as frames: whole, alive, the same every time."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from skill.studio.generate.scenes import KINDS, TIMES, paint, read

WIDTH, HEIGHT, SECONDS = 160, 90, 4.0
HOURS = ("ocean", "mountains", "city", "forest", "desert", "sky")  # at all six times


def _scene(kind: str, time: str = "", **more: Any) -> dict[str, Any]:
    scene = {**read(kind), "kind": kind, "seed": 5, **more}
    return {**scene, "time": time} if time else scene


@cache
def _frames(kind: str, time: str) -> tuple[NDArray[np.uint8], ...]:
    painter = paint(_scene(kind, time), WIDTH, HEIGHT, SECONDS)
    return tuple(painter.frame(t) for t in (0.0, 1.0, 1.0 + 1 / 30, 1.0 + 2 / 30, SECONDS))


CASES = [(kind, time) for kind in HOURS for time in TIMES] + [
    (kind, str(read(kind)["time"])) for kind in KINDS if kind not in HOURS
]


@pytest.mark.parametrize(("kind", "time"), CASES)
def test_a_frame_is_a_picture(kind: str, time: str) -> None:
    for frame in _frames(kind, time):
        assert frame.shape == (HEIGHT, WIDTH, 3)
        assert frame.dtype == np.uint8
    frame = _frames(kind, time)[1].astype(float)
    assert 8 < frame.mean() < 235, "neither black nor white"
    assert frame.std() > 9, "not flat"
    # Light and dark both: the brightest tenth stands well over the darkest.
    low, high = np.percentile(frame.mean(axis=2), (10, 90))
    assert high - low > 12


@pytest.mark.parametrize(("kind", "time"), CASES)
def test_motion_is_steady(kind: str, time: str) -> None:
    first, a, b, c, last = (frame.astype(float) for frame in _frames(kind, time))
    step, next_step = np.abs(b - a).mean(), np.abs(c - b).mean()
    assert np.abs(last - first).mean() > 1.0, "something moves"
    assert step < 12, "neighbouring frames are alike"
    assert next_step < 3 * step + 1, "no frame jumps"
    assert abs(b.mean() - a.mean()) < 4, "no flicker"


@pytest.mark.parametrize("kind", KINDS)
def test_frames_come_in_any_order(kind: str) -> None:
    painter = paint(_scene(kind), 96, 64, 3.0)
    forward = [painter.frame(t) for t in (0.0, 1.4, 2.9)]
    backward = [painter.frame(t) for t in (2.9, 1.4, 0.0)][::-1]
    for a, b in zip(forward, backward, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("kind", ["ocean", "city", "forest", "fire", "rain", "abstract"])
def test_a_scene_is_the_same_every_time(kind: str) -> None:
    one, other = (paint(_scene(kind), 96, 64, 3.0) for _ in range(2))
    assert np.array_equal(one.frame(0.8), other.frame(0.8))


@pytest.mark.parametrize(
    ("kind", "size"),
    [("sky", size) for size in ((90, 160), (101, 101), (133, 77), (240, 64))]
    + [(kind, (54, 96)) for kind in ("forest", "rain", "space", "fire", "abstract")]
    + [(kind, (16, 16)) for kind in KINDS],
)
def test_canvases_of_any_shape(kind: str, size: tuple[int, int]) -> None:
    frame = paint(_scene(kind), *size, 2.0).frame(0.7)
    assert frame.shape == (size[1], size[0], 3)
    assert frame.std() > 3


MOVES = ("push_in", "pull_out", "pan_left", "pan_right", "tilt_up", "tilt_down", "drift", "orbit")


@pytest.mark.parametrize(
    ("kind", "camera"),
    [("mountains", move) for move in (*MOVES, "static")]
    + [(kind, move) for kind in ("forest", "sky", "city") for move in ("pan_left", "tilt_down")],
)
def test_no_camera_movement_runs_out_of_picture(kind: str, camera: str) -> None:
    painter = paint(_scene(kind, "day", camera=camera, pace="fast"), 128, 72, 8.0)
    for t in (0.0, 4.0, 8.0):
        frame = painter.frame(t)
        for border in (frame[0], frame[-1], frame[:, 0], frame[:, -1]):
            assert border.max(axis=-1).mean() > 10, "nothing unpainted at the border"


def test_a_still_camera_and_a_moving_one_differ() -> None:
    moving = paint(_scene("mountains", "day"), 128, 72, 4.0).frame(4.0)
    still = paint(_scene("mountains", "day", camera="static"), 128, 72, 4.0).frame(4.0)
    assert np.abs(moving.astype(float) - still).mean() > 2


def _colours(mood: str) -> NDArray[np.float64]:
    """Mean red, green and blue of the same sky in a mood."""
    frame = paint(_scene("sky", "day", mood=mood), 96, 54, 2.0).frame(0.5)
    return frame.mean(axis=(0, 1), dtype=np.float64)


def test_a_mood_colours_the_picture() -> None:
    plain = _colours("natural")
    warm, cold, dark, mono = (_colours(mood) for mood in ("warm", "cold", "dark", "mono"))
    assert warm[0] - warm[2] > plain[0] - plain[2] + 10
    assert cold[0] - cold[2] < plain[0] - plain[2] - 10
    assert dark.mean() < plain.mean() * 0.9
    assert np.ptp(mono) < 3


@pytest.mark.parametrize("word", ["rain", "snow", "storm"])
def test_weather_falls_before_any_ground(word: str) -> None:
    dry = paint(_scene("desert", "dusk"), 128, 72, 2.0).frame(0.9)
    wet = paint(_scene("desert", "dusk", weather=[word]), 128, 72, 2.0).frame(0.9)
    assert not np.array_equal(dry, wet)


@pytest.mark.parametrize(
    "prompt",
    [
        "sailboat and birds on the ocean at sunset", "lighthouse in a storm at night",
        "hot air balloons over the mountains", "palm trees on a beach", "candles", "cozy fireplace",
        "meadow before mountains, a lone tree", "autumn forest with falling leaves",
        "sunflowers", "wheat field", "jellyfish", "earth from space", "mountains and a lake",
        "sky with god rays at dawn", "bokeh particles", "fireflies in a meadow at dusk",
        "snowy cabin at night", "shooting stars and the moon", "misty ocean", "traffic timelapse",
    ],
)  # fmt: skip
def test_accents_find_their_place(prompt: str) -> None:
    frame = paint(read(prompt), 128, 72, 3.0).frame(1.1)
    assert frame.std() > 8


def test_too_small_a_canvas_is_refused() -> None:
    with pytest.raises(ValueError, match="8x8"):
        paint(_scene("sky"), 8, 8, 1.0)


def test_a_length_of_nothing_and_times_outside_it_still_paint() -> None:
    painter = paint(_scene("abstract"), 64, 36, 0.0)
    assert painter.frame(-0.4).shape == painter.frame(3.0).shape == (36, 64, 3)


def test_a_scene_of_an_unknown_kind_is_abstract() -> None:
    frame = paint({"kind": "nonsense"}, 64, 36, 1.0).frame(0.2)
    assert frame.std() > 2
