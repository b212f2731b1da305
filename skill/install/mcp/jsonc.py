"""JSON as people keep it: read with its comments, and changed without touching the rest.

Comments (``//``, ``/* */``) and a comma after the last member are what VS Code allows in its
files; plain JSON is the same without them. A change is a change of text: order, indentation,
comments and line ends stay as they are.

    put(text, ("servers", "name"), {...})   # makes what is missing on the way
    drop(text, ("servers", "name"))
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_INK = re.compile(r"//[^\r\n]*|/\*.*?\*/|,", re.DOTALL)  # what stands between two values
_GAP = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_DEEPEST = 200


@dataclass(frozen=True)
class Node:
    """A value and where it stands: ``text[start:end]``. ``members`` are those of an object."""

    start: int
    end: int
    value: Any
    members: tuple[Member, ...] | None = None


@dataclass(frozen=True)
class Member:
    """A name and its value. ``comma`` is where the comma after it stands, None without one."""

    name: str
    start: int
    node: Node
    comma: int | None


def read(text: str) -> Node:
    """The value of a whole text. Raises ValueError with the line where it is no JSON."""
    reader = _Reader(text)
    node = reader.value(reader.skip(0), 0)
    if reader.skip(node.end) != len(text):
        raise reader.error(reader.skip(node.end))
    return node


def put(text: str, path: Sequence[str], value: Any) -> str:
    """The text with a value set. Raises ValueError where an object is something else."""
    node, rest = _walk(read(text), path)
    if not rest:
        style = _Style(text)
        dumped = style.dump(value, style.indent_at(node.start))
        return text[: node.start] + dumped + text[node.end :]
    if node.members is None:
        raise ValueError(f"{json.dumps(path[len(path) - len(rest) - 1])} is no object")
    for name in reversed(rest[1:]):
        value = {name: value}
    return _insert(text, node, rest[0], value)


def drop(text: str, path: Sequence[str]) -> str:
    """The text without a member, as it is where there is none."""
    owner, rest = _walk(read(text), path[:-1])
    if rest or owner.members is None:
        return text
    names = [member.name for member in owner.members]
    if path[-1] not in names:
        return text
    _only(owner, path[-1])
    index = names.index(path[-1])
    member = owner.members[index]
    before = owner.members[index - 1] if index else None
    after_comma = before.comma + 1 if before and before.comma is not None else owner.start + 1
    start, end = _ink_end(text, after_comma, member.start), member.node.end
    cuts = [(start, end)]
    if member.comma is not None:  # a comment between the value and its comma is the user's
        cuts.append((member.comma, member.comma + 1))
        end = member.comma + 1
    elif before is not None and before.comma is not None:
        cuts.append((before.comma, before.comma + 1))
    inside = text[owner.start + 1 : start] + text[end : owner.end - 1]
    if len(names) == 1 and not inside.strip():
        cuts = [(owner.start + 1, owner.end - 1)]
    elif index == 0 and "\n" not in text[owner.start : owner.end]:
        cuts.append((end, end + len(text[end:]) - len(text[end:].lstrip(" "))))
    for first, last in sorted(cuts, reverse=True):
        text = text[:first] + text[last:]
    return text


def _walk(node: Node, path: Sequence[str]) -> tuple[Node, Sequence[str]]:
    """The node that a path leads to, or the last one on the way, and what is left of the path."""
    for depth, name in enumerate(path):
        found = _only(node, name)
        if found is None:
            return node, path[depth:]
        node = found.node
    return node, ()


def _only(node: Node, name: str) -> Member | None:
    found = [member for member in node.members or () if member.name == name]
    if len(found) > 1:
        raise ValueError(f"{json.dumps(name)} stands there {len(found)} times")
    return found[0] if found else None


def _insert(text: str, node: Node, name: str, value: Any) -> str:
    members = node.members or ()
    last = members[-1] if members else None
    close = node.end - 1
    tail = _ink_end(text, last.node.end if last else node.start + 1, close)
    style = _Style(text)
    base = style.indent_at(node.start)
    if last and "\n" not in text[node.start : node.end]:
        colon = ": " if re.search(r'"\s*: ', text) else ":"
        gap = " " if colon == ": " else ""
        new = f"{gap}{_dump(name)}{colon}{_dump(value, compact=not gap)}"
        text = text[:tail] + new + text[tail:]
    else:
        own = style.indent_at(last.start) if last else base + style.unit
        new = f"{style.newline}{own}{_dump(name)}: {style.dump(value, own)}"
        if last and last.comma is not None:
            new += ","
        if "\n" not in text[tail:close]:
            new += style.newline + base
        text = text[:tail] + new + text[tail:]
    if last and last.comma is None:
        text = text[: last.node.end] + "," + text[last.node.end :]
    return text


def _ink_end(text: str, start: int, end: int) -> int:
    """Where the last comma or comment between two places ends; ``start`` without any."""
    last = start
    for found in _INK.finditer(text, start, end):
        last = found.end()
    return last


def _dump(value: Any, compact: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if compact else None)


class _Style:
    """How a text is laid out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        indents = re.findall(r"^([ \t]+)\"", text, re.MULTILINE)
        self.unit: str = min(indents, key=len) if indents else "  "

    def indent_at(self, place: int) -> str:
        """The white space that the line of a place begins with."""
        line = self._text.rfind("\n", 0, place) + 1
        found = re.compile(r"[ \t]*").match(self._text, line)
        return found.group() if found else ""

    def dump(self, value: Any, indent: str) -> str:
        dumped = json.dumps(value, ensure_ascii=False, indent=self.unit)
        return dumped.replace("\n", self.newline + indent)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def skip(self, place: int) -> int:
        found = _GAP.match(self._text, place)
        return found.end() if found else place

    def error(self, place: int) -> ValueError:
        line = self._text.count("\n", 0, place) + 1
        return ValueError(f"it is no JSON (line {line})")

    def value(self, place: int, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self.error(place)
        sign = self._text[place : place + 1]
        if sign == "{":
            return self._object(place, depth)
        if sign == "[":
            return self._array(place, depth)
        found = (_STRING if sign == '"' else _WORD).match(self._text, place)
        if found is None:
            raise self.error(place)
        try:
            return Node(place, found.end(), json.loads(found.group()))
        except ValueError:  # a bad escape, a number with too many digits
            raise self.error(place) from None

    def _object(self, start: int, depth: int) -> Node:
        members: list[Member] = []
        place = self.skip(start + 1)
        while self._text[place : place + 1] != "}":
            name = self.value(place, depth + 1)
            colon = self.skip(name.end)
            if not isinstance(name.value, str) or self._text[colon : colon + 1] != ":":
                raise self.error(colon)
            node = self.value(self.skip(colon + 1), depth + 1)
            comma, place = self._comma(node.end, "}")
            members.append(Member(name.value, name.start, node, comma))
        value = {member.name: member.node.value for member in members}
        return Node(start, place + 1, value, tuple(members))

    def _array(self, start: int, depth: int) -> Node:
        items: list[Any] = []
        place = self.skip(start + 1)
        while self._text[place : place + 1] != "]":
            node = self.value(place, depth + 1)
            items.append(node.value)
            _, place = self._comma(node.end, "]")
        return Node(start, place + 1, items)

    def _comma(self, end: int, close: str) -> tuple[int | None, int]:
        """Where the comma after a value is, None without one, and where to go on."""
        place = self.skip(end)
        if self._text[place : place + 1] == ",":
            return place, self.skip(place + 1)
        if self._text[place : place + 1] != close:
            raise self.error(place)
        return None, place
