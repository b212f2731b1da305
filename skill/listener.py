"""What a turn tells while it is under way. The base says nothing to anybody."""

from __future__ import annotations


class Listener:
    """Told by ``Skill.turn`` what happens, in the order in which it happens."""

    def line(self, text: str) -> None:
        """A line about the work itself ("⏳ Rendering"); no part of the answer."""

    def piece(self, text: str) -> None:
        """The next piece of the answer; together, and stripped, they are ``Reply.text``."""

    def progress(self, stage: str, fraction: float | None) -> None:
        """How far "uploading", "working", "rendering" or "downloading" is: 0..1, None: unknown."""
