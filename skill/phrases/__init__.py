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
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
# No mark is looked for beyond the next one of its kind, and names begin where their letters begin:
# tried from every mark and letter on to the line's end, a long line takes for ever.
_QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^“”\n]*”|「[^「」\n]*」|『[^『』\n]*』|《[^《》\n]*》|«[^«»\n]*»"
    r"|(?<!\w)'[^'\n]+'(?!\w)|‘[^‘’\n]*’(?!\w)"
)
_LINK = re.compile(
    r"(?<!\w)\w+://\S+|(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]+\.[A-Za-z0-9]{2,4}(?![A-Za-z0-9])"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LATIN = ("en", "es", "fr", "de", "pt", "id")
_LETTERS = (("es", "ñ¿¡"), ("de", "ßäü"), ("pt", "ãõ"), ("fr", "œêèîûâ"))
# Scripts that name their language; the kana come first, because Japanese has Han letters too.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u309f\u30a1-\u30fa]|動画|音楽|映像|編集|再開|縦型|書出|状態")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_CHINESE = re.compile("[的了吗嗎请請把给給这這们們个個加换換]")
_SHORT = 4  # characters: so few Han letters may be Japanese too


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
    """The language of a turn, by its script, else by its common words; ``known`` if neither tells.

    What stands in quotes is material ("add a title “你好”" is English), and so are file names.
    """
    own = _LINK.sub(" ", _QUOTED.sub(" ", unicodedata.normalize("NFC", message)))
    for language, letters in _SCRIPTS:
        if letters.search(own):
            han = language == "zh" and known == "ja" and not _CHINESE.search(own)
            return "ja" if han and len(own.strip()) <= _SHORT else language
    return _latin(own.casefold(), known)


def _latin(own: str, known: str) -> str:
    """Which of the languages in Latin letters; the words that two of them share tell nothing."""
    said = _WORD.findall(own)
    parts = [_plainer(part) for word in said for part in word.split("-")]
    scores = {name: float(sum(part in _common(name) for part in parts)) for name in _LATIN}
    for language, letters in _LETTERS:
        scores[language] += 0.5 * any(letter in own for letter in letters)
    most = max(scores.values())
    best = [language for language in _LATIN if scores[language] == most]
    base = known.lower().partition("-")[0]
    if base in _LATIN:
        # English words stand in every language's turns; one of them is no change of language.
        sure = most > scores[base] and len(best) == 1 and (best[0] != "en" or len(said) > 1)
        return best[0] if sure else known
    if most and len(best) == 1 and best[0] != "en":
        return best[0]
    # One word ("export", "ok") is said in every language.
    return "en" if sum(len(word) > 1 for word in said) > 1 else known


@lru_cache(maxsize=len(_LATIN))
def _common(language: str) -> frozenset[str]:
    """A language's commonest words and one-word greetings, without accents."""
    own = _sentences(language)
    listed = [*own.get("_common", []), *own.get("_hello", [])]
    return frozenset(_plainer(word) for word in listed if " " not in word)


def _plainer(word: str) -> str:
    """Without accents: they are often left out."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


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
