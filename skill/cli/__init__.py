"""``ai-video``: the skill as a command.

A command is a module here with ``configure(parser)`` and ``run(args) -> exit status``, named in
COMMANDS; it is imported when it is called, because every chat turn may be a process of its own.
Exit status: 0 done, 1 a step failed (the text says why), 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

# name -> (module, what it does)
COMMANDS = {
    "chat": ("chat", "answer a chat turn, or hold a conversation"),
    "route": ("route", "show the steps that a turn asks for, and do nothing"),
    "status": ("status", "show the timeline and the renders under way"),
    "credits": ("credits", "show the credits that are left"),
    "export": ("export", "render the timeline and save the file"),
    "upload": ("upload", "bring files or links into the project"),
    "resume": ("resume", "wait for renders that are under way, and save their files"),
    "jobs": ("jobs", "list the renders that were asked for"),
    "studio": ("studio", "run or stop the studio on this machine"),
    "install": ("install", "put the skill where your assistants look for skills"),
    "uninstall": ("uninstall", "take the skill away from your assistants"),
}

EXAMPLES = """\
examples:
  ai-video chat "a 5-second cinematic clip of a sunset over the ocean"
  ai-video chat --file clip.mp4 "trim it to the first 5 seconds, then export"
  ai-video chat                      a conversation; Ctrl-D ends it
  ai-video export --out ~/Videos
"""


class _Version(argparse.Action):
    """Reads the version where it stands, in SKILL.md, when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from skill.frontmatter import read

        print(f"ai-video {read().version}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line. Returns the exit status; usage errors leave by SystemExit(2)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _print_anything()
    try:
        args = _parser(arguments).parse_args(arguments)
        status: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ai-video",
        description="Make and edit videos by chatting.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", nargs=0, action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    called = next((word for word in arguments if not word.startswith("-")), "")
    for name, (module, does) in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        if name == called:
            chosen = import_module(f"skill.cli.{module}")
            chosen.configure(command)
            command.set_defaults(run=chosen.run)
    return parser


def _print_anything() -> None:
    """A terminal that lacks a sign shows a question mark, and does not end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _reader_gone() -> int:
    """Whoever read our output has left (``| head``); nothing more can be said to them."""
    import contextlib
    import os

    # Python writes out what is buffered at exit, and would complain again.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED
