"""``ai-video``: the skill as a command.

A command is a module here with ``configure(parser)`` and ``run(args) -> exit status``, named in
COMMANDS; it is imported when it is called, because every chat turn may be a process of its own.
Exit status: 0 done, 1 a step failed (the text says why), 2 usage, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from skill.cli.parsers import parse

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

# name -> (module, what it does)
COMMANDS = {
    "chat": ("chat", "answer a chat turn, or hold a conversation"),
    "route": ("route", "show the steps that a turn asks for, and do nothing"),
    "status": ("status", "show the timeline and the renders under way"),
    "preview": ("preview", "show what the video looks like, without rendering it"),
    "credits": ("credits", "show the credits that are left"),
    "export": ("export", "render the timeline and save the file"),
    "upload": ("upload", "bring files or links into the project"),
    "resume": ("resume", "wait for renders that are under way, and save their files"),
    "jobs": ("jobs", "list the renders that were asked for"),
    "studio": ("studio", "run or stop the studio on this machine"),
    "mcp": ("mcp", "serve the skill to an assistant that speaks MCP"),
    "install": ("install", "put the skill where your assistants look for skills"),
    "uninstall": ("uninstall", "take the skill away from your assistants"),
    "doctor": ("doctor", "look whether everything works here, and say what mends it"),
    "completion": ("completion", "print a script that completes ai-video in your shell"),
}

# The order in which the help shows them; a command that stands in none comes last.
GROUPS = (
    ("start here", ("chat",)),
    ("the project", ("status", "preview", "upload", "export", "credits")),
    ("renders that take long", ("resume", "jobs")),
    ("assistants", ("install", "uninstall", "mcp")),
    ("this machine", ("doctor", "studio", "completion", "route")),
)

EXAMPLES = """\
examples:
  ai-video chat "a 5-second cinematic clip of a sunset over the ocean"
  ai-video chat --file clip.mp4 "trim it to the first 5 seconds, then export"
  ai-video chat                      a conversation; Ctrl-D ends it
  ai-video export --out ~/Videos
  ai-video doctor                    what is wrong, and how to mend it

`ai-video COMMAND --help` shows the options of a command and examples.
Exit status: 0 done, 1 a step failed (the text says why), 2 a mistake in the call,
130 interrupted.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line. Returns the exit status; usage errors leave by SystemExit(2)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _print_anything()
    try:
        args = parse(COMMANDS, GROUPS, EXAMPLES, arguments)
        status: int = args.run(args)
        sys.stdout.flush()
    except ImportError as error:
        print(missing(error), file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def missing(error: ImportError, language: str = "en") -> str:
    """A package is not there: whoever has half an installation is told what to do."""
    from skill.install.origin import add
    from skill.phrases import say

    return say("package", language, package=error.name or str(error), command=add("studio"))


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
