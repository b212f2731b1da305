"""What the conversation itself remembers between processes: language, and what was said."""

from __future__ import annotations

from skill.home import Home
from skill.phrases import language_of

FILE = "conversation.json"


class Memory:
    """``conversation.json`` in the state folder."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept = home.read(FILE)

    @property
    def first_time(self) -> bool:
        """Whether no turn has come through yet."""
        return not self._kept

    def language(self, message: str) -> str:
        """The language to answer in: the message's own, else the conversation's."""
        known = self._kept.get("language")
        return language_of(message, known if isinstance(known, str) else "en")

    def is_news(self, notice: str) -> bool:
        """Whether the turn before did not say this already."""
        return self._kept.get("notice") != notice

    def keep(self, language: str, notice: str) -> None:
        with self._home.update(FILE) as data:
            data.update(language=language, notice=notice)
