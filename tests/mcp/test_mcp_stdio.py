"""The server over standard input and output, as assistants start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest
from fake_backend import GONE, MESSAGE, FakeBackend, sse, text
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_kit import ROOT, data, said

from skill.home import Home
from skill.jobs import Ledger

pytestmark = pytest.mark.anyio


async def test_a_client_makes_a_video(
    stdio: StdioServerParameters, backend: FakeBackend, out: Path
) -> None:
    told: list[str] = []

    async def progress(_: float, __: float | None, words: str | None) -> None:
        told.append(words or "")

    async with Client(stdio, mode="legacy") as client:
        assert client.server_info.name == "ai-video"
        assert len((await client.list_tools()).tools) == 8
        message = {"message": "a sunset over the ocean, then export"}
        result = await client.call_tool("chat", message, progress_callback=progress)
    assert not result.is_error, said(result)
    assert [Path(file).parent for file in data(result)["files"]] == [out]
    assert any("Rendering" in words for words in told)


async def test_leaving_in_the_middle_ends_the_waiting_and_keeps_the_render(
    stdio: StdioServerParameters, backend: FakeBackend, home: Path
) -> None:
    backend.polls_until_done = 1_000_000
    async with Client(stdio) as client:
        await client.call_tool("chat", {"message": "a sunset over the ocean"})
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "export")
            while not any(render.polls for render in backend.renders.values()):
                await anyio.sleep(0.02)
            group.cancel_scope.cancel()
    (job,) = Ledger(Home(home / "state")).open()
    polls = backend.renders[job.id].polls
    await anyio.sleep(0.3)  # six polls long
    assert backend.renders[job.id].polls == polls


def start(out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "skill", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=out,
    )


HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def send(server: subprocess.Popen[bytes], **message: object) -> None:
    assert server.stdin is not None
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    server.stdin.flush()


def begin(server: subprocess.Popen[bytes]) -> None:
    send(server, id=1, method="initialize", params=HELLO)
    assert server.stdout is not None
    assert json.loads(server.stdout.readline())["result"]["serverInfo"]["name"] == "ai-video"
    send(server, method="notifications/initialized")


def test_nothing_but_the_protocol_is_written_to_stdout(backend: FakeBackend, out: Path) -> None:
    with start(out) as server:
        begin(server)
        send(server, id=2, method="tools/call", params={"name": "credits", "arguments": {}})
        assert server.stdout is not None
        answer = json.loads(server.stdout.readline())
        assert answer["id"] == 2
        assert not answer["result"]["isError"]
        send(server, id=3, method="nonsense")
        assert "error" in json.loads(server.stdout.readline())
        rest, err = server.communicate(timeout=20)
    assert rest == b""
    assert server.returncode == 0
    assert b"Traceback" not in err
    assert b"dummy-token" not in err


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_server_that_ends_takes_its_turns_with_it(
    backend: FakeBackend, out: Path, how: signal.Signals
) -> None:
    backend.script(MESSAGE, sse(text("Wor", partial=True), GONE))
    with start(out) as server:
        begin(server)
        arguments = {"message": "a sunset"}
        send(server, id=2, method="tools/call", params={"name": "chat", "arguments": arguments})
        end = time.monotonic() + 20
        while not backend.calls(MESSAGE):
            assert time.monotonic() < end
            time.sleep(0.02)
        server.send_signal(how)
        # The turn's process holds standard error, so this waits for its end too.
        _, err = server.communicate(timeout=20)
    assert server.returncode != 0
    assert b"Traceback" not in err
