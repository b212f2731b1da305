"""``ai-video status``: the step alone."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options
from skill.router.steps import Step

EXAMPLES = """\
examples:
  ai-video status
  ai-video status --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    options(parser, out=False)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.STATUS]))
