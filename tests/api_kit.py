"""Our client, before the backend of the tests."""

from __future__ import annotations

from pathlib import Path

from fake_backend import FakeBackend

from skill.api import Api
from skill.engine import choose
from skill.settings import Settings


def make(backend: FakeBackend, folder: Path, **environ: str) -> Api:
    """A client of the backend whose state lies in the folder."""
    settings = Settings.read(backend.environ(folder / "state", **environ))
    return Api(choose(settings), settings)
