"""``ai-video credits``: the step alone."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options
from skill.router.steps import Step

DESCRIPTION = """\
Show the credits that are left. The studio on this machine costs none.
"""

EXAMPLES = """\
examples:
  ai-video credits
  ai-video credits --backend cloud
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    options(parser, out=False)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.CREDITS]))
