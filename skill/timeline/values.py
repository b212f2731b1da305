"""The values of a segment's properties in words: a color, a place, a motion, a look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skill.phrases import find, number, say
from skill.plain import one_line
from skill.timeline.colors import color_name
from skill.timeline.names import percent, seconds

# The keys in the metadata that are worth a line of their own, by how the value is shown.
_SHARES = ("size", "opacity")
_TIMES = ("in", "fade", "fade_in", "fade_out")
_WORDS = ("color", "position", "motion", "fit", "transition", "look", "speed", "font", "filter")
PROPERTIES = frozenset({*_SHARES, *_TIMES, *_WORDS})
_ABSENT: dict[str, Any] = {"in": 0, "fit": "cover"}  # what holds where the draft says nothing
_LONGEST = 40  # characters of a value that has no name here


def value_of(key: str, value: Any, language: str) -> str:
    """A value in a few words of the language; say("none") for what is absent.

    The draft's own word where the language has none for it.
    """
    value = _ABSENT.get(key) if value is None else value
    if isinstance(value, Mapping):
        value = _parts(value, language)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value in ("", "none"):
        return say("none", language)
    if isinstance(value, str):
        color = color_name(value, language) if key == "color" else ""
        named = color or _named(value, language) or one_line(value.replace("_", " "), _LONGEST)
        return named or say("none", language)
    if not abs(value) < 1e12:
        return say("none", language)
    if key in _TIMES:
        return seconds(value, language)
    return percent(value, language) if key in _SHARES else number(value, language, digits=2)


def _parts(value: Mapping[str, Any], language: str) -> str:
    """The kind of a motion or a transition, or what a look consists of."""
    if isinstance(value.get("kind"), str):
        return str(value["kind"])
    looks = [_named(part, language) for part in ("bars", "grain") if value.get(part)]
    return say("_comma", language).join(looks)


def _named(value: str, language: str) -> str:
    key = "value." + value.strip().lower().replace("-", "_")
    return find(key, language) or find(key, "en") or ""
