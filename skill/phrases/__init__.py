"""The skill's own sentences: one JSON file a language.

``say("delivered", "zh", name="dawn.mp4")`` fills the sentence of that language;
a language or a key that is missing falls back to English, so a new language is
a new file, complete or not. A value may be an object with a form for each
plural category (``{"one": …, "other": …}``), chosen by ``n``. Keys that begin
with ``_`` are no sentences: how the language writes numbers and lists, what greetings it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》|«[^»\n]*»")
_LINK = re.compile(r"\w+://\S+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
# Scripts that name their language; the kana come first, because Japanese has Han letters too.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)


def say(key: str, language: str = "en", **values: Any) -> str:
    """The sentence of a key, filled. Raises KeyError for a key that English lacks."""
    form = _lookup(key, language)
    if isinstance(form, dict):
        form = form.get(_category(values.get("n"), language)) or form["other"]
    return str(form).format(**values) if values else str(form)


def find(key: str, language: str) -> str | None:
    """The plain sentence of a key in that language itself; None where it has none."""
    for name in _names(language):
        found = _sentences(name).get(key)
        if isinstance(found, str):
            return found
    return None


def words(key: str, language: str) -> list[str]:
    """A list of words of the user's ("_hello"), in that language and in English."""
    return [word for name in (*_names(language), "en") for word in _sentences(name).get(key, [])]


def number(value: float, language: str = "en", digits: int = 1) -> str:
    """A number with at most ``digits`` decimals, and the language's decimal mark."""
    text = f"{round(value, digits):.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", _lookup("_decimal", language)) if text != "-0" else "0"


def listing(items: Iterable[str], language: str = "en") -> str:
    """Items as that language lists them: "a, b and c"."""
    *most, last = list(items) or [""]
    comma, final = _lookup("_comma", language), _lookup("_and", language)
    return final.join([comma.join(most), last]) if most else last


def languages() -> list[str]:
    """The languages that have a file of their own."""
    return sorted(file.stem for file in _HERE.glob("*.json"))


def language_of(message: str, known: str = "en") -> str:
    """The language of a turn, by its script; ``known`` where its own words do not tell.

    What stands in quotes is material ("add a title “你好”" is English).
    """
    own = _LINK.sub(" ", _QUOTED.sub(" ", message))
    for language, letters in _SCRIPTS:
        if letters.search(own):
            return language
    if known not in {name for name, _ in _SCRIPTS}:
        return known
    # One word ("export", "ok") is said in every language.
    return "en" if len(_LATIN.findall(own)) > 1 else known


def _lookup(key: str, language: str) -> Any:
    for name in (*_names(language), "en"):
        found = _sentences(name).get(key)
        if found is not None:
            return found
    raise KeyError(key)


def _names(language: str) -> tuple[str, str]:
    """The files of a tag: "zh-tw", then "zh"."""
    tag = language.lower().replace("_", "-")
    return (tag, tag.partition("-")[0])


@lru_cache(maxsize=16)
def _sentences(language: str) -> dict[str, Any]:
    file = _HERE / f"{language}.json"
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", language) or not file.is_file():
        return {}
    return dict(json.loads(file.read_text("utf-8")))


def _category(count: object, language: str) -> str:
    """The plural category of a count, by the rules that CLDR gives for integers."""
    if not isinstance(count, int):
        return "other"
    rule = _lookup("_plural", language)
    if rule == "slavic":
        if count % 10 == 1 and count % 100 != 11:
            return "one"
        few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
        return "few" if few else "many"
    if rule == "arabic":
        if count < 3:
            return ("zero", "one", "two")[max(0, count)]
        return "few" if 3 <= count % 100 <= 10 else "many" if count % 100 >= 11 else "other"
    ones = {"none": (), "one": (1,), "zero-one": (0, 1)}[rule]
    return "one" if count in ones else "other"
