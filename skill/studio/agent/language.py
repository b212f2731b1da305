"""Which language a message is in: by its script, else by its words."""

from __future__ import annotations

import re

from skill.studio.agent.lexicon import LANGUAGES, LATIN, vocabulary
from skill.studio.agent.message import Message

WORD = re.compile(r"[^\W\d_]+")
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)


def base(tag: str) -> str:
    """The language of a tag ("zh-TW" -> "zh"); "en" for one that is not known."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else "en"


def detect(message: Message, session: str = "en") -> str:
    """The language to read a message in; quoted words do not count."""
    for language, script in SCRIPTS:
        if script.search(message.plain):
            return language
    session = base(session)
    scores = {language: _score(message.plain, language) for language in LATIN}
    # The session's language and English are tried first; another must be plainly better.
    favoured = [language for language in (session, "en") if language in LATIN]
    best = max(LATIN, key=lambda language: scores[language])
    first = max(favoured, key=lambda language: scores[language])
    return best if scores[best] > scores[first] else first


def _score(plain: str, language: str) -> int:
    """Letters of the text that stand in words which the language's file has."""
    words = vocabulary(language)
    return sum(len(word) for word in WORD.findall(plain) if word in words)
