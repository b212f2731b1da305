"""What a client hands over with a call, held against what the tool takes.

The SDK drops an argument that a tool does not have: a `file` for `files` would send a turn, which
may be paid for, without the file. And its words for a wrong value are for programmers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError


def listed(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, one value alone made a list where a list is meant: ``{"at": 3.5}``."""
    properties = schema.get("properties") or {}
    return {
        name: [value] if _alone(value) and _takes_list(properties.get(name)) else value
        for name, value in arguments.items()
    }


def problem(name: str, arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What is wrong with the names of the arguments, and what to do; "" where nothing is."""
    properties = schema.get("properties") or {}
    if not properties:
        return ""  # clients that must send something send a dummy
    known = f"It takes {', '.join(properties)}. Nothing was done; call it again with those."
    for given in arguments:
        if given not in properties:
            return f"{name} takes no argument {given!r}. {known}"
    for wanted in schema.get("required") or ():
        if wanted not in arguments:
            about = properties[wanted].get("description", "")
            return f"{name} needs the argument {wanted!r} ({about}). {known}"
    return ""


def refusal(name: str, error: ValidationError) -> str:
    """A refused value in plain words."""
    first = error.errors(include_url=False)[0]
    where = str(first["loc"][0]) if first["loc"] else ""
    value = repr(first["input"])
    shown = value if len(value) <= 80 else f"{value[:79]}…"
    why = first["msg"].removeprefix("Input ")
    return f"{name} cannot take {shown} for {where!r}: it {why}. Nothing was done."


def _alone(value: object) -> bool:
    if isinstance(value, str):
        return not value.lstrip().startswith("[")  # a list that came as text is read by the SDK
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _takes_list(schema: Mapping[str, Any] | None) -> bool:
    return schema is not None and schema.get("type") == "array"
