"""What of a turn is for the backend, where the rest of it is done by the skill itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from skill import phrases
from skill.gui.sentences import quotes
from skill.router import Step, only, route

LONGEST = 4000  # characters; beyond it the message goes as it is
# Chinese and Japanese put no spaces between words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SIGNS = "\u0900-\u0963"  # the vowel signs of Devanagari, which are no \\w
_COMMAS = (",", "，", "、", "،")
_OURS = {Step.EXPORT, Step.CREDITS, Step.STATUS}


def to_say(message: str, steps: Sequence[Step]) -> str:
    """The message without the clauses that only ask for an export, the credits or the status.

    "add a title 'Dawn', then export" -> "add a title 'Dawn'". The whole message where nothing
    can be told apart.
    """
    if Step.SSE not in steps or not _OURS & set(steps) or len(message) > LONGEST:
        return message
    kept: list[str] = []
    joined = dropped = ""
    for start, end, joiner in clauses(message):
        clause = message[start:end].strip()
        if clause and only(clause, _OURS, dropped):
            goes_on = message[end:joiner].strip() in _COMMAS
            joined, dropped = "", f"{dropped}, {clause}".lstrip(", ") if goes_on else ""
            continue
        dropped = ""
        kept += [joined or ", ", message[start:end]] if kept else [message[start:end]]
        joined = message[end:joiner]
    said = "".join(kept).strip(" ,;，；、")
    return said if said and Step.SSE in route(said) else message


def clauses(message: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, where the next begins) of each clause; quotations are not cut."""
    quoted = list(quotes(message))
    start = 0
    for found in _breaks().finditer(message):
        if found.start() < start or any(a < found.start() < b for a, b in quoted):
            continue
        yield start, found.start(), found.end()
        start = found.end()
    yield start, len(message), len(message)


@lru_cache(maxsize=1)
def _breaks() -> re.Pattern[str]:
    """Marks, and the words for "then" of every language."""
    listed = {word for name in phrases.languages() for word in phrases.words("_then", name)}
    words = sorted(listed, key=len, reverse=True)
    spaced = "|".join(re.escape(word) for word in words if not _UNSPACED.search(word))
    others = "|".join(re.escape(word) for word in words if _UNSPACED.search(word))
    then = rf"(?:(?<![\w{_SIGNS}])(?:{spaced})(?![\w{_SIGNS}])|{others})[,，、]?\s*"
    return re.compile(
        rf"\s*(?:[,;.!?](?=\s|$)|[，。；！？।،؛؟\n])+\s*(?:{then})?|\s*{then}", re.IGNORECASE
    )
