"""What a prompt would paint: the agent's one door to the scenes."""

from __future__ import annotations

from typing import Any


def read(prompt: str, seed: int | None = None) -> dict[str, Any]:
    """The scene of a prompt, JSON-ready (see ``generate.scenes.read``)."""
    # Imported when asked for: most edits need no scenes.
    from skill.studio.generate import scenes

    return dict(scenes.read(prompt, seed))
