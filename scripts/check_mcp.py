"""The MCP server as the MCP inspector sees it: another implementation, in another language.

    python scripts/check_mcp.py [--command COMMAND]

Runs the inspector's command line (npm package @modelcontextprotocol/inspector, fetched by npx
with the Node that it needs) against ``scripts/ai-video mcp`` over stdio and over HTTP, on an empty
home with the studio. Standard library only. Prints a line for each check. Exit status: 0 fine, or
"not checked" with the reason where Node or the registry is missing; 1 something is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INSPECTOR = "@modelcontextprotocol/inspector@latest"
NODE = 22  # what the inspector needs
SECONDS = 600  # the first run fetches packages
TOOLS = {"chat", "upload", "status", "credits", "export", "resume", "preview", "undo"}
READING = {"status", "credits", "preview"}

Ask = Callable[..., dict[str, Any]]


class Unchecked(Exception):
    """Nothing can be said, for this reason."""


class Wrong(Exception):
    """A check failed."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask the MCP inspector about the MCP server.")
    parser.add_argument(
        "--command",
        default=shlex.join(["sh", str(ROOT / "scripts" / "ai-video")]),
        help="the ai-video command to ask about (default: this folder's launcher)",
    )
    command = shlex.split(parser.parse_args().command)
    try:
        inspector = _inspector()
        print(f"inspector: {_version(inspector)}")
        _ask_both(inspector, command)
    except Unchecked as why:
        print(f"not checked: {why}")
        return 0
    except Wrong as what:
        print(f"WRONG: {what}")
        return 1
    print("The inspector finds the server in order.")
    return 0


def _ask_both(inspector: Sequence[str], command: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "state"
        out = Path(folder) / "out"
        out.mkdir()
        server = [*command, "mcp", "--backend", "studio"]
        try:
            _check("stdio", _over_stdio(inspector, server, home, out), out)
            with _http(server, home, out) as (url, token):
                _check("http", _over_http(inspector, url, token, out), out)
        finally:
            _run([*command, "studio", "stop"], _environment(home), out)


def _check(over: str, ask: Ask, out: Path) -> None:
    """Lists everything, calls a reading tool and one that fails."""
    tools = {tool["name"]: tool for tool in ask("tools/list")["tools"]}
    _expect(set(tools) == TOOLS, f"{over}: tools are {sorted(tools)}")
    for name, tool in tools.items():
        hints = tool["annotations"]
        _expect(hints["readOnlyHint"] == (name in READING), f"{over}: hints of {name}: {hints}")
        _expect("outputSchema" in tool, f"{over}: {name} has no output schema")
    print(f"{over}: {len(tools)} tools with schemas and annotations")
    resources = {resource["uri"] for resource in ask("resources/list")["resources"]}
    _expect({"ai-video://timeline", "ai-video://draft"} <= resources, f"{over}: {resources}")
    prompts = {prompt["name"] for prompt in ask("prompts/list")["prompts"]}
    _expect(prompts == {"quick", "batch", "iterative"}, f"{over}: prompts are {prompts}")
    print(f"{over}: resources and prompts listed")
    status = ask("tools/call", tool="status")
    answer = status["structuredContent"]
    steps = [{"action": "status", "ok": True}]
    _expect(not status.get("isError") and answer["steps"] == steps, f"{over}: status: {status}")
    print(f"{over}: status says: {answer['text'].splitlines()[0]}")
    failed = ask("tools/call", tool="export", out=str(out))
    error = (failed.get("structuredContent") or {}).get("error") or {}
    right = failed.get("isError") and error.get("code") == "empty-timeline"
    _expect(bool(right), f"{over}: an export of nothing: {failed}")
    print(f"{over}: an export of nothing is an error in plain words")


def _inspector() -> list[str]:
    """The inspector's command line. Raises Unchecked where there is no npx."""
    npx, node = shutil.which("npx"), shutil.which("node")
    if npx is None or node is None:
        raise Unchecked("Node and npx are not installed here.")
    found = re.match(r"v(\d+)", _run([node, "--version"], dict(os.environ), ROOT).stdout)
    newer = ["-p", f"node@{NODE}"] if found is None or int(found[1]) < NODE else []
    return [npx, "--yes", *newer, "-p", INSPECTOR]


def _version(inspector: Sequence[str]) -> str:
    """The version that npx fetched. Raises Unchecked where it cannot fetch one."""
    code = "node --version && npm view --no-update-notifier " + INSPECTOR + " version"
    done = _run([*inspector, "sh", "-c", code], dict(os.environ), ROOT)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["npx said nothing"])[-1]
        raise Unchecked(f"the inspector could not be fetched ({last}).")
    node, version = done.stdout.split()[:2]
    return f"{version} on Node {node}"


def _over_stdio(inspector: Sequence[str], server: Sequence[str], home: Path, out: Path) -> Ask:
    def ask(method: str, tool: str = "", **arguments: str) -> dict[str, Any]:
        # Inspectors hand on little of the environment; what is to arrive is named.
        pairs = (f"{key}={value}" for key, value in _changes(home).items())
        named = [word for pair in pairs for word in ("-e", pair)]
        call = [*inspector, "mcp-inspector", "--cli", *named, *server]
        return _asked([*call, *_method(method, tool, arguments)], _environment(home), out)

    return ask


def _over_http(inspector: Sequence[str], url: str, token: str, out: Path) -> Ask:
    def ask(method: str, tool: str = "", **arguments: str) -> dict[str, Any]:
        # The token of a home that lives as long as this script.
        header = ["--transport", "http", "--header", f"Authorization: Bearer {token}"]
        call = [*inspector, "mcp-inspector", "--cli", url, *header]
        return _asked([*call, *_method(method, tool, arguments)], dict(os.environ), out)

    return ask


def _method(method: str, tool: str, arguments: dict[str, str]) -> list[str]:
    named = ["--tool-name", tool] if tool else []
    given = [
        word for name, value in arguments.items() for word in ("--tool-arg", f"{name}={value}")
    ]
    return ["--method", method, *named, *given]


@contextlib.contextmanager
def _http(server: Sequence[str], home: Path, out: Path) -> Iterator[tuple[str, str]]:
    """A server over HTTP: its address and token."""
    process = subprocess.Popen(  # noqa: S603 our own command
        [*server, "--http", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=out,
        env=_environment(home),
    )
    try:
        assert process.stderr is not None  # noqa: S101 piped above
        found = None
        for line in process.stderr:
            found = re.search(r"http://127\.0\.0\.1:\d+/mcp", line)
            if found:
                break
        if found is None:
            raise Wrong("http: the server did not start")
        yield found[0], (home / "mcp-token").read_text().strip()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _changes(home: Path) -> dict[str, str]:
    return {"AI_VIDEO_HOME": str(home), "AI_VIDEO_BACKEND": "studio"}


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, **_changes(home)}


def _asked(command: Sequence[str], env: dict[str, str], folder: Path) -> dict[str, Any]:
    """The JSON that the inspector prints, whatever its exit status."""
    done = _run(command, env, folder)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        said = (done.stdout + done.stderr).strip()[-500:]
        raise Wrong(f"the inspector said: {said}") from None
    if not isinstance(answer, dict):
        raise Wrong(f"the inspector said: {answer!r}")
    return answer


def _run(
    command: Sequence[str], env: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 npx, node and our own command
            list(command),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise Wrong(f"{command[0]} took longer than {SECONDS} s") from None


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise Wrong(otherwise)


if __name__ == "__main__":
    sys.exit(main())
