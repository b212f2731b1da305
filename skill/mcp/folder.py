"""Where finished videos go when a client does not say: a folder that a person would find."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_WINDOWS = {"windows", "program files", "program files (x86)", "programdata", "appdata"}


def default() -> Path:
    """The current folder where it is somebody's working folder, else the user's videos.

    Desktop clients start a server in ``/``, in their own program folder or in the home folder.
    """
    here = _here()
    if here is not None and os.access(here, os.W_OK):
        return here
    videos = Path.home() / ("Movies" if sys.platform == "darwin" else "Videos")
    try:
        videos.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path.home()
    return videos


def _here() -> Path | None:
    """The current folder; None where it is gone, a root, the home folder, or a program's own."""
    try:
        here = Path.cwd()
    except OSError:
        return None
    if here == Path(here.anchor) or here == Path.home():
        return None
    return None if _of_programs({name.casefold() for name in here.parts[1:]}) else here


def _of_programs(names: set[str]) -> bool:
    """Whether these are folders that programs are in: what lies there goes with an update."""
    if sys.platform == "win32":
        return bool(names & _WINDOWS) and "temp" not in names
    return sys.platform == "darwin" and any(name.endswith(".app") for name in names)
