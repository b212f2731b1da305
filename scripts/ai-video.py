"""The ``ai-video`` command where nothing is installed, in an environment of its own."""

import sys

import environment

if __name__ == "__main__":
    if sys.argv[1:2] in (["install"], ["uninstall"]):
        environment.do_without()  # copying files fetches nothing
    else:
        # An MCP server has packages that no chat turn should wait for.
        environment.enter("mcp" if sys.argv[1:2] == ["mcp"] else "studio")
    from skill.cli import main

    sys.exit(main())
