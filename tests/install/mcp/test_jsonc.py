"""JSON with comments, changed as text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.install.mcp import jsonc

NEW = {"command": "/opt/ai video", "args": ["mcp"]}

COMMENTED = """\
{
\t// the servers
\t"servers": {
\t\t"db": {"command": "db"}, // ours
\t\t/* the last */ "web": {"url": "http://x/*y*/"} // no comma here
\t\t// the end
\t},
\t"inputs": [1, 2, /* three */ 3,],
}
"""


def test_comments_and_what_follows_them_stay() -> None:
    after = jsonc.put(COMMENTED, ("servers", "ai"), NEW)
    assert after == COMMENTED.replace(
        '"} // no comma here\n\t\t// the end\n',
        '"}, // no comma here\n\t\t// the end\n\t\t"ai": {\n\t\t\t"command": "/opt/ai video",\n'
        '\t\t\t"args": [\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t}\n',
    )
    assert jsonc.drop(after, ("servers", "ai")) == COMMENTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{\n  "a": {\n    "b": 1\n  }\n}'),
        ('{"x": 1}', '{"x": 1, "a": {"b": 1}}'),
        ('{"x":1}', '{"x":1,"a":{"b":1}}'),
        ('{\r\n    "x": 1\r\n}', '{\r\n    "x": 1,\r\n    "a": {\r\n        "b": 1\r\n    }\r\n}'),
        ('{\n "a": {},\n "x": 1\n}', '{\n "a": {\n  "b": 1\n },\n "x": 1\n}'),
        ('{\n "x": 1,\n}', '{\n "x": 1,\n "a": {\n  "b": 1\n },\n}'),
        ('{"a": {"b": 2, "c": 3}}', '{"a": {"b": 1, "c": 3}}'),
        ("// only\n{ /* empty */ }", '// only\n{ /* empty */\n  "a": {\n    "b": 1\n  }\n }'),
    ],
)
def test_a_value_is_put_in_the_manner_of_the_text(text: str, expected: str) -> None:
    assert jsonc.put(text, ("a", "b"), 1) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": 2}', '{"a": 1}'),
        ('{"b": 2, "a": 1}', '{"a": 1}'),
        ('{"b": 2}', "{}"),
        ('{\n  "b": 2,\n}', "{}"),
        ('{\n  "a": 1, // one\n  "b": 2 // two\n}', '{\n  "a": 1 // one // two\n}'),
        ('{\n  "b": 2,\n  "a": 1\n}', '{\n  "a": 1\n}'),
        ('{\n  // kept\n  "b": 2\n}', "{\n  // kept\n}"),
        ('{"a": 1}', '{"a": 1}'),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
    ],
)
def test_a_member_is_dropped_with_its_comma(text: str, expected: str) -> None:
    assert jsonc.drop(text, ("b",)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a" 1}', '{"a": 1 "b": 2}', "{'a': 1}", '{"a": 01}', "{,}", "[1] x", "{} /*"],
)
def test_what_is_no_json_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"it is no JSON \(line 1\)"):
        jsonc.read(text)


def test_a_name_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="stands there 2 times"):
        jsonc.put('{"a": {}, "a": {}}', ("a", "b"), 1)


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match='"a" is no object'):
        jsonc.put('{"a": []}', ("a", "b"), 1)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.dictionaries(st.text(), VALUES, max_size=3),
    st.sampled_from([None, 1, 2, 4, "\t"]),
    st.booleans(),
)
def test_everything_else_stays(
    data: dict[str, Any], servers: dict[str, Any], indent: int | str | None, crlf: bool
) -> None:
    data = {key: value for key, value in data.items() if key != "servers"}
    servers = {key: value for key, value in servers.items() if key != "ai"}
    text = json.dumps({**data, "servers": servers}, indent=indent, ensure_ascii=False)
    text = text.replace("\n", "\r\n") if crlf else text
    assert jsonc.read(text).value == json.loads(text)
    after = jsonc.put(text, ("servers", "ai"), NEW)
    assert list(json.loads(after).items()) == [
        *data.items(),
        ("servers", {**servers, "ai": NEW}),
    ]
    assert list(json.loads(after)["servers"]) == [*servers, "ai"]
    assert jsonc.drop(after, ("servers", "ai")) == text
