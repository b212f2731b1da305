"""A state folder to break, and a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_backend import FakeBackend


@pytest.fixture
def state(home: Path) -> Path:
    folder = home / "state"
    folder.mkdir(0o700)
    return folder


@pytest.fixture
def cloud(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBackend]:
    with FakeBackend() as running:
        monkeypatch.setenv("AI_VIDEO_BACKEND", "cloud")
        monkeypatch.setenv("NEMO_API_URL", running.url)
        yield running
