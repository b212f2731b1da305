"""Sessions: made, read (the timeline and its media), and what they cost: nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import gcd
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from skill.draft import AUDIO, VIDEO, Draft, to_wire
from skill.studio.server.envelope import answer, no_session, read_json, text_field
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import CREDITS, require_token
from skill.studio.store.sessions import Session

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


async def create(request: Request) -> Response:
    """POST /api/tasks/me/with-session/nemo_agent {"task_name", "language"}"""
    studio = require_token(request)
    body = await read_json(request)
    language = text_field(body, "language", limit=35)
    session = await run_in_threadpool(
        studio.store.sessions.create,
        text_field(body, "task_name") or "project",
        language if _LANGUAGE.fullmatch(language) else "en",
    )
    return answer({"session_id": session.id, "task_id": session.task})


def state(request: Request) -> Response:
    """GET /api/state/nemo_agent/me/{session}/latest"""
    studio = require_token(request)
    session = find(studio, request.path_params["session"])
    draft = studio.store.sessions.head(session.id).draft
    return answer(
        {
            "session_id": session.id,
            "task_id": session.task,
            "stills": f"/api/stills/nemo_agent/me/{session.id}",  # our own: where frames are had
            "state": {
                "draft": to_wire(draft),
                "video_infos": [
                    describe(media) for media in studio.store.sessions.media(session.id)
                ],
                "canvas_config": _canvas(draft),
                "generated_media": _generated(draft),
            },
        }
    )


def balance(request: Request) -> Response:
    """GET /api/credits/balance/simple"""
    studio = require_token(request)
    return answer(
        {
            "available": CREDITS,
            "frozen": 0,
            "total": CREDITS,
            "free": True,
            "used": studio.store.settings.used,
        }
    )


def find(studio: Studio, session_id: str) -> Session:
    session = studio.store.sessions.find(session_id)
    if session is None:
        raise no_session()
    return session


def describe(media: Mapping[str, Any]) -> dict[str, Any]:
    """An uploaded file as the answers show it: ``duration`` in ms, sizes in px."""
    return {
        "id": media["hash"],
        "name": media["name"],
        "type": media["kind"],
        "format": media["format"],
        "duration": media["duration_ms"],
        "width": media["width"],
        "height": media["height"],
        "has_audio": media["sound"],
        "size": media["size"],
    }


def _canvas(draft: Draft) -> dict[str, Any]:
    divisor = gcd(draft.width, draft.height) or 1
    return {
        "width": draft.width,
        "height": draft.height,
        "fps": draft.fps,
        "ratio": f"{draft.width // divisor}:{draft.height // divisor}",
    }


def _generated(draft: Draft) -> list[dict[str, Any]]:
    kinds = {"scene": "video", "music": "audio"}
    return [
        {
            "id": segment.id,
            "type": kinds[source["kind"]],
            "name": segment.meta.get("name", ""),
            "duration": segment.duration,
        }
        for track_type in (VIDEO, AUDIO)
        for segment in draft.segments_of(track_type)
        if isinstance(source := segment.meta.get("source"), Mapping) and source.get("kind") in kinds
    ]
