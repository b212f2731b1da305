"""Every way to install the skill, tried for real: on an empty home each, and then a first turn.

    scripts/with-python scripts/check_install.py             all of them; ten minutes or so
    scripts/with-python scripts/check_install.py pipx npx    some of them
    scripts/with-python scripts/check_install.py --list

The packages come from the package index (and ``skills`` from npm's), so this is no test: it is
run by hand, before a release. Everything happens in a temporary folder; the first turns are held
with the studio. Exit status 1 where a way does not work.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from stand import PATIENCE, ROOT, TURN, Common, Failed, NotChecked, Stand


def from_checkout(stand: Stand) -> None:
    """clone, scripts/chat; no uv"""
    stand.first_turn(stand.common.clone("checkout/a clone") / "scripts" / "chat")


def by_install(stand: Stand) -> None:
    """clone, ai-video install, and the installed folder's chat; then uninstall"""
    clone = stand.common.clone("install/clone")
    (stand.home / ".cursor").mkdir()
    (stand.home / ".codex").mkdir()
    stand.run(clone / "scripts" / "ai-video", "install")
    for assistant in (".cursor", ".agents"):
        stand.same(stand.skill(assistant))
    stand.first_turn("sh", stand.skill(".agents") / "scripts" / "chat")
    stand.same(stand.skill(".agents"))
    launcher = stand.skill(".cursor") / "scripts" / "ai-video"
    stand.run(launcher, "uninstall", "--purge", "--yes")
    left = [str(path.relative_to(stand.home)) for path in stand.home.rglob("*")]
    made = {".cursor", ".codex", ".cache", ".local", ".local/state"}
    if set(left) - made:
        raise Failed(f"uninstall --purge left {sorted(set(left) - made)[:3]}")


def by_pip(stand: Stand) -> None:
    """pip install WHEEL[studio], ai-video chat, ai-video install"""
    stand.run("python3", "-m", "venv", stand.folder / "env")
    program = stand.folder / "env" / "bin"
    stand.run(program / "pip", "install", "--quiet", f"{stand.common.wheel()}[studio]")
    _as_command(stand, program / "ai-video")


def by_pipx(stand: Stand) -> None:
    """pipx install WHEEL[studio], ai-video chat, ai-video install"""
    pipx = stand.common.tools() / "pipx"
    stand.run(pipx, "install", "--quiet", f"{stand.common.wheel()}[studio]")
    _as_command(stand, stand.home / ".local" / "bin" / "ai-video")


def by_uv(stand: Stand) -> None:
    """uv tool install WHEEL[studio], ai-video chat, ai-video install"""
    _with_uv(stand)
    python = stand.bin / "python3"
    wanted = f"{stand.common.wheel()}[studio]"
    stand.run("uv", "tool", "install", "--quiet", "--python", python, wanted)
    _as_command(stand, stand.home / ".local" / "bin" / "ai-video")


def without_the_extra(stand: Stand) -> None:
    """uv tool install WHEEL alone: the words name the command that mends it, and it does"""
    _with_uv(stand)
    python = stand.bin / "python3"
    stand.run("uv", "tool", "install", "--quiet", "--python", python, stand.common.wheel())
    program = stand.home / ".local" / "bin" / "ai-video"
    text = json.loads(stand.run(program, "chat", "--json", "--", TURN, status=1))["text"]
    command = text.partition("Install it with: ")[2].strip()
    if not command.startswith("uv tool install"):
        raise Failed(f"the words are {text!r}")
    stand.run("sh", "-c", command)
    stand.first_turn(program, "chat")


def by_npx(stand: Stand) -> None:
    """npx skills add DIR -g, linked and with --copy"""
    npx = shutil.which("npx")
    if npx is None:
        raise NotChecked("npx is not here (it comes with Node.js)")
    stand.path.append(str(Path(npx).parent))
    source = stand.common.clone("npx/source")
    (stand.home / ".claude").mkdir()
    (stand.home / ".codex").mkdir()
    (stand.home / ".codeium" / "windsurf").mkdir(parents=True)
    add = ("npx", "--yes", "skills", "add", source, "-g", "-y")
    stand.run(*add, "-a", "claude-code", "-a", "codex")
    stand.run(*add, "-a", "windsurf", "--copy")
    for assistant in (".claude", ".codeium/windsurf"):
        stand.first_turn(stand.skill(assistant) / "scripts" / "chat")


def by_copying(stand: Stand) -> None:
    """copy the folder: a path with spaces and letters, read-only, its bits lost; with uv"""
    _with_uv(stand)
    folder = stand.home / "Meine Vidéos ✨" / ".cursor" / "skills" / stand.common.name
    shutil.copytree(stand.common.source(), folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(folder.rglob("*"))
    try:
        stand.first_turn("sh", folder / "scripts" / "chat")
        if sorted(folder.rglob("*")) != before:
            raise Failed("the turn wrote into the skill's folder")
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)


