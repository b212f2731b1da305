"""``ai-video export``: the timeline as a file."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options
from skill.router.steps import Step

DESCRIPTION = """\
Render the timeline and save the file, an MP4. Nothing is overwritten. Exports cost no credits.
"""

EXAMPLES = """\
examples:
  ai-video export
  ai-video export --out ~/Videos
  ai-video chat "export as webm in 720p"     other formats and sizes are asked for in words
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    options(parser)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.EXPORT]))
