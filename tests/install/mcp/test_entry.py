"""The MCP entry in the assistants' configuration files."""

from __future__ import annotations

import json
import re
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.errors import FileError, SkillError
from skill.install.mcp import configuration
from skill.install.mcp.entry import BACKUP, NAMES, Change, file_of, plan, snippet

COMMAND = ["/opt/ai video/scripts/ai-video", "mcp"]
NEWER = ["/opt/newer/scripts/ai-video", "mcp"]


def only(name: str, home: Path, command: list[str] | None, project: Path | None = None) -> Change:
    (change,) = plan([name], home, project, command)
    return change


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("in_project", [False, True])
def test_where_there_is_no_file_one_is_made_and_goes_again(
    tmp_path: Path, name: str, in_project: bool
) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    place = project if in_project else None
    change = only(name, home, COMMAND, place)
    assert tree(tmp_path) == {}
    assert change.apply() is None
    assert change.path == file_of(name, home, place)
    assert list(tree(tmp_path)) == [str(change.path.relative_to(tmp_path))]
    assert change.path.read_text() == snippet(name, COMMAND)
    assert not only(name, home, COMMAND, place).needed
    only(name, home, None, place).apply()
    assert tree(tmp_path) == {}
    assert not only(name, home, None, place).needed


def test_each_file_is_in_its_assistants_form(tmp_path: Path) -> None:
    server = {"command": COMMAND[0], "args": ["mcp"]}
    assert json.loads(snippet("cursor", COMMAND)) == {"mcpServers": {"ai-video": server}}
    assert json.loads(snippet("claude-code", COMMAND)) == {
        "mcpServers": {"ai-video": {"type": "stdio", **server}}
    }
    assert json.loads(snippet("vscode", COMMAND)) == {
        "servers": {"ai-video": {"type": "stdio", **server}}
    }
    assert snippet("codex", COMMAND) == (
        '[mcp_servers.ai-video]\ncommand = "/opt/ai video/scripts/ai-video"\nargs = ["mcp"]\n'
        "startup_timeout_sec = 180\ntool_timeout_sec = 1200\n"
    )


FILES = {
    "cursor": ["{}", "", "\n", '{"mcpServers": {}}', '{\n\t"mcpServers": {"a": {"url": "x"}},\n}'],
    "claude-code": ['{"numStartups":3,"mcpServers":{"a":{}},"projects":{}}'],
    "codex": ['model = "x"', "", "# mine\n\n\n", '[mcp_servers.a]\r\ncommand = "a"\r\n'],
    "vscode": ['{\r\n\t// mine\r\n\t"servers": {}, // none\r\n\t"inputs": []\r\n}\r\n'],
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n in FILES for t in FILES[n]])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_adding_keeps_a_copy_and_removing_leaves_the_file_as_it_was(
    tmp_path: Path, name: str, text: str, mark: str
) -> None:
    path = written(file_of(name, tmp_path), mark + text)
    copy = only(name, tmp_path, COMMAND).apply()
    assert copy == path.with_name(path.name + BACKUP)
    assert copy.read_bytes() == (mark + text).encode()
    assert path.read_bytes().startswith(mark.encode())
    assert b"ai-video" in path.read_bytes()
    only(name, tmp_path, None).apply()
    assert tree(tmp_path) == {str(path.relative_to(tmp_path)): (mark + text).encode()}


def test_what_others_changed_meanwhile_stays_when_the_entry_goes(tmp_path: Path) -> None:
    path = written(tmp_path / ".claude.json", '{\n  "numStartups": 1\n}\n')
    only("claude-code", tmp_path, COMMAND).apply()
    path.write_text(path.read_text().replace('"numStartups": 1', '"numStartups": 2'))
    only("claude-code", tmp_path, None).apply()
    assert json.loads(path.read_text()) == {"numStartups": 2, "mcpServers": {}}
    assert list(tree(tmp_path)) == [".claude.json"]


def test_a_newer_command_replaces_the_older_and_keeps_the_first_copy(tmp_path: Path) -> None:
    path = written(tmp_path / ".cursor" / "mcp.json", '{"mcpServers": {}}')
    only("cursor", tmp_path, COMMAND).apply()
    added = path.read_text().replace('"args"', '"env": {"AI_VIDEO_BACKEND": "studio"}, "args"')
    path.write_text(added)
    change = only("cursor", tmp_path, NEWER)
    assert "up to date" in change.words
    assert change.apply() is None
    assert path.read_text() == added.replace(COMMAND[0], NEWER[0])
    assert path.with_name("mcp.json" + BACKUP).read_text() == '{"mcpServers": {}}'


