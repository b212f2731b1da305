"""Secrets taken out of a text: a backend may say our own token back to us, in pieces too."""

from __future__ import annotations

from collections.abc import Callable, Iterable

SHORTEST = 6  # characters; what is shorter is no secret, and stands in ordinary words
HIDDEN = "…"


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text with a sign in place of each secret."""
    for secret in secrets:
        if len(secret) >= SHORTEST and secret in text:
            text = text.replace(secret, HIDDEN)
    return text


class Veil:
    """``hide`` for a text that comes in pieces. ``secrets`` is asked for each: tokens change."""

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        self._secrets = secrets
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be shown so far; what may be the beginning of a secret is held back."""
        secrets = [secret for secret in self._secrets() if len(secret) >= SHORTEST]
        text = hide(self._held + piece, secrets)
        held = max((_overlap(text, secret) for secret in secrets), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def end(self) -> str:
        """What was held back, once nothing more will come."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, secret: str) -> int:
    """How many characters at the end of a text are the beginning of a secret."""
    for length in range(min(len(text), len(secret) - 1), 0, -1):
        if text.endswith(secret[:length]):
            return length
    return 0
