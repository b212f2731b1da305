"""The SQLite file: opened, brought to the newest schema, written in whole transactions."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Each entry brings the schema one version further; entries are only ever added.
SCHEMA = (
    """
    CREATE TABLE setting (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE token (
        hash TEXT PRIMARY KEY, kind TEXT NOT NULL, session TEXT NOT NULL,
        created REAL NOT NULL, expires REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE session (
        id TEXT PRIMARY KEY, task TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
        seed INTEGER NOT NULL, head INTEGER NOT NULL, created REAL NOT NULL
    ) WITHOUT ROWID;
    -- A tree: "parent" leads back (undo), "next" to the child last come from (redo).
    CREATE TABLE version (
        id INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES session, parent INTEGER,
        next INTEGER, draft TEXT NOT NULL, created REAL NOT NULL
    );
    CREATE INDEX version_session ON version (session);
    CREATE TABLE placed (
        id INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES session, hash TEXT NOT NULL,
        media TEXT NOT NULL
    );
    CREATE INDEX placed_session ON placed (session);
    CREATE TABLE render (
        id TEXT PRIMARY KEY, session TEXT NOT NULL REFERENCES session, draft TEXT NOT NULL,
        output TEXT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0, number INTEGER NOT NULL, created REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX render_number ON render (number);
    """,
    """
    ALTER TABLE render ADD COLUMN fetched REAL;
    CREATE INDEX placed_hash ON placed (hash);
    """,
)

_log = logging.getLogger(__name__)


class StoreError(Exception):
    """The store cannot be used; the text is for the user."""


class Database:
    """One connection under one lock: every statement here takes well under a millisecond."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, disk full, no permission
                raise StoreError(
                    f"The studio's data at {path} cannot be opened: {error}"
                ) from error
            _set_aside(path)
            self._connection = _open(path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; on disk and synced when the block has ended."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        return next(iter(self.rows(sql, *values)), None)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(SCHEMA):
        raise StoreError(
            f"The studio's data at {path} comes from a newer version of this program. "
            "Install that version, or set AI_VIDEO_HOME to another folder."
        )
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _set_aside(path: Path) -> None:
    # Not ours to repair: kept under another name, and the studio starts anew.
    aside = f"{path.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}"
    _log.warning("the database is damaged and was set aside as %s", aside)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(path.with_name(aside + suffix))
