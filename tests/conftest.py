"""Every test runs on a home of its own, and reaches no network but loopback."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from api_kit import make
from fake_backend import FakeBackend
from turn_kit import Heard

from skill import Reply, Skill
from skill.api import Api
from skill.settings import Settings

OURS = ("NEMO_", "AI_VIDEO_", "SKILL_SOURCE", "XDG_")


def pytest_configure(config: pytest.Config) -> None:
    """What tests start compiles our modules and packages once, and not each time."""
    cache = getattr(config, "cache", None)  # none where pytest was told to keep nothing
    if cache is not None:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; all state of the user is redirected into it."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("AI_VIDEO_HOME", str(folder / "state"))
    return folder


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that leaves this machine fails the test that asked for it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def backend() -> Iterator[FakeBackend]:
    with FakeBackend() as running:
        yield running


@pytest.fixture
def api(backend: FakeBackend, tmp_path: Path) -> Api:
    return make(backend, tmp_path)


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is repeated waits for next to nothing."""
    monkeypatch.setattr("skill.api.client.FIRST_WAIT", 0.01)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def turn(backend: FakeBackend, home: Path, tmp_path: Path, heard: Heard) -> Callable[..., Reply]:
    """Hold a turn, each in a process's worth of fresh objects."""

    def hold(message: str, *files: Path | str) -> Reply:
        settings = Settings.read(backend.environ(home / "state"))
        return Skill(settings, out=tmp_path, listener=heard).turn(message, files)

    return hold
