"""A small NemoVideo backend on 127.0.0.1, over real sockets, that can be told to misbehave.

    with FakeBackend() as backend:                       # or the fixture of your own test file
        settings = Settings.read(backend.environ(home))  # cloud, at backend.url, short waits
        ...
        assert backend.calls("POST /run_sse") == [...]

Untold it works: tokens, sessions (``bind_id`` "bind-1"), a message answered with
"Done." and a changed draft, uploads, credits, state, renders that are completed at
their second poll, downloads with Range, claim tokens. It checks the bearer token and
answers 1001 to another one; NEMO_TOKEN tests add theirs to ``backend.tokens``.

Told what to do: ``backend.script(ROUTE, reply, ...)`` queues replies for the next
requests of a route; when they are used up the route works again (``always``: the one reply,
until ``heal`` makes all well). A ROUTE is a method
and the start of a path: TOKEN, SESSION, MESSAGE, UPLOAD, CREDITS, STATE, RENDER, POLL,
DOWNLOAD, CLAIM below, or any other, such as "GET /files/". A reply is a ``Reply``, made by

    ok(data), answer(payload, status), refusal(code, status=200)   JSON
    html(status), empty(status)
    sse(frame, ..., end=True)    a stream: a dict is an event, str and bytes are sent as they
                                 stand, a number is a pause in seconds, CUT ends the
                                 connection there without the closing chunk, RESET resets it,
                                 GONE waits until the client has left
    raw(piece, ...)              bytes in place of the whole answer, its first line included
    WORK                         work as untold
    or a function: seen -> Reply | None (None: work as untold), for what must look at the
    request or change the backend while it answers

``text("Hi")`` is one event of an agent turn, ``text("H", partial=True)`` a piece of it.

What it holds, to read and to change: ``seen`` (every request: ``.method .path .headers
.body .json .at``), ``draft``, ``state_extra``, ``credits`` (dict), ``tokens`` (set),
``sessions`` (id -> body), ``uploads`` (list of bodies), ``renders`` (id -> Render),
``polls_until_done``, ``file`` (the bytes of a finished render), ``on_message`` (seen -> None:
called by an untold message, to change the draft; None leaves the draft as it is).
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "POST /api/auth/anonymous-token"
CLAIM = "POST /api/auth/claim-token"
SESSION = "POST /api/tasks/me/with-session/nemo_agent"
MESSAGE = "POST /run_sse"
UPLOAD = "POST /api/upload-video/nemo_agent/me/"
CREDITS = "GET /api/credits/balance/simple"
STATE = "GET /api/state/nemo_agent/me/"
RENDER = "POST /api/render/proxy/lambda"
POLL = "GET /api/render/proxy/lambda/"
DOWNLOAD = "GET /files/"

CUT = object()
RESET = object()
GONE = object()
_PATIENCE = 30.0  # s that GONE waits at most

Piece = bytes | str | float | dict[str, Any] | object


def box(kind: bytes, payload: bytes = b"") -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def mp4(size: int = 20_000) -> bytes:
    """The boxes of a whole MP4 file, with ``size`` bytes of (meaningless) media."""
    pattern = bytes(range(256)) * (size // 256 + 1)
    ftyp = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    return ftyp + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", pattern[:size])


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Iterable[Piece] | None = None
    chunked: bool = True
    raw: bool = False


WORK = None
Script = Reply | Callable[[Seen], Reply | None] | None


@dataclass
class Render:
    body: dict[str, Any]
    polls: int = 0
    status: str = "pending"


def answer(payload: Any, status: int = 200, **headers: str) -> Reply:
    body = json.dumps(payload, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, {"Content-Type": "application/json", **named})


def ok(data: Any, **headers: str) -> Reply:
    return answer({"code": 0, "message": "success", "data": data}, **headers)


def refusal(code: int, status: int = 200, message: str = "refused", **headers: str) -> Reply:
    return answer({"code": code, "message": message, "data": None}, status, **headers)


def html(status: int = 200) -> Reply:
    page = b"<!doctype html><html><body><h1>nginx</h1></body></html>"
    return Reply(status, page, {"Content-Type": "text/html"})


def empty(status: int = 200) -> Reply:
    return Reply(status)


def text(words: str, *, author: str = "nemo_agent", **extra: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": words}]}
    return {"author": author, "content": content, **extra}


def frame(event: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"


def sse(*pieces: Piece, chunked: bool = True, status: int = 200) -> Reply:
    headers = {"Content-Type": "text/event-stream"}
    return Reply(status, headers=headers, pieces=pieces, chunked=chunked)


def raw(*pieces: Piece) -> Reply:
    return Reply(pieces=pieces, chunked=False, raw=True)


class FakeBackend:
    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.tokens: set[str] = set()
        self.sessions: dict[str, Any] = {}
        self.uploads: list[bytes] = []
        self.renders: dict[str, Render] = {}
        self.credits: dict[str, Any] = {"available": 100, "frozen": 0, "total": 100}
        self.draft: dict[str, Any] = {"t": []}
        self.state_extra: dict[str, Any] = {}
        self.polls_until_done = 2
        self.file = mp4()
        self.on_message: Callable[[Seen], None] | None = self._edit
        self._scripts: dict[str, deque[Script]] = defaultdict(deque)
        self._always: dict[str, Script] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.backend = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeBackend:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environ(self, home: Path | str, **more: str) -> dict[str, str]:
        """The variables of a client of this backend, with waits fit for a test."""
        return {
            "AI_VIDEO_BACKEND": "cloud",
            "AI_VIDEO_HOME": str(home),
            "NEMO_API_URL": self.url,
            "NEMO_WEB_URL": "https://nemovideo.example",
            "NEMO_CLIENT_ID": "dummy-client-id",
            "AI_VIDEO_RENDER_POLL": "0.05",
            "AI_VIDEO_STILL_WORKING": "0.3",
            "AI_VIDEO_IDLE_TIMEOUT": "2",
            "AI_VIDEO_TURN_TIMEOUT": "4",
            "AI_VIDEO_RECOVERY_WAITS": "0.05,0.05,0.05,0.05,0.05",
            "AI_VIDEO_RETRY_AFTER": "0.1",
            **more,
        }

    def script(self, route: str, *replies: Script) -> None:
        with self._lock:
            self._scripts[route].extend(replies)

    def always(self, route: str, reply: Script) -> None:
        with self._lock:
            self._always[route] = reply

    def heal(self) -> None:
        """Forget what was told: every route works from here."""
        with self._lock:
            self._scripts.clear()
            self._always.clear()

    def calls(self, route: str) -> list[Seen]:
        """The requests of a route so far. RENDER does not count polls: methods differ."""
        return [seen for seen in list(self.seen) if f"{seen.method} {seen.path}".startswith(route)]

    def reply(self, seen: Seen) -> Reply:
        with self._lock:
            self.seen.append(seen)
            line = f"{seen.method} {seen.path}"
            # The longest name wins: a poll is no download, though both are GETs.
            routes = [r for r, queue in self._scripts.items() if queue and line.startswith(r)]
            script = self._scripts[max(routes, key=len)].popleft() if routes else WORK
            if not routes and (ever := [r for r in self._always if line.startswith(r)]):
                script = self._always[max(ever, key=len)]
        reply = script(seen) if callable(script) else script
        return self._work(seen, line) if reply is None else reply

    def _work(self, seen: Seen, line: str) -> Reply:
        with self._lock:
            if line.startswith(TOKEN):
                return self._token(seen)
            if line.startswith(DOWNLOAD):
                return self._download(seen)
            if seen.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return refusal(1001, 401, "bad token")
            if line.startswith(CREDITS):
                return ok(self.credits)
            if line.startswith(SESSION):
                number = len(self.sessions) + 1
                self.sessions[f"session-{number}"] = seen.json
                ids = {"session_id": f"session-{number}", "task_id": f"task-{number}"}
                return ok({**ids, "bind_id": "bind-1"})
            if line.startswith(CLAIM):
                return ok({"claim_token": "clm_dummy"})
            if line.startswith(MESSAGE):
                return self._message(seen)
            if line.startswith(UPLOAD):
                return self._upload(seen)
            if line.startswith(STATE):
                if seen.path.split("/")[-2] not in self.sessions:
                    return refusal(1002, 404, "session not found")
                return ok({"state": {"draft": self.draft, **self.state_extra}})
            if line.startswith(POLL):
                return self._poll(seen)
            if line.startswith(RENDER):
                self.renders[seen.json["id"]] = Render(seen.json)
                return ok({"id": seen.json["id"], "status": "pending"})
            if line.startswith("GET /api/render/proxy/") and line.endswith("/download"):
                return self._download(seen)
        return answer({"detail": "Not Found"}, 404)

    def _token(self, seen: Seen) -> Reply:
        if not seen.headers.get("x-client-id"):
            return refusal(400, 400, "missing X-Client-Id")
        token = f"dummy-token-{len(self.tokens) + 1}"
        self.tokens.add(token)
        return ok({"token": token, "credits": 100})

    def _message(self, seen: Seen) -> Reply:
        if seen.json["session_id"] not in self.sessions:
            return answer({"detail": "Session not found"}, 404)
        if self.on_message:
            self.on_message(seen)
        return sse(text("Do", partial=True), text("ne.", partial=True), "data:\n\n", text("Done."))

    def _edit(self, seen: Seen) -> None:
        words = seen.json["new_message"]["parts"][0]["text"]
        segment = {"id": f"s{len(self.seen)}", "d": 5000, "m": {"name": words[:40]}}
        self.draft = {"t": [{"id": "v", "tt": 0, "sg": [segment]}]}

    def _upload(self, seen: Seen) -> Reply:
        if seen.path.rsplit("/", 1)[-1] not in self.sessions:
            return refusal(1002, 404, "session not found")
        self.uploads.append(seen.body)
        return ok({"file_name": f"media-{len(self.uploads)}", "duration": 5000})

    def _poll(self, seen: Seen) -> Reply:
        name = seen.path.rsplit("/", 1)[-1]
        render = self.renders.get(name)
        if render is None:
            return answer({"detail": "render not found"}, 404)
        render.polls += 1
        if render.polls >= self.polls_until_done:
            render.status = "completed"
            output = {"url": f"{self.url}/files/{name}.mp4"}
            return answer({"code": 0, "id": name, "status": render.status, "output": output})
        return answer({"code": 0, "id": name, "status": "processing"})

    def _download(self, seen: Seen) -> Reply:
        headers = {"Content-Type": "video/mp4", "ETag": '"v1"', "Accept-Ranges": "bytes"}
        wanted = seen.headers.get("range", "")
        if wanted.startswith("bytes=") and seen.headers.get("if-range", '"v1"') == '"v1"':
            start = int(wanted[6:].split("-")[0])
            total = len(self.file)
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
            return Reply(206, self.file[start:], headers)
        return Reply(200, self.file, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    backend: FakeBackend

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        seen = Seen(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            time.monotonic(),
        )
        reply = self.server.backend.reply(seen)
        if reply.raw:
            self._send(reply)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.pieces is None:
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)
            if "Content-Length" in reply.headers:
                self._close()  # it may promise more than it sends
            return
        self.send_header(*(("Transfer-Encoding", "chunked") if reply.chunked else _CLOSE))
        self.end_headers()
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        for piece in reply.pieces or ():
            if piece is GONE:
                self.connection.settimeout(_PATIENCE)
                with contextlib.suppress(OSError):
                    while self.connection.recv(65536):
                        pass
                continue
            if piece is CUT or piece is RESET:
                if piece is RESET:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    self.close_connection = True
                else:
                    self._close()
                return
            if isinstance(piece, (int, float)):
                time.sleep(piece)
                continue
            data = frame(piece) if isinstance(piece, dict) else piece
            data = data.encode() if isinstance(data, str) else data
            assert isinstance(data, bytes)
            if data:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if reply.chunked else data)
                self.wfile.flush()
        if reply.chunked:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self._close()

    def _close(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    do_GET = do_POST = do_HEAD = do_PUT = _handle


_CLOSE = ("Connection", "close")
