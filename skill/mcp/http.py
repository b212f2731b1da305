"""Streamable HTTP on loopback, behind a token: nobody else on the machine can spend credits.

The token is made once and kept in ``mcp-token`` in the state folder, mode 600. Who asks must
show it, and must have been led here by the right name: a web page that points its own name at
127.0.0.1 (DNS rebinding) sends another Host, and an Origin.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
import socket
import sys
from pathlib import Path

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from skill.errors import SkillError
from skill.home import Home, reason, write_private
from skill.mcp.reading import Server

HOST, PORT, ROUTE = "127.0.0.1", 8763, "/mcp"
TOKEN_FILE = "mcp-token"  # noqa: S105 a file's name
_GOODBYE = 5  # s that calls under way have to end


def serve(server: Server, home: Home, port: int = PORT) -> None:
    """Serve until interrupted; where it listens is told on standard error. Raises SkillError."""
    token, path = token_of(home)
    with _listening(port) as listener:
        port = listener.getsockname()[1]
        print(
            f"The MCP server listens at http://{HOST}:{port}{ROUTE} (Ctrl-C ends it).\n"
            f"Clients send the header Authorization: Bearer TOKEN; the token stands in {path}",
            file=sys.stderr,
            flush=True,
        )
        config = uvicorn.Config(
            app(server, token, port),
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=_GOODBYE,
        )
        uvicorn.Server(config).run(sockets=[listener])


def app(server: Server, token: str, port: int) -> ASGIApp:
    """The server as an application, for clients on this machine that have the token."""
    names = [f"{name}:{port}" for name in (HOST, "localhost")]
    security = TransportSecuritySettings(
        allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names]
    )
    return Guard(
        server.streamable_http_app(
            streamable_http_path=ROUTE, host=HOST, transport_security=security
        ),
        token,
    )


def token_of(home: Home) -> tuple[str, Path]:
    """The token and the file that keeps it, made where there is none. Raises StateError."""
    path = home.prepare() / TOKEN_FILE
    with home.lock("mcp"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            kept = path.read_text("ascii").strip()
            if len(kept) >= 32:
                if path.stat().st_mode & 0o077 and sys.platform != "win32":
                    path.chmod(0o600)
                return kept, path
        token = secrets.token_urlsafe(32)
        try:
            write_private(path, f"{token}\n".encode())
        except OSError as error:
            raise SkillError(f"{path} cannot be written: {reason(error)}.") from None
    return token, path


class Guard:
    """Lets through who shows the token."""

    def __init__(self, inner: ASGIApp, token: str) -> None:
        self._inner = inner
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._known(scope):
            await self._inner(scope, receive, send)
        elif scope["type"] == "http":
            words = "The bearer token is missing or wrong."
            await JSONResponse(
                {"error": "invalid_token", "error_description": words},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        if scope["type"] != "http":
            return False
        kind, _, shown = Headers(scope=scope).get("authorization", "").partition(" ")
        same = hmac.compare_digest(shown.strip().encode("utf-8", "replace"), self._token)
        return kind.lower() == "bearer" and same


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET)
    try:
        if sys.platform != "win32":  # there it would let others take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        why = reason(error) if isinstance(error, OSError) else "there is no such port"
        raise SkillError(
            f"The MCP server cannot listen at {HOST}:{port}: {why}. "
            "Another one may be running; --port takes another port, 0 any that is free."
        ) from None
    return listener
