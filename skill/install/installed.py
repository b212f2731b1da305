"""What lies where the skill is to go: nothing, our own, or something that is not ours to touch.

Beside the skill's files stands ``installed.json``: who put them there, which version, the hash of
each, and how many folders above it were made on the way. By it an update knows that no file was
changed, and ``uninstall`` what to take away again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from skill.install.contents import LEAVINGS

RECORD = "installed.json"
BY = "ai-video install"
_UNTOUCHED = LEAVINGS | {".DS_Store"}

Kind = Literal[
    "nothing", "ours", "changed", "link", "file", "checkout", "clawhub", "copied", "other"
]


@dataclass(frozen=True)
class Found:
    """What was found at a path.

    kind: ``ours`` holds nothing that the user wrote (files may be missing); ``changed`` is ours
    with changes of the user; ``copied`` is this skill, put there in another way; ``other`` is
    something else. ``why`` is a clause about what stands in the way.
    current: it holds exactly the files that would be put there.
    recorded: installed.json stands in it.
    made: how many of the folders above it an install made.
    """

    kind: Kind
    why: str = ""
    version: str = ""
    current: bool = False
    recorded: bool = False
    made: int = 0


def digests(sources: Mapping[PurePosixPath, Path]) -> dict[str, str]:
    """The SHA-256 of each file, by its relative path. Raises OSError."""
    return {str(path): _digest(source) for path, source in sources.items()}


def inspect(folder: Path, name: str, wanted: Mapping[str, str]) -> Found:
    """What is at ``folder``, where the skill ``name`` with the files ``wanted`` is to go.

    Raises OSError where it cannot be read.
    """
    if not os.path.lexists(folder):
        return Found("nothing")
    link = _link(folder)
    if link:
        return Found("link", f"it is a link to {link}")
    if not folder.is_dir():
        return Found("file", "it is a file")
    if (folder / ".git").exists():
        return Found("checkout", "it is a git checkout")
    if (folder / ".clawhub").exists():
        return Found("clawhub", "ClawHub put it there")
    record = _record(folder, name)
    if record is None:
        return _unrecorded(folder, name, wanted)
    held = {str(path): _held(folder / path) for path in _files(folder, PurePosixPath())}
    version, made = record["version"], record["made"]
    known: Mapping[str, str] = record["files"]
    changed = sorted(path for path, digest in held.items() if known.get(path) != digest)
    # A change that brings it to what would be put there anyway is none of the user's.
    changed = [path for path in changed if wanted.get(path) != held[path]]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        what = "was changed" if changed[0] in known else "was added"
        why = f"{changed[0]}{more} {what}"
        return Found("changed", why, version, recorded=True, made=made)
    return Found("ours", "", version, held == dict(wanted), True, made)


def recorded(name: str, version: str, wanted: Mapping[str, str], made: int) -> str:
    """The text of installed.json."""
    record = {"by": BY, "name": name, "version": version, "made": made, "files": wanted}
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def order(version: str) -> tuple[tuple[int, ...], bool] | None:
    """What versions are compared by (a release comes after its own pre-releases); None: odd."""
    match = re.fullmatch(r"v?(\d{1,9}(?:\.\d{1,9}){0,3})([-+.]?[A-Za-z][\w.+-]*)?", version.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), match[2] is None


def _unrecorded(folder: Path, name: str, wanted: Mapping[str, str]) -> Found:
    """A folder without a record: ours where it is the same, file by file."""
    label = labelled(folder / "SKILL.md")
    if label is None:
        return Found("other", "it holds something else")
    if label[0] != name:
        return Found("other", f"it holds another skill, {label[0][:60]}")
    version = label[1]
    there = {str(path) for path in _files(folder, PurePosixPath())}
    # (The names first: what is somebody else's may be large.)
    if there == wanted.keys() and all(_held(folder / path) == wanted[path] for path in there):
        return Found("ours", "", version, current=True)
    why = (
        f"version {version[:20]} is there, and was not put there by this command (but "
        "copied, or by another installer), so that changes of yours cannot be told from its files"
    )
    return Found("copied", why, version)


def labelled(path: Path) -> tuple[str, str] | None:
    """Name and version of a SKILL.md by its lines, without YAML, which may not be installed yet.

    None for what is no SKILL.md, or has no name; no version is "".
    """
    try:
        text = path.read_bytes()[:65536].decode("utf-8-sig", "replace")
    except OSError:
        return None
    head = re.match(r"---[ \t]*\r?\n(.*?)^---", text, re.DOTALL | re.MULTILINE)
    if head is None:
        return None
    value = r"""[ \t]*["']?([^"'\s#]+)"""
    name = re.search(rf"^name:{value}", head[1], re.MULTILINE)
    version = re.search(rf"^[ \t]*version:{value}", head[1], re.MULTILINE)
    return (name[1], version[1] if version else "") if name else None


def _record(folder: Path, name: str) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or (record.get("by"), record.get("name")) != (BY, name):
        return None
    made = record.get("made")
    if not isinstance(record.get("files"), dict) or not isinstance(record.get("version"), str):
        return None
    return {**record, "made": made if isinstance(made, int) else 0}


def _files(folder: Path, inside: PurePosixPath) -> Iterator[PurePosixPath]:
    """Everything below a folder but what programs leave behind, and our own record."""
    for entry in os.scandir(folder / inside):
        if entry.name in _UNTOUCHED or (entry.name == RECORD and not inside.parts):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, inside / entry.name)
        else:
            yield inside / entry.name


def _held(path: Path) -> str:
    return "no file" if path.is_symlink() or not path.is_file() else _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _link(folder: Path) -> str:
    """Where a link leads, "" for what is none. A junction of Windows is a link."""
    try:
        return str(folder.readlink())
    except OSError:
        return ""
