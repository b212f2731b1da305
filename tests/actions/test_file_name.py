from __future__ import annotations

from typing import Any

import pytest

from skill.actions.export import file_name
from skill.draft import parse


def video(name: Any) -> dict[str, Any]:
    return {"tt": 0, "sg": [{"d": 1000, "m": {"name": name}}]}


def title(text: str) -> dict[str, Any]:
    return {"tt": 7, "sg": [{"d": 1000, "m": {"text": text}}]}


@pytest.mark.parametrize(
    ("tracks", "name"),
    [
        ([video("Sunset Ocean"), title("Urban Dreams!")], "urban-dreams"),
        ([video("clip.mp4")], "clip"),
        ([video("海上日落")], "海上日落"),
        ([video("../../etc/passwd")], "etc-passwd"),
        ([video("a" * 100)], "a" * 40),
        ([title("!!!"), video("Forest")], "forest"),
        ([video(None)], "video"),
        ([], "video"),
    ],
)
def test_a_file_is_named_after_what_it_shows(tracks: list[dict[str, Any]], name: str) -> None:
    assert file_name(parse({"t": tracks})) == name
