"""Single values that outlive the process: the client id, the last port, what was made."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

from skill.studio.store.database import Database

COUNTED = ("clips", "edits", "exports")


class Settings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, key: str) -> Any:
        row = self._database.row("SELECT value FROM setting WHERE key = ?", key)
        return row["value"] if row else None

    def write(self, key: str, value: str | int) -> None:
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    @property
    def client_id(self) -> str:
        """The UUID that is the key to this studio; made once."""
        known = self.read("client_id")
        if not known:
            known = str(uuid.uuid4())
            self.write("client_id", known)
        return str(known)

    @property
    def used(self) -> dict[str, int]:
        """How many clips, edits and exports were made; the studio is free, and counts."""
        return {name: self.read(f"used.{name}") or 0 for name in COUNTED}


def count(connection: sqlite3.Connection, name: str, more: int = 1) -> None:
    """Add to a counter, inside the transaction that made the thing counted."""
    connection.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = value + ?",
        (f"used.{name}", more, more),
    )
