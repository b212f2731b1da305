"""A message: the agent's answer as a stream of events, the new draft stored before it is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from skill.draft import Draft, to_wire
from skill.studio.server import projects
from skill.studio.server.envelope import bad_request, failure, read_json, text_field
from skill.studio.server.events import Turn, heartbeats
from skill.studio.server.sessions import find
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import require_token
from skill.studio.store.sessions import Session

if TYPE_CHECKING:
    from skill.studio.agent.project import Answer

MESSAGE_CHARACTERS = 20_000

_log = logging.getLogger(__name__)


async def run_sse(request: Request) -> Response:
    """POST /run_sse {"session_id", "new_message": {"parts": [{"text"}]}}"""
    studio = require_token(request)
    body = await read_json(request)
    session = find(studio, text_field(body, "session_id", "sessionId"))
    message = _message(body)
    return StreamingResponse(_events(studio, session, message), media_type="text/event-stream")


def _message(body: Mapping[str, Any]) -> str:
    content = body.get("new_message", body.get("newMessage"))
    parts = content.get("parts") if isinstance(content, dict) else None
    texts = [
        part["text"]
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    ]
    # Half a surrogate pair comes through JSON, and could be stored, but never sent.
    message = "\n".join(texts).encode("utf-8", "replace").decode().strip()
    if not message:
        raise bad_request("The message is empty.")
    if len(message) > MESSAGE_CHARACTERS:
        raise bad_request(f"The message is longer than {MESSAGE_CHARACTERS} characters.")
    return message


async def _events(studio: Studio, session: Session, message: str) -> AsyncIterator[bytes]:
    turn = Turn()
    # A task of its own: the work is finished and stored even if the listener hangs up.
    work = studio.start(_work(studio, session, message))
    yield b": working\n\n"
    while not (await asyncio.wait({work}, timeout=studio.heartbeat))[0]:
        yield next(heartbeats)
    try:
        answer, draft = work.result()
    except Exception as error:
        _log.error("a message failed", exc_info=error)
        yield turn.error(failure(error))
        return
    if draft is not None or answer.tool:
        tool = answer.tool or answer.move or "edit"
        yield turn.call(tool, answer.arguments)
        state = {} if draft is None else {"draft": to_wire(draft)}
        yield turn.response(tool, {"status": "success"}, state)
    if answer.text:
        for event in turn.text(answer.text):
            yield event
            await asyncio.sleep(0)  # so that each piece leaves by itself


async def _work(studio: Studio, session: Session, message: str) -> tuple[Answer, Draft | None]:
    async with studio.turn(session.id), studio.thinking:
        return await run_in_threadpool(projects.respond, studio, session, message)
