from __future__ import annotations

from typing import Any

import pytest

from skill.draft import parse
from skill.suggestions import next_steps


def steps(*tracks: dict[str, Any], **more: Any) -> str:
    return next_steps(parse({"m": {"w": 1920, "h": 1080}, "t": list(tracks)}), **more)


CLIP = {"tt": 0, "sg": [{"d": 5000, "m": {"name": "Ocean"}}]}
BED = {"tt": 1, "sg": [{"d": 5000, "m": {"name": "Lo-fi", "volume": 0.35}}]}
TITLE = {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Dawn"}}]}


def test_what_is_missing_comes_first_and_the_export_last() -> None:
    assert steps(CLIP) == (
        "Next, you could say “add lo-fi background music”, "
        "“put a title 'Dawn' on the first 3 seconds” or “export”."
    )


@pytest.mark.parametrize(
    ("tracks", "idea"),
    [
        ((CLIP, BED), "put a title"),
        ((CLIP, TITLE), "background music"),
        ((CLIP, TITLE, {"tt": 1, "sg": [{"d": 5000, "m": {"volume": 0.8}}]}), "music at 35%"),
        ((CLIP, BED, TITLE), "make it vertical"),
        ((BED,), "clip of a sunset"),
        (({"tt": 0, "sg": [{"d": 20000}]}, BED, TITLE), "trim it to 15 seconds"),
        (({"tt": 0, "sg": [{"d": 2000}, {"d": 2000}]}, BED, TITLE), "move the last clip"),
    ],
)
def test_ideas_fit_the_timeline(tracks: tuple[dict[str, Any], ...], idea: str) -> None:
    assert idea in steps(*tracks)


def test_an_empty_timeline_has_ideas_to_begin_with() -> None:
    assert steps().startswith("Try saying:\n- generate a 5-second cinematic video clip")
    assert steps(language="zh").startswith("可以这样说：\n- 生成")
