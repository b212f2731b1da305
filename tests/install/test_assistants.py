"""Which assistants there are, and where they look for skills."""

from __future__ import annotations

from pathlib import Path

import pytest

from skill.install import assistants

USER = {
    "cursor": ".cursor/skills",
    "clawhub": ".clawhub/skills",
    "openclaw": ".openclaw/skills",
    "claude-code": ".claude/skills",
    "windsurf": ".codeium/windsurf/skills",
    "codex": ".agents/skills",
    "gemini-cli": ".agents/skills",
    "copilot": ".agents/skills",
    "opencode": ".agents/skills",
    "agents": ".agents/skills",
}
PROJECT = {
    "cursor": ".cursor/skills",
    "claude-code": ".claude/skills",
    "windsurf": ".windsurf/skills",
    "copilot": ".github/skills",
    "codex": ".agents/skills",
}


@pytest.fixture(autouse=True)
def _no_moved_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    for assistant in assistants.ASSISTANTS:
        if assistant.variable:
            monkeypatch.delenv(assistant.variable, raising=False)


@pytest.mark.parametrize(("name", "folder"), USER.items())
def test_the_user_level_folder(name: str, folder: str, tmp_path: Path) -> None:
    found = assistants.find(name)
    assert found is not None
    assert found.skills(tmp_path) == tmp_path / folder


@pytest.mark.parametrize(("name", "folder"), PROJECT.items())
def test_the_project_level_folder(name: str, folder: str, tmp_path: Path) -> None:
    found = assistants.find(name)
    assert found is not None
    assert found.skills(tmp_path, project=True) == tmp_path / folder


@pytest.mark.parametrize("name", ["Claude Code", "claude", "claude_code", " CLAUDE-CODE "])
def test_a_name_is_found_however_it_is_spelled(name: str) -> None:
    found = assistants.find(name)
    assert found is not None
    assert found.name == "claude-code"


def test_an_unknown_name_is_none_and_the_nearest_is_told() -> None:
    assert assistants.find("curser") is None
    assert assistants.near("curser") == "cursor"
    assert assistants.near("zzz") == ""


def test_names_and_aliases_are_unique() -> None:
    names = [n for a in assistants.ASSISTANTS for n in (a.name, *a.aliases)]
    assert len(names) == len(set(names))


def test_nothing_is_detected_on_an_empty_machine(home: Path) -> None:
    assert assistants.detect(home, path="") == []


@pytest.mark.parametrize("assistant", assistants.ASSISTANTS, ids=lambda a: a.name)
def test_every_sign_detects_its_assistant(home: Path, assistant: assistants.Assistant) -> None:
    for sign in assistant.signs:
        (home / sign).mkdir(parents=True)
    assert assistant in assistants.detect(home, path="")


def test_a_command_on_the_path_is_a_sign(home: Path, tmp_path: Path) -> None:
    for name in ("codex", "codex.exe"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    found = assistants.detect(home, path=str(tmp_path))
    assert [assistant.name for assistant in found] == ["codex"]


def test_a_moved_configuration_folder_is_followed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claude = assistants.BY_NAME["claude-code"]
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    assert claude.skills(home) == tmp_path / "claude" / "skills"
    assert claude.there(home, path="") == ""
    (tmp_path / "claude").mkdir()
    assert claude.there(home, path="") == str(tmp_path / "claude")
    # Its skills folder is the shared one, which no variable moves.
    monkeypatch.setenv("CODEX_HOME", str(tmp_path))
    assert assistants.BY_NAME["codex"].skills(home) == home / ".agents" / "skills"


def test_a_repository_with_workflows_alone_does_not_use_copilot(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    assert assistants.detect_project(tmp_path) == []
    (tmp_path / ".github" / "skills").mkdir()
    assert [a.name for a in assistants.detect_project(tmp_path)] == ["copilot"]
