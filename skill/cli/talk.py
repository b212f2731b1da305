"""The conversation: a prompt, turns, and Ctrl-C that stops the waiting and loses nothing."""

from __future__ import annotations

import argparse
import contextlib
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from skill.cli import DONE, FAILED, INTERRUPTED, USAGE
from skill.cli.terminal import Terminal
from skill.cli.turn import file_or_link, interrupted, print_json, settings_of, what_goes_on
from skill.conversation import Skill
from skill.errors import SkillError
from skill.formats import FORMATS
from skill.home import expanded
from skill.phrases import say
from skill.phrases.errors import explain

HISTORY = "history"  # in our state folder
LONGEST_HISTORY = 500  # lines
_LEAVE = frozenset({"exit", "quit", "bye", "/exit", "/quit", "退出", "再见"})


def talk(args: argparse.Namespace) -> int:
    """Turns until the input ends. From a pipe each line is a turn."""
    try:
        settings = settings_of(args)
    except SkillError as error:
        print(error, file=sys.stderr)
        return FAILED
    on_terminal = sys.stdin.isatty()
    if on_terminal and args.json:
        print("ai-video chat: --json needs a MESSAGE, or turns from a pipe", file=sys.stderr)
        return USAGE
    terminal = Terminal(stream=not args.json)
    skill = Skill(settings, out=args.out, listener=terminal)
    if not on_terminal:
        return _from_pipe(args, skill, terminal)
    return _from_prompt(skill, terminal, settings.home)


def _from_pipe(args: argparse.Namespace, skill: Skill, terminal: Terminal) -> int:
    """A turn a line. The status tells of the last turn that failed."""
    status = DONE
    for line in sys.stdin:
        if not line.strip():
            continue
        if line.strip().casefold() in _LEAVE:
            break
        message, files = with_files(line.strip())
        try:
            reply = skill.turn(message, files)
        except KeyboardInterrupt:
            return interrupted(args, skill, terminal)
        terminal.end()
        if args.json:
            print_json(reply)
        else:
            print(flush=True)
        status = FAILED if reply.error else status
    return status


def _from_prompt(skill: Skill, terminal: Terminal, home: Path) -> int:
    """Turns that a person types."""
    waiting: list[str] = []  # files for the next turn
    skill.turn("")  # the greeting
    terminal.end()
    with _history(home):
        while True:
            try:
                line = input(f"\n{_prompt(waiting)}").strip()
            except EOFError:
                print()
                return DONE
            except KeyboardInterrupt:
                print()
                return INTERRUPTED
            if line.casefold() in _LEAVE:
                return DONE
            if line.casefold() == "/new":
                _begin(skill)
                continue
            if line.startswith("/file"):
                waiting += _named(line[len("/file") :])
                continue
            message, files = with_files(line)
            files = waiting + files
            if not message and not files:
                continue
            waiting = []
            try:
                skill.turn(message, files)
                terminal.end()
            except KeyboardInterrupt:
                terminal.end()
                print(what_goes_on(skill), file=sys.stderr)


def _begin(skill: Skill) -> None:
    """Leave the project for a new one."""
    try:
        skill.begin()
    except SkillError as error:
        print(explain(error, skill.language), file=sys.stderr)
    else:
        print(say("begun", skill.language))


def _prompt(waiting: list[str]) -> str:
    return f"({', '.join(Path(name).name for name in waiting)}) > " if waiting else "> "


def _named(text: str) -> list[str]:
    """The files of a "/file" line; what cannot be used is told."""
    found = []
    for name in _words(text):
        try:
            found.append(file_or_link(name))
        except argparse.ArgumentTypeError as error:
            print(error, file=sys.stderr)
    return found


def with_files(line: str) -> tuple[str, list[str]]:
    """A line's words, and the files that were dragged into it (paths that exist).

    "trim '/home/me/my clip.mp4' to 5 s" -> ("trim my clip.mp4 to 5 s", [that path]).
    """
    files: list[str] = []

    def taken(found: re.Match[str]) -> str:
        words = _words(found.group())
        path = expanded(words[0]) if len(words) == 1 else None
        with contextlib.suppress(OSError):
            if path is not None and path.is_file():
                files.append(str(path))
                return path.name
        return found.group()

    message = _PATH.sub(taken, line).strip()
    # Only files, and not a word about them.
    return (
        ("", files)
        if message in (" ".join(Path(name).name for name in files), "")
        else (
            message,
            files,
        )
    )


# A path as a terminal writes a dragged file: quoted, or with escaped spaces, absolute or not.
_MEDIA = "|".join([*FORMATS, "jpeg"])
_PATH = re.compile(
    rf"'[^'\n]+\.(?:{_MEDIA})'|\"[^\"\n]+\.(?:{_MEDIA})\"|(?<!\S)(?!https?:)(?:[^\s\\'\"]|\\.)+\.(?:{_MEDIA})(?!\S)",
    re.IGNORECASE,
)


def _words(text: str) -> list[str]:
    """Shell words; on Windows a backslash is part of the path."""
    try:
        if sys.platform == "win32":
            return [word.strip("'\"") for word in shlex.split(text, posix=False)]
        return shlex.split(text)
    except ValueError:  # an open quotation
        return [text.strip(" '\"")] if text.strip() else []


@contextlib.contextmanager
def _history(home: Path) -> Iterator[None]:
    """Lines of earlier conversations with the arrow keys, kept for our user alone."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    from skill.home import Home, write_private

    file = home / HISTORY
    with contextlib.suppress(OSError):
        readline.read_history_file(file)
    readline.set_history_length(LONGEST_HISTORY)
    try:
        yield
    finally:
        count = readline.get_current_history_length()
        first = max(1, count - LONGEST_HISTORY + 1)
        lines = [readline.get_history_item(number) or "" for number in range(first, count + 1)]
        with contextlib.suppress(OSError, SkillError):
            Home(home).prepare()
            write_private(file, "\n".join([*lines, ""]).encode())
