"""``ai-video install``: the skill into the folders where assistants look for skills."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill.cli import DONE, FAILED, USAGE
from skill.errors import SkillError
from skill.install import steps
from skill.install.assistants import ASSISTANTS, BY_NAME, detect
from skill.install.places import Place, Scope, UnknownAgent, asked, found, project_of
from skill.plain import plain

if TYPE_CHECKING:
    from skill.install.mcp.entry import Change

EXAMPLES = """\
examples:
  ai-video install                          for every assistant that is found here
  ai-video install --dry-run                show what it would do
  ai-video install --agent cursor --agent codex
  ai-video install --project                into the project that you are in
  ai-video install --agent ~/my/skills      into a folder of your own
  ai-video install --mcp                    as an MCP server too

An older version of the skill is replaced. A folder that holds changes of yours, a link, a git
checkout, a newer version or something else is left alone, and you are told how to go on.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    options(parser)
    parser.add_argument(
        "--mcp", action="store_true", help="add the MCP server to the assistants' configuration too"
    )
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def options(parser: argparse.ArgumentParser) -> None:
    """What install and uninstall have in common."""
    names = ", ".join(assistant.name for assistant in ASSISTANTS)
    parser.add_argument(
        "--agent",
        dest="agents",
        metavar="NAME_OR_PATH",
        action="append",
        default=[],
        help=f"{names}, or a folder of skills (may be given again)",
    )
    parser.add_argument(
        "--project", action="store_true", help="in the project of the current folder"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def scope_of(args: argparse.Namespace) -> Scope:
    home = Path.home()
    return Scope(home, project_of(Path.cwd(), home) if args.project else None)


def chosen(
    args: argparse.Namespace, scope: Scope, default: Callable[[Scope, str], list[Place]]
) -> tuple[steps.Product, list[Place]]:
    """The product, and the places that --agent names, else the default ones. Raises SkillError."""
    product = steps.Product.own()
    if args.agents:
        return product, asked(args.agents, scope, product.name)
    return product, default(scope, product.name)


def refused(error: SkillError) -> int:
    """Say why nothing is done; the exit status."""
    print(error, file=sys.stderr)
    return USAGE if isinstance(error, UnknownAgent) else FAILED


def run(args: argparse.Namespace) -> int:
    scope = scope_of(args)
    try:
        product, places = chosen(args, scope, found)
    except SkillError as error:
        return refused(error)
    if not args.dry_run:
        steps.clear(places)
    plan = steps.to_install(product, places)
    report = Report(args.json, args.dry_run)
    if not args.json:
        print(f"{product.name} {product.version}: {_found_here(args.agents, scope)}\n")
    done = report.do(plan, product)
    if args.mcp:
        report.enter(_entries(done, scope), wanted=True)
    report.end(product, _next(done, report, args.mcp))
    return FAILED if report.failed else DONE


def _found_here(agents: Sequence[str], scope: Scope) -> str:
    """A line on who it is for."""
    if agents:
        return "as you asked"
    shared = BY_NAME["agents"]
    there = [f"{a.title} ({a.there(scope.home)})" for a in detect(scope.home) if a != shared]
    if scope.project is not None:
        return f"for the project {scope.project}"
    if not there:
        return (
            "no assistant was found, so it goes into the folder that most of them read. "
            "--agent chooses another."
        )
    return f"found {', '.join(there)}"


def _entries(done: Sequence[steps.Step], scope: Scope) -> list[Change]:
    """The changes that make the skill in each place an MCP server of those who read it."""
    from skill.install.mcp import entry

    changes = []
    for step in done:
        if step.do not in ("install", "update", "replace", "keep"):
            continue
        names = [reader.name for reader in step.place.readers if reader.name in entry.NAMES]
        changes += entry.plan(names, scope.home, scope.project, launcher(step.place))
    return changes


def launcher(place: Place) -> list[str]:
    """The command line of the MCP server of a skill folder."""
    script = place.folder / "scripts" / "ai-video"
    if sys.platform == "win32":
        return [sys.executable, f"{script}.py", "mcp"]
    return ["sh", str(script), "mcp"]  # also where copying has lost the executable bit


def short(path: Path) -> str:
    """A path as one would write it, with ~ for the home."""
    home = Path.home()
    return f"~{os.sep}{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _next(done: Sequence[steps.Step], report: Report, served: bool) -> str:
    new = [step for step in done if step.do in ("install", "update", "replace")]
    if report.dry or not (new or report.entered):
        return ""
    words = (
        "Start a new session of your assistant and ask for a video, such as "
        '"a 5-second clip of a sunset over the ocean". The first time it sets up its packages, '
        "which takes about a minute."
    )
    if served:
        command = launcher((new or done)[0].place)
        shown = subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
        words += f" An MCP client may not wait that long. Run this once now:\n  {shown} --help"
    return words


class Report:
    """Steps shown, carried out, and told about: lines, or one JSON object at the end."""

    def __init__(self, as_json: bool, dry: bool) -> None:
        self.failed = False
        self.entered = False
        self.dry = dry
        self._json = as_json
        self._steps: list[dict[str, Any]] = []
        self._entries: list[dict[str, Any]] = []

    def do(self, plan: Sequence[steps.Step], product: steps.Product) -> list[steps.Step]:
        """Show the plan, then carry it out unless it is a dry run. Returns what went well."""
        for step in plan:
            who = f" ({step.place.who})" if step.place.readers else ""
            verb = "nothing" if step.do == "none" else step.do
            self._say(f"  {verb:<8} {short(step.place.folder)}{who}: {step.words}")
        done = []
        for step in plan:
            problem = "" if step.do != "leave" else step.words
            if not self.dry:
                try:
                    steps.carry_out(step, product)
                except SkillError as error:
                    problem = str(error)
                    self._complain(problem)
            self.failed |= bool(problem)
            if not problem:
                done.append(step)
            self._steps.append(
                {
                    "folder": str(step.place.folder),
                    "agents": [reader.name for reader in step.place.readers],
                    "do": step.do,
                    "ok": not problem,
                    "words": problem or step.words,
                }
            )
        return done

    def enter(self, changes: Sequence[Change], wanted: bool) -> None:
        """Show changes of the assistants' configurations, and make them unless it is a dry run."""
        if wanted and not changes:
            self._say("\nNo assistant here is one whose MCP servers this command can enter.")
        for change in changes:
            words, ok = change.words, not (change.refused and wanted)
            if change.needed and not self.dry:
                try:
                    change.apply()
                    self.entered = True
                except SkillError as error:
                    words, ok = str(error), False
            if change.needed or wanted or not ok:
                self._say(f"  mcp      {words}") if ok else self._complain(words)
            if not ok and change.snippet and not self._json:
                print(change.snippet)
            self.failed |= not ok
            self._entries.append(
                {
                    "agent": change.assistant,
                    "file": str(change.path),
                    "do": "write" if change.needed else "keep",
                    "ok": ok,
                    "words": words,
                }
            )

    def end(self, product: steps.Product, words: str = "", **more: Any) -> None:
        """The last words."""
        if self._json:
            told = {"name": product.name, "version": product.version, "dry_run": self.dry}
            steps_told = {"steps": self._steps, "mcp": self._entries}
            print(json.dumps({**told, **steps_told, **more}, ensure_ascii=False))
            return
        if self.dry:
            print("\nNothing was done (--dry-run).")
        if words:
            print(f"\n{words}")

    # Names of files, links and other people's skills stand in what is told.

    def _say(self, text: str) -> None:
        if not self._json:
            print(plain(text), flush=True)

    def _complain(self, text: str) -> None:
        if not self._json:
            print(plain(text), file=sys.stderr, flush=True)
