"""The studio's HTTP side: a real server, and requests that no client of ours would send."""

from __future__ import annotations

import contextlib
import http.client
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from skill.studio import process
from tests.fuzz.target import Target
from tests.fuzz.wire import DRAFT
from tests.fuzz.words import SIGN, TALK, TEXT, json_values

SECONDS = 60.0  # for one answer
PATIENCE = 0.5  # for an answer to what is no whole request
_HEADERS = {"X-Skill-Source": "fuzz", "X-Skill-Version": "1", "X-Skill-Platform": "unknown"}


@dataclass
class _Studio:
    """The server under test, and what a client of it knows."""

    address: process.Address
    home: Path
    token: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, headers: dict[str, str], body: bytes, seconds: float = SECONDS
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        host, _, port = self.address.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=seconds)
        with contextlib.closing(connection):
            # As they are: http.client itself is strict about methods, paths and headers.
            lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
            given = {name.lower() for name in headers}
            if "content-length" not in given and "transfer-encoding" not in given:
                lines.append(f"Content-Length: {len(body)}")
            lines += [f"{name}: {value}" for name, value in headers.items()]
            head = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass")
            connection.connect()
            with contextlib.suppress(
                ConnectionError
            ):  # refused before it was read: the answer says so
                connection.sock.sendall(head + body)
            answer = http.client.HTTPResponse(connection.sock, method=method)
            with contextlib.closing(answer):
                answer.begin()
                return answer.status, answer.headers, answer.read()


_studio: _Studio | None = None

