"""Who may speak to the studio at all: this machine, by its own name, and no web page.

A page in the user's browser can send requests to 127.0.0.1, by a foreign
origin or by a name that it makes resolve there (DNS rebinding). Host, Origin
and Sec-Fetch-Site tell; the bearer token stands behind them.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skill.studio.server.envelope import answer
from skill.studio.server.studio import Studio

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware: refuse strangers, count open requests, set the headers of every answer."""

    def __init__(self, app: ASGIApp, studio: Studio) -> None:
        self._app = app
        self._studio = studio
        names = (f"127.0.0.1:{studio.port}", f"localhost:{studio.port}")
        self._hosts = [[name] for name in names]
        self._origins = [f"http://{name}" for name in names]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _ALWAYS if pair[0] not in present),
                ]
            await send(message)

        self._studio.activity.enter()
        try:
            reason = self._stranger(Headers(scope=scope), scope["path"])
            if reason:
                refused = answer(code=403, message=reason, status=403)
                await refused(scope, receive, marked)
            else:
                await self._app(scope, receive, marked)
        finally:
            self._studio.activity.leave()

    def _stranger(self, headers: Headers, path: str) -> str:
        if headers.getlist("host") not in self._hosts:
            return "The studio answers under its own address only."
        if any(origin not in self._origins for origin in headers.getlist("origin")):
            return "The studio answers to no web page but its own."
        # A click on a link in the chat counts as cross-site: the project's page may be opened so.
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin") and not (
            path.startswith("/workspace/") and headers.get("sec-fetch-mode") == "navigate"
        ):
            return "The studio answers to no web page but its own."
        return ""
