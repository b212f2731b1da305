"""The anonymous token: asked for once, kept for the next process, renewed when it is refused.

A client gets one token in 7 days, so many processes at once must ask for one. It is kept in
``tokens.json`` for each engine, with the client id that it was given for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from skill.engine import Engine, kept_client_id
from skill.errors import BadAnswer, MissingClientId, RateLimited, TokenRefused
from skill.home import Home

FILE = "tokens.json"


class Tokens:
    """The token of an engine. ``ask`` sends the request for one, with a client id."""

    def __init__(
        self, home: Home, engine: Engine, ask: Callable[[str], dict[str, Any]], own_id: bool
    ) -> None:
        self._home = home
        self._key = engine.key
        self._fixed = engine.token
        self.client_id = engine.client_id
        self._ask = ask
        self._own_id = own_id  # the client id is ours to change
        self._token: str | None = engine.token
        self._began = time.time()
        self.secrets = {engine.token} if engine.token else set[str]()  # all that were sent

    def __repr__(self) -> str:
        return f"Tokens({self._key!r})"

    def current(self) -> str:
        """The token to send; asked for where there is none."""
        if self._token is None:
            self._token = self._kept() or self._new(refused=None)
        self.secrets.add(self._token)
        return self._token

    def renew(self, refused: str) -> str:
        """Another token than the one that was refused, with the same client id.

        Raises TokenRefused where the token is the user's own (NEMO_TOKEN).
        """
        if self._fixed is not None:
            raise TokenRefused(
                "The token in NEMO_TOKEN was refused: it is wrong or has expired. "
                "Put a new one there, or unset NEMO_TOKEN to go on without an account."
            )
        if self._token is None or self._token == refused:
            self._token = self._new(refused)
        self.secrets.add(self._token)
        return self._token

    def _kept(self) -> str | None:
        kept = self._home.read(FILE).get(self._key)
        if isinstance(kept, dict) and kept.get("client_id") == self.client_id:
            token = kept.get("token")
            return token if _usable(token) else None
        return None

    def _new(self, refused: str | None) -> str:
        with self._home.lock("token"):
            kept = self._kept()  # another process may have asked while we waited for the lock
            if kept is not None and kept != refused:
                return kept
            limited = self._home.read("limits.json").get(self._key)
            # (A time beyond now was written before the clock was set back.)
            if isinstance(limited, float) and self._began <= limited <= time.time():
                raise _limited()
            with self._home.update(FILE) as tokens:
                tokens[self._key] = {"asked": time.time()}  # one that could not be kept is lost
            try:
                token = self._asked()
            except RateLimited:
                with self._home.update("limits.json") as limits:
                    limits[self._key] = time.time()
                raise _limited() from None
            with self._home.update(FILE) as tokens:
                tokens[self._key] = {
                    "token": token,
                    "client_id": self.client_id,
                    "obtained": time.time(),
                }
        return token

    def _asked(self) -> str:
        try:
            fields = self._ask(self.client_id)
        except MissingClientId:
            if not self._own_id:
                raise MissingClientId(
                    "The backend did not accept the client id in NEMO_CLIENT_ID. "
                    "Put a UUID there, or unset it to get one by itself."
                ).told("MissingClientId.own") from None
            self.client_id = kept_client_id(self._home, refused=self.client_id)
            fields = self._ask(self.client_id)
        token = fields.get("token")
        if not _usable(token):
            raise BadAnswer("The backend gave no token. Try again in a minute.")
        return str(token)


def _usable(token: object) -> bool:
    """Whether a header can carry it."""
    return (
        isinstance(token, str)
        and 0 < len(token) <= 4096
        and all("!" <= character <= "~" for character in token)
    )


def _limited() -> RateLimited:
    return RateLimited(
        "The cloud gives one anonymous token per client in 7 days (and about 10 per network), "
        "and it has given ours already. Try again later, set NEMO_TOKEN to the token of an "
        "account, or work on this machine with --backend studio."
    ).told("RateLimited.token")
