"""Tokens: the studio's own, for whoever can read studio.json, and claim tokens for its pages."""

from __future__ import annotations

import hmac

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from skill.studio.server.envelope import (
    Refusal,
    answer,
    bad_request,
    no_session,
    read_json,
    text_field,
)
from skill.studio.server.studio import Studio
from skill.studio.store.tokens import CLAIM, USER

CREDITS = 100  # what an anonymous token starts with; the studio takes none of them


def studio_of(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio


def is_client(request: Request) -> bool:
    """Whether the caller sends this studio's client id, which only the user's files hold."""
    given = request.headers.get("x-client-id", "")
    return hmac.compare_digest(given.encode(), studio_of(request).client_id.encode())


def require_token(request: Request) -> Studio:
    """The studio, for a request that carries a valid token; refused with 1001 otherwise."""
    studio = studio_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or studio.store.tokens.check(USER, token.strip()) is None:
        raise Refusal(1001, "The token is missing, wrong or expired.", 401)
    return studio


def anonymous_token(request: Request) -> Response:
    """POST /api/auth/anonymous-token"""
    if not request.headers.get("x-client-id"):
        raise bad_request("X-Client-Id is missing.")
    if not is_client(request):
        raise Refusal(403, "This client id is not the one in studio.json.", 403)
    token = studio_of(request).store.tokens.issue(USER)
    return answer({"token": token, "credits": CREDITS})


async def claim_token(request: Request) -> Response:
    """POST /api/auth/claim-token {"task_id", "session_id"}"""
    studio = require_token(request)
    body = await read_json(request)
    session = studio.store.sessions.find(text_field(body, "session_id", "sessionId"))
    if session is None or text_field(body, "task_id", "taskId") not in ("", session.task):
        raise no_session()
    token = await run_in_threadpool(studio.store.tokens.issue, CLAIM, session.id)
    return answer({"claim_token": token, "url": f"{studio.url}/workspace/claim?ct={token}"})
