"""Which session belongs to which engine, kept for the next process.

One project is current for each engine and account. ``worked`` remembers when a message or a
file last went there, because a project stays with the engine that made it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from skill.home import Home

FILE = "sessions.json"
# An anonymous token, and what belongs to it, is good for 7 days (protocol.md).
STAYS = 7 * 86_400.0


@dataclass(frozen=True)
class Session:
    """A project of the backend. ``bind`` is the id of the registration link, "" if unknown."""

    id: str
    task: str = ""
    bind: str = ""
    language: str = ""
    made: float = 0
    worked: float = 0


class Projects:
    """The current session of each engine and account (``Engine.account``)."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def current(self, account: str) -> Session | None:
        return _session(self._home.read(FILE).get(account))

    def keep(self, account: str, session: Session) -> None:
        with self._home.update(FILE) as found:
            found[account] = asdict(session)

    def worked(self, account: str, session_id: str) -> None:
        """Note that something was sent to a session."""
        with self._home.update(FILE) as found:
            session = _session(found.get(account))
            if session and session.id == session_id:
                found[account] = asdict(replace(session, worked=time.time()))

    def latest(self) -> str:
        """The account whose project was worked on last, "" where that is long ago."""
        since = time.time() - STAYS
        sessions = {name: _session(item) for name, item in self._home.read(FILE).items()}
        worked = {name: s.worked for name, s in sessions.items() if s and s.worked > since}
        return max(worked, key=lambda name: worked[name], default="")


def _session(item: object) -> Session | None:
    """A session as it was kept; values of another type count as absent."""
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str) or not item["id"]:
        return None
    words = {name: item.get(name) for name in ("id", "task", "bind", "language")}
    times = {name: item.get(name) for name in ("made", "worked")}
    kept: dict[str, Any] = {name: word for name, word in words.items() if isinstance(word, str)}
    kept |= {name: time for name, time in times.items() if isinstance(time, (int, float))}
    return Session(**kept)
