"""``ai-video uninstall``: the skill out of the assistants' folders; ``--purge``: every trace."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from skill.cli import DONE, FAILED, USAGE
from skill.cli.install import Report, chosen, options, refused, scope_of
from skill.errors import SkillError
from skill.install import origin, steps, traces
from skill.install.assistants import titles
from skill.install.mcp import entry
from skill.install.places import Place, Scope, known, others
from skill.settings import Settings

EXAMPLES = """\
examples:
  ai-video uninstall                        from every assistant's folder of yours
  ai-video uninstall --dry-run              show what it would remove
  ai-video uninstall --agent cursor
  ai-video uninstall --project              from the project that you are in
  ai-video uninstall --mcp                  the MCP server alone
  ai-video uninstall --purge                the state and the packages as well

Your videos stay where they are. The studio's projects are part of the state.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    options(parser)
    parser.add_argument(
        "--mcp", action="store_true", help="remove the MCP server alone, and keep the skill"
    )
    parser.add_argument(
        "--purge",
        action="store_true",
        help="stop the studio, and remove its projects, the tokens and the packages as well",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before --purge")
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def run(args: argparse.Namespace) -> int:
    scope = scope_of(args)
    if args.purge and args.mcp:
        print("--purge and --mcp cannot be used together: --mcp keeps the skill.", file=sys.stderr)
        return USAGE
    try:
        home = Settings.read().home
        product, places = chosen(args, scope, known)
    except SkillError as error:
        return refused(error)
    if args.purge and not args.dry_run and not _agreed(args, home):
        print("Nothing was removed.", file=sys.stderr)
        return FAILED
    report = Report(args.json, args.dry_run)
    # Before the folder that this may run from: what is imported later is gone with it.
    problem = _purge(home) if args.purge and not args.dry_run else ""
    if problem:
        report.failed = True
        print(problem, file=sys.stderr)
    report.enter(entry.plan(_names(args, places), scope.home, scope.project, None), wanted=False)
    if not args.mcp:
        if not args.dry_run:
            steps.clear(places)
        plan = steps.to_remove(product, places)
        if not args.agents:
            plan = [step for step in plan if step.do != "none"]
        report.do([_shared(step, scope, product.name) for step in plan], product)
        if not plan and not args.json:
            print(f"  {product.name} is in none of {_whose(scope)} folders of skills.")
    kept = {} if args.mcp else _kept(home)
    words = "" if args.mcp or args.json else _last_words(args, kept)
    report.end(product, words, kept=[str(path) for paths in kept.values() for path in paths])
    return FAILED if report.failed else DONE


def _names(args: argparse.Namespace, places: list[Place]) -> list[str]:
    """The assistants whose configuration may hold our server."""
    if not args.agents:
        return list(entry.NAMES)
    readers = [reader.name for place in places for reader in place.readers]
    return [name for name in readers if name in entry.NAMES]


def _shared(step: steps.Step, scope: Scope, name: str) -> steps.Step:
    """A removal, with a word on the other assistants that lose the skill by it."""
    losing = others(step.place, scope, name) if step.do == "remove" else []
    if not losing:
        return step
    return replace(step, words=f"{step.words}; {titles(losing)} can no longer use it either")


def _whose(scope: Scope) -> str:
    return "your" if scope.project is None else f"the project {scope.project}'s"


def _agreed(args: argparse.Namespace, home: Path) -> bool:
    """Whether the user wants the state gone: said by --yes, or asked in a terminal."""
    if args.yes:
        return True
    what = (
        f"This removes the studio's projects, tokens and sessions in {home}, for good, "
        f"and the packages in {traces.cache()}. Finished videos elsewhere stay."
    )
    if args.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(f"{what}\nAdd --yes if that is wanted.", file=sys.stderr)
        return False
    print(what)
    try:
        return input("Go on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _purge(home: Path) -> str:
    """Stop the studio and remove every trace. Returns what went wrong, "" where nothing did."""
    from skill.studio.process import StudioError, stop

    state = traces.state(home)
    try:
        if (home / "studio").is_dir():
            stop(home)
    except (StudioError, OSError) as error:
        return f"{error} Nothing of {home} was removed. End it, and run the command again."
    left = traces.remove(state) + traces.remove(traces.cached())
    if left:
        commands = "\n".join(f"  {steps.remove_command(path)}" for path in left)
        return f"Not everything could be removed. What is left goes with:\n{commands}"
    return ""


def _kept(home: Path) -> dict[str, list[Path]]:
    """What stays on the machine, by what it is."""
    kept = {
        "the state (the studio's projects, tokens, sessions)": traces.state(home),
        "the packages (made again when they are needed)": traces.cached(),
        "the client id, which other NemoVideo skills use too": [traces.client_id()],
    }
    there = {what: [path for path in paths if path.exists()] for what, paths in kept.items()}
    return {what: paths for what, paths in there.items() if paths}


def _last_words(args: argparse.Namespace, kept: dict[str, list[Path]]) -> str:
    lines = []
    if kept:
        lines.append("What stays on this machine:")
    for what, paths in kept.items():
        where = paths[0] if paths[0] == traces.client_id() else paths[0].parent
        lines.append(f"  {where}  {traces.size(paths) / 1e6:.1f} MB, {what}")
    if not args.purge and any(path.parent != traces.client_id().parent for path in _all(kept)):
        lines.append("ai-video uninstall --purge removes the state and the packages too.")
    if traces.client_id() in _all(kept):
        lines.append(f"To remove the client id: {steps.remove_command(traces.client_id())}")
    if origin.remove():
        lines.append(f"The command ai-video itself goes with: {origin.remove()}")
    return "\n".join(lines)


def _all(kept: dict[str, list[Path]]) -> list[Path]:
    return [path for paths in kept.values() for path in paths]
