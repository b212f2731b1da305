"""The events of a turn, in the form that google-adk sends them (camelCase, one line of JSON)."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

AUTHOR = "nemo_agent"
_PIECE = 48  # characters; about what a model's server sends at once

# The signs of life that the protocol knows, in turn, so that a client meets them all.
heartbeats = cycle((b": heartbeat\n\n", b"data: heartbeat\n\n", b"data:\n\n"))


class Turn:
    """The events of one turn: they share an invocation id."""

    def __init__(self) -> None:
        self._invocation = f"e-{uuid.uuid4()}"

    def text(self, text: str) -> Iterator[bytes]:
        """Partial pieces, then the whole text again, as streaming models are passed on."""
        for piece in pieces(text):
            yield self._event([{"text": piece}], partial=True)
        yield self._event([{"text": text}], finishReason="STOP")

    def call(self, tool: str, arguments: Mapping[str, Any]) -> bytes:
        self._call = f"adk-{uuid.uuid4()}"
        return self._event(
            [{"functionCall": {"id": self._call, "args": dict(arguments), "name": tool}}],
            longRunningToolIds=[],
        )

    def response(self, tool: str, result: Mapping[str, Any], state: Mapping[str, Any]) -> bytes:
        """What the called tool answered, and the session state that it changed."""
        part = {"functionResponse": {"id": self._call, "name": tool, "response": dict(result)}}
        return self._event([part], role="user", state=state)

    def error(self, message: str) -> bytes:
        return self._event([], errorCode="INTERNAL", errorMessage=message)

    def _event(
        self,
        parts: list[dict[str, Any]],
        role: str = "model",
        state: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> bytes:
        event = {
            **({"content": {"parts": parts, "role": role}} if parts else {}),
            **more,
            "invocationId": self._invocation,
            "author": AUTHOR,
            "actions": {
                "stateDelta": dict(state or {}),
                "artifactDelta": {},
                "requestedAuthConfigs": {},
            },
            "id": str(uuid.uuid4()),
            "timestamp": time.time(),
        }
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        return b"data: " + line.encode("utf-8", "replace") + b"\n\n"


def pieces(text: str) -> list[str]:
    """The text cut after spaces, ``_PIECE`` characters at most each; joined, it is whole."""
    return re.findall(rf"(?s).{{1,{_PIECE}}}(?:(?<=\s)|$)|.{{{_PIECE}}}", text)
