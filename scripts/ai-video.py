"""The ``ai-video`` command where nothing is installed, in an environment of its own."""

import sys

import environment

if __name__ == "__main__":
    # An MCP server has packages that no chat turn should wait for.
    environment.enter("mcp" if sys.argv[1:2] == ["mcp"] else "studio")
    from skill.cli import main

    sys.exit(main())
