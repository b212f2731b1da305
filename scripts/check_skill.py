"""What others say of the skill as it is installed: validator, scanner, installer.

    scripts/with-python scripts/check_skill.py

``skills-ref`` (of requirements/dev.lock.conf), ``skill-scanner`` (PyPI cisco-ai-skill-scanner, a
minute) and ``skills`` (npm) are asked where they are there; the last is fetched by ``npx``
with --fetch. Each sees the skill's contents in a folder of its name, and nothing else.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import environment

NAME = "ai-video-generator-free-luma"
SEVERE = ("MEDIUM", "HIGH", "CRITICAL")
SECONDS = 600

Problems = list[str]


class Allowed(NamedTuple):
    """A finding that is none: its rule, its file, and why it stays."""

    rule: str
    file: str
    why: str


# Mend the code first. What stands here is shown with its reason at every run.
ALLOWED: tuple[Allowed, ...] = ()


@contextlib.contextmanager
def installed() -> Iterator[Path]:
    """The skill as it is installed: a folder of its name with ``contents()`` in it."""
    from skill.install.contents import sources

    with tempfile.TemporaryDirectory() as folder:
        skill = Path(folder) / NAME
        for inside, file in sources(environment.ROOT).items():
            (skill / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, skill / inside)
        yield skill


def specification(skill: Path) -> Problems:
    """What the reference validator of the Agent Skills format says."""
    validate = importlib.import_module("skills_ref").validate
    return [str(problem) for problem in validate(skill)]


def scanner(skill: Path) -> Problems:
    """What skill-scanner finds, at MEDIUM and above, but for what is ALLOWED."""
    told = skill.with_name("told.json")
    done = _run(
        "skill-scanner", "scan", str(skill), "--use-behavioral",
        "--format", "json", "--output-json", str(told),
    )  # fmt: skip
    if not told.is_file():
        return [f"skill-scanner gave no report: {_end(done)}"]
    return judged(json.loads(told.read_text("utf-8"))["findings"])


def judged(findings: list[dict[str, Any]], allowed: tuple[Allowed, ...] = ALLOWED) -> Problems:
    """The findings of a report that count, and allowances that allow nothing any more."""
    severe = [item for item in findings if item["severity"] in SEVERE]
    known = {(one.rule, one.file) for one in allowed}
    found = {(item["rule_id"], item.get("file_path")) for item in severe}
    stale = [f"nothing is found that was allowed: {one.rule} in {one.file}" for one in allowed
             if (one.rule, one.file) not in found]  # fmt: skip
    return stale + [
        f"{item['severity']} {item['rule_id']} {item.get('file_path')}:{item.get('line_number')} "
        f"{item.get('snippet') or item.get('title') or ''}"[:200]
        for item in severe
        if (item["rule_id"], item.get("file_path")) not in known
    ]


def listing(skill: Path, fetch: bool = False) -> Problems:
    """Whether the installer ``skills`` of npm finds the one skill by its name."""
    command = ("npx", "--yes", "skills") if fetch else ("skills",)
    done = _run(*command, "add", str(skill), "--list")
    if done.returncode or "Found 1 skill" not in done.stdout or NAME not in done.stdout:
        return [f"npx skills add --list: {_end(done)}"]
    return []


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command on an empty home that tells nobody about us."""
    with tempfile.TemporaryDirectory() as home:
        known = {**os.environ, "DO_NOT_TRACK": "1", "DISABLE_TELEMETRY": "1", "NO_COLOR": "1"}
        return subprocess.run(  # noqa: S603 fixed commands
            [shutil.which(command[0]) or command[0], *command[1:]],
            env={**known, "HOME": home, "npm_config_update_notifier": "false"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


def _end(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr.strip() or done.stdout.strip())[-300:]


def checks(fetch: bool = False) -> Iterator[tuple[str, Callable[[Path], Problems] | str]]:
    """Each check by what it is about; a text instead tells why it cannot be made here."""
    known = importlib.util.find_spec("skills_ref") is not None
    yield "agentskills validate", specification if known else "skills-ref is not installed"
    there = shutil.which("skill-scanner") is not None
    yield "skill-scanner", scanner if there else "it is not on the PATH"
    there = shutil.which("npx" if fetch else "skills") is not None
    yield (
        "skills add --list",
        ((lambda skill: listing(skill, fetch)) if there else "not on the PATH (--fetch asks npx)"),
    )


def main(arguments: list[str]) -> int:
    wrong = 0
    for one in ALLOWED:
        print(f"allowed      {one.rule} in {one.file}: {one.why}")
    with installed() as skill:
        for about, check in checks("--fetch" in arguments):
            problems = check(skill) if callable(check) else []
            wrong += len(problems)
            verdict = "wrong" if problems else "good" if callable(check) else "not checked"
            print(f"{verdict:<12} {about}{'' if callable(check) else f': {check}'}", flush=True)
            for problem in problems:
                print(f"             {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    environment.enter("dev")
    sys.exit(main(sys.argv[1:]))
