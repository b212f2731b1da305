"""AI Video Generator: make and edit videos by chatting with an assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skill.conversation import Reply, Skill

__all__ = ["Reply", "Skill"]


def __getattr__(name: str) -> object:
    # Imported when asked for: "ai-video route" must not pay for HTTP and YAML.
    if name in __all__:
        from skill import conversation

        return getattr(conversation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
