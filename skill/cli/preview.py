"""``ai-video preview``: the project as pictures, without rendering it."""

from __future__ import annotations

import argparse
import re

from skill.cli.turn import answer, options

EXAMPLES = """\
examples:
  ai-video preview                      a sheet of frames, with the tracks below them
  ai-video preview --at 3.5 --at 0:12   single frames
  ai-video preview --before-after       what the last edit changed
"""
_LONGEST = 24 * 3600.0  # seconds


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--at", metavar="TIME", type=seconds, action="append", default=[],
        help="the frame at that time: 3.5 (seconds) or 0:03.5; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--sheet", action="store_true", help="the contact sheet (what comes without --at, too)"
    )
    parser.add_argument(
        "--before-after", action="store_true", help="the last edit, before and after side by side"
    )
    options(parser)


def run(args: argparse.Namespace) -> int:
    return answer(
        args,
        lambda skill: skill.preview(args.at, sheet=args.sheet, before_after=args.before_after),
    )


def seconds(value: str) -> float:
    """ "3.5", "3.5s", "0:03.5" or "1:02:03" in seconds."""
    if re.fullmatch(r"\d+(\.\d+)?s?", value, re.ASCII):
        found = float(value.rstrip("s"))
    elif re.fullmatch(r"(\d+:)?\d{1,3}:[0-5]?\d(\.\d+)?", value, re.ASCII):
        found = 0.0
        for part in value.split(":"):
            found = found * 60 + float(part)
    else:
        raise argparse.ArgumentTypeError(f"{value!r} is no time, such as 3.5 or 0:03.5")
    if found > _LONGEST:
        raise argparse.ArgumentTypeError(f"{value!r} is beyond any video")
    return found
