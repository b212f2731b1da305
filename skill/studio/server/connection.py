"""A connection to the studio: whoever holds one must use it.

uvicorn waits for ever for the rest of a request. A hundred connections that say nothing, or a
byte a minute, would keep everybody else out.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 100
CROWDED = 80  # from here on the one that has been idle for longest makes room
PATIENCE = 15.0  # seconds for the head of a request, and for each SLOWEST bytes of its body
SLOWEST = 1024


class Connection(H11Protocol):
    """uvicorn's, with an end to waiting for the client."""

    _watch: asyncio.TimerHandle | None = None
    _since = 0.0  # on the loop's clock: when it was last seen to do something
    _received = 0
    _seen: tuple[object, int] = (None, 0)

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._since = self.loop.time()
        self._seen = (None, 0)
        self._watch = self.loop.call_later(PATIENCE, self._look)
        if len(self.connections) > CROWDED:
            idle = [one for one in self.connections if isinstance(one, Connection) and one.idle]
            if idle:
                min(idle, key=lambda one: one._since).transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)

    @property
    def idle(self) -> bool:
        """Whether no request is under way here that is still to be answered."""
        waiting = self.conn.their_state is h11.IDLE or self._answered
        return waiting and not self.transport.is_closing()

    @property
    def _answered(self) -> bool:
        return self.cycle is not None and bool(self.cycle.response_complete)

    def _look(self) -> None:
        """Every PATIENCE seconds: close where the client has owed us bytes for as long."""
        cycle, received = self._seen
        self._seen = (self.cycle, self._received)
        begun = self.cycle is not cycle
        if self.conn.their_state is h11.IDLE:
            owing = not begun  # no head of a request since we looked last
        elif self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused:
            slow = self._received - received < SLOWEST
            owing = not begun and (slow or self._answered)
        else:
            owing = False
        if owing:
            self.transport.close()
            return
        self._since = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE, self._look)
