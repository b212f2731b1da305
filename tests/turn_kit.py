"""A turn against the backend of the tests: what is heard, sent and put on the timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_backend import MESSAGE, FakeBackend, Seen, sse

from skill import Reply
from skill.listener import Listener


class Heard(Listener):
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def piece(self, text: str) -> None:
        self.pieces.append(text)


def clip(name: str = "Ocean", duration: int = 5000, **meta: Any) -> dict[str, Any]:
    return {"id": "a", "d": duration, "m": {"name": name, **meta}}


def draft(*tracks: dict[str, Any]) -> dict[str, Any]:
    return {"m": {"w": 1920, "h": 1080}, "t": list(tracks)}


def video(*clips: dict[str, Any]) -> dict[str, Any]:
    return {"id": "v", "tt": 0, "sg": list(clips)}


def title(words: str, **more: Any) -> dict[str, Any]:
    return {"id": "titles", "tt": 7, "sg": [{"id": "t1", "d": 3000, "m": {"text": words}, **more}]}


def said(backend: FakeBackend) -> list[str]:
    """The messages that the backend got."""
    return [seen.json["new_message"]["parts"][0]["text"] for seen in backend.calls(MESSAGE)]


def actions(reply: Reply) -> list[tuple[str, bool]]:
    return [(step["action"], step["ok"]) for step in reply.steps]


def edits(backend: FakeBackend, after: dict[str, Any], *pieces: Any) -> Callable[[Seen], Any]:
    """An answer that changes the timeline while it is given."""

    def answer(_: Seen) -> Any:
        backend.draft = after
        return sse(*pieces)

    return answer
