"""Composing: crossfades, bars, grain and titles, level by level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from av import VideoFrame
from render_material import timeline, title, video

from skill.studio.render import overlay, planes
from skill.studio.render.compose import Composer, bar_rows
from skill.studio.render.grain import STRONGEST, Grain
from skill.studio.render.overlay import stencil
from skill.studio.render.plan import Recipe, make_plan

SIZE = 320, 180


@dataclass(frozen=True)
class Drawn:
    x: int
    y: int
    rgba: np.ndarray


def flat(rgb: tuple[int, int, int], size: tuple[int, int] = SIZE) -> VideoFrame:
    return planes.frame_of(planes.from_rgb(np.full((size[1], size[0], 3), rgb, np.uint8)))


def composed(recipe: Recipe, *pictures: VideoFrame) -> np.ndarray:
    return planes.to_rgb(Composer(*SIZE).compose(recipe, list(pictures))).astype(int)


def alone(**meta: object) -> Recipe:
    return make_plan(timeline(video(**meta)), *SIZE).recipe(3)


def faded(weight: float, first: dict[str, object], second: dict[str, object]) -> Recipe:
    """Two shots, the second over the first with a weight."""
    a, b = alone(**first).pictures[0], alone(**second).pictures[0]
    return Recipe((a, replace(b, weight=weight)), ())


def box(colour: tuple[int, int, int, int], width: int, height: int, x: int, y: int) -> Drawn:
    return Drawn(x, y, np.full((height, width, 4), colour, np.uint8))


def test_what_nothing_touches_is_the_source_s_own_frame() -> None:
    frame = flat((10, 200, 30))
    assert Composer(*SIZE).compose(alone(), [frame]) is frame


def test_an_equal_recipe_is_composed_once() -> None:
    composer = Composer(*SIZE)
    recipe = alone(look={"bars": 2.39}, source={"kind": "image", "hash": "p"})
    first = composer.compose(recipe, [flat((9, 9, 9))])
    assert composer.compose(recipe, [flat((9, 9, 9))]) is first


def test_the_source_s_frame_is_never_written_to() -> None:
    frame = flat((120, 120, 120))
    before = [plane.copy() for plane in planes.views(frame)]
    composed(alone(look={"bars": 2.39, "grain": 1.0}), frame)
    composed(faded(0.5, {"look": {"bars": 2.0}}, {"look": {"grain": 0.5}}), frame, frame)
    assert all((a == b).all() for a, b in zip(before, planes.views(frame), strict=True))


def test_no_picture_is_black() -> None:
    assert composed(Recipe((), ())).max() == 0


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.9])
def test_a_crossfade_is_the_weighted_sum(weight: float) -> None:
    seen = composed(faded(weight, {}, {}), flat((200, 40, 90)), flat((30, 180, 240)))
    both = zip((200, 40, 90), (30, 180, 240), strict=True)
    wanted = [round(a * (1 - weight) + b * weight) for a, b in both]
    assert seen[90, 160] == pytest.approx(wanted, abs=3)


def test_a_single_faint_picture_is_faded_from_black() -> None:
    recipe = alone()
    faint = Recipe((replace(recipe.pictures[0], weight=0.5),), ())
    assert composed(faint, flat((200, 200, 200)))[90, 160] == pytest.approx([100] * 3, abs=2)


@pytest.mark.parametrize(
    ("ratio", "size", "rows"),
    [
        (2.39, (1920, 1080), 138),
        (16 / 9, (1920, 1080), 0),
        (1.33, (1920, 1080), 0),
        (2.39, (1080, 1920), 0),
        (2.39, (1080, 1080), 0),
        (0.0, (1920, 1080), 0),
    ],
)
def test_bars_are_drawn_only_where_the_ratio_is_wider(
    ratio: float, size: tuple[int, int], rows: int
) -> None:
    assert bar_rows(ratio, *size) == rows


def test_bars_are_black_to_the_edge_and_the_picture_is_whole_between() -> None:
    rows = bar_rows(2.39, *SIZE)
    seen = composed(alone(look={"bars": 2.39}), flat((250, 250, 250)))
    assert seen[: rows - 1].max() <= 2
    assert seen[180 - rows + 1 :].max() <= 2
    assert seen[rows + 1 : 179 - rows].min() >= 248


def test_bars_fade_in_with_their_clip() -> None:
    seen = composed(faded(0.5, {}, {"look": {"bars": 2.39}}), flat((200,) * 3), flat((200,) * 3))
    assert seen[4, 160] == pytest.approx([100] * 3, abs=2)
    assert seen[90, 160] == pytest.approx([200] * 3, abs=2)


def deviation(level: int, strength: float) -> float:
    luma = np.full((360, 640), level, np.uint8)
    Grain(640, 360).onto(luma, strength, 1)
    return float(luma.astype(float).std())


def test_grain_is_as_strong_as_asked_in_the_mid_tones() -> None:
    assert deviation(100, 1.0) == pytest.approx(STRONGEST, rel=0.1)
    assert deviation(100, 0.5) == pytest.approx(STRONGEST / 2, rel=0.1)


def test_grain_is_weaker_in_highlights_and_absent_in_black() -> None:
    assert deviation(16, 1.0) == 0
    assert deviation(24, 1.0) < 0.5 * deviation(100, 1.0)
    assert deviation(232, 1.0) < 0.4 * deviation(100, 1.0)


def test_grain_keeps_the_brightness_and_is_new_in_every_frame() -> None:
    grain, seen = Grain(640, 360), []
    for tick in range(6):
        luma = np.full((360, 640), 110, np.uint8)
        grain.onto(luma, 0.5, tick)
        seen.append(luma.astype(float) - 110)
    assert np.abs([noise.mean() for noise in seen]).max() < 0.15
    for one, other in pairwise(seen):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05


def test_grain_of_a_frame_is_always_the_same() -> None:
    made = []
    for _ in range(2):
        luma = np.full((180, 320), 110, np.uint8)
        Grain(320, 180).onto(luma, 0.7, 42)
        made.append(luma)
    assert (made[0] == made[1]).all()


def test_grain_stays_out_of_the_bars() -> None:
    rows = bar_rows(2.39, *SIZE)
    seen = composed(alone(look={"bars": 2.39, "grain": 1.0}), flat((120, 120, 120)))
    assert seen[: rows - 1].std() == 0
    assert seen[rows + 2 : -rows - 2].std() > 3


@pytest.mark.parametrize(("x", "y"), [(40, 20), (41, 21), (-3, -5), (300, 170)])
def test_a_title_lands_on_its_place_in_its_colour(x: int, y: int) -> None:
    made = stencil(box((250, 60, 20, 255), 33, 27, x, y), *SIZE)
    frame, canvas = planes.copy(flat((0, 0, 80)))
    assert made is not None
    made.onto(canvas, 1.0)
    seen = planes.to_rgb(frame).astype(int)
    inside = seen[max(0, y) + 3 : y + 24, max(0, x) + 3 : x + 30]
    assert np.abs(inside - (250, 60, 20)).max() <= 6
    changed = np.abs(seen - (0, 0, 80)).max(axis=2) > 40
    ys, xs = np.nonzero(changed)
    assert (ys.min(), xs.min()) == pytest.approx((max(0, y), max(0, x)), abs=1)
    assert (ys.max(), xs.max()) == pytest.approx((min(179, y + 26), min(319, x + 32)), abs=1)


def test_a_title_off_the_canvas_is_left_out() -> None:
    assert stencil(box((255, 255, 255, 255), 20, 20, 400, 10), *SIZE) is None


@pytest.mark.parametrize(("alpha", "opacity"), [(128, 1.0), (255, 0.5), (128, 0.5), (255, 0.02)])
def test_alpha_and_opacity_multiply(alpha: int, opacity: float) -> None:
    made = stencil(box((240, 240, 240, alpha), 60, 40, 100, 60), *SIZE)
    frame, canvas = planes.copy(flat((40, 40, 40)))
    assert made is not None
    made.onto(canvas, opacity)
    wanted = 40 + 200 * alpha / 255 * opacity
    assert planes.to_rgb(frame)[80, 130] == pytest.approx([wanted] * 3, abs=3)


def test_chroma_of_a_thin_line_is_averaged_not_skipped() -> None:
    """A red line one pixel wide covers half of its chroma column: half the colour is there."""
    made = stencil(box((255, 0, 0, 255), 1, 60, 101, 60), *SIZE)
    frame, canvas = planes.copy(flat((0, 0, 0)))
    assert made is not None
    made.onto(canvas, 1.0)
    v = planes.views(frame)[2]
    assert int(v[45, 50]) - 128 == pytest.approx((240 - 128) / 2, abs=3)


def test_titles_are_blended_over_grain_and_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "_draw", lambda *_: box((255, 255, 255, 255), 320, 180, 0, 0))
    draft = timeline(video(look={"bars": 2.39, "grain": 1.0}), titles=[title(0, 1000, fade=0)])
    seen = composed(make_plan(draft, *SIZE).recipe(3), flat((90, 90, 90)))
    assert seen.min() >= 254
