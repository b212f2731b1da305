"""Whether a turn asks to see the project: "show me what it looks like", "the frame at 3 s"."""

from __future__ import annotations

from dataclasses import dataclass

from skill.preview.look import Look


@dataclass(frozen=True)
class Wish:
    """A wish to look, and what else the turn asks for ("" for nothing)."""

    look: Look
    rest: str


def looked_for(message: str) -> Wish | None:
    """The wish to look in a turn; None where there is none."""
    return None
