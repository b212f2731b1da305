"""The set-up of the MCP server: clients end a server that takes a minute to begin."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands for the real one: what is made takes a while, and is there or not.
ENVIRONMENT = """
import sys, time
from pathlib import Path

FOLDER = Path(__file__).parent
OLDEST = (3, 10)

def made(name):
    return (FOLDER / name).exists()

def make(name):
    print("Setting up...", file=sys.stderr, flush=True)
    (FOLDER / "began").write_text(sys.executable)
    while not (FOLDER / "go").exists():
        time.sleep(0.02)
    if (FOLDER / "fail").exists():
        sys.exit("No index.")
    (FOLDER / name).mkdir()

def enter(name):
    print("entered", name)
    sys.exit(0)

if __name__ == "__main__":
    make(sys.argv[1])
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "scripts" / "ai-video.py", tmp_path)
    (tmp_path / "environment.py").write_text(ENVIRONMENT)
    return tmp_path


def start(scripts: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, scripts / "ai-video.py", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} is not there"
        time.sleep(0.02)


def test_it_goes_on_when_the_server_is_ended(scripts: Path) -> None:
    server = start(scripts, "mcp")
    until(scripts / "began")
    server.kill()
    _, said = server.communicate(timeout=20)  # nobody else holds its standard error
    assert said == "Setting up...\n"
    (scripts / "go").touch()
    until(scripts / "mcp")


def test_it_is_told_and_then_the_server_begins(scripts: Path) -> None:
    (scripts / "go").touch()
    first, said = start(scripts, "mcp").communicate(timeout=20)
    assert (first, said) == ("entered mcp\n", "Setting up...\n")
    assert start(scripts, "mcp").communicate(timeout=20) == ("entered mcp\n", "")


def test_what_fails_is_told_once(scripts: Path) -> None:
    (scripts / "go").touch()
    (scripts / "fail").touch()
    server = start(scripts, "mcp")
    assert server.communicate(timeout=20) == ("", "Setting up...\nNo index.\n")
    assert server.returncode == 1


def test_other_commands_make_it_where_they_are(scripts: Path) -> None:
    assert start(scripts, "status").communicate(timeout=20) == ("entered studio\n", "")
