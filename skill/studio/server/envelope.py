"""Every answer's form, ``{"code", "message", "data"}``, and every request's limits."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

DISK_FULL = 4507  # our own: a 5xx would say that trying again is enough
BODY_BYTES = 1 << 20  # of a JSON request, where a route sets no other limit


class Refusal(Exception):
    """A request that is not done: the protocol's code, words for the user, the HTTP status."""

    def __init__(
        self, code: int, message: str, status: int, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.headers = headers


def bad_request(message: str) -> Refusal:
    return Refusal(400, message, 400)


def no_session() -> Refusal:
    return Refusal(1002, "Session not found.", 404)


def answer(
    data: Any = None,
    code: int = 0,
    message: str = "success",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    top: Mapping[str, Any] | None = None,
) -> Response:
    """An envelope; ``top`` are the fields that the protocol puts beside ``data``."""
    body = {"code": code, "message": message, "data": data, **(top or {})}
    # ASCII escapes carry even half a surrogate pair, which UTF-8 cannot.
    return Response(
        json.dumps(body, separators=(",", ":")),
        status,
        dict(headers or {}),
        media_type="application/json",
    )


async def read_body(request: Request, limit: int = BODY_BYTES) -> bytes:
    """The body, refused as soon as it is known to exceed ``limit`` bytes."""
    too_large = Refusal(413, f"The request is larger than {limit >> 20} MB.", 413)
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


async def read_json(request: Request, limit: int = BODY_BYTES) -> dict[str, Any]:
    """The body as a JSON object. NaN and infinities, which are no JSON, count as null."""
    # Other types are what a web page may send without asking (a "simple request").
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise Refusal(400, "The request must be application/json.", 415)
    body = await read_body(request, limit)
    try:
        value = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise bad_request("The request is not valid JSON.") from None
    if not isinstance(value, dict):
        raise bad_request("The request must be a JSON object.")
    return value


def text_field(body: Mapping[str, Any], *names: str, limit: int = 200) -> str:
    """A text field under the first of its names that is there, "" where none is."""
    for name in names:
        if isinstance(value := body.get(name), str):
            return value.strip()[:limit]
    return ""


async def on_refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 registered for it alone
    return answer(code=error.code, message=str(error), status=error.status, headers=error.headers)


async def on_http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 registered for it alone
    return answer(
        code=error.status_code,
        message=error.detail,
        status=error.status_code,
        headers=error.headers,
    )


async def on_hang_up(_request: Request, _error: Exception) -> Response:
    """The client has gone in the middle of its request: nobody hears this, and it is no failure."""
    return answer(code=400, message="The request broke off before its end.", status=400)


async def on_failure(_request: Request, error: Exception) -> Response:
    """Anything unforeseen: the server logs the story, the client gets one plain sentence."""
    if _is_full(error):
        return answer(code=DISK_FULL, message=failure(error), status=400)
    return answer(code=500, message=failure(error), status=500)


def failure(error: BaseException) -> str:
    """An unforeseen error in words for the user."""
    if _is_full(error):
        return "The disk is full. Free some space, then try again."
    return "The studio could not do that because of an error of its own; its log has the details."


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, sqlite3.OperationalError) and "full" in str(error)
