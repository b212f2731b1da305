"""``ai-video upload FILE...``: files and links into the project."""

from __future__ import annotations

import argparse

from skill.cli.turn import answer, file_or_link, options
from skill.router.steps import Step

DESCRIPTION = """\
Bring files or links into the project. Formats: mp4, mov, avi, webm, mkv, jpg, png, gif, webp,
mp3, wav, m4a, aac; 200 MB a file.
"""

EXAMPLES = """\
examples:
  ai-video upload beach.mp4 song.mp3
  ai-video upload https://example.com/clip.mp4
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    options(parser, out=False)
    parser.add_argument("files", metavar="FILE", nargs="+", type=file_or_link, help="path or link")


def run(args: argparse.Namespace) -> int:
    return answer(args, lambda skill: skill.do([Step.UPLOAD], files=args.files))
