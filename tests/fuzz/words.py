"""Texts that are worth trying: the words of twelve languages, and what parsers trip on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

_SKILL = Path(__file__).resolve().parents[2] / "skill"
LANGUAGES = (
    "en",
    "zh",
    "es",
    "fr",
    "de",
    "pt",
    "ja",
    "ko",
    "ru",
    "hi",
    "ar",
    "id",
    "zh-TW",
    "",
    "x",
)

SIGNS = (
    *("\n", "\n\n", "\r\n", "\t", " ", "  ", "\x00", "\x07", "\x1b", "\x1b[31m", "\x9b"),
    *("\x1b]52;c;", "\x1b\\", "\x9c", "\u200b", "\u200d", "\u200e", "\u202e", "\u2066"),
    *("\ufe0f", "\u2028", "\x85", "\ufeff", "\ud83d", "\U000e0041", "\u0301", "\u3000"),
    *("\u00a0", "👩‍👩‍👧", "⏳", "1️⃣", "é", "ß", "İ", "ﬁ", '"', "'", "“", "”", "„", "«", "»"),
    *("「", "」", "《", "》", "(", ")", "[", "]", "{", "}", "`", "```", ".", "。", ",", "，", ":"),
    *("：", ";", "!", "?", "？", "...", "…", "-", "–", "—", "*", "**", "_", "#", "##", "- "),
    *("* ", "1. ", "2) ", "> ", "| a | b |", "\\", "/", "../", "~", "%", "%s", "{0}", "{name}"),
    *("$", "&", "0", "1", "-1", "9" * 30, "1e999", "0:05", "99:99", "50%", "-30%", "16:9"),
    *("0:0", "10s", "٣", "三", "½", "clip.mp4", "a.b.c", "https://example.com/a.mp4"),
    *("http://[", "//", "file:///etc/passwd", "@", "\\@", "con", "nul.mp4", ".mp4", ".."),
    *("null", "NaN", "true", "Export", "click", "drag", "导出", "点击", "拖拽"),
)


@cache
def vocabulary() -> tuple[str, ...]:
    """Every short word and phrase of the data files: of router, agent, screen and sentences."""
    found: set[str] = set()
    for file in sorted(_SKILL.rglob("*.json")):
        found.update(_strings(json.loads(file.read_text("utf-8"))))
    return tuple(sorted(found))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if 0 < len(value) <= 60:
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


LANGUAGE = st.sampled_from(LANGUAGES)
SIGN = st.sampled_from(SIGNS)
WORD = st.deferred(lambda: st.sampled_from(vocabulary()))
ANY = st.text(max_size=40)
TALK = st.builds(
    lambda parts, between: between.join(parts),
    st.lists(st.one_of(WORD, WORD, WORD, SIGN, st.text(max_size=6)), max_size=30),
    st.sampled_from((" ", " ", "", "\n")),
)
TEXT = st.one_of(TALK, ANY, st.lists(SIGN, max_size=30).map("".join))
# NaN and infinities: Python's JSON reader lets them in.
NUMBER = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, -1, 1, 7, 5000, 2**31, 2**63, 10**400, -(10**400), 1e12, 1e308]),
)
SIZES = st.lists(st.integers(0, 20), max_size=20)


def json_values(keys: st.SearchStrategy[str], leaves: int = 25) -> st.SearchStrategy[Any]:
    """JSON whose objects have those keys more often than others."""
    return st.recursive(
        st.one_of(st.none(), st.booleans(), NUMBER, TEXT, SIGN),
        lambda inner: st.one_of(
            st.lists(inner, max_size=5),
            st.dictionaries(st.one_of(keys, keys, st.text(max_size=4)), inner, max_size=6),
        ),
        max_leaves=leaves,
    )
