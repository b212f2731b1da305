"""What the backend tells of an upload, in whatever shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_backend import UPLOAD, FakeBackend, mp4, ok

from skill import Skill
from skill.actions.upload import is_link, name_of
from skill.settings import Settings


@pytest.mark.parametrize(
    ("info", "facts"),
    [
        ({"duration": 5000, "width": 1920, "height": 1080}, " (5s, 1920x1080)"),
        ({"duration_ms": 2500}, " (2.5s)"),
        ({"duration": 7.5}, " (7.5s)"),
        ({"media": {"duration": 5000, "w": 640, "h": 360}}, " (5s, 640x360)"),
        ({"files": [{"duration": 5000}]}, " (5s)"),
        ({"duration": "soon", "width": None}, ""),
        ({}, ""),
    ],
)
def test_length_and_size_where_they_are_told(
    backend: FakeBackend, home: Path, tmp_path: Path, info: dict[str, Any], facts: str
) -> None:
    (tmp_path / "clip.mp4").write_bytes(mp4(100))
    backend.script(UPLOAD, ok(info))
    settings = Settings.read(backend.environ(home / "state"))
    reply = Skill(settings).turn("", [tmp_path / "clip.mp4"])
    assert reply.text.split("\n")[0] == f"Uploaded clip.mp4{facts}."


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("/home/me/my clip.mp4", "my clip.mp4"),
        ("https://media.example.com/a/my%20song.mp3?sig=1", "my song.mp3"),
        ("https://media.example.com/", "https://media.example.com/"),
        ("clip\x1b[31m.mp4", "clip.mp4"),
    ],
)
def test_a_file_is_called_by_its_last_name(item: str, name: str) -> None:
    assert name_of(item) == name


def test_links_are_web_addresses() -> None:
    assert is_link("HTTPS://example.com/a.mp4")
    assert not is_link("clip.mp4")
