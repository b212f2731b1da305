"""What the commands that do steps have in common: their options, their output, their end."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace

from skill.cli import DONE, FAILED, INTERRUPTED, missing
from skill.cli.terminal import Terminal
from skill.conversation import Reply, Skill
from skill.errors import SkillError
from skill.phrases import say
from skill.settings import BACKENDS, Settings


def options(parser: argparse.ArgumentParser, out: bool = True) -> None:
    """--json, --out and --backend."""
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    if out:
        parser.add_argument("--out", metavar="DIR", help="where videos go (default: here)")
    parser.add_argument("--backend", choices=BACKENDS, help="instead of AI_VIDEO_BACKEND")


def files_option(parser: argparse.ArgumentParser) -> None:
    """--file, as often as there are files."""
    parser.add_argument(
        "--file",
        dest="files",
        metavar="PATH_OR_URL",
        type=file_or_link,
        action="append",
        default=[],
        help="a file or link that comes with the turn (may be given again)",
    )


def file_or_link(value: str) -> str:
    """A path or an http(s) address; anything else is a mistake in the call."""
    scheme, colon, _ = value.partition("://")
    if not value.strip():
        raise argparse.ArgumentTypeError("the path is empty")
    if colon and scheme.lower() not in ("http", "https"):
        raise argparse.ArgumentTypeError(f"{value!r} is no file and no http(s) address")
    return value


def settings_of(args: argparse.Namespace) -> Settings:
    """The environment's settings, with --backend. Raises SettingsError."""
    settings = Settings.read()
    return replace(settings, backend=args.backend) if args.backend else settings


def answer(args: argparse.Namespace, do: Callable[[Skill], Reply]) -> int:
    """Do something with the skill, print what came of it, and return the exit status."""
    terminal = Terminal(stream=not args.json)
    skill = Skill(out=getattr(args, "out", None), listener=terminal)
    try:
        skill.settings = settings_of(args)
        reply = do(skill)
    except SkillError as error:
        reply = Reply(
            str(error), error={"code": error.code, "message": str(error), "retry": error.retry}
        )
        terminal.piece(reply.text)
    except KeyboardInterrupt:
        return interrupted(args, skill, terminal)
    except BrokenPipeError:
        raise
    except ImportError as error:
        text = missing(error, skill.language)
        reply = Reply(text, error={"code": "package-missing", "message": text, "retry": False})
        terminal.piece(text)
    except Exception as error:  # a mistake of ours is told in plain words too
        text = say("internal", skill.language, what=type(error).__name__)
        reply = Reply(text, error={"code": "internal", "message": text, "retry": False})
        terminal.piece(text)
    terminal.end()
    if args.json:
        print_json(reply)
    return FAILED if reply.error else DONE


def interrupted(args: argparse.Namespace, skill: Skill, terminal: Terminal) -> int:
    """Say what is still going on, and how to pick it up."""
    terminal.end()
    text = what_goes_on(skill)
    print(text, file=sys.stderr)
    if args.json:
        reply = Reply(text, error={"code": "interrupted", "message": text, "retry": True})
        print_json(reply)
    return INTERRUPTED


def what_goes_on(skill: Skill) -> str:
    """What an interruption leaves running, in words."""
    stage = skill.errand.stage if skill.errand else ""
    return say(f"interrupted.{stage}" if stage else "interrupted", skill.language)


def print_json(reply: Reply) -> None:
    """One object on one line; letters that the terminal lacks are escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    print(json.dumps(reply.as_json(), ensure_ascii=not encoding.startswith("utf")), flush=True)
