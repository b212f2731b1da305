"""What a turn can ask for: the rows of the dispatch table."""

from __future__ import annotations

from enum import Enum


class Step(str, Enum):
    """One step of a turn; the value is what ``--json`` and callers see."""

    EXPORT = "export"
    CREDITS = "credits"
    STATUS = "status"
    UPLOAD = "upload"
    SSE = "sse"

    def __str__(self) -> str:
        return self.value
