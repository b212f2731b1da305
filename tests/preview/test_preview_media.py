"""What is fetched for a preview, and what of it stays."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from skill import download
from skill.preview import media
from skill.studio import worker
from skill.studio.media import MediaError

SIZES = {"large": 300, "small": 60, "second": 60, "third": 60}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which addresses are asked: files of SIZES bytes each."""
    found: list[str] = []

    def fetch_into(url: str, path: Path, *, most: int, **_: Any) -> None:
        name = url.rpartition("/")[2]
        found.append(name)
        path.write_bytes(bytes(min(SIZES[name], most)))
        if SIZES[name] > most:
            raise download.TooLarge("The file is larger than that.")

    monkeypatch.setattr(download, "fetch_into", fetch_into)
    monkeypatch.setattr(worker, "probe", lambda files: [MediaError(1, "no film")] * len(files))
    monkeypatch.setattr(media, "MOST_BYTES", 100)
    monkeypatch.setattr(media, "ALL_BYTES", 120)
    return found


def fetch(folder: Path, *names: str) -> None:
    errand: Any = SimpleNamespace(listener=SimpleNamespace(progress=lambda *_: None), api=None)
    media._fetched(errand, {name: (f"https://example.com/{name}",) for name in names}, folder)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_that_is_too_large_goes_and_others_of_its_host_come(
    tmp_path: Path, asked: list[str]
) -> None:
    fetch(tmp_path, "large", "small")
    assert asked == ["large", "small"]
    assert left(tmp_path) == ["small"]


def test_all_of_them_together_take_no_more_than_they_may(tmp_path: Path, asked: list[str]) -> None:
    fetch(tmp_path, "small", "second", "third")
    assert asked == ["small", "second"]
    assert left(tmp_path) == ["second", "small"]
