"""Photos and animations: upright, over black, in sRGB, and moving without a jolt."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from render_material import moment

from skill.studio.render import planes
from skill.studio.render.errors import RenderError
from skill.studio.render.image import Animation, Still, animated
from skill.studio.render.plan import View

SIZE = 320, 180
MOVE = {"kind": "zoom_in", "from": 1.0, "to": 1.2}


def photo(path: Path, pixels: np.ndarray, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def shown(path: Path, size: tuple[int, int] = SIZE, **meta: object) -> np.ndarray:
    meta.setdefault("source", {"kind": "image", "hash": "p"})
    picture = moment(**meta)
    return planes.to_rgb(Still(path, picture.shot, *size).at(picture)).astype(int)


def gradient(width: int, height: int) -> np.ndarray:
    """Red to the right, green downwards."""
    made = np.zeros((height, width, 3), np.uint8)
    made[..., 0] = np.linspace(0, 255, width)
    made[..., 1] = np.linspace(0, 255, height)[:, None]
    return made


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, "tl"), (2, "tr"), (3, "br"), (4, "bl"), (6, "tr"), (8, "bl")]
)
def test_exif_says_where_up_is(tmp_path: Path, orientation: int, corner: str) -> None:
    pixels = np.zeros((180, 320, 3), np.uint8)
    pixels[:60, :60] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = photo(tmp_path / "p.jpg", pixels, exif=exif, quality=95)
    seen = shown(path, (320, 180) if orientation < 5 else (180, 320))
    height, width = seen.shape[:2]
    spots = {"tl": (20, 20), "tr": (20, -20), "bl": (-20, 20), "br": (-20, -20)}
    assert {name for name, (y, x) in spots.items() if seen[y % height, x % width, 0] > 200} == {
        corner
    }


def test_transparent_parts_are_black_and_half_transparent_ones_half_as_bright(
    tmp_path: Path,
) -> None:
    pixels = np.full((180, 320, 4), 255, np.uint8)
    pixels[:, :100, 3], pixels[:, 100:200, 3] = 0, 128
    seen = shown(photo(tmp_path / "p.png", pixels))
    assert [int(seen[90, x, 1]) for x in (50, 150, 250)] == pytest.approx([0, 128, 255], abs=2)


def test_a_palette_with_transparency_is_laid_over_black(tmp_path: Path) -> None:
    picture = Image.new("P", SIZE, 0)
    picture.putpalette([255, 255, 255, 0, 0, 255])
    picture.paste(1, (160, 0, 320, 180))
    picture.save(tmp_path / "p.gif", transparency=0)
    seen = shown(tmp_path / "p.gif")
    assert seen[90, 60].max() <= 2
    assert seen[90, 260, 2] > 240


def test_sixteen_bits_of_gray_keep_their_middle(tmp_path: Path) -> None:
    Image.fromarray(np.full((180, 320), 32768, np.uint16)).save(tmp_path / "p.png")
    assert shown(tmp_path / "p.png")[90, 160] == pytest.approx([128] * 3, abs=2)


def linear_profile() -> bytes:
    """A matrix profile (ICC.1:2001) with the primaries of sRGB and no curve at all."""

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    line = b"curv" + bytes(8)
    tags = {
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.4361, 0.2225, 0.0139),
        b"gXYZ": xyz(0.3851, 0.7169, 0.0971),
        b"bXYZ": xyz(0.1431, 0.0606, 0.7141),
        b"rTRC": line,
        b"gTRC": line,
        b"bTRC": line,
    }
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    size = struct.pack(">I", start + len(data))
    head = size + bytes(4) + b"\x02\x10\0\0" + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + xyz(0.9642, 1.0, 0.8249)[8:] + bytes(48) + table + data


@pytest.mark.parametrize(("profile", "level"), [(linear_profile(), 168), (b"broken", 100)])
def test_a_colour_profile_is_followed_if_it_can_be_read(
    tmp_path: Path, profile: bytes, level: int
) -> None:
    pixels = np.full((180, 320, 3), 100, np.uint8)
    path = photo(tmp_path / "p.png", pixels, icc_profile=profile)
    assert shown(path)[90, 160] == pytest.approx([level] * 3, abs=3)


def test_a_huge_photo_is_kept_small(tmp_path: Path) -> None:
    path = photo(tmp_path / "p.jpg", cv2.resize(gradient(64, 48), (8000, 6000)))
    still = Still(path, moment(source={"kind": "image"}, motion=MOVE).shot, *SIZE)
    height, width = still._planes[0].shape
    assert width <= 320 * 1.3
    assert height <= 320 * 1.3 * 3 / 4


def test_a_small_photo_is_enlarged_to_cover(tmp_path: Path) -> None:
    seen = shown(photo(tmp_path / "p.png", gradient(40, 40)))
    assert seen[90, 2, 0] < 20
    assert seen[90, 317, 0] > 235
    assert 40 < seen[3, 160, 1] < 75  # the middle nine sixteenths of the height


def test_a_damaged_photo_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 not really")
    with pytest.raises(RenderError, match=r"'me\.jpg' could not be read"):
        shown(path, name="me.jpg")


def test_a_zoom_moves_every_point_to_a_fortieth_of_a_pixel(tmp_path: Path) -> None:
    """A dot's centre of gravity follows the exact place through 40 steps of 0.1 px and less."""
    yy, xx = np.mgrid[:216, :384]
    dot = 220 * np.exp(-((xx - 300.3) ** 2 + (yy - 60.6) ** 2) / 32)
    path = photo(tmp_path / "p.png", np.repeat(dot.astype(np.uint8)[..., None], 3, axis=2))
    picture = moment(source={"kind": "image"}, motion=MOVE)
    still = Still(path, picture.shot, *SIZE)
    errors = []
    for step in range(40):
        zoom = 1 + 0.2 * step / 40
        luma = planes.views(still.at(moment(view=View(zoom))))[0].astype(float) - 16
        scale = 320 / 384 * zoom
        x, y = (300.8 - 192) * scale + 159.5, (61.1 - 108) * scale + 89.5
        rows, columns = np.mgrid[:180, :320]
        near = (abs(rows - y) < 16) & (abs(columns - x) < 16)
        mass = np.where(near, luma, 0)
        errors.append((mass * columns).sum() / mass.sum() - x)
        errors.append((mass * rows).sum() / mass.sum() - y)
    assert np.abs(errors).max() < 0.025


