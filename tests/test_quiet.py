"""Before the first turn nothing is sent or written, and nothing is looked for in other folders.

Each command runs in a process of its own that notes what the interpreter tells an audit hook
(PEP 578) and what it is asked about files, on a home where every assistant has its folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from skill.install.assistants import ASSISTANTS

ROOT = Path(__file__).resolve().parent.parent

# Notes one line for each event, to a descriptor of its own: 3.
WATCHED = """
import json, os, sys

def note(kind, what):
    os.write(3, (json.dumps([kind, what]) + "\\n").encode())

def hook(event, args):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")):
        note(event, str(args[0]) if args else "")
    elif event == "open" and isinstance(args[0], (str, bytes)):
        writes = isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        note("write" if writes else "read", os.fsdecode(args[0]))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.chmod"):
        note("write", os.fsdecode(args[0]))
    elif event in ("os.listdir", "os.scandir") and args[0] is not None:
        note("list", os.fsdecode(args[0]) if not isinstance(args[0], int) else "")

def watching(name):
    asked = getattr(os, name)
    def watched(path, *rest, **options):
        if isinstance(path, (str, bytes, os.PathLike)):
            note("look", os.fsdecode(path))
        return asked(path, *rest, **options)
    setattr(os, name, watched)

for name in ("stat", "lstat", "access", "readlink"):
    watching(name)
sys.addaudithook(hook)
sys.dont_write_bytecode = True
"""


@pytest.fixture
def crowded(home: Path) -> Path:
    """A home where every assistant is there, with a skill and a configuration."""
    for assistant in ASSISTANTS:
        folder = home / assistant.user / "other-skill"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_text("---\nname: other-skill\n---\n")
        for sign in assistant.signs:
            (home / sign).mkdir(parents=True, exist_ok=True)
    (home / ".netrc").write_text("machine example.com login me password dummy-password\n")
    return home


def watched(code: str, home: Path) -> list[tuple[str, str]]:
    """What a process did that runs some code: (kind, path or address), in order."""
    reader, writer = os.pipe()
    environ = {key: value for key, value in os.environ.items() if key != "AI_VIDEO_HOME"}
    with os.fdopen(reader) as lines:
        process = subprocess.Popen(
            [sys.executable, "-c", f"import os\nos.dup2({writer}, 3)\n{WATCHED}\n{code}"],
            cwd=home,
            env={**environ, "PYTHONPATH": str(ROOT), "HOME": str(home)},
            pass_fds=(writer,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(writer)
        noted = [json.loads(line) for line in lines]
        said = process.communicate()[1]
    assert process.returncode == 0, said
    assert noted, "nothing was noted"
    return [(kind, what) for kind, what in noted]


def run(*arguments: str) -> str:
    return (
        "from skill.cli import main\n"
        "try:\n"
        f"    status = main({list(arguments)!r})\n"
        "except SystemExit as end:\n"
        "    status = end.code\n"
        "assert not status, status\n"
    )


QUIET = {
    "import": "import skill\nfrom skill import Skill\nSkill()",
    "--help": run("--help"),
    "--version": run("--version"),
    "chat --help": run("chat", "--help"),
    "route": run("route", "--explain", "add a title, then export"),
    "a greeting": run("chat", "hello"),
    "no request": run("chat", "--json", ""),
}
SPEAKS = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")

posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors are handed over otherwise")


@posix
@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_sent_written_or_started(name: str, crowded: Path) -> None:
    before = sorted(crowded.rglob("*"))
    done = watched(QUIET[name], crowded)
    assert [one for one in done if one[0].startswith(SPEAKS)] == []
    assert [what for kind, what in done if kind == "write" and what != os.devnull] == []
    assert sorted(crowded.rglob("*")) == before


@posix
@pytest.mark.parametrize("place", [".cursor/skills", ".clawhub/skills", "somewhere"])
def test_where_it_runs_is_known_from_its_own_path(place: str, crowded: Path) -> None:
    """No other folder of the home is opened, listed or even asked for."""
    skill = crowded / place / "ai-video-generator-free-luma"
    skill.mkdir(parents=True)
    (skill / "SKILL.md").write_text('---\nname: x\nmetadata:\n  version: "1.0.0"\n---\n')
    done = watched(
        "from pathlib import Path\n"
        "from skill.frontmatter import attribution\n"
        "from skill.settings import Settings\n"
        f"found = attribution(Settings.read(), Path({str(skill / 'SKILL.md')!r}))\n"
        f"assert found.platform == {platform(place)!r}, found\n",
        crowded,
    )
    assert ("read", str(skill / "SKILL.md")) in done
    touched = {Path(what) for _, what in done if Path(what).is_relative_to(crowded)}
    # A path is resolved by looking at each folder that it leads through.
    assert touched - {skill / "SKILL.md", *(skill / "SKILL.md").parents} == set()


def platform(place: str) -> str:
    return {".cursor/skills": "cursor", ".clawhub/skills": "clawhub"}.get(place, "unknown")


@posix
def test_a_first_turn_looks_at_nothing_of_the_assistants_or_of_netrc(crowded: Path) -> None:
    """A whole turn, up to a backend that is not there."""
    done = watched(
        "import os\n"
        "os.environ.update(NEMO_API_URL='http://127.0.0.1:9', AI_VIDEO_BACKEND='cloud')\n"
        "from skill import Skill\n"
        "reply = Skill().turn('a sunset over the sea')\n"
        "assert reply.error['code'] == 'unreachable', reply.error\n",
        crowded,
    )
    assert any(kind == "socket.connect" for kind, _ in done)
    ours = (crowded / ".local", crowded / ".config", crowded / "Library")
    touched = {Path(what) for _, what in done if Path(what).is_relative_to(crowded)}
    strange = {p for p in touched if p != crowded and not any(p.is_relative_to(o) for o in ours)}
    assert strange == set()
    theirs = {crowded / folder for one in ASSISTANTS for folder in (one.user, *one.signs)}
    assert touched & theirs == set()


@posix
def test_the_watch_sees_what_it_is_there_for(crowded: Path) -> None:
    done = watched(
        "import os, socket, subprocess, sys\nfrom pathlib import Path\n"
        "Path('new').write_text('x')\n"
        "os.listdir('.claude')\n"
        "Path('.codex').is_dir()\n"
        "Path('.netrc').read_text()\n"
        "subprocess.run([sys.executable, '-c', ''])\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))\n",
        crowded,
    )
    expected = [("write", "new"), ("list", ".claude"), ("look", ".codex"), ("read", ".netrc")]
    assert [one for one in expected if one not in done] == []
    assert {"subprocess.Popen", "socket.connect"} <= {kind for kind, _ in done}
