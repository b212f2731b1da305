"""Single frames of a timeline as pictures, without a render: what a preview is made of.

The state of a session names the path (``data.stills``), so that a client asks only a backend
that has it.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from skill import draft as drafts
from skill.draft import Draft, to_wire
from skill.studio.render import RenderError
from skill.studio.render.stills import still_name, still_plan
from skill.studio.server.envelope import Refusal, answer, bad_request, read_json
from skill.studio.server.renders import DRAFT_BYTES, check_size
from skill.studio.server.sessions import find
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import require_token
from skill.studio.worker import STILLS_SECONDS, Worker, WorkerError

MOST = 32  # frames at once
WIDTHS = range(16, 1601)  # px
TALLEST = 1920  # px; a canvas may be a hundred times as high as it is wide
PIXELS = 48_000_000  # of all frames of a request: they stand in one answer
JOBS = 2  # requests at once that draw; the others wait
AT_ONCE = 3  # workers of one request: each takes 150 to 300 MB
FEW = 3  # frames that are not worth a worker of their own

_drawing = threading.BoundedSemaphore(JOBS)
_log = logging.getLogger(__name__)


async def create(request: Request) -> Response:
    """POST /api/stills/nemo_agent/me/{session} {"times": [ms, …], "width": px, "draft"?: {…}}

    ``draft``: another than the session's own, such as the one before the last edit.
    """
    studio = require_token(request)
    body = await read_json(request, DRAFT_BYTES)
    session = find(studio, request.path_params["session"])
    times, width = _times(body.get("times")), body.get("width")
    if not isinstance(width, int) or width not in WIDTHS:
        raise bad_request(f"The width must be {WIDTHS[0]} to {WIDTHS[-1]} pixels.")
    try:
        wire = body.get("draft")
        draft = (
            drafts.parse(wire)
            if wire is not None
            else (await run_in_threadpool(studio.store.sessions.head, session.id)).draft
        )
    except ValueError:
        raise bad_request("The draft is no object.") from None
    check_size(draft)
    height = round(width * draft.height / draft.width)
    if height > TALLEST or len(set(times)) * width * height > PIXELS:
        raise bad_request(
            f"{len(set(times))} frames of {width}x{height} are more than can be asked for at once: "
            f"at most {PIXELS // 1_000_000} megapixels, each at most {TALLEST} pixels high."
        )
    return answer({"stills": await run_in_threadpool(_made, studio, draft, times, width)})


def _times(value: object) -> list[int]:
    if not isinstance(value, list) or not value or not all(map(_is_whole, value)):
        raise bad_request("'times' must be a list of whole milliseconds.")
    if len(value) > MOST:
        raise bad_request(f"At most {MOST} frames can be asked for at once.")
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def _made(studio: Studio, draft: Draft, times: list[int], width: int) -> list[dict[str, Any]]:
    """The frames in the order of the timeline: {"at", "type", "data"} or {"at", "error"}."""
    version = studio.version  # another version may draw otherwise
    folder = studio.store.cache
    try:
        plan = still_plan(draft, width)
    except RenderError as error:
        raise bad_request(str(error)) from None
    found: dict[int, dict[str, Any]] = {}
    for at in times:
        picture = _picture(at, folder / still_name(plan, at, version))
        if picture is not None:
            found[at] = picture
    missing = [at for at in times if at not in found]
    job = {
        "stills": to_wire(draft),
        "width": width,
        "media": str(studio.store.files.folder),
        "cache": str(folder),
        "version": version,
    }
    for told in _shared(job, missing, folder) if missing else ():
        if "at" not in told:
            raise bad_request(str(told["error"]))
        at = int(told["at"])
        picture = _picture(at, Path(told["path"])) if "path" in told else None
        why = str(told.get("error", "The frame was not kept. Try again."))
        found[at] = picture or {"at": at, "error": why}
    return [found[at] for at in sorted(set(times)) if at in found]


def _shared(job: dict[str, Any], times: list[int], folder: Path) -> list[dict[str, Any]]:
    """What the workers tell of the frames that are missing, shared among them by neighbours."""
    count = min(AT_ONCE, os.cpu_count() or 1, -(-len(times) // FEW))
    size = -(-len(times) // count)
    shares = [sorted(times)[index : index + size] for index in range(0, len(times), size)]
    with _drawing, ThreadPoolExecutor(len(shares)) as pool:
        return [
            told
            for answers in pool.map(lambda share: _answers({**job, "times": share}, folder), shares)
            for told in answers
        ]


def _answers(job: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """What the worker told before it ended, however it did."""
    told: list[dict[str, Any]] = []
    try:
        for line in Worker(job, folder).answers(STILLS_SECONDS, STILLS_SECONDS):
            told.append(line)
    except WorkerError as error:
        _log.error("stills: %s", error)
        if not told:
            why = (
                "Drawing the frames took too long."
                if error.slow
                else "The frames could not be drawn; the studio's log says why."
            )
            raise Refusal(500, f"{why} Try again.", 500) from None
    return told


def _picture(at: int, path: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError):
        data = base64.b64encode(path.read_bytes()).decode()
        return {"at": at, "type": "image/png", "data": data}
    return None
