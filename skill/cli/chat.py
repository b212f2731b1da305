"""``ai-video chat``: one turn, or a conversation."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, files_option, options

DESCRIPTION = """\
Answer a chat turn, or hold a conversation. What was made before is remembered: "make it
vertical" goes on with the project of the last turn. Answers go to stdout, progress to stderr.
"""

EXAMPLES = """\
examples:
  ai-video chat "a 5-second cinematic clip of a sunset over the ocean"
  ai-video chat --file beach.mp4 --file song.mp3 "trim it to 5 s, use the song at 30%"
  ai-video chat "add lo-fi music, then export"
  ai-video chat --json -- "--10% slower"     words that begin with a dash come after --
  ai-video chat                              a conversation
  ai-video chat < turns.txt                  a turn a line

In a conversation: /file PATH adds a file to the next turn (or drag it in), /new begins a new
project, Ctrl-C stops the waiting and loses nothing, exit or Ctrl-D ends it.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
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
