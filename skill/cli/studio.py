"""``ai-video studio serve|stop``: the backend on this machine, by hand."""

from __future__ import annotations

import argparse
import sys

from skill.cli import DONE, FAILED
from skill.errors import SkillError
from skill.settings import Settings

DESCRIPTION = """\
Run or stop the studio on this machine by hand. A turn that needs it starts it by itself, and it
ends when nobody has asked it anything for 15 minutes.
"""

EXAMPLES = """\
examples:
  ai-video studio serve --port 8000     run it in front until Ctrl-C
  ai-video studio stop                  a render under way goes on when it is started again
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    parser.add_argument("what", choices=("serve", "stop"), help="run it in front, or end it")
    parser.add_argument("--port", type=int, default=0, help="default: any that is free")
    parser.add_argument(
        "--idle", type=float, default=900, metavar="SECONDS", help="end when idle (default: 900)"
    )


def run(args: argparse.Namespace) -> int:
    try:
        home = Settings.read().home
        from skill.studio import process
    except (SkillError, ImportError) as error:
        print(f"The studio cannot be used here: {error}", file=sys.stderr)
        return FAILED
    try:
        if args.what == "serve":
            process.serve(home, args.port, args.idle)
        else:
            print("The studio has stopped." if process.stop(home) else "No studio is running.")
    except (process.StudioError, ImportError, OSError) as error:
        print(str(error), file=sys.stderr)
        return FAILED
    return DONE
