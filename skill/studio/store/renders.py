"""Renders: acknowledged once under the client's id, finished once, found again after a kill."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skill import draft as drafts
from skill.draft import Draft
from skill.studio.store.database import Database
from skill.studio.store.settings import count

PENDING, PROCESSING, COMPLETED, FAILED = "pending", "processing", "completed", "failed"

_COLUMNS = "id, session, draft, output, status, error, attempts, created"


@dataclass(frozen=True)
class Render:
    """A job: the timeline as it was asked for, and how far it has come."""

    id: str
    session: str
    draft: Draft
    output: Mapping[str, Any]
    status: str
    error: str
    attempts: int
    created: float


class Renders:
    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder
        folder.mkdir(exist_ok=True)
        # Left by a killed worker, which worked for nobody but this store.
        for leftover in folder.glob("*.part*"):
            leftover.unlink(missing_ok=True)
        for leftover in folder.glob(".render-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def add(self, render_id: str, session: str, draft: Draft, output: Mapping[str, Any]) -> Render:
        """Take a job; where the id is known already, the job known by it is returned unchanged."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO render (id, session, draft, output, status, number, created) "
                "VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM render), ?) "
                "ON CONFLICT (id) DO NOTHING",
                (
                    render_id,
                    session,
                    json.dumps(drafts.to_wire(draft)),
                    json.dumps(dict(output)),
                    PENDING,
                    time.time(),
                ),
            )
        found = self.find(render_id)
        assert found is not None  # noqa: S101 inserted above, and none is deleted on its first day
        return found

    def find(self, render_id: str) -> Render | None:
        return _render(
            self._database.row(f"SELECT {_COLUMNS} FROM render WHERE id = ?", render_id)  # noqa: S608 a constant
        )

    def unfinished(self) -> list[str]:
        """The ids of the jobs to do, oldest first."""
        rows = self._database.rows(
            "SELECT id FROM render WHERE status IN (?, ?) ORDER BY number", PENDING, PROCESSING
        )
        return [row["id"] for row in rows]

    def latest(self, session: str) -> Render | None:
        """The render of a session that was asked for last, among those that are done."""
        return _render(
            self._database.row(
                f"SELECT {_COLUMNS} FROM render WHERE session = ? AND status = ? "  # noqa: S608 a constant
                "ORDER BY number DESC LIMIT 1",
                session,
                COMPLETED,
            )
        )

    def pending(self, session: str) -> bool:
        """Whether a render of the session is waiting or under way."""
        return bool(
            self._database.row(
                "SELECT 1 FROM render WHERE session = ? AND status IN (?, ?)",
                session,
                PENDING,
                PROCESSING,
            )
        )

    def start(self, render_id: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE render SET status = ?, attempts = attempts + 1 WHERE id = ?",
                (PROCESSING, render_id),
            )

    def put_back(self, render_id: str) -> None:
        """It was stopped through no fault of its own: to be begun again."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE render SET status = ?, attempts = attempts - 1 WHERE id = ?",
                (PENDING, render_id),
            )

    def complete(self, render_id: str) -> None:
        """The file lies whole under ``file``."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE render SET status = ? WHERE id = ?", (COMPLETED, render_id))
            count(connection, "exports")

    def fail(self, render_id: str, error: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE render SET status = ?, error = ? WHERE id = ?", (FAILED, error, render_id)
            )

    def file(self, render: Render) -> Path:
        """Where a finished render lies."""
        extension = re.sub(r"[^a-z0-9]", "", str(render.output.get("format", "")).lower()) or "mp4"
        return self.folder / f"{self.name(render.id)}.{extension}"

    def name(self, render_id: str) -> str:
        """What its file is called. The id is the client's, so its hash makes the name."""
        return hashlib.sha256(render_id.encode()).hexdigest()[:32]

    def fetched(self, render_id: str) -> None:
        """Note that its file was asked for, now."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE render SET fetched = ? WHERE id = ?", (time.time(), render_id)
            )


def _render(row: sqlite3.Row | None) -> Render | None:
    if row is None:
        return None
    return Render(
        **{
            **dict(row),
            "draft": drafts.parse(json.loads(row["draft"])),
            "output": json.loads(row["output"]),
        }
    )
