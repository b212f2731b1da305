"""``ai-video export``: the timeline as a file."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options
from skill.router.steps import Step


def configure(parser: argparse.ArgumentParser) -> None:
    options(parser)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.EXPORT]))
