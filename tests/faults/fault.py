"""A fault, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_backend import CUT, Piece, Reply, Script, Seen, sse
from stage import FORBIDDEN, Ended, Stage

EDIT = ("chat", "--json", "make it brighter")
EXPORT = ("export", "--json")

Do = Callable[[Stage], None]
ANY: Any = object()


def nothing(_: Stage) -> None:
    """Nothing is prepared."""


@dataclass(frozen=True)
class Fault:
    """A row of the table.

    ``do`` prepares it, ``call`` is the command line, then follow: the exit status; ``code`` of
    the error; what must stand in what the user reads, and what must not; how many requests of
    each kind the server saw from when the call began (ANY: not told), how many different
    renders; how many videos lie in the folder. ``check`` looks at whatever else there is.
    """

    name: str
    do: Do = nothing
    call: tuple[str, ...] = EDIT
    status: int = 0
    code: Any = ANY
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    messages: Any = 0
    renders: Any = 0
    tokens: Any = 0
    sessions: Any = 0
    uploads: Any = 0
    videos: int = 0
    primed: bool = True
    check: Callable[[Stage, Ended], None] | None = None

    def run(self, stage: Stage) -> None:
        if self.primed:
            stage.prime()
        self.do(stage)
        stage.mark()
        ended = stage.run(*self.call)
        self.judge(stage, ended)

    def judge(self, stage: Stage, ended: Ended) -> None:
        told = f"\n--- status {ended.status}, server saw {_seen(stage)}\n{ended.out}\n{ended.err}"
        assert "Traceback" not in ended.out + ended.err, told
        assert "dummy-token" not in ended.out + ended.err, told
        found = FORBIDDEN.search(ended.said)
        assert not found, f"it says {found and found.group()!r}{told}"
        assert "\x1b" not in ended.out + ended.err, told
        assert ended.status == self.status, told
        if self.code is not ANY:
            assert (ended.reply["error"] or {"code": None})["code"] == self.code, told
        for words in self.says:
            assert words in ended.said, f"{words!r} is missing{told}"
        for words in self.never:
            assert words not in ended.said, f"{words!r} stands there{told}"
        for kind in ("messages", "tokens", "sessions", "uploads", "renders"):
            wanted = getattr(self, kind)
            assert wanted is ANY or getattr(stage, kind) == wanted, f"{kind}{told}"
        assert len(stage.videos()) == self.videos, f"{stage.files()}{told}"
        for video in stage.videos():
            assert video.read_bytes() == stage.backend.file, f"{video.name} is not whole{told}"
        stage.check_home()
        if self.check is not None:
            self.check(stage, ended)


def _seen(stage: Stage) -> str:
    return (
        f"{stage.messages} messages, {stage.renders} renders, {stage.tokens} tokens, "
        f"{stage.sessions} sessions, {stage.uploads} uploads"
    )


def script(route: str, *replies: Script) -> Do:
    """The next requests of a route are answered so."""
    return lambda stage: stage.backend.script(route, *replies)


def always(route: str, reply: Script) -> Do:
    """Every request of a route is answered so."""
    return lambda stage: stage.backend.always(route, reply)


def both(*does: Do) -> Do:
    def do(stage: Stage) -> None:
        for each in does:
            each(stage)

    return do


def worked(route: str, *pieces: Piece, reply: Reply | None = None) -> Do:
    """A message that is carried out, and whose answer is this one (a stream of the pieces)."""

    def do(stage: Stage) -> None:
        def answer(seen: Seen) -> Reply:
            stage.backend._edit(seen)
            return reply or sse(*pieces, CUT)

        stage.backend.script(route, answer)

    return do
