"""Bytes -> server-sent events.

By the WHATWG rules (HTML standard, 9.2.6, "Interpreting an event stream") for any split of the
bytes. sseclient-py reads the fields; it is right, and linear in time, only when it is fed whole
blocks of valid UTF-8 with LF line ends, so this module makes those. An event that is nothing
but one line of data, as nearly all are, has no fields to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sseclient import SSEClient

from skill.errors import EventTooLarge

MAX_EVENT = 16 * 1024 * 1024
# Room for the names of the fields: an event of just MAX_EVENT of data passes.
_ROOM = 4096
# sseclient-py joins data lines one to the other, which is quadratic in their number.
_MANY_LINES = 64
_BOM = b"\xef\xbb\xbf"
_COMMENTS = re.compile(rb"^:[^\n]*\n", re.MULTILINE)


@dataclass(slots=True)
class Event:
    """A server-sent event. ``id`` is the last id that the stream gave, as in a browser."""

    data: str
    event: str = "message"
    id: str = ""


class _Fields(SSEClient):
    """sseclient-py over blocks that are one event each, so that it looks for no ends."""

    def __init__(self) -> None:
        super().__init__(iter(()))
        self._blocks: list[bytes] = []

    def _read(self) -> Iterator[bytes]:
        return iter(self._blocks)

    def read(self, blocks: list[str]) -> Iterator[Event]:
        """The events of blocks; those of many lines have their data joined here."""
        short: list[bytes] = []
        for block in blocks:
            if block.count("\n") < _MANY_LINES:
                short.append(block.encode())
                continue
            yield from self._short(short)
            short = []
            lines = block.split("\n")
            data = [line for line in lines if line[:5] == "data:" or line == "data"]
            others = [line for line in lines if line[:5] != "data:" and line != "data"]
            for event in self._short(["\n".join([*others, *data[:1]]).encode()]):
                event.data = "\n".join(line[5:].removeprefix(" ") for line in data)
                yield event
        yield from self._short(short)

    def _short(self, blocks: list[bytes]) -> Iterator[Event]:
        self._blocks = blocks
        for found in self.events() if blocks else ():
            yield Event(found.data, found.event)


def decode(chunks: Iterable[bytes], limit: int = MAX_EVENT) -> Iterator[Event]:
    """The events of a stream, each as soon as it is complete.

    Invalid UTF-8 is replaced, an unfinished event at the end is dropped. Raises
    EventTooLarge for an event of more than ``limit`` bytes.
    """
    events = Events()
    for text in blocks(chunks, limit):
        yield from events.of(text)


class Events:
    """The events of one stream, out of the texts that ``blocks`` gives."""

    def __init__(self) -> None:
        self._fields = _Fields()
        self._last_id = ""

    def of(self, text: str) -> Iterator[Event]:
        """The events of whole blocks."""
        parts = text.split("\n\n")
        if text.startswith("id") or "\nid" in text:
            for block in parts:
                self._last_id = _last_id(block, self._last_id)
                yield from self._read([block])
            return
        for at, block in enumerate(parts):
            if "\n" in block or block[:5] != "data:":
                if not block or (block[0] == ":" and "\n" not in block):
                    continue  # an empty line more, or a comment
                yield from self._read(parts[at:])
                break
            yield Event(block[6:] if block[5:6] == " " else block[5:], "message", self._last_id)

    def _read(self, parts: list[str]) -> Iterator[Event]:
        for event in self._fields.read(parts):
            event.id = self._last_id
            yield event


def blocks(chunks: Iterable[bytes], limit: int = MAX_EVENT) -> Iterator[str]:
    """Whole blocks, with an empty line between two, their line ends LF, their UTF-8 valid."""
    head = b""  # until it is known whether the stream begins with a byte order mark
    started = False
    after_cr = False
    waiting: list[bytes] = []
    size = 0
    at_line_end = False
    for chunk in chunks:
        if not started:
            head += chunk
            if len(head) < 3 and _BOM.startswith(head):
                continue
            started = True
            chunk = head.removeprefix(_BOM)
        if after_cr or b"\r" in chunk:
            if after_cr and chunk.startswith(b"\n"):
                chunk = chunk[1:]
                after_cr = False
            if chunk:
                after_cr = chunk.endswith(b"\r")
                chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not chunk:
            continue
        waiting.append(chunk)
        size += len(chunk)
        if b"\n\n" not in chunk and not (at_line_end and chunk[0] == 10):
            at_line_end = chunk[-1] == 10
            if size > limit + _ROOM:
                rest = _COMMENTS.sub(b"", b"".join(waiting))
                if len(rest) > limit // 2:
                    raise _too_large(limit)
                waiting, size = [rest], len(rest)
            continue
        whole, _, rest = (b"".join(waiting) if len(waiting) > 1 else chunk).rpartition(b"\n\n")
        waiting = [rest] if rest else []
        size, at_line_end = len(rest), rest[-1:] == b"\n"
        if len(whole) > limit + _ROOM:
            for block in whole.split(b"\n\n"):
                if len(block) > limit + _ROOM:
                    raise _too_large(limit)
                yield block.decode("utf-8", "replace")
        else:
            yield whole.decode("utf-8", "replace")
        if size > limit + _ROOM:
            raise _too_large(limit)


def _too_large(limit: int) -> EventTooLarge:
    megabytes = limit / 1024 / 1024
    return EventTooLarge(
        f"The backend sent one piece of more than {megabytes:.0f} MB, which is no answer of this "
        "protocol. The rest was not read."
    ).told("EventTooLarge", size=round(megabytes))


def _last_id(block: str, last_id: str) -> str:
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        if name == "id" and "\0" not in value:
            last_id = value.removeprefix(" ")
    return last_id
