"""The ASGI application: every route of the protocol, behind the guard."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from skill.studio.server import pages, renders, sessions, stills, stream, tokens, uploads
from skill.studio.server.envelope import (
    Refusal,
    answer,
    bad_request,
    on_failure,
    on_hang_up,
    on_http_error,
    on_refusal,
)
from skill.studio.server.guard import Guard
from skill.studio.server.studio import Studio


def application(studio: Studio) -> Starlette:
    """The whole studio over HTTP; its queue runs while the application does."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        studio.queue.start()
        tasks = [asyncio.create_task(work) for work in (studio.watch(), studio.tidy())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await studio.settle()
            studio.queue.stop()

    post, get = ["POST"], ["GET"]
    render = "/api/render/proxy"
    app = Starlette(
        routes=[
            Route("/health", health, methods=get),
            Route("/stop", stop, methods=post),
            Route("/api/auth/anonymous-token", tokens.anonymous_token, methods=post),
            Route("/api/auth/claim-token", tokens.claim_token, methods=post),
            Route("/api/tasks/me/with-session/nemo_agent", sessions.create, methods=post),
            Route("/api/state/nemo_agent/me/{session}/latest", sessions.state, methods=get),
            Route("/api/credits/balance/simple", sessions.balance, methods=get),
            Route("/run_sse", stream.run_sse, methods=post),
            Route("/api/upload-video/nemo_agent/me/{session}", uploads.upload, methods=post),
            Route("/api/stills/nemo_agent/me/{session}", stills.create, methods=post),
            Route(f"{render}/lambda", renders.create, methods=post),
            Route(f"{render}/lambda/{{render}}", renders.status, methods=get),
            Route(f"{render}/{{render}}/download", renders.download, methods=get),
            Route("/workspace/claim", pages.project, methods=get),
            Route("/workspace/video", pages.video, methods=get),
            Route("/workspace/page.css", pages.style, methods=get),
        ],
        middleware=[Middleware(Guard, studio=studio)],
        exception_handlers={
            Refusal: on_refusal,
            ClientDisconnect: on_hang_up,
            HTTPException: on_http_error,
            Exception: on_failure,
        },
        lifespan=lifespan,
    )
    app.state.studio = studio
    return app


def health(request: Request) -> Response:
    """GET /health?nonce=…: proves by the client id, without telling it, that this is the studio."""
    studio = tokens.studio_of(request)
    nonce = request.query_params.get("nonce", "")
    if not 16 <= len(nonce) <= 128:
        raise bad_request("A nonce of 16 to 128 characters is missing.")
    return answer(
        {
            "proof": proof(studio.client_id, nonce),
            "version": studio.version,
            "pid": os.getpid(),
            # This request is open, too.
            "busy": studio.queue.busy or studio.activity.open > 1,
        }
    )


def proof(client_id: str, nonce: str) -> str:
    return hmac.new(client_id.encode(), nonce.encode(), hashlib.sha256).hexdigest()


def stop(request: Request) -> Response:
    """POST /stop with the client id: end, when this answer is sent."""
    if not tokens.is_client(request):
        raise Refusal(403, "This client id is not the one in studio.json.", 403)
    tokens.studio_of(request).stop()
    return answer(message="stopping")
