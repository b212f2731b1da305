"""What can stand on the command line: read from the parsers."""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import dataclass
from typing import Literal

from skill.cli import COMMANDS, EXAMPLES, GROUPS
from skill.cli.parsers import build
from skill.install.assistants import ASSISTANTS

PROGRAM = "ai-video"

_HELP = 70  # characters

Kind = Literal["text", "file", "folder", "choice"]


@dataclass(frozen=True)
class Value:
    """What an option or a place takes; ``choices`` beside folders are names that do as well."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """``names`` with their dashes; ``value`` None: a switch."""

    names: tuple[str, ...]
    help: str
    value: Value | None
    again: bool = False


@dataclass(frozen=True)
class Command:
    """A command, its options, and what it takes besides (the last one as often as one likes)."""

    name: str
    help: str
    options: tuple[Option, ...]
    places: tuple[Value, ...]


def commands() -> tuple[Command, ...]:
    """Every command that can be imported here, in the order of the help."""
    parser = build(COMMANDS, GROUPS, EXAMPLES, called=None)
    (below,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    grouped = [name for _, names in GROUPS for name in names]
    order = [*grouped, *(name for name in COMMANDS if name not in grouped)]
    return tuple(
        _command(name, COMMANDS[name][1], below.choices[name])
        for name in order
        if name in below.choices
    )


def program() -> tuple[Option, ...]:
    """The options of the program itself."""
    return _options(build(COMMANDS, GROUPS, EXAMPLES, called=""))


def _command(name: str, does: str, parser: argparse.ArgumentParser) -> Command:
    places = tuple(
        _value(action)
        for action in parser._actions
        if not action.option_strings and action.help != argparse.SUPPRESS
    )
    return Command(name, does, _options(parser), places)


def _options(parser: argparse.ArgumentParser) -> tuple[Option, ...]:
    return tuple(
        Option(
            tuple(action.option_strings),
            _short(action.help or ""),
            None if action.nargs == 0 else _value(action),
            isinstance(action, argparse._AppendAction),
        )
        for action in parser._actions
        if action.option_strings and action.help != argparse.SUPPRESS
    )


def _short(text: str) -> str:
    """A help in a line of a menu."""
    return textwrap.shorten(text.replace("%%", "%"), _HELP, placeholder=" ...")


def _value(action: argparse.Action) -> Value:
    """By its choices, or by how its place is called in the help."""
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    name = metavar or action.dest
    if action.dest == "agents":
        return Value(name, "folder", tuple(assistant.name for assistant in ASSISTANTS))
    if action.choices is not None:
        return Value(name, "choice", tuple(str(choice) for choice in action.choices))
    words = metavar.upper().split("_")
    if "DIR" in words or "FOLDER" in words:
        return Value(name, "folder")
    return Value(name, "file" if {"FILE", "PATH"} & set(words) else "text")
