"""TOML as its statements: where each stands, and the values of the simple ones.

Enough of TOML 1.0 to find a table and its keys: headers, and keys with values. Decoded are
strings of one line, whole numbers, booleans, and arrays of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Keys = tuple[str, ...]

_BLANK = re.compile(r"[ \t]*")
_KEY = re.compile(r"[A-Za-z0-9_-]+|\"(?:[^\"\\\n\r]|\\[^\n\r])*\"|'[^'\n\r]*'")
_STRINGS = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?!"")(?:[^"\\\n\r]|\\[^\n\r])*"'
    r"|'(?!'')[^'\n\r]*'",
    re.DOTALL,
)
# A number, a boolean, a date with its time
_SCALAR = re.compile(r"[^\s\[\]{}=,#\"']+(?: \d\d:\d\d[\d:.Z+-]*)?")
_END = re.compile(r"[ \t]*(?:#[^\n]*?)?(?:\r?\n|\r?\Z)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
UNKNOWN = object()  # a value that this reader does not decode


@dataclass(frozen=True)
class Statement:
    """A header (``[table]``, ``[[array]]``) or a key with its value, on ``text[start:end]``.

    ``end`` is behind the line's end. ``path`` is the whole way from the root, ``table`` that of
    the header above. A header has no value: ``value_start`` is 0.
    """

    path: Keys
    table: Keys
    start: int
    end: int
    array: bool = False
    value_start: int = 0
    value_end: int = 0
    value: Any = UNKNOWN

    @property
    def header(self) -> bool:
        return self.value_start == 0


def read(text: str) -> list[Statement]:
    """The statements of a text. Raises ValueError with the line where it is no TOML."""
    found = _Reader(text).statements()
    _check(text)
    return found


def _check(text: str) -> None:
    try:
        tomllib: Any = import_module("tomllib")
    except ImportError:  # Python 3.10
        return
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no TOML ({error})") from None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def statements(self) -> list[Statement]:
        found: list[Statement] = []
        header: Keys = ()
        place = 0
        while place < len(self._text):
            end = _END.match(self._text, place)
            if end:  # a blank line or a comment
                if end.end() == place:
                    break
                place = end.end()
                continue
            start = place
            place = self._blank(place)
            if self._text[place] == "[":
                statement = self._header(start, place)
                header = statement.path
            else:
                statement = self._pair(start, place, header)
            found.append(statement)
            place = statement.end
        return found

    def _error(self, place: int) -> ValueError:
        return ValueError(f"it is no TOML (line {self._text.count(chr(10), 0, place) + 1})")

    def _blank(self, place: int) -> int:
        found = _BLANK.match(self._text, place)
        return found.end() if found else place

    def _header(self, start: int, place: int) -> Statement:
        array = self._text.startswith("[[", place)
        path, place = self._keys(place + 1 + array)
        close = "]]" if array else "]"
        if not self._text.startswith(close, place):
            raise self._error(place)
        return Statement(path, path, start, self._line_end(place + len(close)), array)

    def _pair(self, start: int, place: int, header: Keys) -> Statement:
        path, place = self._keys(place)
        if self._text[place : place + 1] != "=":
            raise self._error(place)
        begin = self._blank(place + 1)
        end = self._value_end(begin)
        value = _decode(self._text[begin:end])
        line_end = self._line_end(end)
        return Statement(
            (*header, *path), header, start, line_end,
            value_start=begin, value_end=end, value=value,
        )  # fmt: skip

    def _keys(self, place: int) -> tuple[Keys, int]:
        path: list[str] = []
        while True:
            place = self._blank(place)
            found = _KEY.match(self._text, place)
            if found is None:
                raise self._error(place)
            word = found.group()
            path.append(_string(word) if word[0] in "\"'" else word)
            place = self._blank(found.end())
            if self._text[place : place + 1] != ".":
                return tuple(path), place
            place += 1

    def _value_end(self, begin: int) -> int:
        sign = self._text[begin : begin + 1]
        if sign not in ("[", "{"):
            found = (_STRINGS if sign in ('"', "'") else _SCALAR).match(self._text, begin)
            if found is None:
                raise self._error(begin)
            return found.end()
        depth, place = 0, begin
        while place < len(self._text):
            sign = self._text[place]
            if sign in "\"'":
                found = _STRINGS.match(self._text, place)
                if found is None:
                    raise self._error(place)
                place = found.end()
                continue
            if sign == "#":
                place = self._text.find("\n", place)
                if place < 0:
                    break
            depth += (sign in "[{") - (sign in "]}")
            place += 1
            if not depth:
                return place
        raise self._error(begin)

    def _line_end(self, place: int) -> int:
        found = _END.match(self._text, place)
        if found is None:
            raise self._error(place)
        return found.end()


def _decode(raw: str) -> Any:
    """A string, whole number, boolean, or array of them; UNKNOWN for anything else."""
    if raw in ("true", "false"):
        return raw == "true"
    if re.fullmatch(r"[+-]?(?:0|[1-9]\d*)", raw):
        return int(raw)
    if raw[0] in "\"'":
        found = _STRINGS.fullmatch(raw)
        return UNKNOWN if found is None or raw[:3] in ('"""', "'''") else _string(raw)
    if raw[0] == "[":
        items: list[Any] = []
        place = 1
        while True:
            gap = re.compile(r"(?:\s|#[^\n]*)*").match(raw, place)
            place = gap.end() if gap else place
            if raw[place] == "]":
                return items
            found = _STRINGS.match(raw, place) or re.compile(r"[^\s,\]#\[{]+").match(raw, place)
            if found is None:
                return UNKNOWN
            items.append(_decode(found.group()))
            gap = re.compile(r"(?:\s|#[^\n]*)*,?").match(raw, found.end())
            place = gap.end() if gap else found.end()
    return UNKNOWN


def _string(word: str) -> str:
    """A string of one line, without its quotation marks. Raises ValueError for a bad escape."""
    if word[0] == "'":
        return word[1:-1]

    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code:
            return chr(int(code, 16))
        if found[3] not in _ESCAPES:
            raise ValueError(f"it is no TOML (\\{found[3]})")
        return _ESCAPES[found[3]]

    return _ESCAPE.sub(plain, word[1:-1])
