"""One fault on its stage: a backend that misbehaves, a home, a folder, and the command line."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_backend import MESSAGE, RENDER, SESSION, TOKEN, UPLOAD, FakeBackend

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 30.0  # s that a call may take before it counts as hanging

# What no answer may hold: what only programmers read, secrets, and the markup of a gateway.
FORBIDDEN = re.compile(
    r"Traceback|File \"|dummy-token|dummy-own|Bearer|Exception\b|urllib3|requests\.\w|HTTPConn"
    r"|<html|<!doctype|nginx|\{\"|\{'|\\u[0-9a-f]{4}|errno|(?-i:\bNone\b(?! are))|object at 0x",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ended:
    """How a call ended. ``reply`` is the object of --json, empty without it."""

    status: int
    out: str
    err: str
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What the user reads."""
        return f"{self.reply['text']}\n{self.err}" if self.reply else f"{self.out}\n{self.err}"


class Nursery:
    """A running ``nursery.py``."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "nursery")
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("nursery.py"), self._path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def start(self, call: dict[str, Any]) -> Child:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(LONGEST)
        line.connect(self._path)
        line.sendall(json.dumps(call).encode() + b"\n")
        return Child(line)


class Child:
    """A call under way."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._words = line.makefile("r")
        self.pid = int(self._words.readline())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Its exit status, negative where a signal ended it."""
        try:
            status = self._words.readline()
        except TimeoutError:
            self.signal(signal.SIGKILL)
            raise AssertionError(f"it hangs: not done after {LONGEST:g} s") from None
        finally:
            self._words.close()
            self._line.close()
        return int(status)


class Stage:
    """What a fault works with.

    ``home`` is AI_VIDEO_HOME, ``out`` the current folder of the calls, ``env`` their variables,
    ``backend`` the server. ``messages`` and the like count what was seen since ``mark``.
    """

    def __init__(self, nursery: Nursery, folder: Path, backend: FakeBackend) -> None:
        self.nursery = nursery
        self.folder = folder
        self.backend = backend
        self.home = folder / "home" / "state"
        self.out = folder / "out"
        self.out.mkdir()
        (folder / "home").mkdir()
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
        waits = {"AI_VIDEO_RENDER_POLL": "0.02", "AI_VIDEO_RETRY_AFTER": "0.05"}
        self.env = {
            **kept,
            "HOME": str(folder / "home"),
            "PYTHONUTF8": "1",
            **backend.environ(self.home, **waits),
            "AI_VIDEO_IDLE_TIMEOUT": "0.6",
            "AI_VIDEO_TURN_TIMEOUT": "1.2",
            "AI_VIDEO_RECOVERY_WAITS": "0.02,0.02,0.02,0.02,0.02",
        }
        self.options: dict[str, Any] = {}  # for the nursery: cut, size, waits
        self._calls = 0
        self._marked = 0

    # Calls

    def start(self, *argv: str, **options: Any) -> tuple[Child, Path, Path]:
        self._calls += 1
        out, err = (self.folder / f"{self._calls}.{name}" for name in ("out", "err"))
        out.touch()
        err.touch()
        call = {
            "argv": list(argv),
            "env": self.env,
            "cwd": str(self.out),
            "out": str(out),
            "err": str(err),
            **self.options,
            **options,
        }
        return self.nursery.start(call), out, err

    def run(self, *argv: str, **options: Any) -> Ended:
        child, out, err = self.start(*argv, **options)
        return self.ended(child.wait(), out, err, "--json" in argv)

    def ended(self, status: int, out: Path, err: Path, as_json: bool) -> Ended:
        told = out.read_text()
        reply = {}
        if as_json and status in (0, 1):
            assert told.count("\n") == 1, f"stdout is not one object: {told!r}"
            reply = json.loads(told)
            assert set(reply) >= {"text", "steps", "files", "links", "session", "error"}
            assert (status == 1) == (reply["error"] is not None), (status, reply)
        return Ended(status, told, err.read_text(), reply)

    def prime(self) -> None:
        """A conversation that has begun: a token, a project, a clip on its timeline."""
        done = self.run("chat", "--json", "a sunset over the ocean")
        assert done.status == 0, done
        self.mark()

    def mark(self) -> None:
        """Count from here."""
        self._marked = len(self.backend.seen)

    # What the server saw, and what is on disk

    def count(self, route: str) -> int:
        lines = [f"{seen.method} {seen.path}" for seen in self.backend.seen[self._marked :]]
        return sum(line.startswith(route) for line in lines)

    @property
    def messages(self) -> int:
        return self.count(MESSAGE)

    @property
    def renders(self) -> int:
        return self.count(RENDER)

    @property
    def tokens(self) -> int:
        return self.count(TOKEN)

    @property
    def sessions(self) -> int:
        return self.count(SESSION)

    @property
    def uploads(self) -> int:
        return self.count(UPLOAD)

    def render_ids(self) -> set[str]:
        """The renders that were asked for since the mark: one for each id."""
        seen = [seen for seen in self.backend.calls(RENDER) if seen.method == "POST"]
        return {item.json["id"] for item in seen}

    def files(self) -> list[str]:
        """The names in the folder that videos go to."""
        return sorted(path.name for path in self.out.iterdir()) if self.out.is_dir() else []

    def videos(self) -> list[Path]:
        return [path for path in sorted(self.out.glob("*.*")) if not path.name.startswith(".")]

    def check_home(self) -> None:
        """Nothing half-written stays, and nobody else can read what does."""
        if not self.home.is_dir():
            return
        for path in self.home.rglob("*"):
            if path.is_file():
                assert not path.name.startswith("."), f"left behind: {path.name}"
                mode = path.stat().st_mode & 0o777
                assert mode == 0o600, f"{path.name} is {mode:o}"

    def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never came to that"
            time.sleep(0.005)


@contextlib.contextmanager
def stage(nursery: Nursery) -> Iterator[Stage]:
    # In memory where the platform has such a place: the client syncs whatever it writes.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 a folder of our own
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=memory))
    try:
        with FakeBackend() as backend:
            yield Stage(nursery, folder, backend)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
