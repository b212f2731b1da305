"""What the studio keeps, and for how long: nothing that a timeline or its undo could need goes.

renders     their files go DAYS_FETCHED after they were last fetched, else DAYS_UNFETCHED after
            they were asked for, and the oldest where all take more than ROOM; none on its first
            day. A timeline can always be rendered again.
media       go where no project names them: not as an upload, in no version of a timeline (undo
            and redo lead to each), in no render to come. A kill in the middle of an upload
            leaves such files.
projects    stay, but for those in which nothing ever happened.
"""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path

from skill.studio.store.database import Database
from skill.studio.store.files import Files
from skill.studio.store.renders import COMPLETED, FAILED, Renders

DAY = 86_400.0  # seconds
DAYS_FETCHED = 7  # as long as a link to the project works
DAYS_UNFETCHED = 30
DAYS_EMPTY = 30
ROOM = 20 << 30  # bytes of finished renders

_log = logging.getLogger(__name__)


class Keeping:
    """Deletes what is no longer kept."""

    def __init__(self, database: Database, files: Files, renders: Renders) -> None:
        self._database, self._files, self._renders = database, files, renders

    def sweep(self, now: float | None = None) -> None:
        """Delete what its time has come for; ``now`` in epoch seconds."""
        now = time.time() if now is None else now
        self._old_renders(now)
        self._strays(now)
        self._orphans(now)
        self._empty_projects(now)

    def _old_renders(self, now: float) -> None:
        rows = self._database.rows(
            "SELECT id, status, created, fetched FROM render WHERE status IN (?, ?) "
            "ORDER BY coalesce(fetched, created) DESC",
            COMPLETED,
            FAILED,
        )
        taken = 0
        for row in rows:
            render = self._renders.find(row["id"])
            if render is None:
                continue
            path = self._renders.file(render)
            size = path.stat().st_size if path.is_file() else 0
            ends = row["created"] + DAYS_UNFETCHED * DAY
            if row["fetched"] is not None:
                ends = row["fetched"] + DAYS_FETCHED * DAY
            crowded = taken + size > ROOM and row["created"] + DAY < now
            if now < ends and not crowded:
                taken += size
                continue
            # The row first: a file without one is a stray, and goes with the next sweep.
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM render WHERE id = ?", (row["id"],))
            _delete(path)

    def _strays(self, now: float) -> None:
        """Files of renders that nobody knows (any more)."""
        known = {row["id"] for row in self._database.rows("SELECT id FROM render")}
        names = {self._renders.name(render_id) for render_id in known}
        for path in self._renders.folder.iterdir():
            if path.is_file() and path.name.partition(".")[0] not in names and _old(path, now):
                _delete(path)

    def _orphans(self, now: float) -> None:
        for path in list(self._files.all()):
            if _old(path, now) and not self._named(path.name):
                _log.info("no project names the media %s: deleted", path.name[:12])
                self._files.delete(path.name, now - DAY)

    def _named(self, content_hash: str) -> bool:
        return any(
            self._database.row(sql, content_hash)
            for sql in (
                "SELECT 1 FROM placed WHERE hash = ? LIMIT 1",
                "SELECT 1 FROM version WHERE instr(draft, ?) LIMIT 1",
                "SELECT 1 FROM render WHERE instr(draft, ?) LIMIT 1",
            )
        )

    def _empty_projects(self, now: float) -> None:
        empty = (
            "SELECT id FROM session s WHERE created < ? "
            "AND (SELECT count(*) FROM version WHERE session = s.id) < 2 "
            "AND NOT EXISTS (SELECT 1 FROM placed WHERE session = s.id) "
            "AND NOT EXISTS (SELECT 1 FROM render WHERE session = s.id)"
        )
        with self._database.transaction() as connection:
            found = connection.execute(empty, (now - DAYS_EMPTY * DAY,)).fetchall()
            for row in found:
                connection.execute("DELETE FROM version WHERE session = ?", (row["id"],))
                connection.execute("DELETE FROM session WHERE id = ?", (row["id"],))


def _old(path: Path, now: float) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime + DAY < now
    return False


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):  # on Windows while somebody reads it: the next sweep
        path.unlink(missing_ok=True)
