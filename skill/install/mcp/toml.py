"""TOML tables changed as text: what is not ours stays byte for byte.

The text is read by ``statements``, and where Python has ``tomllib`` (3.11) by that as well,
before and after.

    put(text, ("mcp_servers", "name"), {"command": "..."}, {"startup_timeout_sec": 60})
    drop(text, ("mcp_servers", "name"))
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from skill.install.mcp.statements import Keys, Statement, read


def table(text: str, path: Keys) -> dict[str, Any] | None:
    """The keys of a table with a header of its own, None where there is none.

    Raises ValueError where the table is written in another way, which text cannot change safely.
    """
    found: dict[str, Any] | None = None
    for statement in read(text):
        inside = statement.table[: len(path)] == path
        on_the_way = path[: len(statement.path)] == statement.path
        if statement.header:
            if statement.array and on_the_way:
                raise ValueError(f"{_dotted(statement.path)} is an array of tables")
            if statement.path == path:
                if found is not None:
                    raise ValueError(f"{_dotted(path)} stands there twice")
                found = {}
        elif on_the_way or (statement.path[: len(path)] == path and not inside):
            raise ValueError(f"{_dotted(path)} is written inline")
        elif statement.table == path and found is not None:
            found[".".join(statement.path[len(path) :])] = statement.value
    return found


def put(
    text: str, path: Keys, values: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> str:
    """The text with values set in a table; ``defaults`` only where the table is new."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if table(text, path) is None:
        keys = {**values, **(defaults or {})}
        lines = [f"[{_dotted(path)}]", *(f"{key} = {_dump(keys[key])}" for key in keys)]
        if text and not text.endswith("\n"):
            text += newline
        gap = newline if text.strip() else ""
        return _checked(text + gap + newline.join(lines) + newline)
    for key, value in values.items():
        statements = read(text)
        old = [s for s in statements if s.table == path and s.path == (*path, key)]
        if not old:
            place = next(s.end for s in statements if s.header and s.path == path)
            ends = text[:place].endswith("\n")
            new = f"{key} = {_dump(value)}{newline}"
            text = text[:place] + ("" if ends else newline) + new + text[place:]
        elif old[0].value != value:
            text = text[: old[0].value_start] + _dump(value) + text[old[0].value_end :]
    return _checked(text)


def drop(text: str, path: Keys) -> str:
    """The text without a table and the tables below it; comments after its last key stay."""
    if table(text, path) is None:
        return text
    for statement in reversed(_blocks(read(text), path)):
        start, end = statement
        before, after = text[:start], text[end:]
        if re.search(r"\n\r?\n\Z", before) and (not after or re.match(r"\r?\n", after)):
            before = re.sub(r"\r?\n\Z", "", before)
        elif not before:
            after = after.lstrip("\r\n")
        text = before + after
    return _checked(text)


def _blocks(statements: Sequence[Statement], path: Keys) -> list[tuple[int, int]]:
    """From each header at or below a path to the end of its last key."""
    blocks: list[tuple[int, int]] = []
    for statement in statements:
        if statement.header and statement.path[: len(path)] == path:
            blocks.append((statement.start, statement.end))
        elif statement.table[: len(path)] == path and not statement.header:
            blocks[-1] = (blocks[-1][0], statement.end)
    return blocks


def _checked(text: str) -> str:
    read(text)
    return text


def _dotted(path: Keys) -> str:
    return ".".join(key if re.fullmatch(r"[\w-]+", key, re.ASCII) else _dump(key) for key in path)


def _dump(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_dump(item) for item in value) + "]"
    # JSON's strings, numbers and booleans are TOML's, but for the one control sign it leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
