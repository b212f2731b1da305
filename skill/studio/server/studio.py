"""What every route works with: the store, the agent, the queue of renders, who is busy."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool

from skill.draft import Draft
from skill.studio.server.queue import Queue
from skill.studio.store import Store

if TYPE_CHECKING:  # the agent brings its words and scenes along: imported by the first turn
    from skill.studio.agent.project import Answer, PlacedMedia, Project

TIDY = 3600.0  # seconds between two looks for what can be deleted
UPLOADS, MESSAGES = 4, 4  # that are worked on at once; the others wait
ENDING = 5.0  # seconds that unfinished turns get when the server ends

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Activity:
    """Open requests, and when the last one ended (on the monotonic clock)."""

    def __init__(self) -> None:
        self.open = 0
        self._last = time.monotonic()

    def enter(self) -> None:
        self.open += 1

    def leave(self) -> None:
        self.open -= 1
        self._last = time.monotonic()

    def touch(self) -> None:
        self._last = time.monotonic()

    def idle_seconds(self) -> float:
        return 0.0 if self.open else time.monotonic() - self._last


# The first to think loads the words of every language: whoever comes meanwhile waits for them.
_thinking = threading.Lock()


def _respond(message: str, project: Project, language: str) -> Answer:
    from skill.studio import agent

    with _thinking:
        return agent.respond(message, project, language)


def _place(media: Sequence[PlacedMedia], project: Project) -> Draft:
    from skill.studio import agent

    return agent.place(media, project)


@dataclass
class Studio:
    """One running studio. ``port`` is the one it listens on; ``stop`` asks the server to end."""

    store: Store
    queue: Queue
    client_id: str
    port: int
    version: str = ""
    heartbeat: float = 10.0  # seconds between signs of life in a stream
    private_urls: bool = False  # whether uploads by URL may reach private addresses
    idle_seconds: float = 900.0
    stop: Callable[[], None] = lambda: None
    respond: Callable[[str, Project, str], Answer] = _respond
    place: Callable[[Sequence[PlacedMedia], Project], Draft] = _place
    activity: Activity = field(default_factory=Activity)
    uploading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS))
    thinking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MESSAGES))
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def warm(self) -> None:
        """Let the agent load its words before the first message comes."""
        from skill.studio.agent.project import Project

        with contextlib.suppress(Exception):  # a message will tell, if it is for good
            self.respond("hello", Project(), "en")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def turn(self, session_id: str) -> asyncio.Lock:
        """One change of a session's timeline at a time."""
        return self._turns.setdefault(session_id, asyncio.Lock())

    def start(self, work: Coroutine[Any, Any, _Result]) -> asyncio.Task[_Result]:
        """Work that goes on when nobody listens any more."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settle(self) -> None:
        """Let started work end, for at most ENDING seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ENDING)

    async def tidy(self) -> None:
        """Delete what is no longer kept: now, and every TIDY seconds."""
        while True:
            try:
                await run_in_threadpool(self.store.keeping.sweep)
            except Exception:
                _log.exception("tidying up failed")
            try:
                await asyncio.sleep(TIDY)
            except asyncio.CancelledError:  # the studio ends
                return

    async def watch(self) -> None:
        """Ask the server to end after ``idle_seconds`` without a request or a render."""
        while True:
            await asyncio.sleep(min(5.0, self.idle_seconds / 4))
            if self.queue.busy or self._tasks:
                self.activity.touch()
            elif self.activity.idle_seconds() >= self.idle_seconds:
                _log.info("idle for %.0f s: ending", self.idle_seconds)
                self.stop()
                return
