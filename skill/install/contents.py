"""What an installed skill consists of, and where each of its files is to be found.

The same list comes out of a checkout, an installed skill folder and a wheel. In a wheel what
stands beside the package (SKILL.md, scripts, references) lies inside it, under ``skill/beside``,
and SKILL.md at ``skill/SKILL.md``, where the frontmatter is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from skill.errors import ManifestError

BESIDE = "beside"  # the folder of the wheel's package that holds what stands beside it elsewhere

NEEDED = (
    "SKILL.md",
    "README.md",
    "LICENSE",
    "pyproject.toml",
    "requirements/studio.lock.conf",
    "requirements/mcp.lock.conf",
    "scripts/with-python",
    "scripts/environment.py",
    "scripts/chat",
    "scripts/chat.py",
    "scripts/ai-video",
    "scripts/ai-video.py",
    "scripts/demo",
    "scripts/demo.py",
    "scripts/example",
    "scripts/example.py",
    "scripts/sample_media.py",
)
# As well, where they are there.
WANTED = ("CHANGELOG.md", "THIRD-PARTY.md")
FOLDERS = ("references", "examples", "skill")

# What programs leave in folders: no part of the skill, and nothing of the user's.
LEAVINGS = frozenset({"__pycache__", "Thumbs.db", "desktop.ini"})


def contents(root: Path | None = None) -> list[PurePosixPath]:
    """The relative paths that an installed skill consists of, in order.

    ``root``: a checkout, an installed skill folder, or the folder that a wheel was unpacked in;
    by default the one that this package belongs to. Raises ManifestError where part of it is
    missing.
    """
    return sorted(sources(root))


def sources(root: Path | None = None) -> dict[PurePosixPath, Path]:
    """Every path of ``contents`` with the file that it comes from."""
    root = root or Path(__file__).parent.parent.parent
    package = root / "skill"
    packed = (package / BESIDE).is_dir()
    base = package / BESIDE if packed else root
    found = {PurePosixPath(name): base / name for name in NEEDED}
    if packed:
        found[PurePosixPath("SKILL.md")] = package / "SKILL.md"
    missing = [path for path in found.values() if not path.is_file()]
    if missing:
        raise ManifestError(f"{missing[0]} is missing. Install the skill again.")
    for name in WANTED:
        if (base / name).is_file():
            found[PurePosixPath(name)] = base / name
    for folder in FOLDERS:
        start = package if folder == "skill" else base / folder
        for path in walk(start):
            inside = path.relative_to(start)
            if not (packed and folder == "skill" and _packed(inside)):
                found[PurePosixPath(folder, *inside.parts)] = path
    return found


def walk(folder: Path) -> Iterator[Path]:
    """The files below a folder without caches, hidden files and editors' copies; in order."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name in LEAVINGS or entry.name.startswith(".") or _copy(entry.name):
            continue
        if entry.is_dir():
            yield from walk(Path(entry.path))
        else:
            yield Path(entry.path)


def runs(data: bytes) -> bool:
    """Whether a file of these bytes is a program; archives lose the bit that says so."""
    return data.startswith(b"#!")


def _packed(inside: Path) -> bool:
    return inside.parts[0] == BESIDE or inside == Path("SKILL.md")


def _copy(name: str) -> bool:
    return name.endswith(("~", ".pyc", ".pyo", ".orig", ".rej", ".bak", ".tmp"))