def two_at_once(stand: Stand) -> None:
    """two first turns at once, after a set-up that was killed half-way"""
    chat = stand.common.clone("twice/clone") / "scripts" / "chat"
    first = subprocess.Popen(  # noqa: S603 - what this script is for
        [str(chat), "--json", "--", TURN],
        env=stand.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=stand.home,
        start_new_session=True,
    )
    cache = stand.home / ".cache" / "ai-video-generator"
    deadline = time.monotonic() + 120
    while not list(cache.glob("studio-*/lib")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    if list(cache.glob("*/ready")) or not list(cache.glob("studio-*")):
        raise Failed("it was not killed half-way")
    turns = [
        subprocess.Popen(  # noqa: S603 - what this script is for
            [str(chat), "--json", "--", TURN],
            env=stand.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=stand.home,
        )
        for _ in range(2)
    ]
    said = [turn.communicate(timeout=PATIENCE) for turn in turns]
    if [turn.returncode for turn in turns] != [0, 0]:
        raise Failed(f"a turn failed: {said[0][1][-200:]} / {said[1][1][-200:]}")
    if sum("Set up in" in stderr for _, stderr in said) != 1:
        raise Failed("it was not set up once")


def as_mcp_server(stand: Stand) -> None:
    """ai-video install --mcp: what stands in Cursor's mcp.json starts a server that answers"""
    clone = stand.common.clone("mcp/clone")
    stand.run(clone / "scripts" / "ai-video", "install", "--mcp", "--agent", "cursor")
    told = json.loads((stand.home / ".cursor" / "mcp.json").read_text("utf-8"))
    entry = told["mcpServers"]["ai-video"]
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "check_install", "version": "1"},
    }
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    answer = stand.run(entry["command"], *entry["args"], text=json.dumps(request) + "\n")
    if "serverInfo" not in answer:
        raise Failed(f"the server said {answer[:120]!r}")


WAYS: dict[str, Callable[[Stand], None]] = {
    "checkout": from_checkout,
    "install": by_install,
    "pip": by_pip,
    "pipx": by_pipx,
    "uv": by_uv,
    "no-extra": without_the_extra,
    "npx": by_npx,
    "copy": by_copying,
    "twice": two_at_once,
    "mcp": as_mcp_server,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("ways", nargs="*", metavar="WAY", help=f"{', '.join(WAYS)}; all by default")
    parser.add_argument("--list", action="store_true", help="list the ways")
    given = parser.parse_args(arguments)
    if given.list:
        for name, way in WAYS.items():
            print(f"{name:10} {way.__doc__}")
        return 0
    unknown = [name for name in given.ways if name not in WAYS]
    if unknown:
        parser.error(f"{unknown[0]} is no way to install; known are {', '.join(WAYS)}")
    failed = False
    with tempfile.TemporaryDirectory(prefix="check-install-", ignore_cleanup_errors=True) as folder:
        common = Common(Path(folder))
        for name in given.ways or WAYS:
            result, seconds = _try(common, name)
            failed |= result.startswith("FAILED")
            print(f"{name:10} {seconds:5.0f} s  {result:10} {WAYS[name].__doc__}", flush=True)
    return 1 if failed else 0


def _try(common: Common, name: str) -> tuple[str, float]:
    began = time.monotonic()
    try:
        stand = Stand(common, name)
        try:
            WAYS[name](stand)
        finally:
            _stop(stand)
    except NotChecked as error:
        return f"not checked: {error}.", time.monotonic() - began
    except (Failed, OSError, subprocess.SubprocessError) as error:
        return f"FAILED: {error}.", time.monotonic() - began
    return "works", time.monotonic() - began


def _stop(stand: Stand) -> None:
    """End the studio that a first turn left running."""
    if (stand.home / ".local" / "state" / "ai-video" / "studio.json").exists():
        python = next(stand.home.glob(".cache/ai-video-generator/studio-*/bin/python"), None)
        with suppress(Failed):
            stand.run(python or sys.executable, "-m", "skill", "studio", "stop", cwd=ROOT)


def _as_command(stand: Stand, program: Path) -> None:
    """The first turn by the command, then the skill folder that it installs."""
    stand.first_turn(program, "chat")
    (stand.home / ".claude").mkdir()
    stand.run(program, "install")
    stand.same(stand.skill(".claude"))
    stand.first_turn(stand.skill(".claude") / "scripts" / "chat")


def _with_uv(stand: Stand) -> None:
    (stand.bin / "uv").symlink_to(stand.common.tools() / "uv")


if __name__ == "__main__":
    sys.exit(main())
