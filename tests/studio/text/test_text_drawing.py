"""A title on its canvas: where it stands, how large, in which colour, and always the same."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.render.text import Overlay, draw
from skill.studio.render.text.title import PLACES

CANVASES = [(1920, 1080), (1080, 1920), (1080, 1080), (1080, 1350), (640, 360), (320, 180)]
SOLID = 245  # shadow and outline together stay below this alpha: what is above it is the letters


def canvas(overlay: Overlay, width: int, height: int) -> Any:
    """The overlay's alpha on its canvas; fails where it reaches beyond it."""
    full = np.zeros((height, width), np.uint8)
    rows, columns = overlay.rgba.shape[:2]
    assert overlay.x >= 0
    assert overlay.y >= 0
    assert overlay.x + columns <= width
    assert overlay.y + rows <= height
    full[overlay.y : overlay.y + rows, overlay.x : overlay.x + columns] = overlay.rgba[..., 3]
    return full


def letters(meta: dict[str, Any], width: int = 1920, height: int = 1080) -> tuple[int, ...]:
    """Left, top, right, bottom of the letters, px."""
    alpha = canvas(draw(meta, width, height), width, height)
    rows, columns = np.nonzero(alpha >= SOLID)
    assert rows.size, "nothing drawn"
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def over(meta: dict[str, Any], shade: int) -> Any:
    """The title laid over a plain grey, float (height, width, 3)."""
    rgba = draw(meta, 1920, 1080).rgba.astype(float)
    alpha = rgba[..., 3:] / 255
    return shade * (1 - alpha) + rgba[..., :3] * alpha


WORDS = st.sampled_from(
    [
        *("Dawn", "Straße", "Ñandú", "日出", "さくら、", "바다를", "«рассвет»", "Ệ", "2024", "—"),
        *("شروق", "الشمس", "क्षत्रिय", "हिन्दी", "ที่ทะเล", "שלום", "ﷺ", "!", "...", "🎉", "❤️"),
        *("Donaudampfschifffahrtsgesellschaft", "\n", "\n\n", "\u200f", "\u200d", "\ue000"),
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=14).map(" ".join), st.text(max_size=60))


@given(
    text=TEXTS,
    size=st.sampled_from([None, 0.03, 0.11, 0.3, 1.0]),
    position=st.sampled_from(sorted(PLACES)),
    format_=st.sampled_from(CANVASES),
)
@settings(max_examples=60, deadline=None)
def test_every_title_lies_in_the_safe_area(
    text: str, size: float | None, position: str, format_: tuple[int, int]
) -> None:
    width, height = format_
    overlay = draw({"text": text, "size": size, "position": position}, width, height)
    rows, columns = np.nonzero(canvas(overlay, width, height) >= SOLID)
    if rows.size:
        assert columns.min() >= int(0.05 * width)
        assert columns.max() < 0.95 * width
        assert rows.min() >= int(0.05 * height)
        assert rows.max() < 0.95 * height
        assert rows.max() - rows.min() <= 0.6 * height


def test_the_same_title_is_the_same_bytes() -> None:
    meta = {"text": "Dawn 日出 рассвет\nغروب", "color": "#ffd400"}
    first, second = draw(meta, 1280, 720), draw(meta, 1280, 720)
    assert (first.x, first.y) == (second.x, second.y)
    assert first.rgba.tobytes() == second.rgba.tobytes()


def test_threads_draw_the_same_bytes() -> None:
    texts = ["Dawn", "日出", "غروب", "हिन्दी"] * 3
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda text: draw({"text": text}, 640, 360).rgba.tobytes(), texts))
    assert at_once == [draw({"text": text}, 640, 360).rgba.tobytes() for text in texts]


ALONE = """
import hashlib, json, sys
sys.modules["PIL"] = None  # Raqm would need it
from skill.studio.render.text import draw
sums = [hashlib.sha256(draw({"text": t}, 1280, 720).rgba.tobytes()).hexdigest()
        for t in json.loads(sys.argv[1])]
try:
    maps = open("/proc/self/maps").read()
except OSError:
    maps = ""
print(json.dumps([sums, [n for n in ("fribidi", "raqm", "fontconfig", "libicu") if n in maps]]))
"""


def test_no_library_of_the_system_takes_part() -> None:
    texts = ["غروب الشمس (2024)", "हिन्दी क्षत्रिय", "海上日落"]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, json.dumps(texts)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    sums, loaded = json.loads(done.stdout)
    here = [draw({"text": text}, 1280, 720).rgba.tobytes() for text in texts]
    assert sums == [hashlib.sha256(pixels).hexdigest() for pixels in here]
    assert loaded == []


@pytest.mark.parametrize("color", ["#ffffff", "#ffd400", "#102040", "#ff5533", "#000000"])
def test_the_letters_have_the_colour_that_was_asked_for(color: str) -> None:
    rgba = draw({"text": "Title 标题", "color": color}, 1920, 1080).rgba
    solid = rgba[rgba[..., 3] == 255][:, :3]
    values, counts = np.unique(solid, axis=0, return_counts=True)
    assert "#" + bytes(values[counts.argmax()]).hex() == color


@pytest.mark.parametrize("color", [None, "", "red-ish", "#12", 7])
def test_a_colour_that_cannot_be_read_is_white(color: object) -> None:
    assert (
        draw({"text": "A", "color": color}, 640, 360).rgba.tobytes()
        == draw({"text": "A"}, 640, 360).rgba.tobytes()
    )


