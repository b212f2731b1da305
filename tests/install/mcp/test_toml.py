"""TOML tables, changed as text."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.install.mcp import statements, toml

OURS = ("mcp_servers", "ai-video")
KEYS = {"command": "C:\\Tools\\ai-video.exe", "args": ["mcp"]}
BLOCK = '[mcp_servers.ai-video]\ncommand = "C:\\\\Tools\\\\ai-video.exe"\nargs = ["mcp"]\n'

CONFIG = '''\
# my settings
model = "o5" # the best
notice = """
[mcp_servers.ai-video]
not a table"""
paths = [
  "a", # ] no end
  "b",
]

[mcp_servers."docs"]
command = 'npx'
env = { KEY = "x#y", LIST = [1, 2] }

[projects."/home/me/a.b"]
trust_level = "trusted"
# the end
'''


def test_a_new_table_comes_last_and_goes_again() -> None:
    after = toml.put(CONFIG, OURS, KEYS, {"tool_timeout_sec": 1200})
    assert after == f"{CONFIG}\n{BLOCK}tool_timeout_sec = 1200\n"
    assert toml.drop(after, OURS) == CONFIG


def test_an_old_table_is_brought_up_to_date_and_keeps_what_was_added() -> None:
    text = (
        "[mcp_servers.ai-video] # here\n"
        'args   = ["old", "mcp"] # the words\n'
        "enabled = false\n"
        "[mcp_servers.ai-video.env]\nAI_VIDEO_BACKEND = 'studio'\n"
    )
    after = toml.put(text, OURS, KEYS, {"tool_timeout_sec": 1200})
    assert after == (
        "[mcp_servers.ai-video] # here\n"
        'command = "C:\\\\Tools\\\\ai-video.exe"\n'
        'args   = ["mcp"] # the words\n'
        "enabled = false\n"
        "[mcp_servers.ai-video.env]\nAI_VIDEO_BACKEND = 'studio'\n"
    )
    assert toml.put(after, OURS, KEYS) == after


def test_the_table_goes_from_the_middle_with_those_below_it() -> None:
    text = (
        f"a = 1\r\n\r\n{BLOCK}\n[mcp_servers.ai-video.tools.chat]\nx = 1\n\n# about b\n[b]\nc = 2\n"
    )
    assert toml.drop(text, OURS) == "a = 1\r\n\n# about b\n[b]\nc = 2\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('mcp_servers = { docs = { command = "x" } }\n', "mcp_servers.ai-video is written inline"),
        ("[mcp_servers]\nai-video = {}\n", "is written inline"),
        ('[mcp_servers]\nai-video.command = "x"\n', "is written inline"),
        ("[[mcp_servers]]\n", "mcp_servers is an array of tables"),
        ("a = 1\nb = [1\n", "it is no TOML"),
        ('a = "x\n', "it is no TOML"),
        ("[a\n", "it is no TOML"),
        ("a = 1 b = 2\n", "it is no TOML"),
        ("a = 'x' 'y'\n", "it is no TOML"),
        ("a = [1] [2]\n", "it is no TOML"),
        ("a = \n", "it is no TOML"),
        ("[a]\n[a]\n", "it is no TOML"),
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str, says: str) -> None:
    if "[a]\n[a]" in text and sys.version_info < (3, 11):
        pytest.skip("only tomllib, of Python 3.11, reads so closely")
    with pytest.raises(ValueError, match=says):
        toml.put(text, OURS, KEYS)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("'a\\b'", "a\\b"),
        ('"\\u00e9\\U0001F600\\t\\""', 'é😀\t"'),
        ('[ "a", # one\n "b",\n]', ["a", "b"]),
        ("[]", []),
        ("-12", -12),
        ("true", True),
        ("1.5", statements.UNKNOWN),
        ("1979-05-27 07:32:00.5Z", statements.UNKNOWN),
        ("{ a = [1, '}'], b = 2 }", statements.UNKNOWN),
        ('"""a"""', statements.UNKNOWN),
    ],
)
def test_values_are_decoded(raw: str, value: Any) -> None:
    assert statements.read(f"key = {raw} # comment\n")[0].value == value


def test_an_end_without_a_line_feed_gets_one() -> None:
    assert toml.put("a = 1", OURS, KEYS) == f"a = 1\n\n{BLOCK}"


TEXT = st.text(st.characters(blacklist_categories=["Cs"]))
NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(
    st.dictionaries(NAMES, TEXT | st.integers() | st.lists(TEXT, max_size=3), max_size=3),
    st.dictionaries(
        st.tuples(NAMES, TEXT.filter(lambda name: name != "ai-video")),
        st.dictionaries(NAMES, TEXT, max_size=2),
        max_size=3,
    ),
    TEXT,
    st.booleans(),
)
@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with Python 3.11")
def test_everything_else_stays(
    top: dict[str, Any], tables: dict[tuple[str, str], dict[str, str]], program: str, crlf: bool
) -> None:
    import tomllib

    lines = [f"{key} = {_dumped(value)}" for key, value in top.items()]
    for (first, second), keys in tables.items():
        lines.append(f"[t_{first}.{_dumped(second)}]")  # no top key has a "_"
        lines += [f"{key} = {_dumped(value)}" for key, value in keys.items()]
    text = "".join(f"{line}\n" for line in lines)
    text = text.replace("\n", "\r\n") if crlf else text
    before = tomllib.loads(text)
    after = toml.put(text, OURS, {"command": program, "args": [program]})
    assert tomllib.loads(after) == {
        **before,
        "mcp_servers": {"ai-video": {"command": program, "args": [program]}},
    }
    assert after.startswith(text)
    assert toml.table(after, OURS) == {"command": program, "args": [program]}
    assert toml.drop(after, OURS) == text


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
