"""Footage: which frame is on screen when, and what becomes of every form that a file can have."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render_material import moment, number_of

from skill.studio.render import planes
from skill.studio.render.errors import RenderError
from skill.studio.render.video import Footage

Clip = Callable[..., Path]


def footage(path: Path, size: tuple[int, int] = (320, 180), **meta: object) -> Footage:
    return Footage(path, moment(**meta).shot, *size, 30)


def numbers(opened: Footage, times: list[float]) -> list[int]:
    return [number_of(opened.at(moment(time))) for time in times]


def rgb(path: Path, size: tuple[int, int] = (320, 180), **meta: object) -> np.ndarray:
    """The first picture on the canvas."""
    return planes.to_rgb(footage(path, size, **meta).at(moment(**meta)))


def quarters(path: Path, size: tuple[int, int], **meta: object) -> list[str]:
    """The colours of the corners of the canvas: top left, top right, bottom left, bottom right."""
    image = rgb(path, size, **meta).astype(int)
    height, width = image.shape[:2]
    spots = [(y, x) for y in (height // 8, height * 7 // 8) for x in (width // 8, width * 7 // 8)]
    names = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
    return [names.get(tuple((image[y, x] > 128).astype(int)), "?") for y, x in spots]


def four(width: int, height: int) -> np.ndarray:
    image = np.full((height, width, 3), 255, np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    return image


def test_every_frame_of_a_clip_at_its_own_rate_is_shown_once(clip: Clip) -> None:
    opened = footage(clip(frames=40))
    assert numbers(opened, [n / 30 for n in range(40)]) == list(range(40))


@pytest.mark.parametrize("name", ["clip.mkv", "clip.avi", "clip.webm", "clip.mov"])
def test_rounded_time_stamps_of_other_containers_do_not_make_it_stutter(
    clip: Clip, name: str
) -> None:
    codec = {"webm": "libvpx", "avi": "mpeg4", "ts": "mpeg2video"}.get(name[-4:].lstrip("."), "")
    path = clip(name, 40, codec=codec or "libx264")
    opened = footage(path)
    assert numbers(opened, [n / 30 for n in range(40)]) == list(range(40))


@pytest.mark.parametrize("at", [7, 0, 31, 59, 12, 13, 58])
def test_a_seek_lands_on_the_very_frame(clip: Clip, at: int) -> None:
    path = clip(frames=60, options={"preset": "veryfast", "x264-params": "keyint=25:open-gop=1"})
    opened = footage(path)
    numbers(opened, [1.9])  # somewhere else first
    assert numbers(opened, [at / 30]) == [at]


@pytest.mark.parametrize(("name", "codec"), [("c.mkv", "libx264"), ("c.avi", "mpeg4")])
def test_seeks_are_exact_in_files_with_a_poor_index(clip: Clip, name: str, codec: str) -> None:
    path = clip(name, 200, codec=codec, gop_size=50)
    opened = footage(path)
    assert numbers(opened, [150 / 30, 20 / 30, 199 / 30, 101 / 30]) == [150, 20, 199, 101]


def test_a_faster_clip_gives_every_second_frame_and_a_slower_one_each_frame_twice(
    clip: Clip,
) -> None:
    fast = footage(clip("fast.mp4", 60, rate=60))
    slow = footage(clip("slow.mp4", 15, rate=15))
    assert numbers(fast, [n / 30 for n in range(30)]) == list(range(0, 60, 2))
    assert numbers(slow, [n / 30 for n in range(30)]) == [n // 2 for n in range(30)]


def test_a_clip_at_2997_frames_runs_on_without_a_jump(clip: Clip) -> None:
    opened = footage(clip(frames=60, rate=Fraction(30000, 1001)))
    seen = numbers(opened, [n / 30 for n in range(60)])
    assert seen == sorted(seen)
    assert {b - a for a, b in pairwise(seen)} <= {0, 1}


def test_frames_of_a_variable_rate_stay_as_long_as_their_times_say(clip: Clip) -> None:
    path = clip("vfr.mkv", 4, times=[0, 100, 400, 500], rate=30)
    opened = footage(path)
    assert numbers(opened, [0.0, 0.08, 0.1, 0.38, 0.4, 0.5]) == [0, 0, 1, 1, 2, 3]


def test_past_its_end_a_clip_holds_its_last_frame(clip: Clip) -> None:
    opened = footage(clip(frames=12))
    assert numbers(opened, [0.2, 5.0, 900.0, 0.1]) == [6, 11, 11, 3]


def test_damage_in_the_middle_holds_the_last_good_frame(clip: Clip) -> None:
    path = clip(frames=60, options={"preset": "ultrafast", "g": "10"})
    data = bytearray(path.read_bytes())
    start, size = data.index(b"mdat"), len(data)
    middle = start + (size - start) // 2
    data[middle : middle + 600] = bytes(600)
    path.write_bytes(data)
    opened = footage(path)
    seen = numbers(opened, [n / 30 for n in range(60)])
    assert seen[0] == 0
    assert seen[-1] == 59


def test_a_file_cut_off_gives_what_stands_before_the_cut(clip: Clip) -> None:
    path = clip("cut.mkv", 60, options={"preset": "ultrafast", "g": "10"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    seen = numbers(footage(path), [n / 30 for n in range(60)])
    assert seen[:20] == list(range(20))
    assert 25 < seen[-1] < 59


def test_a_file_that_is_no_video_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"not a video at all" * 50)
    with pytest.raises(RenderError, match=r"'beach\.mp4' could not be read"):
        footage(path, name="beach.mp4")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_any_damage_gives_pictures_or_a_refusal(
    clip: Clip, tmp_path: Path, damage: list[tuple[float, int]]
) -> None:
    source = tmp_path / "clip.mp4"
    if not source.exists():
        clip(frames=20, size=(64, 48), options={"preset": "ultrafast", "g": "5"})
    data = bytearray(source.read_bytes())
    for place, value in damage:
        data[int(place * (len(data) - 1))] = value
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data)
    try:
        opened = footage(broken, (64, 48))
        for time in (0.0, 0.4, 0.6, 0.1):
            picture = opened.at(moment(time))
            assert (picture.width, picture.height) == (64, 48)
    except (RenderError, av.error.FFmpegError):  # the latter becomes the former in Sources
        pass


@pytest.mark.parametrize(
    ("codec", "pixels", "name"),
    [
        ("libx264", "yuv420p10le", "c.mp4"),
        ("libx264", "yuv422p", "c.mp4"),
        ("libx264", "yuv444p", "c.mp4"),
        ("prores_ks", "yuv422p10le", "c.mov"),
        ("qtrle", "rgb24", "c.mov"),
        ("mjpeg", "yuvj420p", "c.avi"),
        ("ffv1", "bgr0", "c.mkv"),
        ("libvpx-vp9", "yuv420p", "c.webm"),
    ],
)
def test_every_pixel_format_comes_out_in_its_own_colours(
    clip: Clip, codec: str, pixels: str, name: str
) -> None:
    options = {"preset": "ultrafast", "crf": "4"} if codec == "libx264" else {}
    options = {"crf": "4", "b": "0"} if codec == "libvpx-vp9" else options
    path = clip(name, [four(320, 180)] * 3, codec=codec, pixels=pixels, options=options)
    image = rgb(path)
    for (y, x), colour in zip(SPOTS, COLOURS, strict=True):
        assert np.abs(image[y, x].astype(int) - colour).max() <= 6, (y, x)


SPOTS = ((40, 60), (40, 260), (150, 60), (150, 260))
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))


def test_a_picture_that_already_fits_is_the_decoder_s_own(clip: Clip) -> None:
    opened = footage(clip(frames=3, size=(1280, 720)), size=(1280, 720))
    assert opened.at(moment()) is opened.frame(0)


def test_a_small_untagged_clip_is_taken_for_standard_television(clip: Clip) -> None:
    """Its green would come out 20 levels off if it were read as BT.709."""
    picture = footage(clip(frames=[four(320, 180)] * 2, pixels="yuv420p")).at(moment())
    y = planes.views(picture)[0]
    assert abs(int(y[40, 260]) - (16 + 219 * 0.7152)) < 2


def test_full_range_is_brought_to_limited(clip: Clip) -> None:
    white = np.full((180, 320, 3), 255, np.uint8)
    path = clip("c.avi", [white] * 2, codec="mjpeg", pixels="yuvj420p")
    assert planes.views(footage(path).at(moment()))[0].max() <= 236


def test_transparency_is_laid_over_black(clip: Clip) -> None:
    image = np.full((180, 320, 4), 255, np.uint8)
    image[:, :160, 3] = 0
    path = clip("c.mov", [image] * 2, codec="qtrle", pixels="argb", from_format="rgba")
    seen = rgb(path)
    assert seen[90, 40].max() <= 2
    assert seen[90, 280].min() >= 250


@pytest.mark.parametrize(
    ("degrees", "corners"),
    [
        (90, ["blue", "red", "white", "green"]),
        (180, ["white", "blue", "green", "red"]),
        (270, ["green", "white", "red", "blue"]),
    ],
)
def test_a_phone_s_turn_is_followed(
    clip: Clip, turned: Callable[[Path, int], Path], degrees: int, corners: list[str]
) -> None:
    path = turned(clip(frames=[four(320, 180)] * 2), degrees)
    size = (320, 180) if degrees == 180 else (180, 320)
    assert quarters(path, size) == corners


def test_wide_pixels_are_shown_wide(clip: Clip) -> None:
    """A clip of 160x180 with pixels twice as wide as high fills 320x180 with nothing cut off."""
    path = clip(frames=[four(160, 180)] * 2, size=(160, 180), sample_aspect_ratio=Fraction(2))
    image = rgb(path, (320, 180), fit="contain").astype(int)
    assert image[40, 4, 0] > 200  # no blurred backdrop at the sides: both halves reach the edge
    assert quarters(path, (320, 180)) == ["red", "green", "blue", "white"]


def test_cover_cuts_the_middle_out_of_a_wide_clip(clip: Clip) -> None:
    image = np.zeros((180, 320, 3), np.uint8)
    image[:, 110:210] = 255
    seen = rgb(clip(frames=[image] * 2), (180, 320))
    assert seen[160, 90].min() > 240
    assert seen[20, 90].min() > 240


def test_contain_shows_all_of_it_over_a_darker_copy(clip: Clip) -> None:
    image = np.full((180, 320, 3), 200, np.uint8)
    seen = rgb(clip(frames=[image] * 2), (180, 320), fit="contain").astype(int)
    assert abs(seen[160, 90, 0] - 200) <= 3
    assert 80 < seen[20, 90, 0] < 130


def test_interlaced_fields_are_not_woven_into_combs(clip: Clip) -> None:
    """Two fields half a second apart: the odd rows must not show the later one."""
    woven = np.zeros((180, 320, 3), np.uint8)
    woven[0::2] = 220
    path = clip(
        "c.mkv",
        [woven] * 3,
        codec="libx264",
        options={"preset": "ultrafast", "crf": "4", "x264-params": "tff=1"},
    )
    seen = rgb(path).astype(int)
    assert np.abs(np.diff(seen[20:160, 160, 0])).max() < 20