def test_all_planes_move_together(tmp_path: Path) -> None:
    """At the edge between black and blue, luma and chroma stay within half a pixel."""
    pixels = np.zeros((216, 384, 3), np.uint8)
    pixels[:, 230:, 2] = 255
    path = photo(tmp_path / "p.png", pixels)
    still = Still(path, moment(source={"kind": "image"}, motion=MOVE).shot, *SIZE)
    for zoom in (1.03, 1.1, 1.17):
        y, u, _ = planes.views(still.at(moment(view=View(zoom))))
        edges = []
        for line, factor in ((y[90], 1), (u[45], 2)):
            line = line.astype(float)
            half = (line.min() + line.max()) / 2
            at = int(np.argmax(line > half))
            part = (half - line[at - 1]) / (line[at] - line[at - 1])
            edges.append((at - 0.5 + part) * factor)
        assert abs(edges[0] - edges[1]) < 0.5


def test_contain_keeps_its_window_while_the_photo_moves_in_it(tmp_path: Path) -> None:
    path = photo(tmp_path / "p.png", np.full((300, 300, 3), 250, np.uint8))
    picture = moment(source={"kind": "image"}, motion=MOVE, fit="contain")
    still = Still(path, picture.shot, *SIZE)
    for zoom in (1.0, 1.05, 1.2):
        luma = planes.views(still.at(moment(view=View(zoom))))[0]
        assert luma[90, 70:250].min() > 220
        assert luma[90, :68].max() < 160
        assert luma[90, 252:].max() < 160


def test_an_animation_keeps_its_times_and_begins_again(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((18, 32, 3), level, np.uint8)) for level in (20, 120, 220)]
    path = tmp_path / "p.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[200, 100, 300])
    assert animated(path)
    moving = Animation(path, moment().shot, *SIZE)
    times = (0.0, 0.19, 0.2, 0.29, 0.3, 0.59, 0.6, 0.85, 0.1)
    levels = [planes.to_rgb(moving.at(moment(time)))[90, 160, 0] for time in times]
    assert levels == pytest.approx([20, 20, 120, 120, 220, 220, 20, 120, 20], abs=3)


def test_an_animation_that_breaks_off_holds_its_last_good_frame(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (4, 18, 32, 3), np.uint8)
    frames = [Image.fromarray(pixels) for pixels in noise]
    path = tmp_path / "p.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 5 // 8])
    moving = Animation(path, moment().shot, *SIZE)
    seen = [planes.views(moving.at(moment(time)))[0].copy() for time in (0.0, 0.1, 0.2, 0.29)]
    assert not (seen[0] == seen[1]).all()
    assert (seen[2] == seen[3]).all()


def test_a_photo_is_no_animation(tmp_path: Path) -> None:
    assert not animated(photo(tmp_path / "p.png", gradient(8, 8)))
    (tmp_path / "x").write_bytes(b"nothing")
    assert not animated(tmp_path / "x")
