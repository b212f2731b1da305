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
from collections.abc import Iterator, Mapping
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
# What the skill puts into its folders: one that the user has by the same name holds other things.
_INSIDE = {
    "studio": re.compile(
        r"studio\.(?:db|log).*|(?:serving|starting)\.lock|cache|media|renders|\.DS_Store"
    ),
    "locks": re.compile(r".+\.lock|\.DS_Store"),
}
_CACHE = re.compile(r"(?:[a-z]+-[0-9a-f]{16}|bytecode|environment\.lock)")


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of what can be made again; the same as in scripts/environment.py."""
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ai-video-generator"


def client_id() -> Path:
    """The file that every NemoVideo skill of the user shares."""
    return Path.home() / ".config" / "nemovideo" / "client_id"


def state(home: Path) -> list[Path]:
    """What of the state folder is ours; of a folder that holds other things too, what is in it."""
    found: list[Path] = []
    for path in _entries(home):
        if path.name in _INSIDE and path.is_dir() and not path.is_symlink():
            found += _own(path)
        elif path.name in _STATE or _aside(path.name):
            found.append(path)
    return found


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


def _own(folder: Path) -> list[Path]:
    inside = list(_entries(folder))
    ours = [path for path in inside if _INSIDE[folder.name].fullmatch(path.name)]
    if len(ours) == len(inside):
        return [folder]
    # "media" and "renders" alone, among other things, are names that anybody gives.
    return ours if any(path.suffix in (".db", ".lock") for path in ours) else []


def _aside(name: str) -> bool:
    return _STATE_ASIDE.fullmatch(name) is not None


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return
