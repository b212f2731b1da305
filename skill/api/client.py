"""One method for each endpoint, with what every request needs: token, attribution, repeats.

What may be repeated: reads, and requests that spend nothing and make nothing twice. A message
is sent once; only a refusal that came before any work (1001, 1002) lets it be sent again, and
1002 is for the caller, since another session is another project.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from skill import formats
from skill import frontmatter as manifest
from skill.api import answers, envelope
from skill.api.answers import Credits, RenderStatus, State
from skill.api.message import Message
from skill.api.multipart import Multipart, Progress
from skill.api.tokens import Tokens
from skill.api.transport import READ_TIMEOUT, Streaming, Transport
from skill.engine import Engine, studio
from skill.errors import (
    AnswerLost,
    ApiError,
    BadAnswer,
    ExportBlocked,
    FileError,
    FileTooLarge,
    NoCredits,
    RateLimited,
    SessionLost,
    SkillError,
    TokenRefused,
    Unavailable,
    Unreachable,
    UnsupportedFile,
)
from skill.follow import follow
from skill.frontmatter import Attribution
from skill.home import Home, Notice
from skill.projects import Projects, Session
from skill.settings import Settings
from skill.stream import Turn
from skill.veil import HIDDEN

# Tries of a request that may be repeated; the waits between them double, from FIRST_WAIT s.
TRIES = 5
CONNECT_TRIES = 3
FIRST_WAIT = 0.25
# A Retry-After beyond this many seconds is told instead of waited for.
LONGEST_WAIT = 60.0
# No request is repeated once this many seconds have gone by.
PATIENCE = 90.0
STILLS_TIMEOUT = 150.0  # many frames of a long video
_UPLOAD_TIMEOUT = 300.0

T = TypeVar("T")


class Api:
    """A backend. Nothing is sent before a method is called."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        attribution: Attribution | None = None,
        home: Home | None = None,
    ) -> None:
        self.engine = engine
        self.settings = settings
        self.home = home or Home(settings.home)
        self._attribution = attribution
        self._projects = Projects(self.home)
        self._tokens = Tokens(self.home, engine, self._ask_token, own_id=not settings.client_id)
        self._made: Transport | None = None

    def __repr__(self) -> str:
        return f"Api({self.engine!r})"

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._made is not None:
            self._made.close()

    @property
    def notices(self) -> list[Notice]:
        """Lines for the user about what came up on the way."""
        return self.home.notices

    @property
    def secrets(self) -> set[str]:
        """What must stand in no text: the tokens that were sent, and the client id."""
        return {*self._tokens.secrets, self._tokens.client_id}

    # Sessions

    def session(self, language: str = "") -> Session:
        """The current project, or a new one; processes at the same time make one."""
        return self._projects.current(self.engine.account) or self._make(None, language)

    def renew(self, lost: Session, language: str = "") -> Session:
        """A session in place of one that the backend does not know."""
        return self._make(lost.id, language or lost.language)

    def new_session(self, language: str = "") -> Session:
        """Leave the current project and begin another."""
        current = self._projects.current(self.engine.account)
        return self._make(current.id if current else None, language)

    def in_session(self, ask: Callable[[Session], T], language: str = "") -> T:
        """What ``ask`` gives for the current session; once more with a new one if it is lost."""
        session = self.session(language)
        try:
            return ask(session)
        except SessionLost:
            return ask(self.renew(session, language))

    def claim(self, session: Session) -> str:
        """A link that opens the project in a browser, and nothing else, for 7 days."""
        body = {"task_id": session.task, "session_id": session.id}
        fields = self._call("POST", "/api/auth/claim-token", "claim", json=body, repeat=True)
        token = fields.get("claim_token")
        if not isinstance(token, str) or not token:
            raise BadAnswer("The backend gave no link to the project.")
        return f"{self.engine.web_url}/workspace/claim?ct={quote(token, safe='')}"

    # Messages

    def turn(
        self,
        session: Session,
        text: str,
        on_text: Callable[[str], None] | None = None,
        on_still_working: Callable[[], None] | None = None,
    ) -> Turn:
        """Send a message and follow its answer, with the time-outs of the settings.

        Raises Unreachable or an ApiError where no work began, and StreamBroken, TurnTimeout or
        EventTooLarge, with ``turn``, where it did: then the state tells what became of it.
        """
        for again in (True, False):
            chunks = self.message(session.id, text)
            turn = follow(chunks, self.settings, on_text, on_still_working)
            code = turn.error_code
            if turn.text or turn.state_delta or turn.events > 1 or not isinstance(code, int):
                return turn
            # The code of a refusal, told in the stream instead of before it.
            error = envelope.refusal(code, turn.error or "", what="message")
            if isinstance(error, TokenRefused) and again:
                self._tokens.renew(chunks.token)
                continue
            if type(error) in (ApiError, BadAnswer, Unavailable):
                return turn
            raise self._explained(error, session.id)
        raise AssertionError  # the second time never goes round

    def message(self, session_id: str, text: str) -> Message:
        """The answer to a message as it comes; see Message. It is sent when iterated, once."""
        return Message(
            session_id,
            text,
            tokens=self._tokens,
            send=self._stream,
            explain=lambda error: self._explained(error, session_id),
            revive=self._revive if self.engine.kind == "studio" else None,
        )

    def _stream(self, session_id: str, body: object, token: str) -> Streaming:
        self._projects.worked(self.engine.account, session_id)
        # The time-outs of the turn are kept by whoever follows it; this one ends the thread.
        timeout = self.settings.turn_timeout + 60
        return self._transport.stream("/run_sse", body, token, timeout)

    # Files

    def upload_file(
        self, session_id: str, path: Path | str, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Send a file, read from disk meanwhile. ``progress`` gets bytes sent and in all.

        Returns the backend's media info. Raises UnsupportedFile, FileTooLarge or FileError
        before a byte is sent.
        """
        media = formats.check(path)
        self._projects.worked(self.engine.account, session_id)
        return self._call(
            "POST",
            _upload_path(session_id),
            "upload",
            body=lambda: Multipart(media, "files", progress),
            timeout=_UPLOAD_TIMEOUT,
            session_id=session_id,
        )

    def upload_url(self, session_id: str, urls: Sequence[str]) -> dict[str, Any]:
        """Let the backend fetch files. Returns its media info; raises FileError for no URL."""
        for url in urls:
            try:
                parts = urlsplit(url)
                good = parts.scheme in ("http", "https") and bool(parts.hostname)
            except ValueError:
                good = False
            if not good:
                raise FileError(f"{url[:200]} is not a web address (https://...).").told(
                    "FileError.address", name=url[:200]
                )
        self._projects.worked(self.engine.account, session_id)
        return self._call(
            "POST",
            _upload_path(session_id),
            "upload",
            json={"urls": list(urls), "source_type": "url"},
            timeout=_UPLOAD_TIMEOUT,
            session_id=session_id,
        )

    # Reading

    def credits(self) -> Credits:
        fields = self._call("GET", "/api/credits/balance/simple", "credits", repeat=True)
        return answers.credits(fields)

    def state(self, session_id: str) -> State:
        path = f"/api/state/nemo_agent/me/{quote(session_id, safe='')}/latest"
        return answers.state(self._call("GET", path, "state", repeat=True, session_id=session_id))

    def stills(
        self, path: str, draft: Mapping[str, Any], times: Sequence[int], width: int
    ) -> list[tuple[int, bytes | str]]:
        """Frames of a draft at times in ms, ``width`` px wide: each a PNG, or why there is none.

        ``path`` is the one that the state named. They cost nothing and change nothing.
        """
        body = {"draft": draft, "times": list(times), "width": width}
        fields = self._call("POST", path, "stills", json=body, repeat=True, timeout=STILLS_TIMEOUT)
        return answers.stills(fields)

    # Renders

    def render(
        self,
        render_id: str,
        session_id: str,
        draft: Mapping[str, Any],
        output: Mapping[str, Any],
    ) -> RenderStatus:
        """Ask for a render. The caller has made the id, so that it can ask about it later.

        Raises AnswerLost where it may have been accepted: then ``render_status`` tells.
        """
        body = {"id": render_id, "sessionId": session_id, "draft": draft, "output": output}
        fields = self._call(
            "POST", "/api/render/proxy/lambda", "render", json=body, session_id=session_id
        )
        return answers.render(fields, render_id, None)

    def render_status(self, render_id: str) -> RenderStatus:
        """How a render is doing. Raises NotFound where the backend does not know it."""
        path = f"/api/render/proxy/lambda/{quote(render_id, safe='')}"
        fields = self._call("GET", path, "poll", repeat=True)
        return answers.render(fields, render_id, fields.get(_WAIT))

    def download_url(self, render_id: str) -> str:
        """Where a finished render lies if its status gives no address."""
        return f"{self.engine.api_url}/api/render/proxy/{quote(render_id, safe='')}/download"

    def own_headers(self) -> dict[str, str]:
        """Token and attribution, for a download from the API's own origin."""
        return {**self._headers(), "Authorization": f"Bearer {self._tokens.current()}"}

    def token_refused(self, headers: Mapping[str, str]) -> None:
        """Renew the token that a download's ``own_headers`` carried and that was refused."""
        self._tokens.renew(headers["Authorization"].removeprefix("Bearer "))

    # What all of them need

    def _call(
        self,
        method: str,
        path: str,
        what: str,
        *,
        json: object = None,
        body: Callable[[], Multipart] | None = None,
        headers: Mapping[str, str] | None = None,
        authorized: bool = True,
        repeat: bool = False,
        timeout: float = READ_TIMEOUT,
        session_id: str = "",
        explained: bool = True,
    ) -> dict[str, Any]:
        """The fields of an answer. ``repeat``: the request may be sent again after a failure."""
        failures = 0
        renewed = waited = revived = False
        # A backend that says nothing is waited for no longer than a turn may take.
        turn = max(1.0, self.settings.turn_timeout)
        timeout = min(timeout, turn / 2 if repeat else turn)
        end = time.monotonic() + PATIENCE
        while True:
            token = self._tokens.current() if authorized else None
            sending = body() if body else None
            sent = {**(headers or {})}
            if sending is not None:
                sent["Content-Type"] = sending.content_type
            try:
                answer = self._transport.send(
                    method,
                    path,
                    json=json,
                    body=sending,
                    headers=sent,
                    token=token,
                    timeout=timeout,
                )
                if token is not None and token.encode() in answer.body:  # said back to us
                    said = answer.body.replace(token.encode(), HIDDEN.encode())
                    answer = replace(answer, body=said)
                fields = envelope.read(answer, what)
                if answer.wait is not None:
                    fields[_WAIT] = answer.wait
                return fields
            except TokenRefused:
                if renewed or token is None:
                    raise TokenRefused(
                        "The backend did not accept a new token either. Try again in a minute."
                    ) from None
                renewed = True
                self._tokens.renew(token)
            except RateLimited as error:
                if waited:
                    raise
                waited = True
                time.sleep(self._patience(error.wait))
            except (Unreachable, AnswerLost, Unavailable, BadAnswer) as error:
                if isinstance(error, Unreachable) and self.engine.kind == "studio" and not revived:
                    revived = True
                    self._revive()
                    continue
                failures += 1
                wait = error.wait if isinstance(error, ApiError) else None
                tries = CONNECT_TRIES if isinstance(error, Unreachable) else TRIES
                hopeless = not error.retry or (wait or 0) > LONGEST_WAIT
                pause = max(wait or 0, backoff(failures))
                late = time.monotonic() + pause > end
                if not repeat or hopeless or failures >= tries or late:
                    raise
                time.sleep(pause)
            except ApiError as error:
                raise self._explained(error, session_id) if explained else error from None
            finally:
                if sending is not None:
                    sending.close()

    def _ask_token(self, client_id: str) -> dict[str, Any]:
        return self._call(
            "POST",
            "/api/auth/anonymous-token",
            "token",
            headers={"X-Client-Id": client_id},
            authorized=False,
            repeat=True,
        )

    def _make(self, instead_of: str | None, language: str) -> Session:
        """Make a session, unless another process has made one meanwhile."""
        account = self.engine.account
        with self.home.lock("session"):
            current = self._projects.current(account)
            if current is not None and current.id != instead_of:
                return current
            fields = self._call(
                "POST",
                "/api/tasks/me/with-session/nemo_agent",
                "session",
                json={"task_name": "project", "language": language},
                repeat=True,
            )
            session_id, task = fields.get("session_id"), fields.get("task_id")
            if not isinstance(session_id, str) or not session_id:
                raise BadAnswer("The backend made no session. Try again in a minute.")
            session = Session(
                session_id,
                task if isinstance(task, str) else "",
                answers.bind(fields),
                language,
                time.time(),
            )
            self._projects.keep(account, session)
            return session

    def _explained(self, error: ApiError, session_id: str = "") -> ApiError:
        """An error with what the user can do about it, which depends on who the user is."""
        if isinstance(error, NoCredits):
            if self.engine.token is not None:
                return NoCredits("No credits are left. Top up credits in your account.")
            link = self._registration(session_id)
            return NoCredits(f"No credits are left. Register to go on: {link}", link=link)
        if isinstance(error, ExportBlocked) and self.engine.token is None and not error.link:
            link = self._registration(session_id)
            return ExportBlocked(f"{error} {link}", status=error.status, link=link)
        about_file = isinstance(error, (UnsupportedFile, FileTooLarge)) and error.said
        if about_file and self.engine.kind == "studio":  # it has looked into the file
            told = type(error)(f"{error.said}.", status=error.status)
            told.said = error.said
            return told
        return error

    def _registration(self, session_id: str) -> str:
        """The link to register with, bound to what was made here as far as that is known."""
        current = self._projects.current(self.engine.account)
        bind = current.bind if current else ""
        session_id = session_id or (current.id if current else "")
        if not bind and session_id:
            try:
                path = f"/api/state/nemo_agent/me/{quote(session_id, safe='')}/latest"
                bind = answers.state(self._call("GET", path, "state", explained=False)).bind
            except SkillError:
                bind = ""  # the link is good without it
        link = f"{self.engine.web_url}/register"
        return f"{link}?bind={quote(bind, safe='')}" if bind else link

    def _patience(self, wait: float | None) -> float:
        """Seconds to wait after a 429: what the backend asks for, within reason."""
        return wait if wait is not None and wait <= LONGEST_WAIT else self.settings.retry_after

    def _revive(self) -> None:
        """The studio ended (idle, or killed): it comes back with everything it had."""
        again = studio(self.settings)
        self.engine = replace(again, notice=self.engine.notice)
        self._tokens.client_id = again.client_id
        if self._made is not None:
            self._made.close()
            self._made = None

    @property
    def _transport(self) -> Transport:
        if self._made is None:
            self._made = Transport(self.engine.api_url, self._headers())
        return self._made

    def _headers(self) -> dict[str, str]:
        if self._attribution is None:
            self._attribution = manifest.attribution(self.settings)
        known = self._attribution
        return {"User-Agent": f"{known.source}/{known.version}", **known.headers}


def backoff(failures: int) -> float:
    """Seconds before the next try: doubling, between half and all of it by chance."""
    doubling: float = FIRST_WAIT * 2 ** (failures - 1)
    return doubling * random.uniform(0.5, 1)  # noqa: S311 no secret


_WAIT = "retry-after"


def _upload_path(session_id: str) -> str:
    return f"/api/upload-video/nemo_agent/me/{quote(session_id, safe='')}"
