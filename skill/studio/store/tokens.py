"""Tokens: handed out once, kept as hashes, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from skill.studio.store.database import Database

USER, CLAIM = "user", "claim"
PREFIX = {USER: "nmv_usr_", CLAIM: "clm_"}
LIFETIME = 7 * 24 * 3600.0  # seconds; the protocol's 7 days
KEPT = 100  # of each kind; the oldest go first


class Tokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, kind: str, session: str = "", now: float | None = None) -> str:
        """A new token of ``kind`` (USER opens everything, CLAIM one session's page)."""
        now = time.time() if now is None else now
        token = PREFIX[kind] + secrets.token_urlsafe(32)
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM token WHERE expires <= ?", (now,))
            connection.execute(
                "DELETE FROM token WHERE kind = ? AND hash NOT IN "
                "(SELECT hash FROM token WHERE kind = ? ORDER BY created DESC LIMIT ?)",
                (kind, kind, KEPT - 1),
            )
            connection.execute(
                "INSERT INTO token VALUES (?, ?, ?, ?, ?)",
                (_hash(token), kind, session, now, now + LIFETIME),
            )
        return token

    def check(self, kind: str, token: str, now: float | None = None) -> str | None:
        """The session that a valid token is bound to ("" for USER), None for any other token."""
        given = _hash(token)
        found = None
        # Every row is compared, so that the time taken says nothing about how much matched.
        for row in self._database.rows(
            "SELECT hash, session FROM token WHERE kind = ? AND expires > ?",
            kind,
            time.time() if now is None else now,
        ):
            if hmac.compare_digest(row["hash"], given):
                found = row["session"]
        return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
