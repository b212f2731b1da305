"""The command line's parsers: help in groups, and the nearest word for one that is mistyped."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import NoReturn

Commands = Mapping[str, tuple[str, str]]  # name -> (module in skill.cli, what it does)
Groups = Sequence[tuple[str, Sequence[str]]]  # title -> names

_UNKNOWN = "unrecognized arguments: "
_CHOICE = re.compile(r"(argument [^:]+): invalid choice: '?(?P<word>[^']*)'? \(choose from (.*)\)")


class Parser(argparse.ArgumentParser):
    """A parser whose errors say what was probably meant, and where help is."""

    def error(self, message: str) -> NoReturn:
        if message.startswith(_UNKNOWN):
            message = self._unknown(message.removeprefix(_UNKNOWN).split())
        elif found := _CHOICE.fullmatch(message):
            allowed = re.findall(r"[^\s',]+", found[3])
            message = (
                f"{found[1]}: {found['word']!r} is not one of {', '.join(allowed)}"
                f"{_meant(found['word'], allowed)}"
            )
        end = "" if message.endswith(("?", ".")) else "."
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}{end}\nHelp: {self.prog} --help\n")

    def _unknown(self, words: list[str]) -> str:
        option = next((word for word in words if word.startswith("-")), "")
        if not option:
            return f"{' '.join(words)!r} is more than this command takes"
        name = option.partition("=")[0]
        known = [text for action in self._actions for text in action.option_strings]
        # A sentence that begins with a dash looks like an option.
        dash = " (words that begin with a dash come after --)" if name.count(" ") else ""
        return f"there is no option {name}{_meant(name, known)}{dash}"


class _Version(argparse.Action):
    """Reads the version where it stands, in SKILL.md, when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from skill.errors import ManifestError
        from skill.frontmatter import read

        try:
            print(f"ai-video {read().version}")
        except (ManifestError, ImportError) as error:
            parser.exit(1, f"{error}\n`ai-video doctor` says more.\n")
        parser.exit()


def build(commands: Commands, groups: Groups, examples: str, called: str | None) -> Parser:
    """The parser of ``ai-video``; only the command that is ``called`` knows its options.

    None: all of them do (completion wants that), and one whose module cannot be imported is
    left out.
    """
    parser = Parser(
        prog="ai-video",
        usage="ai-video [-h] [-V] COMMAND ...",
        description=f"Make and edit videos by chatting.\n\n{_listing(commands, groups)}",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", nargs=0, action=_Version, help="show the version")
    below = parser.add_subparsers(
        metavar="COMMAND", help=argparse.SUPPRESS, prog="ai-video", parser_class=Parser
    )
    for name, (module, does) in commands.items():
        command = below.add_parser(
            name,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if called is None or name == called:
            try:
                chosen = import_module(f"skill.cli.{module}")
            except ImportError:
                if called is None:
                    continue
                raise
            chosen.configure(command)
            command.set_defaults(run=chosen.run, parser=command)
    return parser


def parse(
    commands: Commands, groups: Groups, examples: str, arguments: Sequence[str]
) -> argparse.Namespace:
    """The arguments of a command line; usage errors leave by SystemExit(2)."""
    words = _helped(list(arguments))
    first = words[0] if words else ""
    parser = build(commands, groups, examples, first)
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(2)
    if first not in commands and not first.startswith("-"):
        parser.error(_no_command(first, commands))
    args, more = parser.parse_known_args(words)
    if more and "parser" in args:
        args.parser.error(_UNKNOWN + " ".join(more))
    if "run" not in args:
        wanted = [word for word in words if word in commands] or ["COMMAND"]
        parser.error(f"options come after the command: ai-video {wanted[-1]} {first} ...")
    return args


def _helped(words: list[str]) -> list[str]:
    """``help`` and ``help export`` as the options that they mean."""
    if words[:1] == ["help"]:
        return [*words[1:2], "--help"]
    return words


def _no_command(word: str, commands: Iterable[str]) -> str:
    if len(word.split()) > 1:
        return f"there is no such command. To say something: ai-video chat {word[:60]!r}"
    return f"there is no command {word[:40]!r}{_meant(word, commands)}"


def _meant(word: str, known: Iterable[str]) -> str:
    import difflib  # only where something was mistyped

    close = difflib.get_close_matches(word.lower(), list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


def _listing(commands: Commands, groups: Groups) -> str:
    """The commands under the titles of their groups; what is in none comes last."""
    grouped = {name for _, names in groups for name in names}
    rest = [name for name in commands if name not in grouped]
    wide = max(map(len, commands)) + 2
    lines: list[str] = []
    for title, names in (*groups, ("more", rest)):
        shown = [name for name in names if name in commands]
        if shown:
            lines += [f"{title}:", *(f"  {name:<{wide}}{commands[name][1]}" for name in shown), ""]
    return "\n".join(lines).rstrip()
