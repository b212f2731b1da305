"""Exports: asked for once under an id, polled, downloaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from skill import draft as drafts
from skill.draft import Draft
from skill.studio.server.envelope import Refusal, answer, bad_request, read_json, text_field
from skill.studio.server.sessions import find
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import require_token
from skill.studio.store import renders
from skill.studio.store.renders import Render

DRAFT_BYTES = 8 << 20
TRACKS, SEGMENTS = 100, 2000
SIDES = range(16, 1921)  # px
FPS = range(1, 61)
MAX_MS = 30 * 60 * 1000
WAITING = 20  # renders at once, the one under way included

_ATTRIBUTION = ("x-skill-source", "x-skill-version", "x-skill-platform")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "gif": "image/gif",
    "mp3": "audio/mpeg",
}
_HASHED = ("video", "image", "audio")


async def create(request: Request) -> Response:
    """POST /api/render/proxy/lambda {"id", "sessionId", "draft", "output"}"""
    studio = require_token(request)
    if not all(request.headers.get(name) for name in _ATTRIBUTION):
        raise Refusal(402, "Export is blocked: the attribution headers are missing.", 402)
    body = await read_json(request, DRAFT_BYTES)
    return await run_in_threadpool(_create, studio, body)


def _create(studio: Studio, body: Mapping[str, Any]) -> Response:
    render_id = text_field(body, "id", limit=1000)
    if not _ID.fullmatch(render_id):
        raise bad_request("The render's id must be 1 to 128 letters, digits or _ . : -")
    known = studio.store.renders.find(render_id)
    if known is not None:
        return _status(studio, known)
    session = find(studio, text_field(body, "sessionId", "session_id"))
    try:
        draft = drafts.parse(body.get("draft"))
    except ValueError:
        raise bad_request("The draft is missing.") from None
    check(draft, studio)
    if len(studio.store.renders.unfinished()) >= WAITING:
        raise Refusal(429, "Too many renders are waiting.", 429, {"Retry-After": "10"})
    output = body.get("output")
    render = studio.store.renders.add(
        render_id, session.id, draft, output if isinstance(output, dict) else {"format": "mp4"}
    )
    studio.queue.add(render.id)
    return _status(studio, render)


def check(draft: Draft, studio: Studio) -> None:
    """Refuse a draft that cannot or must not be rendered, saying why."""
    check_size(draft)
    for track in draft.tracks:
        for segment in track.segments:
            source = segment.meta.get("source")
            if not isinstance(source, Mapping) or source.get("kind") not in _HASHED:
                continue
            if not studio.store.files.has(str(source.get("hash"))):
                name = str(segment.meta.get("name") or "A file")
                raise bad_request(f"{name} is not in the studio any more. Send it again.")


def check_size(draft: Draft) -> None:
    """Refuse a draft that is empty or beyond the limits, saying why."""
    segments = [segment for track in draft.tracks for segment in track.segments]
    if not draft.exportable or not draft.duration:
        raise bad_request("There is nothing on the timeline yet.")
    if len(draft.tracks) > TRACKS or len(segments) > SEGMENTS:
        raise bad_request(f"At most {TRACKS} tracks and {SEGMENTS} segments can be rendered.")
    if draft.width not in SIDES or draft.height not in SIDES or draft.fps not in FPS:
        raise bad_request(
            f"The canvas must be {SIDES[0]} to {SIDES[-1]} pixels a side at {FPS[0]} to {FPS[-1]} "
            f"frames a second; this one is {draft.width}x{draft.height} at {draft.fps}."
        )
    if max(segment.end for segment in segments) > MAX_MS:
        raise bad_request(f"At most {MAX_MS // 60000} minutes can be rendered.")


async def status(request: Request) -> Response:
    """GET /api/render/proxy/lambda/{id}"""
    studio = require_token(request)
    return _status(studio, _find(studio, request))


async def download(request: Request) -> Response:
    """GET /api/render/proxy/{id}/download, with Range, If-Range and HEAD"""
    studio = require_token(request)
    render = _find(studio, request)
    if render.status != renders.COMPLETED:
        raise Refusal(404, f"This render is {render.status}.", 404)
    await run_in_threadpool(studio.store.renders.fetched, render.id)
    return video(studio, render, "attachment")


def video(studio: Studio, render: Render, disposition: str) -> Response:
    """The finished file of a render. Its bytes never change, so its tag is its name."""
    path = studio.store.renders.file(render)
    if not path.is_file():
        raise Refusal(404, "The file of this render is gone. Export again.", 404)
    return FileResponse(
        path,
        media_type=_TYPES.get(path.suffix[1:], "application/octet-stream"),
        filename=f"{render.id.replace(':', '-')}{path.suffix}",
        content_disposition_type=disposition,
        headers={"ETag": f'"{path.stem}"'},
    )


def _find(studio: Studio, request: Request) -> Render:
    render = studio.store.renders.find(request.path_params["render"])
    if render is None:
        raise Refusal(404, "Render not found.", 404)
    return render


def _status(studio: Studio, render: Render) -> Response:
    report: dict[str, Any] = {"id": render.id, "status": render.status, "progress": 0.0}
    headers = {}
    if render.status == renders.COMPLETED:
        report["progress"] = 1.0
        report["output"] = {"url": f"{studio.url}/api/render/proxy/{render.id}/download"}
    elif render.status == renders.FAILED:
        report["error"] = render.error
    else:
        report["progress"] = round(studio.queue.progress(render.id), 3)
        headers["Retry-After"] = "1"
    return answer(report, headers=headers, top=report)
