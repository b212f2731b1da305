"""``ai-video mcp`` itself, and where it puts files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp_kit import ROOT

from skill.cli import main
from skill.mcp import folder, server


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


WITHOUT = (
    "import sys; sys.modules['{name}'] = None; from skill.cli import main; sys.exit(main(['mcp']))"
)


@pytest.mark.parametrize("name", ["mcp", "mcp_types", "anyio", "pydantic"])
def test_where_packages_are_missing_the_one_command_is_told(name: str) -> None:
    done = run(WITHOUT.format(name=name))
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert name in first
    assert second.strip() == f"sh {ROOT / 'scripts' / 'ai-video'} mcp"


def _command_of_installer() -> str:
    done = run(
        "from skill.install import origin; origin.in_folder = lambda: False; "
        "print(origin.add('mcp'))"
    )
    assert "[mcp]" in done.stdout
    return done.stdout.strip()


def test_an_installed_package_is_told_its_installers_command() -> None:
    installed = "from skill.install import origin; origin.in_folder = lambda: False; "
    done = run(installed + WITHOUT.format(name="mcp"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[1].strip() == _command_of_installer()


def test_a_port_without_http_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--port", "80"]) == 2
    assert "--http" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_what_is_no_port_is_told(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["mcp", "--http", "--port", port])
    assert port in capsys.readouterr().err


def test_bad_settings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AI_VIDEO_RENDER_POLL", "soon")
    assert main(["mcp"]) == 1
    assert "AI_VIDEO_RENDER_POLL" in capsys.readouterr().err


def test_videos_go_to_the_current_folder_where_it_is_somebodys(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder.default() == tmp_path


@pytest.mark.parametrize("where", ["/", "home", "gone", "closed"])
def test_elsewhere_they_go_to_the_users_videos(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    place = {"/": Path("/"), "home": home}.get(where, tmp_path / where)
    if where in ("gone", "closed"):
        place.mkdir()
    monkeypatch.chdir(place)
    if where == "gone":
        if sys.platform == "win32":
            pytest.skip("Windows removes no folder that is in use")
        place.rmdir()
    if where == "closed":
        monkeypatch.setattr(folder.os, "access", lambda *_: False)
    videos = home / ("Movies" if sys.platform == "darwin" else "Videos")
    assert folder.default() == videos
    assert videos.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="its temporary folder is in AppData")
@pytest.mark.parametrize(
    ("system", "inside"),
    [
        ("darwin", "Applications/Chat.app/Contents"),
        ("win32", "AppData/Local/Chat/app-1.2"),
        ("win32", "Program Files/Chat"),
    ],
)
def test_a_folder_that_a_programs_update_replaces_is_nobodys(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, inside: str
) -> None:
    (tmp_path / inside).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / inside)
    monkeypatch.setattr(folder.sys, "platform", system)
    assert folder.default() == home / ("Movies" if system == "darwin" else "Videos")


def test_the_home_of_somebody_unknown_is_a_folder_of_that_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert server._out("~nobody-of-that-name/videos") == str(
        tmp_path / "~nobody-of-that-name/videos"
    )
    assert server._out("~/videos") == str(home / "videos")


def test_where_no_such_folder_can_be_made_they_go_home(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (home / ("Movies" if sys.platform == "darwin" else "Videos")).write_text("a file")
    assert folder.default() == home


@pytest.mark.parametrize("port", ["x", "-1", "70000", "²"])
def test_a_port_that_is_none_is_said_to_be_none(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["mcp", "--http", f"--port={port}"])
    assert f"'{port}' is no port (0 to 65535)" in capsys.readouterr().err
