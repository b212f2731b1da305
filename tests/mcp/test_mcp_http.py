"""The server over HTTP: for this machine, and who has the token, alone."""

from __future__ import annotations

import os
import re
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import anyio
import httpx2
import pytest
from fake_backend import FakeBackend
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_kit import ROOT, data, said

from skill.cli import main
from skill.home import Home
from skill.jobs import Ledger
from skill.mcp.http import token_of

pytestmark = pytest.mark.anyio


@dataclass
class Running:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    token: str
    told: str
    home: Path
    out: Path
    backend: FakeBackend

    def status(self, path: str = "/mcp", **headers: str) -> int:
        """The status of a POST with these headers (underscores are dashes)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", path, b"{}", {"Content-Type": "application/json", **named})
        status = connection.getresponse().status
        connection.close()
        return status

    @asynccontextmanager
    async def client(self, mode: str = "auto") -> AsyncIterator[Client]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            url = f"http://127.0.0.1:{self.port}/mcp"
            async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                yield client


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("http")
    out = home / "out"
    out.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AI_VIDEO")}
    with FakeBackend() as backend:
        process = subprocess.Popen(
            [sys.executable, "-m", "skill", "mcp", "--http", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            cwd=out,
            env={
                **kept,
                **backend.environ(home / "state"),
                "HOME": str(home),
                "USERPROFILE": str(home),
                "PYTHONPATH": str(ROOT),
            },
        )
        assert process.stderr is not None
        told = process.stderr.readline() + process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/mcp", told)
        assert found, told
        token = (home / "state" / "mcp-token").read_text().strip()
        try:
            yield Running(process, int(found[1]), token, told, home / "state", out, backend)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def test_the_token_is_kept_for_its_owner_and_never_shown(server: Running) -> None:
    path = server.home / "mcp-token"
    assert str(path) in server.told
    assert server.token not in server.told
    assert len(server.token) >= 32
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_listens_on_loopback_alone(server: Running) -> None:
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    if not tables[0].exists():
        pytest.skip("no /proc here to look it up in")
    listening = [
        line.split()[1]
        for table in tables
        if table.exists()
        for line in table.read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{server.port:04X}")
    ]
    assert listening == [f"0100007F:{server.port:04X}"]


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer wrong", "Bearer é", "Basic {token}"])
def test_who_has_not_the_token_is_refused(server: Running, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token.format(token=server.token)}
    named = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert server.status(**named) == 401
    assert server.status(path="/.well-known/anything", **named) == 401


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "evil.example", 421),
        ("Host", "evil.example:{port}", 421),
        ("Host", "127.0.0.1:1", 421),
        ("Origin", "http://evil.example", 403),
        ("Origin", "null", 403),
    ],
)
def test_a_web_page_that_points_here_is_refused(
    server: Running, header: str, value: str, status: int
) -> None:
    headers = {
        "Authorization": f"Bearer {server.token}",
        "Accept": "application/json, text/event-stream",
        header: value.format(port=server.port),
    }
    assert server.status(**headers) == status


async def test_the_client_without_the_token_gets_nowhere(server: Running) -> None:
    with pytest.raises(BaseException) as error:  # noqa: PT011 an ExceptionGroup in some versions
        async with Client(f"http://127.0.0.1:{server.port}/mcp", mode="legacy"):
            pass
    assert server.token not in repr(error.value)


async def test_two_clients_at_once_each_get_their_answer(server: Running) -> None:
    told: list[str] = []

    async def progress(_: float, __: float | None, words: str | None) -> None:
        told.append(words or "")

    # One of the stateless protocol of 2026, one of those before it.
    async with server.client() as one, server.client("legacy") as two:
        files: list[str] = []

        async def make(client: Client, message: str) -> None:
            arguments = {"message": f"{message}, then export"}
            result = await client.call_tool("chat", arguments, progress_callback=progress)
            assert not result.is_error, said(result)
            files.extend(data(result)["files"])

        async with anyio.create_task_group() as group:
            group.start_soon(make, one, "a sunset")
            group.start_soon(make, two, "a forest with rain")
    assert len(set(files)) == 2
    assert all(Path(file).parent == server.out for file in files)
    assert any("Rendering" in words for words in told)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_cancelling_over_http_keeps_the_render(server: Running, mode: str) -> None:
    ledger = Ledger(Home(server.home))
    server.backend.polls_until_done = 1_000_000
    async with server.client(mode) as client:
        await client.call_tool("chat", {"message": f"a sunset {mode}"})
        known = set(server.backend.renders)
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "export")
            while not (set(server.backend.renders) - known):
                await anyio.sleep(0.02)
            group.cancel_scope.cancel()
        (name,) = set(server.backend.renders) - known
        with anyio.fail_after(20):
            render = server.backend.renders[name]
            polls = -1
            while polls != render.polls:  # until nobody asks any more
                polls = render.polls
                await anyio.sleep(0.3)
        assert [job.id for job in ledger.open()] == [name]
        server.backend.polls_until_done = 1
        resumed = await client.call_tool("resume")
    assert not resumed.is_error
    assert len(data(resumed)["files"]) == 1
    assert ledger.open() == []


def test_a_port_that_is_taken_is_told(server: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--http", "--port", str(server.port)]) == 1
    said = capsys.readouterr().err
    assert f"cannot listen at 127.0.0.1:{server.port}" in said
    assert "--port" in said


def test_a_token_is_made_once_and_closed_to_others(home: Path) -> None:
    state = Home(home / "state")
    token, path = token_of(state)
    assert token_of(state)[0] == token
    if sys.platform != "win32":
        path.chmod(0o644)
        assert token_of(state)[0] == token
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("short\n")
    assert token_of(state)[0] not in (token, "short")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_ends_it_quietly(home: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "skill", "mcp", "--http", "--port", "0"],
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stderr is not None
    assert select.select([process.stderr], [], [], 30)[0]
    time.sleep(0.3)  # it has told the address, and is about to serve
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err
