"""What using the skill leaves on a machine outside the skill's own folder, and its removal.

    state   AI_VIDEO_HOME: token, sessions, the studio's projects, the list of renders
    cache   the environments and the byte code that the launchers make (scripts/environment.py)
    shared  ~/.config/nemovideo/client_id, which other NemoVideo skills use too: never removed

Only names that the skill writes are removed: a folder that AI_VIDEO_HOME names may hold more.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_STATE = (
    "tokens.json",
    "sessions.json",
    "conversation.json",
    "limits.json",
    "renders.jsonl",
    "edits.json",
    "mcp-token",
    "client_id",
    "history",
    "studio.json",
    "studio",
    "locks",
)
# A damaged file set aside, and what a write that was interrupted leaves.
_STATE_ASIDE = re.compile(
    rf"\.?(?:{'|'.join(map(re.escape, _STATE))})\.(?:corrupt|[0-9a-f]{{8}})(?:\..*)?"
)
_CACHE = re.compile(r"(?:[a-z]+-[0-9a-f]{16}|bytecode|environment\.lock)")


def cache() -> Path:
    """The folder of what can be made again; the same as in scripts/environment.py."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ai-video-generator"


def client_id() -> Path:
    """The file that every NemoVideo skill of the user shares."""
    return Path.home() / ".config" / "nemovideo" / "client_id"


def state(home: Path) -> list[Path]:
    """What of the state folder is ours."""
    return [path for path in _entries(home) if path.name in _STATE or _aside(path.name)]


def cached() -> list[Path]:
    """What of the cache folder is ours."""
    return [path for path in _entries(cache()) if _CACHE.fullmatch(path.name)]


def size(paths: list[Path]) -> int:
    """The bytes that some files and folders hold; what cannot be read counts as nothing."""
    total = 0
    for path in paths:
        for folder, _, names in os.walk(path):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - thousands of files
        if not path.is_dir():
            with contextlib.suppress(OSError):
                total += path.lstat().st_size
    return total


def remove(paths: list[Path]) -> list[Path]:
    """Remove files and folders, and the folder that held them where it is empty then.

    Returns those that are still there.
    """
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
    for folder in {path.parent for path in paths}:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return [path for path in paths if os.path.lexists(path)]


def _aside(name: str) -> bool:
    return _STATE_ASIDE.fullmatch(name) is not None


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return
