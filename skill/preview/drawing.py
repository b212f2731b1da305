"""What needs the studio's packages: drawing, and reading media, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from skill.errors import EngineError

# What the studio's extra brings, as it is imported.
_NEEDED = ("av", "cv2", "freetype", "numpy", "PIL", "uharfbuzz", "bidi")


def check() -> None:
    """Raises EngineError, with the one command that mends it, where the packages are missing."""
    missing = next((name for name in _NEEDED if find_spec(name) is None), "")
    if missing:
        from skill.install.origin import add

        command = add("studio")
        raise EngineError(
            f"What draws the pictures is not installed here ({missing} is missing). "
            f"Install it with: {command}",
            "studio-missing",
        ).told("EngineError.missing", package=missing, command=command)


def work(job: Mapping[str, Any], folder: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """The answers of a worker to a job; it stops answering where the worker failed."""
    from skill.studio.worker import Worker, WorkerError

    try:
        yield from Worker(json.loads(json.dumps(job, default=str)), folder).answers(
            seconds, seconds
        )
    except WorkerError:
        return


def draw(board: Mapping[str, Any], folder: Path) -> Path:
    """A board as a PNG in ``folder``. Raises EngineError where it cannot be drawn."""
    from skill.studio.worker import DRAW_SECONDS

    check()
    out = folder / "board.png"
    told = list(work({"draw": board, "out": str(out)}, folder, DRAW_SECONDS))
    if not out.is_file() or not any(answer.get("done") for answer in told):
        why = next((f" ({answer['error']})" for answer in told if "error" in answer), "")
        raise EngineError(
            f"The picture could not be drawn{why}. Try again.", "not-drawn", retry=True
        ).told("EngineError.drawn", why=why)
    return out
