"""The backend's endpoints. Nothing above this package knows HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skill.api.answers import Credits, RenderStatus, State
    from skill.api.client import Api
    from skill.projects import Session

__all__ = ["Api", "Credits", "RenderStatus", "Session", "State"]

_HOMES = {
    "Api": "skill.api.client",
    "Credits": "skill.api.answers",
    "RenderStatus": "skill.api.answers",
    "Session": "skill.projects",
    "State": "skill.api.answers",
}


def __getattr__(name: str) -> object:
    # Imported when asked for: HTTP is for the turns that need it.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
