"""Calls of the server, each in a process of its own (``worker``).

A process, and not a thread, because cancelling must end the waiting at once, and leave a render
as Ctrl-C on the command line leaves it: in the ledger, fetched by the next turn or ``resume``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import Process

from skill.home import reason

Reply = dict[str, Any]
Say = Callable[[float, str], Awaitable[None]]

_ROOT = str(Path(__file__).resolve().parents[2])
_BEAT = 10.0  # s: clients that take silence for death wait 30 or 60
_GRACE = 5.0  # s from the interruption of a call to its end by force
_STEP = 0.001  # what progress grows by where nobody knows how far it is


class Turns:
    """Runs calls."""

    def __init__(self, backend: str | None = None) -> None:
        self._backend = backend

    async def do(self, call: Mapping[str, Any], say: Say) -> Reply:
        """The reply to a call of ``worker``; ``say(progress, words)`` is told what happens.

        ``progress`` grows with every telling: each stage of the work is 1. Raises WorkerDied.
        """
        told = _Progress(say)
        reply: Reply = {}
        died: WorkerDied | None = None
        async with anyio.create_task_group() as beat:
            beat.start_soon(told.beat)
            try:
                reply = await self._run(call, told)
            except WorkerDied as error:
                died = error  # out of the group, which would wrap it
            told.over = True
            beat.cancel_scope.cancel()
        if died is not None:
            raise died
        return reply

    async def _run(self, call: Mapping[str, Any], told: _Progress) -> Reply:
        try:
            process = await anyio.open_process(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None,  # ours: the client's log
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise WorkerDied(f"The work could not begin: {reason(error)}.") from None
        try:
            assert process.stdin is not None  # noqa: S101 piped above
            with suppress(anyio.BrokenResourceError):  # it has died: there will be no reply
                line = json.dumps({**call, "backend": self._backend})
                await process.stdin.send(f"{line}\n".encode())
            async for event in _events(process):
                if "reply" in event:
                    reply: Reply = event["reply"]
                    return reply
                await told.take(event)
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process)
        status = process.returncode
        raise WorkerDied(
            f"The work ended before it had an answer (exit status {status}). What was under way "
            "goes on at the backend: look at the status before trying again."
        )


class WorkerDied(Exception):
    """A call's process ended without a reply; the text is for the user."""


def _command() -> list[str]:
    """Our own interpreter and code, whatever lies in the current folder."""
    flags = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    code = (
        f"import sys; root = {_ROOT!r}; sys.path = [path for path in sys.path if path]; "
        "root in sys.path or sys.path.insert(0, root); from skill.mcp.worker import main; main()"
    )
    return [sys.executable, *flags, "-c", code]


async def _events(process: Process) -> AsyncIterator[dict[str, Any]]:
    assert process.stdout is not None  # noqa: S101 piped above
    pieces: list[bytes] = []
    async for chunk in process.stdout:
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            yield json.loads(b"".join([*pieces, line]))
            pieces = []
        pieces.append(rest)


async def _end(process: Process) -> None:
    """Interrupt a call that is not done by ending its input; by force where that does not help."""
    with suppress(OSError, anyio.BrokenResourceError):
        if process.stdin is not None:
            await process.stdin.aclose()
    with anyio.move_on_after(_GRACE):
        if process.stdout is not None:
            async for _ in process.stdout:  # it may have more to say than a pipe holds
                pass
        await process.wait()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    await process.aclose()


class _Progress:
    """Tellings of a call as progress that only grows."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self.over = False
        self._line = self._words = "Working"
        self._stage = ""
        self._about = ""  # the stage that the line is about
        self._done = 0  # stages that are behind us
        self._at = 0.0
        self._news = anyio.Event()

    async def take(self, event: Mapping[str, Any]) -> None:
        """Tell a line, or how far a stage is."""
        wanted, fraction = self._at, event.get("progress")
        stage = str(event.get("stage", ""))
        if "line" in event:
            self._line, self._about = str(event["line"]), ""
        elif stage != self._stage:
            self._done += bool(self._stage)
            self._stage = stage
            self._about = self._about or stage
        self._words = self._line
        if fraction is not None:
            wanted = self._done + max(0.0, min(1.0, fraction))
            if self._about == self._stage:  # the line is not about a later stage
                self._words = f"{self._line} {fraction:.0%}"
        await self._tell(wanted)

    async def beat(self) -> None:
        """Tell the last line again while nothing else is told, until it is over."""
        while not self.over:
            self._news = anyio.Event()
            with anyio.move_on_after(_BEAT):
                await self._news.wait()
                continue
            await self._tell(self._at)

    async def _tell(self, wanted: float) -> None:
        self._at = max(wanted, self._at + _STEP)
        self._news.set()
        await self._say(round(self._at, 4), self._words)
