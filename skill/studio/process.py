"""The studio's process: started when it is needed, found by later ones, ended when idle.

``home/studio.json`` (mode 600) tells where it listens and the client id that
opens it. The file alone proves nothing: whoever answers there must show, by
``GET /health``, that it knows the same client id.

    home/studio.json           url, pid, client_id, started, version
    home/studio/starting.lock  held by the one process that starts a studio
    home/studio/serving.lock   held by the studio for its whole life, with its pid
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IDLE_SECONDS = 900.0
_ANSWER_SECONDS = 5.0  # for /health; a machine may be busy rendering
_ENDING_SECONDS = 20.0  # from being asked to end to being gone
_HANDOVER_SECONDS = 10.0  # that a new studio waits for one that is just ending
_READY = "ready "


class StudioError(Exception):
    """The studio cannot be started or ended; the text is for the user."""


class PackageMissing(StudioError):
    """A package of the studio is not installed. ``name`` is its module's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The studio needs the package {name}, which is not installed here.")
        self.name = name


@dataclass(frozen=True)
class Address:
    """Where a studio listens, and the client id that it gives tokens for."""

    url: str
    client_id: str


@dataclass(frozen=True)
class _Found:
    address: Address
    version: str
    busy: bool


def running(home: Path) -> Address | None:
    """The studio of ``home``, if one answers."""
    found = _ask(home)
    return found.address if found else None


def ensure(home: Path, timeout: float = 30) -> Address:
    """The studio of ``home``, started if none runs; many processes at once start one.

    One of another version of the code is replaced unless it is at work.
    Raises StudioError where none answers within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    found = _ask(home)
    if found and _good(found):
        return found.address
    with _lock(home, "starting", timeout):
        found = _ask(home)  # somebody else may have started it meanwhile
        if found and _good(found):
            return found.address
        if found:
            stop(home)
        return _start(home, max(1.0, deadline - time.monotonic()))


def stop(home: Path) -> bool:
    """End the studio of ``home`` and wait until it is gone. False where none runs.

    A render under way is resumed by the next studio. Raises StudioError where
    the process cannot be ended.
    """
    from skill.studio.locks import holder

    serving = _folder(home) / "serving.lock"
    pid = holder(serving)
    if pid is None:
        _forget(home)
        return False
    found = _ask(home)
    asked = found is not None and _request(found.address, "POST", "/stop", True) is not None
    if not asked:
        _signal(pid, hard=False)
    if not _gone(serving, _ENDING_SECONDS):
        _signal(pid, hard=True)
        if not _gone(serving, _ENDING_SECONDS):
            raise StudioError(f"The studio (process {pid}) could not be ended.")
    _forget(home)
    return True


def serve(
    home: Path,
    port: int = 0,
    idle_seconds: float = IDLE_SECONDS,
    ready: Callable[[Address], None] | None = None,
) -> None:
    """Run the studio in this process until it is stopped or idle; ``ready`` is told its address.

    ``port`` 0: the last one used if it is free, else any. Raises StudioError
    where another studio serves this home.
    """
    from skill.studio.server.serving import run
    from skill.studio.store import StoreError

    os.umask(0o077)
    _folder(home)
    with _lock(
        home,
        "serving",
        _HANDOVER_SECONDS,
        "Another studio is running for this folder. `ai-video studio stop` ends it.",
    ):
        try:
            run(home, port, idle_seconds, version(), ready)
        except StoreError as error:
            raise StudioError(str(error)) from error


def version() -> str:
    """What this code is: a hash over the studio's own files."""
    import hashlib

    root = Path(__file__).parent
    digest = hashlib.sha256((root.parent / "draft.py").read_bytes())
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".json", ".css"):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _folder(home: Path) -> Path:
    folder = home / "studio"
    for path in (home, folder):  # ``mode`` is for the last one only
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextlib.contextmanager
def _lock(home: Path, name: str, timeout: float, taken: str = "") -> Iterator[None]:
    from skill.studio.locks import Lock

    lock = Lock(_folder(home) / f"{name}.lock")
    if not lock.acquire(timeout):
        raise StudioError(taken or "The studio is being started by another process, and hangs.")
    try:
        yield
    finally:
        lock.release()


def _good(found: _Found) -> bool:
    return found.busy or found.version == version()


def _ask(home: Path) -> _Found | None:
    """The studio that studio.json points to, if it proves to be one."""
    try:
        told = json.loads((home / "studio.json").read_text("utf-8"))
        address = Address(str(told["url"]), str(told["client_id"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    import hashlib
    import hmac
    import secrets

    nonce = secrets.token_hex(16)
    said = _request(address, "GET", f"/health?nonce={nonce}", False)
    proof = hmac.new(address.client_id.encode(), nonce.encode(), hashlib.sha256).hexdigest()
    if said is None or not hmac.compare_digest(str(said.get("proof")).encode(), proof.encode()):
        return None
    return _Found(address, str(said.get("version")), bool(said.get("busy")))


def _request(address: Address, method: str, path: str, key: bool) -> dict[str, Any] | None:
    """The ``data`` of the studio's answer, None for anything but an answer of success."""
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import urlsplit

    try:
        where = urlsplit(address.url)
        if where.hostname != "127.0.0.1":
            return None
        connection = HTTPConnection(where.hostname, where.port, timeout=_ANSWER_SECONDS)
        with contextlib.closing(connection):
            headers = {"X-Client-Id": address.client_id} if key else {}
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            body = json.loads(response.read(65536))
            if response.status != 200 or body["code"] != 0:
                return None
            return body["data"] or {}
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return None


def _start(home: Path, timeout: float) -> Address:
    """Start a detached studio, and wait for the line in which it tells its address."""
    import queue
    import subprocess
    import threading

    from skill.studio.worker import environment, python

    flags = 0
    if sys.platform == "win32":
        # A hidden console of its own: closing the user's does not end it.
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    process = subprocess.Popen(  # noqa: S603 our own module, by our own interpreter
        python("skill.studio", "--detach", str(home.absolute())),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=_folder(home),
        env=environment(),
        start_new_session=True,
        creationflags=flags,
    )
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None  # noqa: S101 piped above
        with process.stdout as output:
            for line in output:
                lines.put(line.decode("utf-8", "replace").strip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    deadline, last = time.monotonic() + timeout, ""
    while True:
        try:
            line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise _failed(home, f"it did not answer within {timeout:.0f} s") from None
        if line is None:
            process.wait()
            raise _failed(home, last or "it ended without a word")
        if line.startswith(_READY):
            told = json.loads(line[len(_READY) :])
            process.poll()  # the launcher has left: let the system forget it
            return Address(told["url"], told["client_id"])
        last = line or last


def _failed(home: Path, why: str) -> StudioError:
    if why.startswith("ModuleNotFoundError"):
        return PackageMissing(why.split("'")[1] if "'" in why else "of its packages")
    return StudioError(
        f"The studio could not start: {why.rstrip('.')}. Its log: {home / 'studio' / 'studio.log'}"
    )


def _forget(home: Path) -> None:
    with contextlib.suppress(OSError):
        (home / "studio.json").unlink()


def _gone(serving: Path, timeout: float) -> bool:
    from skill.studio.locks import holder

    deadline = time.monotonic() + timeout
    while holder(serving) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal(pid: int, hard: bool) -> None:
    import signal

    # The lock was held a moment ago, so the pid is its holder's.
    kind = getattr(signal, "SIGKILL", signal.SIGTERM) if hard else signal.SIGTERM
    with contextlib.suppress(OSError):
        os.kill(pid, kind)
