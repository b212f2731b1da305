"""The ``ai-video`` command where nothing is installed, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import environment


def make_apart(name: str) -> None:
    """Make an environment in a process that goes on when this one is ended.

    Clients give an MCP server 10 to 30 s to answer, and end it; a first set-up takes a minute.
    So it is done by the time that they try again.
    """
    if environment.made(name):
        return
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    maker = subprocess.Popen(  # noqa: S603 our own interpreter and script
        [sys.executable, environment.__file__, name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,  # and not ours, which clients read to its end
        start_new_session=True,
        creationflags=hidden | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert maker.stderr is not None  # noqa: S101 piped above
    try:
        for line in maker.stderr:
            os.write(2, line)
        if maker.wait():
            sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrupted. The set-up goes on.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    if sys.argv[1:2] in (["install"], ["uninstall"]):
        environment.do_without()  # copying files fetches nothing
    else:
        # An MCP server has packages that no chat turn should wait for.
        served = sys.argv[1:2] == ["mcp"]
        if served and sys.version_info >= environment.OLDEST:
            make_apart("mcp")
        environment.enter("mcp" if served else "studio")
    from skill.cli import main

    sys.exit(main())
