"""``ai-video mcp``: the skill as a server for assistants that speak MCP."""

from __future__ import annotations

import argparse
import sys

from skill.cli import DONE, FAILED, USAGE
from skill.errors import SkillError
from skill.home import Home
from skill.settings import BACKENDS, Settings

DESCRIPTION = """\
Serve the skill to an assistant that speaks MCP. Over stdio (the default) the assistant starts
it; `ai-video install --mcp` writes that into the assistant's own configuration. --http serves
clients on this machine that show a token, which is made at the first start.
"""

EXAMPLES = """\
examples:
  ai-video mcp
  ai-video mcp --http
  ai-video mcp --http --port 9000 --backend studio
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    parser.add_argument("--http", action="store_true", help="streamable HTTP on 127.0.0.1")
    parser.add_argument(
        "--port", type=_port, help="for --http: where to listen (default: 8763; 0: any free one)"
    )
    parser.add_argument("--backend", choices=BACKENDS, help="instead of AI_VIDEO_BACKEND")


def run(args: argparse.Namespace) -> int:
    if args.port is not None and not args.http:
        print("ai-video mcp: --port goes with --http", file=sys.stderr)
        return USAGE
    try:
        settings = Settings.read()
        from skill.mcp.server import build
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "skill":
            raise
        print(_missing(error), file=sys.stderr)
        return FAILED
    except SkillError as error:
        print(error, file=sys.stderr)
        return FAILED
    server = build(args.backend)
    if args.http:
        from skill.mcp.http import PORT, serve

        try:
            serve(server, Home(settings.home), PORT if args.port is None else args.port)
        except SkillError as error:
            print(error, file=sys.stderr)
            return FAILED
        return DONE
    if sys.stdin is not None and sys.stdin.isatty():
        print(
            "This is a server for an assistant, which starts it by itself: "
            "`ai-video install --mcp` tells it how. Ctrl-D ends it.",
            file=sys.stderr,
        )
    server.run("stdio")
    return DONE


def _missing(error: ImportError) -> str:
    """The one command that makes it work."""
    from skill.install.origin import add, in_folder, launch

    missing = f"The MCP server needs packages that are not here ({error.name or error} is missing)."
    if in_folder():
        return f"{missing} The launcher sets them up:\n  {launch('mcp')}"
    return f"{missing} Install them with:\n  {add('mcp')}"


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is no port (0 to 65535)")
    return int(value)
