"""``ai-video install`` and ``ai-video uninstall``, from the words to the folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skill import frontmatter
from skill.cli import main
from skill.install import origin, traces
from skill.install.steps import Product
from skill.settings import Settings

NAME = "small-skill"
Make = Callable[..., Product]
Run = Callable[..., int]


@pytest.fixture
def own(product: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Product]:
    """Let the commands install a small skill: own(version, body)."""

    def be(version: str = "1.0.0", body: str = "body") -> Product:
        made = product(version, body)
        monkeypatch.setattr(Product, "own", classmethod(lambda _: made))
        return made

    be()
    return be


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_it_goes_to_the_assistants_that_are_here(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor").mkdir()
    (home / ".gemini").mkdir()
    assert main(["install"]) == 0
    assert (home / ".cursor" / "skills" / NAME / "SKILL.md").is_file()
    assert (home / ".agents" / "skills" / NAME / "SKILL.md").is_file()
    assert not (home / ".claude").exists()
    said = capsys.readouterr().out
    assert "found Cursor (~/.cursor), Gemini CLI (~/.gemini)" in said
    assert f"install  ~{os.sep}{Path('.cursor', 'skills', NAME)} (Cursor): 1.0.0" in said
    assert "Start a new session of your assistant" in said


def test_a_dry_run_shows_all_of_it_and_does_nothing(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor").mkdir()
    before = everything(home)
    assert main(["install", "--dry-run", "--mcp"]) == 0
    assert everything(home) == before
    said = capsys.readouterr().out
    assert "install " in said
    assert "Cursor: add the server ai-video" in said
    assert "Nothing was done (--dry-run)." in said


def test_twice_is_once(home: Path, own: Make, capsys: pytest.CaptureFixture[str]) -> None:
    main(["install", "--agent", "cursor"])
    before = everything(home)
    capsys.readouterr()
    assert main(["install", "--agent", "cursor"]) == 0
    assert everything(home) == before
    said = capsys.readouterr().out
    assert "1.0.0, up to date" in said
    assert "Start a new session" not in said


def test_a_server_that_is_entered_afterwards_says_how_to_go_on(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["install", "--agent", "cursor"])
    capsys.readouterr()
    assert main(["install", "--agent", "cursor", "--mcp"]) == 0
    said = capsys.readouterr().out
    assert "Start a new session of your assistant" in said
    assert "Run this once now:" in said
    assert main(["install", "--agent", "cursor", "--mcp"]) == 0
    assert "Start a new session" not in capsys.readouterr().out


def test_what_is_left_alone_is_a_failure_and_the_rest_is_done(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor" / "skills" / NAME).mkdir(parents=True)
    (home / ".cursor" / "skills" / NAME / "mine.txt").write_text("mine")
    assert main(["install", "--agent", "cursor", "--agent", "codex"]) == 1
    assert (home / ".agents" / "skills" / NAME / "SKILL.md").is_file()
    assert os.listdir(home / ".cursor" / "skills" / NAME) == ["mine.txt"]  # noqa: PTH208 - names
    assert "leave" in capsys.readouterr().out


def test_the_name_of_anothers_skill_drives_no_terminal(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / ".cursor" / "skills" / NAME
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text("---\nname: evil\x1b]0;title\x07\x1b[31m\n---\n")
    assert main(["install"]) == 1
    shown = capsys.readouterr()
    assert "it holds another skill, evil." in shown.out
    assert "\x1b" not in shown.out + shown.err


def test_an_unknown_agent_is_a_mistake_in_the_call(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", "--agent", "windsurfer"]) == 2
    assert "Did you mean windsurf?" in capsys.readouterr().err
    assert everything(home) == {}


def test_into_a_project_from_a_folder_deep_in_it(
    home: Path, own: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "src").mkdir()
    monkeypatch.chdir(tmp_path / "project" / "src")
    assert main(["install", "--project", "--agent", "claude", "--agent", "copilot"]) == 0
    for folder in (".claude", ".github"):
        assert (tmp_path / "project" / folder / "skills" / NAME / "SKILL.md").is_file()
    assert everything(home) == {}
    assert main(["uninstall", "--project"]) == 0
    assert sorted(os.listdir(tmp_path / "project")) == [".git", "src"]  # noqa: PTH208 - names


def test_json_is_one_object_and_nothing_else(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor" / "skills" / NAME / ".git").mkdir(parents=True)
    assert main(["install", "--json", "--agent", "cursor", "--agent", "codex"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["name"], answer["version"], answer["dry_run"]) == (NAME, "1.0.0", False)
    assert [(step["agents"], step["do"], step["ok"]) for step in answer["steps"]] == [
        (["cursor"], "leave", False),
        (["codex"], "install", True),
    ]
    assert "git checkout" in answer["steps"][0]["words"]


def test_the_mcp_entry_runs_the_launcher_of_the_assistants_own_folder(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor").mkdir()
    (home / ".cursor" / "mcp.json").write_text('{"mcpServers": {"mine": {"command": "x"}}}')
    assert main(["install", "--mcp", "--agent", "cursor"]) == 0
    servers = json.loads((home / ".cursor" / "mcp.json").read_text())["mcpServers"]
    script = home / ".cursor" / "skills" / NAME / "scripts" / "ai-video"
    words = [servers["ai-video"]["command"], *servers["ai-video"]["args"]]
    assert words[-1] == "mcp"
    assert any(str(script) in word for word in words)
    assert servers["mine"] == {"command": "x"}
    assert f"{script} mcp --help" in capsys.readouterr().out


def test_a_damaged_configuration_is_left_alone_and_the_entry_shown(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".cursor").mkdir()
    (home / ".cursor" / "mcp.json").write_text("{ damaged")
    assert main(["install", "--mcp", "--agent", "cursor"]) == 1
    assert (home / ".cursor" / "mcp.json").read_text() == "{ damaged"
    assert '"mcpServers"' in capsys.readouterr().out
    assert (home / ".cursor" / "skills" / NAME / "SKILL.md").is_file()


def test_no_entry_leads_to_a_folder_that_was_left_alone(home: Path, own: Make) -> None:
    (home / ".cursor" / "skills" / NAME / "mine").mkdir(parents=True)
    assert main(["install", "--mcp", "--agent", "cursor"]) == 1
    assert not (home / ".cursor" / "mcp.json").exists()


def test_an_assistant_without_an_mcp_configuration_is_told(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", "--mcp", "--agent", "openclaw"]) == 0
    assert "No assistant here is one whose MCP servers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("agent", "platform"),
    [
        ("cursor", "cursor"),
        ("clawhub", "clawhub"),
        ("claude-code", "unknown"),
        ("windsurf", "unknown"),
        ("codex", "unknown"),
    ],
)
def test_the_platform_header_is_that_of_the_folder(
    home: Path, own: Make, agent: str, platform: str
) -> None:
    main(["install", "--agent", agent])
    [path] = home.rglob("SKILL.md")
    assert frontmatter.attribution(Settings(), path).headers == {
        "X-Skill-Source": NAME,
        "X-Skill-Version": "1.0.0",
        "X-Skill-Platform": platform,
    }


def test_uninstall_leaves_nothing_behind(home: Path, own: Make) -> None:
    (home / ".cursor").mkdir()
    (home / ".cursor" / "mcp.json").write_text('{"mcpServers": {}}\n')
    (home / ".codeium" / "windsurf").mkdir(parents=True)
    before = everything(home)
    assert main(["install", "--mcp"]) == 0
    assert main(["install", "--agent", "claude", "--agent", "codex", "--mcp"]) == 0
    assert main(["uninstall"]) == 0
    assert everything(home) == before


def test_uninstall_takes_one_assistant_alone(home: Path, own: Make) -> None:
    main(["install", "--mcp", "--agent", "cursor", "--agent", "claude"])
    assert main(["uninstall", "--agent", "cursor"]) == 0
    assert not (home / ".cursor").exists()
    assert (home / ".claude" / "skills" / NAME / "SKILL.md").is_file()
    assert "ai-video" in (home / ".claude.json").read_text()


def test_uninstall_says_who_else_loses_a_shared_folder(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".codex").mkdir()
    (home / ".gemini").mkdir()
    main(["install"])
    capsys.readouterr()
    assert main(["uninstall", "--agent", "codex"]) == 0
    assert "(Codex): 1.0.0; Gemini CLI can no longer use it either" in capsys.readouterr().out


def test_uninstall_of_the_mcp_entry_alone_keeps_the_skill(home: Path, own: Make) -> None:
    main(["install", "--mcp", "--agent", "cursor"])
    assert main(["uninstall", "--mcp"]) == 0
    assert not (home / ".cursor" / "mcp.json").exists()
    assert (home / ".cursor" / "skills" / NAME / "SKILL.md").is_file()


def test_uninstall_from_a_path(home: Path, own: Make, tmp_path: Path) -> None:
    main(["install", "--agent", str(tmp_path / "deep" / "skills")])
    assert (tmp_path / "deep" / "skills" / NAME / "SKILL.md").is_file()
    assert main(["uninstall", "--agent", str(tmp_path / "deep" / "skills")]) == 0
    assert not (tmp_path / "deep").exists()


def test_uninstall_where_nothing_is(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["uninstall"]) == 0
    assert f"{NAME} is in none of your folders of skills." in capsys.readouterr().out
    assert everything(home) == {}


def test_uninstall_says_what_stays_and_the_command_that_removes_it(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    state = Settings.read().home
    (state / "studio").mkdir(parents=True)
    (state / "tokens.json").write_text("{}")
    traces.client_id().parent.mkdir(parents=True)
    traces.client_id().write_text("dummy-id")
    main(["install", "--agent", "cursor"])
    capsys.readouterr()
    assert main(["uninstall"]) == 0
    said = capsys.readouterr().out
    assert f"  {state}  " in said
    assert "ai-video uninstall --purge removes the state and the packages too." in said
    assert f"{traces.client_id()}" in said
    assert (state / "tokens.json").is_file()


def test_purge_removes_state_and_packages_and_keeps_what_is_shared(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    state = Settings.read().home
    (state / "studio" / "media").mkdir(parents=True)
    (state / "tokens.json").write_text("{}")
    (state / "mine.txt").write_text("mine")
    (traces.cache() / f"studio-{'0' * 16}").mkdir(parents=True)
    traces.client_id().parent.mkdir(parents=True)
    traces.client_id().write_text("dummy-id")
    main(["install", "--agent", "cursor"])
    assert main(["uninstall", "--purge", "--yes"]) == 0
    assert os.listdir(state) == ["mine.txt"]  # noqa: PTH208 - names
    assert not traces.cache().exists()
    assert traces.client_id().is_file()
    assert not (home / ".cursor").exists()


def test_purge_does_nothing_where_the_user_says_no(
    home: Path, own: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = Settings.read().home
    (state / "studio").mkdir(parents=True)
    main(["install", "--agent", "cursor"])
    before = everything(home)
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "")
    assert main(["uninstall", "--purge"]) == 1
    assert everything(home) == before


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_purge_needs_a_word_where_nobody_can_be_asked(
    more: list[str], home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["install", "--agent", "cursor"])
    (Settings.read().home / "studio").mkdir(parents=True)
    before = everything(home)
    assert main(["uninstall", "--purge", *more]) == 1
    assert everything(home) == before
    assert "--yes" in capsys.readouterr().err


def test_purge_in_a_dry_run_removes_nothing(home: Path, own: Make) -> None:
    (Settings.read().home / "studio").mkdir(parents=True)
    main(["install", "--agent", "cursor"])
    before = everything(home)
    assert main(["uninstall", "--purge", "--dry-run"]) == 0
    assert everything(home) == before


def test_purge_and_mcp_contradict_each_other(own: Make) -> None:
    assert main(["uninstall", "--purge", "--mcp"]) == 2


def test_uninstall_names_the_command_that_removes_the_command(
    own: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(origin, "remove", lambda: "pipx uninstall ai-video-generator")
    main(["uninstall"])
    assert "goes with: pipx uninstall ai-video-generator" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="a program cannot remove itself there")
def test_an_installed_skill_can_remove_itself(home: Path) -> None:
    main(["install", "--agent", "cursor"])
    (Settings.read().home / "studio").mkdir(parents=True)  # a studio to look for, and end
    [script] = home.rglob("ai-video.py")
    command = [sys.executable, "-S", "-B", str(script), "uninstall", "--purge", "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert everything(home) == {}


def test_an_update_through_the_command(
    home: Path, own: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    own("0.9.0", "old")
    main(["install", "--agent", "cursor"])
    own("1.0.0", "new")
    assert main(["install", "--agent", "cursor"]) == 0
    assert "update" in capsys.readouterr().out
    assert "# new" in (home / ".cursor" / "skills" / NAME / "SKILL.md").read_text()
