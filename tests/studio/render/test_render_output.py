"""What an export's words become: container, size and settings."""

from __future__ import annotations

from typing import Any

import pytest

from skill.draft import Draft
from skill.studio.render.errors import RenderError
from skill.studio.render.output import read_output


def size(wanted: dict[str, Any], width: int = 1920, height: int = 1080) -> tuple[int, int]:
    output = read_output(wanted, Draft(width, height))
    return output.width, output.height


def test_the_default_is_mp4_of_the_draft_s_size() -> None:
    output = read_output({}, Draft(1080, 1350))
    assert (output.container, output.video.name, output.audio.name) == ("mp4", "libx264", "aac")
    assert (output.width, output.height, output.audio_bits) == (1080, 1350, 192_000)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"resolution": "720p"}, (1280, 720)),
        ({"resolution": "480p"}, (854, 480)),
        ({"resolution": "4320p"}, (1920, 1080)),
        ({"resolution": "fine"}, (1920, 1080)),
        ({"width": 640}, (640, 360)),
        ({"height": "360"}, (640, 360)),
        ({"width": 640, "height": 1000}, (640, 360)),
        ({"quality": "preview"}, (640, 360)),
        ({"format": "gif"}, (640, 360)),
        ({"width": -5, "height": True}, (1920, 1080)),
    ],
)
def test_sizes_keep_the_ratio_and_never_grow(
    wanted: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert size(wanted) == expected


@pytest.mark.parametrize(
    ("canvas", "expected"),
    [
        ((3840, 2160), (1920, 1080)),
        ((1080, 1920), (1080, 1920)),
        ((2000, 2000), (1080, 1080)),
        ((1081, 1351), (1080, 1350)),
        ((4, 4), (16, 16)),
    ],
)
def test_a_canvas_is_made_even_and_small_enough(
    canvas: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert size({}, *canvas) == expected


def test_the_lines_of_an_upright_video_are_its_width() -> None:
    assert size({"resolution": "720p"}, 1080, 1920) == (720, 1280)


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(RenderError, match=r"'avi' is not possible here.*mp4, mov, webm, gif, mp3"):
        read_output({"format": "AVI"}, Draft())


def test_better_quality_means_a_smaller_factor() -> None:
    factors = [
        int(read_output({"quality": quality}, Draft()).video.options["crf"])
        for quality in ("high", "medium", "low")
    ]
    assert factors == sorted(factors)
    assert len({read_output({"quality": q}, Draft()).settings for q in ("high", "low")}) == 2


def test_an_odd_quality_counts_as_high() -> None:
    assert read_output({"quality": "splendid"}, Draft()) == read_output({}, Draft())
