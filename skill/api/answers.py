"""What the endpoints tell, as values: credits, state, the status of a render."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from skill.errors import BadAnswer
from skill.plain import said

Status = Literal["pending", "completed", "failed"]

_STATUS: Mapping[str, Status] = {
    "completed": "completed",
    "complete": "completed",
    "succeeded": "completed",
    "success": "completed",
    "done": "completed",
    "finished": "completed",
    "failed": "failed",
    "failure": "failed",
    "error": "failed",
    "errored": "failed",
    "cancelled": "failed",
    "canceled": "failed",
    "timeout": "failed",
}


@dataclass(frozen=True)
class Credits:
    """``frozen`` are reserved for work in progress. ``free``: this backend costs nothing."""

    available: float
    frozen: float
    total: float
    free: bool = False
    used: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """A session's state. ``draft`` is None where there is no timeline yet; ``raw`` is all of it.

    ``stills`` is the path at which frames are had, "" where the backend names none.
    """

    draft: dict[str, Any] | None
    video_infos: Any = None
    canvas_config: Any = None
    generated_media: Any = None
    bind: str = ""
    stills: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RenderStatus:
    """How a render is doing. ``url`` once it is completed, where the backend gives one.

    ``progress`` 0..1 and ``retry_after`` (seconds) are None where the backend says nothing.
    """

    id: str
    status: Status
    url: str = ""
    error: str = ""
    retry_after: float | None = None
    progress: float | None = None


def credits(fields: Mapping[str, Any]) -> Credits:
    """Read a credits answer. Raises BadAnswer where it has no numbers."""
    available = number(fields.get("available"))
    frozen = number(fields.get("frozen")) or 0
    total = number(fields.get("total"))
    if available is None and total is not None:
        available = total - frozen
    if available is None:
        raise BadAnswer("The backend did not say how many credits there are.")
    used = fields.get("used")
    return Credits(
        available,
        frozen,
        available + frozen if total is None else total,
        fields.get("free") is True,
        used if isinstance(used, dict) else {},
    )


def state(fields: Mapping[str, Any]) -> State:
    """Read a state answer; a value of another type counts as absent."""
    inner = fields.get("state")
    inner = inner if isinstance(inner, dict) else fields
    draft = inner.get("draft")
    if isinstance(draft, str):  # agents keep their state as text at times
        try:
            draft = json.loads(draft)
        except (ValueError, RecursionError):
            draft = None
    return State(
        draft if isinstance(draft, dict) and draft else None,
        inner.get("video_infos"),
        inner.get("canvas_config"),
        inner.get("generated_media"),
        bind(fields) or bind(inner),
        _path(fields.get("stills")),
        inner,
    )


def bind(fields: Mapping[str, Any]) -> str:
    """The id for the registration link, "" where the answer has none."""
    for name in ("bind_id", "bindId", "bind"):
        value = fields.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()[:500]
    return ""


def stills(fields: Mapping[str, Any]) -> list[tuple[int, bytes | str]]:
    """Read an answer with frames: for each time (ms) a PNG's bytes, or why there is none.

    Raises BadAnswer where it has no list of them.
    """
    listed = fields.get("stills")
    if not isinstance(listed, list):
        raise BadAnswer("The backend gave no pictures. Try again in a minute.")
    found: list[tuple[int, bytes | str]] = []
    for item in listed:
        at = item.get("at") if isinstance(item, dict) else None
        if not isinstance(at, int):
            continue
        try:
            data = base64.b64decode(item.get("data") or "", validate=True)
        except (TypeError, ValueError):
            data = b""
        found.append((at, data if data.startswith(_PNG) else said(_error(item))))
    return found


_PNG = b"\x89PNG\r\n\x1a\n"


def _path(value: object) -> str:
    """A path of the backend's own; "" for anything that could lead elsewhere."""
    good = isinstance(value, str) and re.fullmatch(r"(?:/[A-Za-z0-9_~.-]+){1,20}", value)
    return str(value) if good and ".." not in str(value) else ""


def render(fields: Mapping[str, Any], render_id: str, retry_after: float | None) -> RenderStatus:
    """Read the answer about a render; a status that is not known counts as pending."""
    word = fields.get("status")
    status = _STATUS.get(word.strip().lower(), "pending") if isinstance(word, str) else "pending"
    progress = number(fields.get("progress"))
    if progress is not None and progress > 1:
        progress /= 100
    return RenderStatus(
        render_id,
        status,
        next(_urls(fields), ""),
        said(_error(fields)) if status == "failed" else "",
        retry_after,
        None if progress is None else min(1.0, max(0.0, progress)),
    )


def number(value: object) -> float | None:
    """A finite number, from a number or its text; whole ones as int."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found == int(found) else found


def _urls(fields: Mapping[str, Any]) -> Iterator[str]:
    output = fields.get("output")
    inner = output if isinstance(output, Mapping) else {"url": output}
    for place in (inner, fields):
        for name in ("url", "output_url", "outputUrl", "download_url"):
            value = place.get(name)
            if isinstance(value, str) and value.strip():
                yield value.strip()


def _error(fields: Mapping[str, Any]) -> str:
    for name in ("error", "error_message", "errorMessage", "detail", "reason", "message"):
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value.strip():
            return value
    return ""
