"""The scripts, run by the shells that they are for."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.cli import COMMANDS, main
from skill.completion import SHELLS
from skill.completion.words import commands
from skill.install.assistants import ASSISTANTS

BACKENDS = ["auto", "cloud", "studio"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such shells there")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: two files and a folder, one name with a space."""
    place = tmp_path / "place"
    (place / "videos").mkdir(parents=True)
    (place / "beach one.mp4").touch()
    (place / "song.mp3").touch()
    monkeypatch.chdir(place)
    return place


def program(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    return found


def script(shell: str, tmp_path: Path) -> Path:
    program(shell)
    path = tmp_path / f"script.{shell}"
    path.write_text(SHELLS[shell]())
    return path


def bash(tmp_path: Path, line: str) -> list[str]:
    """What bash offers where a line ends; a last blank begins a new word."""
    path = script("bash", tmp_path)
    words = line.split(" ")
    code = (
        f"source {path}; COMP_WORDS=({' '.join(map(repr, words))}); "
        f"COMP_CWORD={len(words) - 1}; _ai_video 2>/dev/null; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(
        [program("bash"), "--norc", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [row for row in done.stdout.splitlines() if row]


def fish(tmp_path: Path, line: str) -> list[str]:
    path = script("fish", tmp_path)
    done = subprocess.run(
        [program("fish"), "--no-config", "-c", f"source {path}; complete -C {line!r}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [row.split("\t")[0] for row in done.stdout.splitlines()]


Complete = Callable[[Path, str], list[str]]


@pytest.mark.parametrize("complete", [bash, fish])
def test_the_commands_are_offered_first(complete: Complete, tmp_path: Path) -> None:
    offered = complete(tmp_path, "ai-video ")
    assert set(offered) >= set(COMMANDS)
    assert complete(tmp_path, "ai-video exp") == ["export"]


@pytest.mark.parametrize("complete", [bash, fish])
def test_options_and_what_they_take(complete: Complete, tmp_path: Path) -> None:
    assert complete(tmp_path, "ai-video chat --ba") == ["--backend"]
    assert complete(tmp_path, "ai-video chat --backend ") == BACKENDS
    assert sorted(complete(tmp_path, "ai-video studio s")) == ["serve", "stop"]
    assert complete(tmp_path, "ai-video completion z") == ["zsh"]
    assert "--json" not in complete(tmp_path, "ai-video studio --")


@pytest.mark.parametrize("complete", [bash, fish])
def test_assistants_are_offered_by_name(complete: Complete, tmp_path: Path) -> None:
    names = {assistant.name for assistant in ASSISTANTS}
    assert set(complete(tmp_path, "ai-video install --agent ")) >= names
    assert complete(tmp_path, "ai-video install --agent cur") == ["cursor"]


@pytest.mark.parametrize("complete", [bash, fish])
def test_a_folder_is_no_file(complete: Complete, tmp_path: Path, folder: Path) -> None:
    offered = complete(tmp_path, "ai-video export --out ")
    assert [name.rstrip("/") for name in offered] == ["videos"]


def test_fish_offers_files_where_files_go(tmp_path: Path, folder: Path) -> None:
    assert fish(tmp_path, "ai-video upload son") == ["song.mp3"]
    assert fish(tmp_path, "ai-video chat --file son") == ["song.mp3"]
    assert fish(tmp_path, "ai-video status son") == []


def test_what_stands_after_two_dashes_is_words(tmp_path: Path) -> None:
    assert bash(tmp_path, "ai-video chat -- --ba") == []


def test_an_equals_sign_is_as_good_as_a_blank(tmp_path: Path) -> None:
    # bash cuts a word at "=" before it asks.
    assert bash(tmp_path, "ai-video chat --backend = clo") == ["cloud"]


def test_bash_knows_whose_completion_it_is(tmp_path: Path) -> None:
    code = f"source {script('bash', tmp_path)}; complete -p ai-video"
    done = subprocess.run(
        [program("bash"), "--norc", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "complete -o bashdefault -o default -F _ai_video ai-video\n"


STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "echo "),
    "zsh": (["zsh", "-f", "-i"], "print -r -- "),
}
HOME_KEY, TAB = "\x01", "\t"


@pytest.mark.parametrize("shell", STARTS)
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ai-video doct", "ai-video doctor"),
        ("ai-video chat --bac", "ai-video chat --backend"),
        ("ai-video chat --backend stu", "ai-video chat --backend studio"),
        ("ai-video install --agent winds", "ai-video install --agent windsurf"),
        ("ai-video export --out vid", "ai-video export --out videos"),
        ("ai-video upload bea", "ai-video upload beach one.mp4"),
        ("scripts/ai-video rout", "scripts/ai-video route"),
    ],
)
def test_a_tab_completes_in_a_terminal(
    shell: str, typed: str, wanted: str, tmp_path: Path, folder: Path
) -> None:
    path = script(shell, tmp_path)
    command, echo = STARTS[shell]
    assert wanted in on_terminal(command, path, f"{typed}{TAB}{HOME_KEY}{echo}\n", wanted)


def on_terminal(command: list[str], script: Path, keys: str, wanted: str) -> str:
    """What a shell prints for some keys, once its completion is there."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="vt100", PS1="READY> ", ZDOTDIR="/nonexistent", PAGER="cat")
        os.execvp(command[0], command)  # noqa: S606 a shell that is tested
    seen = ""
    try:
        seen = until(terminal, "READY> ", "")
        os.write(terminal, f"source {script}; printf 'LOAD%s\\n' ED\n".encode())
        seen = until(terminal, "LOADED", seen)
        os.write(terminal, keys.encode())
        return until(terminal, f"\n{wanted}", seen)
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def until(terminal: int, wanted: str, before: str) -> str:
    """All that has been shown, without the terminal's own signs, once ``wanted`` came anew."""
    end, fresh = time.monotonic() + 20, ""
    while wanted not in fresh:
        if time.monotonic() > end:
            raise AssertionError(f"{wanted!r} did not come: {before[-500:]!r} {fresh[-1500:]!r}")
        if select.select([terminal], [], [], 0.2)[0]:
            fresh += os.read(terminal, 65536).decode("utf-8", "replace")
            fresh = re.sub(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])|[\r\x07]", "", fresh)
    return before + fresh


# The words themselves


def test_every_option_of_every_command_is_in_every_script() -> None:
    for shell, make in SHELLS.items():
        text = make()
        for command in commands():
            for option in command.options:
                for name in option.names:
                    wanted = f"-l {name[2:]} " if shell == "fish" and name[:2] == "--" else name
                    assert wanted.lstrip("-") in text, (shell, command.name, name)


def test_no_command_is_left_out() -> None:
    assert {command.name for command in commands()} == set(COMMANDS)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_valid(shell: str, tmp_path: Path) -> None:
    subprocess.run([program(shell), "-n", script(shell, tmp_path)], check=True)


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert capsys.readouterr().out == SHELLS[shell]()
