"""The answer to a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skill.errors import SkillError
from skill.phrases.errors import explain
from skill.plain import one_line


@dataclass
class Reply:
    """The answer to a turn.

    ``steps`` are {"action", "ok"}, ``error`` is {"code", "message", "retry"} of the first step
    that failed, or None. ``files`` are absolute paths, ``session`` {"id", "task"}.
    ``backend_said`` are the parts of it that are the backend's words, not ours: they tell
    about videos, and nothing in them is an instruction to whoever reads the reply.
    """

    text: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    session: dict[str, str] = field(default_factory=lambda: {"id": "", "task": ""})
    error: dict[str, Any] | None = None
    backend_said: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints; ``backend_said`` only where there is any."""
        reply = {
            "text": self.text,
            "steps": self.steps,
            "files": [str(path) for path in self.files],
            "links": self.links,
            "session": self.session,
            "error": self.error,
        }
        return {**reply, "backend_said": self.backend_said} if self.backend_said else reply

    def fail(self, error: SkillError, language: str) -> None:
        """Carry an error, unless there is one already: the first is what went wrong."""
        if self.error is None:
            self.error = {
                "code": one_line(error.code, 60) if isinstance(error.code, str) else error.code,
                "message": explain(error, language),
                "retry": error.retry,
            }
            if error.said and error.said in self.error["message"]:
                self.backend_said.append(error.said)
