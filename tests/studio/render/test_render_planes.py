"""Planes: BT.709 to the level, and sizes that survive halving."""

from __future__ import annotations

import numpy as np
import pytest

from skill.studio.render import planes


def test_rgb_becomes_bt709_limited_within_one_level() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8)
    exact = rgb.astype(np.float64) @ planes.MATRIX.T.astype(np.float64) + planes.OFFSET
    chroma = exact[..., 1:].reshape(45, 2, 80, 2, 2).mean((1, 3))
    y, u, v = planes.from_rgb(rgb)
    assert np.abs(y - exact[..., 0]).max() < 1
    assert np.abs(u - chroma[..., 0]).max() < 1.1
    assert np.abs(v - chroma[..., 1]).max() < 1.1


@pytest.mark.parametrize(
    ("rgb", "levels"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),  # SMPTE RP 177 / BT.709 colour bars
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_the_corners_of_the_colour_cube_have_their_known_levels(
    rgb: tuple[int, int, int], levels: tuple[int, int, int]
) -> None:
    made = planes.from_rgb(np.full((4, 4, 3), rgb, np.uint8))
    assert tuple(int(plane[0, 0]) for plane in made) == pytest.approx(levels, abs=1)


def test_a_picture_goes_there_and_back() -> None:
    ramp = np.linspace(0, 255, 160).astype(np.uint8)
    rgb = np.stack([np.tile(ramp, (90, 1))] * 3, axis=-1)
    back = planes.to_rgb(planes.frame_of(planes.from_rgb(rgb)))
    assert np.abs(back.astype(int) - rgb).max() <= 2


def test_blank_frames_share_memory_with_their_planes() -> None:
    frame, made = planes.blank(64, 48)
    for level, plane in enumerate(made):
        plane[:] = level + 1
    assert [int(plane.max()) for plane in planes.views(frame)] == [1, 2, 3]


def test_a_copy_leaves_the_original_alone() -> None:
    frame, _ = planes.black(64, 48)
    _, mine = planes.copy(frame)
    mine[0][:] = 200
    assert planes.views(frame)[0].max() == 16
