"""The help, and what is said to somebody who mistyped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from skill.cli import COMMANDS, GROUPS, main

ROOT = Path(__file__).resolve().parents[2]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Exit status, stdout and stderr of a command line that ends before any command runs."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capsys.readouterr()
    return left.value.code, out, err


def test_without_arguments_the_help_is_shown_and_nothing_is_called_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = said(capsys)
    assert (status, out) == (2, "")
    assert "start here:\n  chat " in err
    assert "error" not in err


def test_the_help_shows_every_command_once_and_chat_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = said(capsys, "--help")
    assert status == 0
    shown = [
        line.split()[0] for line in out.splitlines() if line.startswith("  ") and line[2] != "-"
    ]
    shown = [word for word in shown if word != "ai-video"]
    assert sorted(shown) == sorted(COMMANDS)
    assert shown[0] == "chat"


def test_no_command_stands_in_two_groups() -> None:
    names = [name for _, names in GROUPS for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_description_and_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = said(capsys, command, "--help")
    assert status == 0
    head, _, examples = out.partition("\nexamples:\n")
    assert f"ai-video {command}" in examples
    assert "\n\n" in head
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("words", "same"), [(("help",), ("-h",)), (("help", "jobs"), ("jobs", "-h"))]
)
def test_help_is_a_word_too(
    words: tuple[str, ...], same: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, *words) == said(capsys, *same)


def test_the_version_has_a_short_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "-V") == said(capsys, "--version")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("exprt",), "there is no command 'exprt'; did you mean export?"),
        (("Chat", "hi"), "there is no command 'Chat'; did you mean chat?"),
        (("zzz",), "there is no command 'zzz'."),
        (("make a video of the sea",), "ai-video chat 'make a video of the sea'"),
        (("chat", "--jsn", "hi"), "there is no option --jsn; did you mean --json?"),
        (("chat", "--otu=x", "hi"), "there is no option --otu; did you mean --out?"),
        (("chat", "--backend", "clod", "x"), "'clod' is not one of auto, cloud, studio; did you"),
        (("status", "now"), "'now' is more than this command takes."),
        (("--backend", "studio", "chat", "x"), "options come after the command: ai-video chat"),
        (("studio", "serv"), "'serv' is not one of serve, stop; did you mean serve?"),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = said(capsys, *arguments)
    assert (status, out) == (2, "")
    assert told in err
    assert err.startswith("usage: ai-video")
    assert err.splitlines()[-1].startswith("Help: ai-video")


def test_a_package_that_is_missing_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        raise ModuleNotFoundError("No module named 'requests'", name="requests")

    monkeypatch.setattr("skill.cli.jobs.run", run)
    assert main(["jobs"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("The package requests is missing here. ")
    assert "ai-video doctor" in err


def test_a_turn_without_a_package_says_so_in_the_users_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'requests'", name="requests")

    monkeypatch.setattr("skill.engine.choose", load)
    assert main(["chat", "--json", "exportiere das Video bitte"]) == 1
    reply = json.loads(capsys.readouterr().out)
    assert reply["error"]["code"] == "package-missing"
    assert reply["text"].startswith("Hier fehlt das Paket requests.")


def test_the_help_of_the_program_imports_no_command() -> None:
    code = (
        "import sys\nfrom skill.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('skill.')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert done.stderr == "['skill.cli', 'skill.cli.parsers']\n"
