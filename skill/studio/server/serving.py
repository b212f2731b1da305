"""One studio from its first to its last moment: socket, log, studio.json, uvicorn."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import uvicorn

from skill.studio.process import Address
from skill.studio.server.app import application
from skill.studio.server.connection import CONNECTIONS, Connection
from skill.studio.server.queue import Queue
from skill.studio.server.studio import Studio
from skill.studio.store import Store

LOG_BYTES = 512 << 10
PRIVATE_URLS = "AI_VIDEO_STUDIO_PRIVATE_URLS"  # "1": uploads by URL may reach private addresses
GRACE = 3  # seconds for answers under way when the server ends

_log = logging.getLogger("skill.studio")


def run(
    home: Path,
    port: int,
    idle_seconds: float,
    version: str,
    ready: Callable[[Address], None] | None,
) -> None:
    """Serve until asked to stop. The caller holds the home's serving lock."""
    folder = home / "studio"
    _log_to(folder / "studio.log")
    try:
        store = Store(folder)
        listener = listen(port, store.settings.read("port") or 0)
        studio = Studio(
            store=store,
            queue=Queue(store),
            client_id=store.settings.client_id,
            port=listener.getsockname()[1],
            version=version,
            private_urls=os.environ.get(PRIVATE_URLS) == "1",
            idle_seconds=idle_seconds,
        )
        store.settings.write("port", studio.port)
        _serve(home, studio, listener, ready)
        store.close()
    except BaseException:
        _log.exception("the studio ended by an error")
        raise


def _serve(
    home: Path, studio: Studio, listener: socket.socket, ready: Callable[[Address], None] | None
) -> None:
    file = home / "studio.json"

    class Server(uvicorn.Server):
        """Announced when it answers, and no longer when it has begun to end."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            _announce(file, studio)
            _log.info("serving on %s", studio.url)
            if ready is not None:
                ready(Address(studio.url, studio.client_id))
            threading.Thread(target=studio.warm, daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            file.unlink(missing_ok=True)
            await super().shutdown(sockets)
            _log.info("ended")

    server = Server(config(studio))

    def stop() -> None:
        server.should_exit = True

    studio.stop = stop
    with _signals_ignored():
        server.run(sockets=[listener])


def config(studio: Studio, grace: int = GRACE) -> uvicorn.Config:
    """How uvicorn serves a studio; ``grace``: seconds for answers under way when it ends."""
    return uvicorn.Config(
        application(studio),
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=grace,
    )


@contextlib.contextmanager
def _signals_ignored() -> Iterator[None]:
    """uvicorn ends on SIGTERM and SIGINT, then raises them again: what follows must still run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(kind, lambda *_: None) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def _announce(file: Path, studio: Studio) -> None:
    about = {
        "url": studio.url,
        "pid": os.getpid(),
        "client_id": studio.client_id,
        "started": time.time(),
        "version": studio.version,
    }
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as output:
        json.dump(about, output)
        output.flush()
        os.fsync(output.fileno())
    part.replace(file)


def listen(port: int = 0, last: int = 0) -> socket.socket:
    """A listening socket on loopback. Links of before keep working where the last port is free."""
    for wanted in (port,) if port else (last, 0):
        # asyncio sets TCP_NODELAY where the protocol is named; without, each answer takes 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":  # there it would let another process take the port over
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
            listener.listen(128)
        except OSError:
            listener.close()
            if port:
                raise
            continue
        listener.setblocking(False)
        return listener
    raise OSError("no port of 127.0.0.1 is free")


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("skill.studio", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
