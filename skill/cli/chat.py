"""``ai-video chat``: one turn, or a conversation."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, files_option, options


def configure(parser: argparse.ArgumentParser) -> None:
    files_option(parser)
    options(parser)
    parser.add_argument(
        "message",
        metavar="MESSAGE",
        nargs="*",
        help="what to do, after -- if it begins with a dash; none: a conversation",
    )


def run(args: argparse.Namespace) -> int:
    if not args.message and not args.files:
        from skill.cli.talk import talk

        return talk(args)
    message = " ".join(args.message)
    return answer(args, lambda skill: skill.turn(message, args.files))