@pytest.mark.parametrize(("color", "shade"), [("#ffffff", 255), ("#000000", 0), ("#202020", 20)])
@pytest.mark.parametrize("size", [0.11, 0.045])
def test_a_title_is_legible_on_a_picture_of_its_own_colour(
    color: str, shade: int, size: float
) -> None:
    picture = over({"text": "Legible", "color": color, "size": size}, shade)[..., 1]
    assert np.abs(picture - shade).max() > 90  # an edge stands out


def test_a_centred_title_is_centred_by_its_capitals() -> None:
    left, top, right, bottom = letters({"text": "HOME"})
    assert abs((left + right) / 2 - 960) <= 2
    assert abs((top + bottom) / 2 - 540) <= 2


def test_descenders_do_not_lift_a_title() -> None:
    assert letters({"text": "Home"})[1] == pytest.approx(letters({"text": "Hype"})[1], abs=1)


@pytest.mark.parametrize("position", sorted(PLACES))
def test_a_position_puts_the_title_where_it_says(position: str) -> None:
    left, top, right, bottom = letters({"text": "Here", "position": position})
    x, y = (left + right) / 2 / 1920, (top + bottom) / 2 / 1080
    if position == "lower-third":
        assert x < 0.3
        assert 2 / 3 < y < 0.95
        return
    assert ("left" in position) == (x < 0.3)
    assert ("right" in position) == (x > 0.7)
    assert ("top" in position) == (y < 0.3)
    assert ("bottom" in position) == (y > 0.7)


def test_a_position_is_read_leniently() -> None:
    for name in ("Bottom Right", "bottom_right", "BOTTOM-RIGHT"):
        assert letters({"text": "x", "position": name}) == letters(
            {"text": "x", "position": "bottom-right"}
        )
    assert letters({"text": "x", "position": "nowhere"}) == letters({"text": "x"})


def test_an_arabic_lower_third_begins_at_the_right() -> None:
    left, _, right, _ = letters({"text": "مرحبا بكم", "position": "lower-third"})
    assert left > 960
    assert right > 0.93 * 1920


def test_lines_in_a_corner_begin_together() -> None:
    def edges(text: str, position: str) -> tuple[list[int], list[int]]:
        alpha = canvas(draw({"text": text, "position": position}, 1920, 1080), 1920, 1080)
        rows = np.nonzero((alpha >= SOLID).any(axis=1))[0]
        middle = int(rows[np.diff(rows).argmax()]) + 1  # the gap between the two lines
        halves = [np.nonzero(h >= SOLID)[1] for h in (alpha[:middle], alpha[middle:])]
        return [int(h.min()) for h in halves], [int(h.max()) for h in halves]

    lefts, rights = edges("HHHHHH\nHH", "bottom-right")
    assert abs(lefts[0] - lefts[1]) <= 2
    lefts, rights = edges("דדדדדד\nדד", "top-left")
    assert abs(rights[0] - rights[1]) <= 2


def test_a_title_stays_clear_of_letterbox_bars() -> None:
    bar = (1080 - 1920 / 2.39) / 2
    _, _, _, bottom = letters({"text": "Below", "position": "bottom", "bars": 2.39})
    assert bottom < 1080 - bar - 0.03 * 1080
    assert letters({"text": "Below", "position": "bottom"})[3] > bottom


def test_size_is_a_fraction_of_the_height() -> None:
    _, top, _, bottom = letters({"text": "H", "size": 0.2})
    assert bottom - top == pytest.approx(0.2 * 1080 * 0.7275, abs=2)  # Inter's capitals: 1490/2048


def test_each_typed_line_is_a_line() -> None:
    def height(text: str) -> int:
        box = letters({"text": text, "size": 0.06})
        return box[3] - box[1]

    assert height("H\nH") == pytest.approx(height("H") + 1.18 * 0.06 * 1080, abs=2)
    assert height("H\r\nH") == height("H\nH")


def test_a_long_text_is_made_smaller_and_still_whole() -> None:
    few = letters({"text": "word " * 8})
    many = letters({"text": "word " * 60})
    assert many[3] - many[1] <= 0.6 * 1080
    assert many[2] - many[0] > few[2] - few[0] or many[3] - many[1] > few[3] - few[1]


def test_a_text_without_end_is_cut_short() -> None:
    box = letters({"text": "endless " * 5000}, 640, 360)
    assert box[3] - box[1] <= 0.6 * 360


def test_what_no_font_has_is_left_out() -> None:
    with_it = draw({"text": "Dawn\U00013000"}, 1280, 720)
    without = draw({"text": "Dawn"}, 1280, 720)
    assert with_it.rgba.tobytes() == without.rgba.tobytes()


def test_a_sign_stands_for_a_text_that_cannot_be_drawn_at_all() -> None:
    unknown = draw({"text": "\U00013000\ue000"}, 1280, 720)
    assert unknown.rgba.tobytes() == draw({"text": "…"}, 1280, 720).rgba.tobytes()


@pytest.mark.parametrize("meta", [{}, {"text": ""}, {"text": " \n\t "}, {"text": None}])
def test_no_text_is_a_transparent_picture(meta: dict[str, Any]) -> None:
    overlay = draw(meta, 1920, 1080)
    assert overlay.rgba.shape == (2, 2, 4)
    assert not overlay.rgba.any()


@pytest.mark.parametrize("format_", [(64, 36), (16, 16), (2, 2)])
def test_a_canvas_too_small_for_letters_does_no_harm(format_: tuple[int, int]) -> None:
    canvas(draw({"text": "Dawn 日出"}, *format_), *format_)


def test_edges_are_even_for_chroma_planes() -> None:
    overlay = draw({"text": "Odd", "position": "bottom-right"}, 1920, 1080)
    assert overlay.x % 2 == overlay.y % 2 == 0
    assert overlay.rgba.shape[0] % 2 == overlay.rgba.shape[1] % 2 == 0