_PATHS = (
    *("/health", "/stop", "/api/auth/anonymous-token", "/api/auth/claim-token", "/run_sse", "/"),
    *("/api/tasks/me/with-session/nemo_agent", "/api/state/nemo_agent/me/<session>/latest"),
    *("/api/credits/balance/simple", "/api/upload-video/nemo_agent/me/<session>"),
    *("/api/render/proxy/lambda", "/api/render/proxy/lambda/<render>"),
    *("/api/render/proxy/<render>/download", "/workspace/claim?ct=<claim>"),
    *("/workspace/video?ct=<claim>", "/workspace/page.css"),
)
_BIT = st.one_of(
    SIGN, st.sampled_from(["%2e%2e", "%00", "%ff", "//", "?", "&", "a=b", "..", "x" * 3000])
)
_PATH = st.one_of(
    st.sampled_from(_PATHS),
    st.sampled_from(_PATHS),
    st.builds(lambda path, bit: path + bit, st.sampled_from(_PATHS), _BIT),
    st.builds(
        lambda path, bit: path.replace("<session>", bit).replace("<render>", bit),
        st.sampled_from(_PATHS),
        _BIT,
    ),
    st.lists(_BIT, max_size=5).map(lambda bits: "/" + "".join(bits)),
)
_KEYS = st.sampled_from(
    [
        *("task_name", "language", "session_id", "sessionId", "task_id", "new_message"),
        *("parts", "text"),
        *("id", "draft", "output", "format", "quality", "height", "max_bytes", "urls"),
        "source_type",
    ]
)
_KNOWN = {"session_id": "<session>", "task_id": "<task>", "sessionId": "<session>"}
_JSON = st.one_of(
    st.builds(lambda value: {**_KNOWN, **value}, st.dictionaries(_KEYS, json_values(_KEYS, 6))),
    st.builds(lambda text: {**_KNOWN, "new_message": {"parts": [{"text": text}]}}, TALK),
    # An id of no render, so that none is begun: what is rendered is another matter.
    st.builds(lambda draft: {**_KNOWN, "id": "<render>/", "draft": draft}, DRAFT),
    st.builds(
        lambda urls: {"urls": urls, "source_type": "url"},
        st.lists(
            st.one_of(TEXT, st.sampled_from(["http://127.0.0.1:9/a.mp4", "file:///etc/passwd"])),
            max_size=3,
        ),
    ),
    json_values(_KEYS, 8),
)
_PARTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("--b\r\n", "--b--", "--b--\r\n", "\r\n", "\r\n\r\n", "--", "\0", "x" * 9000),
                'Content-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n',
                'Content-Disposition: form-data; name=files; filename="../\\x"\r\n',
                *("Content-Type: video/mp4\r\n", "content-disposition: ;;;===\r\n\r\n"),
                "a:b\r\n",
            ]
        ),
        TEXT,
    ),
    max_size=12,
).map("".join)
_BODY = st.one_of(
    _JSON.map(lambda value: ("application/json", json.dumps(value))),
    _PARTS.map(lambda text: ("multipart/form-data; boundary=b", text)),
    TEXT.map(lambda text: ("application/json", text)),
    st.builds(
        lambda kind, text: (kind, text), st.sampled_from(["", "text/plain", "a/b;c=d"]), TEXT
    ),
    st.just(("application/json", "[" * 20_000)),
)
_EXTRA = st.dictionaries(
    st.sampled_from(
        [
            *("Authorization", "X-Client-Id", "Host", "Origin", "Sec-Fetch-Site"),
            "Content-Length",
            *("Transfer-Encoding", "Range", "If-Range", "Cookie", "Expect", "Upgrade", "X-Any"),
        ]
    ),
    st.one_of(
        st.sampled_from(
            [
                *("Bearer x", "Bearer", "0", "-1", "999999999999", "chunked", "gzip"),
                *("bytes=0-", "null"),
                *("bytes=9-1", "bytes=a", "100-continue", "websocket", "cross-site"),
                "http://evil.test",
            ]
        ),
        TEXT.map(lambda text: " ".join(text.split())),
    ),
    max_size=2,
)
_REQUEST = st.tuples(
    st.sampled_from(
        ["GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "é", "X" * 99]
    ),
    _PATH,
    _EXTRA,
    _BODY,
)


def _check_requests(requests: list[tuple[str, str, dict[str, str], tuple[str, str]]]) -> None:
    assert _studio is not None
    studio = _studio
    for method, path, extra, (kind, body) in requests:
        if path.startswith("/stop") and method == "POST":
            extra.pop("X-Client-Id", None)
        headers = {**_HEADERS, "Authorization": f"Bearer {studio.token}", **extra}
        if kind:
            headers["Content-Type"] = kind
        for name, value in studio.values.items():
            path, body = path.replace(name, value), body.replace(name, value)
        path = "".join(path.split()) or "/"
        sent = body.encode("utf-8", "surrogatepass")
        odd = _odd(method, path, headers)
        try:
            status, said, answer = studio.send(
                method, path, headers, sent, PATIENCE if odd else SECONDS
            )
        except (http.client.HTTPException, OSError):
            # A request that is no HTTP may be hung up on, as long as others are heard.
            if not odd:
                raise
            continue
        _check_answer(studio, method, path, status, said, answer)
    address = process.running(studio.home)
    assert address == studio.address, "the studio has ended"


def _odd(method: str, path: str, headers: dict[str, str]) -> bool:
    """Whether a request is none by the rules of HTTP, so that the server may hang up on it."""
    sizes = headers.keys() & {"Content-Length", "Transfer-Encoding", "Upgrade", "Expect"}
    text = method + path + "".join(headers.values())
    return bool(sizes) or not (text.isascii() and text.isprintable())


def _check_answer(
    studio: _Studio,
    method: str,
    path: str,
    status: int,
    headers: http.client.HTTPMessage,
    body: bytes,
) -> None:
    text = body.decode("utf-8", "replace")
    assert status < 500, f"{method} {path}: {status} {text[:200]}"
    for secret in (studio.address.client_id, str(studio.home), "Traceback", 'File "'):
        assert secret not in text, f"{secret} in the answer to {method} {path}"
    if not headers.get("content-type", "").startswith("application/json") or not body:
        return
    value = json.loads(body)
    assert isinstance(value, dict)
    assert {"code", "message", "data"} <= value.keys()
    assert (value["code"] == 0) == (status < 300), f"{method} {path}: {status} {value}"
    assert headers["x-content-type-options"] == "nosniff"


@contextlib.contextmanager
def _served() -> Iterator[None]:
    global _studio
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        address = process.ensure(home, timeout=60)
        try:
            _studio = _Studio(address, home)
            _studio.token = _ask("/api/auth/anonymous-token", {})["token"]
            made = _ask("/api/tasks/me/with-session/nemo_agent", {"language": "en"})
            about = {"session_id": made["session_id"], "task_id": made["task_id"]}
            claim = _ask("/api/auth/claim-token", about)["claim_token"]
            _studio.values = {
                "<session>": made["session_id"],
                "<task>": made["task_id"],
                "<claim>": claim,
                "<render>": "render_1",
            }
            yield
            log = (home / "studio" / "studio.log").read_text("utf-8")
            assert "Traceback" not in log, log[max(0, log.index("Traceback") - 300) :][:4000]
        finally:
            _studio = None
            process.stop(home)


def _ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
    assert _studio is not None
    headers = {
        **_HEADERS,
        "X-Client-Id": _studio.address.client_id,
        "Authorization": f"Bearer {_studio.token}",
        "Content-Type": "application/json",
    }
    status, _, answer = _studio.send("POST", path, headers, json.dumps(body).encode())
    assert status == 200, answer
    return dict(json.loads(answer)["data"])


SERVER = {"server": Target(st.lists(_REQUEST, min_size=1, max_size=8), _check_requests, _served)}
