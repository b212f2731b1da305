"""Sessions, and every version of each one's draft: a tree in which undo and redo move the head."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from skill import draft as drafts
from skill.draft import VIDEO, Draft
from skill.studio.store.database import Database
from skill.studio.store.settings import count


@dataclass(frozen=True)
class Session:
    """A conversation: its ids, the user's language, and the seed that its scenes grow from."""

    id: str
    task: str
    name: str
    language: str
    seed: int
    created: float


@dataclass(frozen=True)
class Head:
    """Where a session stands: the draft, what undo and redo would lead to, versions so far."""

    draft: Draft
    previous: Draft | None
    next: Draft | None
    versions: int


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, language: str) -> Session:
        """A new session with an empty timeline of 1920x1080 at 30 frames a second."""
        session = Session(
            id=uuid.uuid4().hex,
            task=uuid.uuid4().hex,
            name=name,
            language=language,
            seed=secrets.randbelow(2**31),
            created=time.time(),
        )
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, 0, ?)",
                (session.id, session.task, name, language, session.seed, session.created),
            )
            _append(connection, session.id, None, Draft())
        return session

    def find(self, session_id: str) -> Session | None:
        row = self._database.row(
            "SELECT id, task, name, language, seed, created FROM session WHERE id = ?", session_id
        )
        return Session(**row) if row else None

    def head(self, session_id: str) -> Head:
        """Raises KeyError where there is no such session."""
        row = self._database.row(
            """
            SELECT v.draft AS draft, p.draft AS previous, n.draft AS next,
                (SELECT count(*) FROM version WHERE session = s.id) AS versions
            FROM session s JOIN version v ON v.id = s.head
            LEFT JOIN version p ON p.id = v.parent LEFT JOIN version n ON n.id = v.next
            WHERE s.id = ?
            """,
            session_id,
        )
        if row is None:
            raise KeyError(session_id)
        return Head(
            draft=_read(row["draft"]),
            previous=_read(row["previous"]) if row["previous"] else None,
            next=_read(row["next"]) if row["next"] else None,
            versions=row["versions"],
        )

    def add(
        self, session_id: str, draft: Draft, media: Iterable[tuple[str, Mapping[str, Any]]] = ()
    ) -> None:
        """A new version on top of the head, with the media (hash, description) that it brings."""
        with self._database.transaction() as connection:
            head = connection.execute(
                "SELECT v.id AS id, v.draft AS draft FROM session s "
                "JOIN version v ON v.id = s.head WHERE s.id = ?",
                (session_id,),
            ).fetchone()
            if head is None:
                raise KeyError(session_id)
            _append(connection, session_id, head["id"], draft)
            connection.executemany(
                "INSERT INTO placed (session, hash, media) VALUES (?, ?, ?)",
                [(session_id, hash_, json.dumps(dict(about))) for hash_, about in media],
            )
            clips = len(_painted(draft) - _painted(_read(head["draft"])))
            count(connection, "clips" if clips else "edits", clips or 1)

    def move(self, session_id: str, way: str) -> bool:
        """Undo or redo: move the head. False where there is nothing to move to."""
        column = {"undo": "parent", "redo": "next"}[way]
        with self._database.transaction() as connection:
            moved = connection.execute(
                f"SELECT v.id AS id, v.{column} AS target FROM session s "  # noqa: S608 one of two
                "JOIN version v ON v.id = s.head WHERE s.id = ?",
                (session_id,),
            ).fetchone()
            if moved is None or moved["target"] is None:
                return False
            connection.execute(
                "UPDATE session SET head = ? WHERE id = ?", (moved["target"], session_id)
            )
            if way == "undo":  # redo must come back here, not to a later branch
                connection.execute(
                    "UPDATE version SET next = ? WHERE id = ?", (moved["id"], moved["target"])
                )
            count(connection, "edits")
        return True

    def media(self, session_id: str) -> list[dict[str, Any]]:
        """What was uploaded to a session, in the order sent."""
        rows = self._database.rows(
            "SELECT media FROM placed WHERE session = ? ORDER BY id", session_id
        )
        return [json.loads(row["media"]) for row in rows]


def _append(
    connection: sqlite3.Connection, session_id: str, parent: int | None, draft: Draft
) -> None:
    wire = json.dumps(drafts.to_wire(draft), ensure_ascii=True, separators=(",", ":"))
    version = connection.execute(
        "INSERT INTO version (session, parent, draft, created) VALUES (?, ?, ?, ?)",
        (session_id, parent, wire, time.time()),
    ).lastrowid
    connection.execute("UPDATE version SET next = ? WHERE id = ?", (version, parent))
    connection.execute("UPDATE session SET head = ? WHERE id = ?", (version, session_id))


def _read(text: str) -> Draft:
    return drafts.parse(json.loads(text))


def _painted(draft: Draft) -> set[str]:
    """The segments that were generated, by id."""
    return {
        segment.id
        for segment in draft.segments_of(VIDEO)
        if isinstance(source := segment.meta.get("source"), Mapping)
        and source.get("kind") == "scene"
    }
