"""What a board looks like, measured on its pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.studio.board import draw
from skill.studio.board.canvas import Canvas, fitting, load
from skill.studio.board.style import BACK, BARS, PANEL
from skill.studio.board.timeline import clock

GRID = {"columns": 2, "width": 752, "height": 423}


def made(tmp_path: Path, **board: Any) -> Any:
    out = tmp_path / "board.png"
    draw({"title": "Dawn", "facts": "0:05.0", "language": "en", **board}, out)
    pixels = load(out)
    assert pixels is not None
    return pixels


def picture(tmp_path: Path, color: tuple[int, int, int], size: tuple[int, int] = (752, 423)) -> str:
    from PIL import Image

    path = tmp_path / f"{color}-{size}.png"
    Image.new("RGB", size, color).save(path)
    return str(path)


def track(*bars: tuple[int, int, str], kind: str = "video") -> dict[str, Any]:
    listed = [{"start": a, "end": b, "name": name} for a, b, name in bars]
    return {"label": kind, "kind": kind, "bars": listed}


def near(pixel: Any, color: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - color).max() < 12)


def count(pixels: Any, color: tuple[int, int, int]) -> int:
    return int((np.abs(pixels.astype(int) - color).max(-1) < 12).sum())


def test_a_frame_stands_in_its_cell_with_round_corners(tmp_path):
    frames = [{"image": picture(tmp_path, color), "time": "0:01.0"} for color in
              ((200, 30, 30), (30, 30, 200))]  # fmt: skip
    pixels = made(tmp_path, frames=frames, grid=GRID)
    assert pixels.shape[1] == 1600
    top = 40 + 30 + 30
    assert near(pixels[top + 200, 400], (200, 30, 30))
    assert near(pixels[top + 200, 1200], (30, 30, 200))
    assert near(pixels[top, 40], BACK)
    assert near(pixels[top + 200, 1559], (30, 30, 200))


def test_a_frame_that_is_missing_or_no_picture_is_an_empty_panel(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    frames = [{"image": None}, {"image": str(tmp_path / "bad.png"), "missing": "no picture"}]
    pixels = made(tmp_path, frames=frames, grid=GRID)
    assert near(pixels[150, 100], PANEL)
    assert near(pixels[150, 900], PANEL)


def test_a_picture_of_another_ratio_is_shown_whole(tmp_path):
    tall = picture(tmp_path, (200, 30, 30), (200, 400))
    pixels = made(tmp_path, frames=[{"image": tall}], grid=GRID)
    assert near(pixels[300, 40 + 376], (200, 30, 30))
    assert near(pixels[300, 60], PANEL)


def test_bars_are_as_long_as_their_clips(tmp_path):
    tracks = [track((0, 5000, "")), track((0, 2500, ""), kind="title")]
    pixels = made(tmp_path, timelines=[{"end": 5000, "tracks": tracks}])
    video, title = (BARS[kind][0] for kind in ("video", "title"))
    assert count(pixels, title) / count(pixels, video) == pytest.approx(0.5, abs=0.01)


def test_two_timelines_of_one_scale_can_be_compared(tmp_path):
    tracks = [track((0, 2000, ""))]
    short = made(tmp_path, timelines=[{"end": 2000, "scale": 8000, "tracks": tracks}])
    full = made(tmp_path, timelines=[{"end": 2000, "tracks": tracks}])
    color = BARS["video"][0]
    assert count(short, color) / count(full, color) == pytest.approx(0.25, abs=0.01)


def test_what_runs_at_the_same_time_stands_below_each_other(tmp_path):
    one = made(tmp_path, timelines=[{"end": 9000, "tracks": [track((0, 4000, ""))]}])
    crowd = [track((0, 4000, ""), (1000, 5000, ""), (2000, 6000, ""), (6000, 9000, ""))]
    three = made(tmp_path, timelines=[{"end": 9000, "tracks": crowd}])
    assert three.shape[0] - one.shape[0] == 2 * 40


def test_before_and_after_stand_side_by_side(tmp_path):
    red, blue = picture(tmp_path, (200, 30, 30)), picture(tmp_path, (30, 30, 200), (238, 423))
    grid = {"columns": 1, "width": 752, "height": 423, "after": 238}
    pixels = made(
        tmp_path, pairs=[[{"image": red}, {"image": blue}]], grid=grid, names=["Before", "After"]
    )
    assert near(pixels[350, 400], (200, 30, 30))
    assert near(pixels[350, 40 + 752 + 30 + 119], (30, 30, 200))


@pytest.mark.parametrize(
    "words",
    ["Dawn", "غروب الشمس فوق المحيط", "नमस्ते दुनिया", "城市夜景", "東京の夜", "서울의 밤", "🎬"],
)
def test_names_in_any_script_are_drawn(words):
    canvas = Canvas(400, 60, (0, 0, 0))
    width = canvas.text((10, 40), words, 20, (255, 255, 255))
    assert width > 5
    assert canvas.pixels.max() > 200
    assert canvas.pixels[:, int(width) + 20 :].max() == 0


@pytest.mark.parametrize(
    "words", ["a name that goes on and on", "اسم طويل جدا لا ينتهي", "很长很长的名字没有尽头"]
)
def test_a_name_without_room_ends_in_an_ellipsis(words):
    canvas = Canvas(400, 60, (0, 0, 0))
    assert 0 < canvas.text((10, 40), words, 20, (255, 255, 255), room=90) <= 90
    assert canvas.pixels[:, 105:].max() == 0
    assert fitting(words, "en", 0.1) is None


def test_nothing_is_drawn_beyond_the_canvas():
    canvas = Canvas(50, 50, (0, 0, 0))
    canvas.box((-20, -20, 40, 40), (255, 0, 0), 5)
    canvas.box((45, 45, 100, 100), (255, 0, 0), 5)
    canvas.picture((40, 40, 30, 30), np.full((30, 30, 3), 200, np.uint8), 4)
    canvas.text((-30, 10), "beyond", 20, (255, 255, 255))
    canvas.wedge((60, 60, 10, 10), (1, 1, 1), 1)
    assert canvas.pixels.shape == (50, 50, 3)


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "0:00.0"), (3500, "0:03.5"), (59_960, "1:00.0"), (3_723_000, "1:02:03.0")]
)
def test_times_read_as_on_a_clock(ms, words):
    assert clock(ms) == words


def test_a_board_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        draw({"title": "x"}, tmp_path / "nowhere" / "board.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", [1, 10**12])
def test_any_length_has_an_axis(tmp_path, end):
    assert made(tmp_path, timelines=[{"end": end, "tracks": [track((0, end, "x"))]}]).shape[0] < 300


def test_a_crowd_of_titles_leaves_the_page_in_its_bounds(tmp_path):
    crowd = [track(*((n, 5000 + n, f"{n}") for n in range(200)), kind="title")]
    assert made(tmp_path, timelines=[{"end": 6000, "tracks": crowd}]).shape[0] < 600


def test_hundreds_of_bars_and_no_length_are_drawn(tmp_path):
    many = [track(*((n * 100, n * 100 + 100, f"clip {n}") for n in range(600)))]
    timelines = [{"end": 60_000, "tracks": many, "marks": [100, 59_000]}, {"end": 0, "tracks": []}]
    assert made(tmp_path, timelines=timelines).shape[0] < 400