def test_a_server_of_somebody_else_with_our_name_is_left_alone(tmp_path: Path) -> None:
    text = '{"mcpServers": {"ai-video": {"url": "https://example.com/mcp"}}}'
    path = written(tmp_path / ".cursor" / "mcp.json", text)
    change = only("cursor", tmp_path, COMMAND)
    assert change.refused
    assert "another server named ai-video" in change.words
    assert change.apply() is None
    assert only("cursor", tmp_path, None).apply() is None
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cursor", b'{"mcpServers": {'),
        ("cursor", b"[]"),
        ("cursor", b'{"mcpServers": []}'),
        ("cursor", b'\xff\xfe{\x00"\x00'),
        ("cursor", b"[" * 5000),
        ("codex", b"model = \n"),
        ("codex", b"mcp_servers = {}\n"),
        ("vscode", b'{"servers": {}, "servers": {}}'),
    ],
)
def test_a_damaged_file_is_left_alone_with_what_to_paste(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = file_of(name, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    change = only(name, tmp_path, COMMAND)
    assert change.refused
    assert not change.needed
    assert str(path) in change.words
    assert "left alone" in change.words
    assert change.words.endswith("paste this:")
    assert change.snippet == snippet(name, COMMAND)
    assert change.apply() is None
    assert only(name, tmp_path, None).apply() is None
    assert tree(tmp_path) == {str(path.relative_to(tmp_path)): data}


def test_what_is_written_between_plan_and_apply_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / ".claude.json", '{"numStartups": 1}')
    change = only("claude-code", tmp_path, COMMAND)
    path.write_text('{"numStartups": 2}')
    change.apply()
    assert json.loads(path.read_text())["numStartups"] == 2
    assert "ai-video" in json.loads(path.read_text())["mcpServers"]


@pytest.mark.parametrize("command", [COMMAND, None], ids=["adding", "removing"])
def test_what_an_assistant_writes_while_the_new_file_goes_to_disk_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str] | None
) -> None:
    path = written(tmp_path / ".claude.json", '{"numStartups": 1}')
    if command is None:
        only("claude-code", tmp_path, COMMAND).apply()
    change = only("claude-code", tmp_path, command)
    starts = iter("234")

    def meanwhile(_: int) -> None:
        text = re.sub(r"\d", next(starts, "4"), path.read_text(), count=1)
        path.write_text(text)

    monkeypatch.setattr(configuration.os, "fsync", meanwhile)
    change.apply()
    found = json.loads(path.read_text())
    assert found["numStartups"] == 4
    assert ("ai-video" in found.get("mcpServers", {})) == (command is not None)


def test_a_file_that_never_rests_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / ".claude.json", "{}")
    change = only("claude-code", tmp_path, COMMAND)
    monkeypatch.setattr(
        configuration.os, "fsync", lambda _: path.write_text(path.read_text() + " ")
    )
    with pytest.raises(FileError, match="End Claude Code, and run the command again"):
        change.apply()
    assert path.read_text().strip() == "{}"


def test_what_is_damaged_between_plan_and_apply_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / ".claude.json", "{}")
    change = only("claude-code", tmp_path, COMMAND)
    path.write_text("{")
    with pytest.raises(FileError, match="left alone"):
        change.apply()
    assert path.read_text() == "{"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes or free links")
def test_the_mode_stays_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = written(tmp_path / "dotfiles" / "claude.json", "{}")
    real.chmod(0o640)
    link = tmp_path / "home" / ".claude.json"
    link.parent.mkdir()
    link.symlink_to(real)
    copy = only("claude-code", link.parent, COMMAND).apply()
    assert link.is_symlink()
    assert copy == real.with_name("claude.json" + BACKUP)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    assert "ai-video" in json.loads(real.read_text())["mcpServers"]
    only("claude-code", link.parent, None).apply()
    assert link.is_symlink()
    assert real.read_text() == "{}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes or free links")
def test_a_link_in_a_circle_is_told(tmp_path: Path) -> None:
    link = tmp_path / ".claude.json"
    link.symlink_to(link)
    change = only("claude-code", tmp_path, COMMAND)
    assert change.refused
    assert str(link) in change.words


def test_a_failed_write_leaves_the_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / ".claude.json", "{}")
    change = only("claude-code", tmp_path, COMMAND)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(configuration.os, "fsync", full)
    with pytest.raises(FileError, match="the disk is full"):
        change.apply()
    assert tree(tmp_path) == {".claude.json": b"{}"}


def test_an_assistant_without_a_known_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match="Known are cursor, claude-code, codex, vscode"):
        plan(["emacs"], tmp_path, None, COMMAND)


def test_a_folder_with_other_things_stays(tmp_path: Path) -> None:
    written(tmp_path / ".vscode" / "settings.json", "{}")
    only("vscode", tmp_path / "home", COMMAND, tmp_path).apply()
    only("vscode", tmp_path / "home", None, tmp_path).apply()
    assert tree(tmp_path) == {str(Path(".vscode") / "settings.json"): b"{}"}


CONFIGS = st.dictionaries(
    st.text(max_size=6).filter(lambda name: name != "mcpServers"),
    st.none() | st.integers() | st.text(max_size=9) | st.lists(st.integers(), max_size=3),
    max_size=4,
)


@given(CONFIGS, CONFIGS | st.none(), st.sampled_from([None, 0, 2, "\t"]), st.sampled_from("\n\r"))
@settings(max_examples=40, deadline=None)
def test_whatever_stands_there_stays_and_comes_back(
    config: dict[str, Any], servers: dict[str, Any] | None, indent: int | str | None, end: str
) -> None:
    servers = None if servers is None else {k: v for k, v in servers.items() if k != "ai-video"}
    whole = config if servers is None else {**config, "mcpServers": servers}
    text = json.dumps(whole, indent=indent, ensure_ascii=False)
    text = text.replace("\n", "\r\n") if end == "\r" else text
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / ".cursor" / "mcp.json", text)
        only("cursor", Path(folder), COMMAND).apply()
        found = json.loads(path.read_bytes())
        mine = found["mcpServers"].pop("ai-video")
        assert mine == {"command": COMMAND[0], "args": ["mcp"]}
        assert found == {**config, "mcpServers": servers or {}}
        only("cursor", Path(folder), None).apply()
        assert tree(Path(folder)) == {str(Path(".cursor") / "mcp.json"): text.encode()}
