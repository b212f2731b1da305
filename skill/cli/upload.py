"""``ai-video upload FILE...``: files and links into the project."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, file_or_link, options
from skill.router.steps import Step


def configure(parser: argparse.ArgumentParser) -> None:
    options(parser, out=False)
    parser.add_argument("files", metavar="FILE", nargs="+", type=file_or_link, help="path or link")


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.UPLOAD], files=args.files))
