"""``ai-video resume``: every render that is under way becomes a file."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, options


def configure(parser: argparse.ArgumentParser) -> None:
    options(parser)


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.resume())
