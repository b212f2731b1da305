"""The answer to a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skill.errors import SkillError
from skill.phrases.errors import explain


@dataclass
class Reply:
    """The answer to a turn.

    ``steps`` are {"action", "ok"}, ``error`` is {"code", "message", "retry"} of the first step
    that failed, or None. ``files`` are absolute paths, ``session`` {"id", "task"}.
    """

    text: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    session: dict[str, str] = field(default_factory=lambda: {"id": "", "task": ""})
    error: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            "text": self.text,
            "steps": self.steps,
            "files": [str(path) for path in self.files],
            "links": self.links,
            "session": self.session,
            "error": self.error,
        }

    def fail(self, error: SkillError, language: str) -> None:
        """Carry an error, unless there is one already: the first is what went wrong."""
        if self.error is None:
            self.error = {
                "code": error.code,
                "message": explain(error, language),
                "retry": error.retry,
            }
