"""A stream read while it comes: text as it comes, and the time-outs of a turn.

The bytes are fetched by a thread, so that a silent backend cannot stop the clock: ten minutes
of heartbeats alone, or fifteen minutes in all, end the waiting (protocol.md, "Turn rules").
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from skill.errors import AnswerLost, StreamBroken, StreamError, TurnTimeout
from skill.settings import Settings
from skill.stream import Turn, TurnReader, decode

_END = object()
_AHEAD = 64  # chunks that may lie between the thread and us


def follow(
    chunks: Iterable[bytes],
    settings: Settings,
    on_text: Callable[[str], None] | None = None,
    on_still_working: Callable[[], None] | None = None,
) -> Turn:
    """Read a turn with the time-outs of ``settings``.

    ``on_text`` gets pieces that together are the turn's text; ``on_still_working`` is called
    every ``settings.still_working`` seconds. ``chunks`` is iterated in a thread and closed.
    Raises StreamBroken, TurnTimeout or EventTooLarge, whose ``turn`` is what came before, and
    what the chunks raise.
    """
    reader = TurnReader(on_text)
    pump = _Pump(chunks)
    clock = _Clock(settings, on_still_working)
    try:
        for event in decode(reader.watch(clock.watch(pump))):
            if reader.take(event):
                clock.alive()
    except StreamError as error:
        error.turn = reader.finish()
        raise
    except AnswerLost:
        raise StreamBroken(_BROKEN, turn=reader.finish()) from None
    finally:
        pump.close()
    turn = reader.finish()
    if turn.cut:
        raise StreamBroken(_BROKEN, turn=turn)
    return turn


_BROKEN = "The connection broke before the answer was complete."


class _Clock:
    """Ends the waiting when it is time, and says now and then that it goes on."""

    def __init__(self, settings: Settings, on_still_working: Callable[[], None] | None) -> None:
        self._settings = settings
        self._tell = on_still_working or (lambda: None)
        now = time.monotonic()
        self._every = settings.still_working or float("inf")
        self._end = now + settings.turn_timeout
        self._idle_end = now + settings.idle_timeout
        self._next = now + self._every

    def alive(self) -> None:
        """Something came that is more than a heartbeat."""
        self._idle_end = time.monotonic() + self._settings.idle_timeout

    def watch(self, pump: _Pump) -> Iterator[bytes]:
        while True:
            now = time.monotonic()
            if now >= self._end:
                words = f"The answer took longer than {_span(self._settings.turn_timeout)}."
                raise TurnTimeout(f"{words} The backend may still be working on it.")
            if now >= self._idle_end:
                words = f"Nothing came for {_span(self._settings.idle_timeout)}."
                raise TurnTimeout(f"{words} The backend may still be working on it.")
            if now >= self._next:
                self._next = now + self._every
                self._tell()
            wait = min(self._end, self._idle_end, self._next) - time.monotonic()
            with contextlib.suppress(queue.Empty):
                item = pump.get(wait)
                if item is None:
                    return
                yield item


class _Pump:
    """Fetches chunks in a thread."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._queue: queue.Queue[object] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        threading.Thread(target=self._run, name="message", daemon=True).start()

    def get(self, wait: float) -> bytes | None:
        """The next chunk, None at the end. Raises queue.Empty, and what the chunks raised."""
        # No wait without an end: on Windows it could not be interrupted.
        item = self._queue.get(timeout=min(max(wait, 0.001), 1.0))
        if item is _END:
            return None
        if isinstance(item, BaseException):
            raise item
        assert isinstance(item, bytes)  # noqa: S101 the thread puts nothing else
        return item

    def close(self) -> None:
        self._stop.set()
        close = getattr(self._chunks, "close", None)
        if close is not None:
            # A generator that runs in the thread cannot be closed from here; it is left.
            with contextlib.suppress(ValueError):
                close()

    def _run(self) -> None:
        try:
            for chunk in self._chunks:
                if not self._put(chunk):
                    return
            self._put(_END)
        except BaseException as error:  # told to the thread that waits
            self._put(error)

    def _put(self, item: object) -> bool:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(item, timeout=0.2)
                return True
        return False


def _span(seconds: float) -> str:
    """A time in words: "10 minutes", "2 s"."""
    if seconds >= 120 and seconds % 60 == 0:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:g} s"
