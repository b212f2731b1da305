"""``ai-video resume``: every render that is under way becomes a file."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options

DESCRIPTION = """\
Wait for renders that are under way, and save their files. What was stopped with Ctrl-C, or
took longer than the waiting, is fetched here.
"""

EXAMPLES = """\
examples:
  ai-video resume
  ai-video resume --out ~/Videos
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    options(parser)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.resume())
