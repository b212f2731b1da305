"""Files out of a multipart body, straight to disk while they come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from skill.studio.server.envelope import Refusal, bad_request

FIELD = b"files"
_HEADER_BYTES = 8192  # of one part
PARTS = 100
OTHER_BYTES = 1 << 20  # of all that is no file of ours
BODY_BYTES = 1 << 30


class Target(Protocol):
    """Where a file's bytes go."""

    def write(self, data: bytes) -> None: ...

    def finish(self) -> None: ...


class Reader:
    """Feed it the body; for each file of the field ``files`` it asks ``open_`` for a target."""

    def __init__(self, boundary: bytes, open_: Callable[[str], Target]) -> None:
        self._open = open_
        self._target: Target | None = None
        self._name, self._value = b"", b""
        self._disposition = b""
        self._header_bytes = 0
        self._parts = 0
        self._other = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )
        self.complete = False

    def feed(self, data: bytes) -> None:
        self._parser.write(data)

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise bad_request(f"At most {PARTS} parts at once.")
        self._disposition = b""
        self._header_bytes = 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += self._counted(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data[start:end])

    def _counted(self, data: bytes) -> bytes:
        self._header_bytes += len(data)
        if self._header_bytes > _HEADER_BYTES:
            raise MultipartParseError("part headers too long")
        return data

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition.decode("latin-1"))
        if options.get(b"name") == FIELD and b"filename" in options:
            self._target = self._open(options[b"filename"].decode("utf-8", "replace"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._target is not None:
            self._target.write(data[start:end])
            return
        self._other += end - start
        if self._other > OTHER_BYTES:
            raise bad_request('The upload holds much beside the field "files".')

    def _end(self) -> None:
        if self._target is not None:
            self._target.finish()
            self._target = None

    def _finish(self) -> None:
        self.complete = True


async def read_files(request: Request, open_: Callable[[str], Target]) -> None:
    """Read the whole body. Refuses what is no multipart body, breaks off, or has no end."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise bad_request("The upload must be multipart/form-data or JSON with urls.")
    too_much = Refusal(
        4002, f"More than {BODY_BYTES >> 30} GB came at once. Send fewer files at a time.", 413
    )
    received = 0
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isascii() and declared.isdigit() else 0
    try:
        reader = Reader(options[b"boundary"], open_)
        async for chunk in request.stream():
            received += len(chunk)
            if max(size, received) > BODY_BYTES:
                raise too_much
            if chunk:
                await run_in_threadpool(reader.feed, chunk)
    except MultipartParseError:
        raise bad_request("The upload is not valid multipart/form-data.") from None
    if not reader.complete:
        raise bad_request("The upload broke off before its end.")
