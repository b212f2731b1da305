"""A backend, and a server in front of it: in this process, over stdio, or over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fake_backend import FakeBackend
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def backend(home: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBackend]:
    """The cloud of the environment; the current folder is ``out``."""
    monkeypatch.chdir(out)
    with FakeBackend() as running:
        for name, value in running.environ(home / "state").items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def stdio(backend: FakeBackend, out: Path) -> StdioServerParameters:
    """How a client starts the server, with the redirected home."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "skill", "mcp"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=out,
    )


@asynccontextmanager
async def connected(mode: str = "auto") -> AsyncIterator[Client]:
    """A client of a server in this process."""
    from skill.mcp.server import build

    async with Client(build(), mode=mode) as client:
        yield client


def said(result: CallToolResult) -> str:
    """The words of a result for the user."""
    return str(getattr(result.content[0], "text", ""))


def data(result: CallToolResult) -> dict[str, Any]:
    assert isinstance(result.structured_content, dict)
    return result.structured_content
