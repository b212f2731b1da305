"""The MCP entry "ai-video" in the assistants' own configuration files.

    for change in plan(["cursor", "codex"], Path.home(), None, ["/bin/ai-video", "mcp"]):
        print(change.words)
        change.apply()

Only our entry is written: everything else in a file stays byte for byte, a file that cannot be
read is left alone, and before the first change a copy is laid beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from skill.errors import FileError, SkillError
from skill.home import reason
from skill.install.mcp import configuration, jsonc, toml
from skill.install.mcp.servers import CODEX_WAITS, ENTRY, PLACES, Servers

_TRIES = 5  # to change a file that somebody else is writing
BACKUP = ".before-ai-video"  # added to the name of a file, for what it was before our entry

NAMES = tuple(PLACES)

# What our command line is called: the command, the package (uvx), ``python -m skill``.
_PROGRAMS = (ENTRY, "ai-video-generator", "skill")


@dataclass(frozen=True)
class Change:
    """What is to be done with one configuration file; nothing is done before ``apply``.

    ``before`` and ``after`` are its bytes, None where there is no file; they are equal where
    nothing is to be done. ``words`` say in a sentence or two what that is, or why the file is
    left alone; ``refused`` is true for that, and ``snippet`` is what to paste by hand.
    """

    assistant: str
    path: Path
    before: bytes | None
    after: bytes | None
    words: str
    snippet: str = ""
    refused: bool = False
    backup: Path | None = None  # that is made (an addition) or goes (a removal)
    _command: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def needed(self) -> bool:
        return self.before != self.after

    def apply(self) -> Path | None:
        """Write the file, and its backup first. Returns the backup where one was made.

        What others wrote since the plan is kept: the change is made on the file as it is now.
        Raises FileError.
        """
        change = self
        for _ in range(_TRIES):
            if not change.needed:
                return None
            try:
                return change._carry_out(configuration.target(self.path))
            except configuration.Changed:
                change = _change(self.assistant, self.path, self._command)
                if change.refused:
                    raise FileError(change.words) from None
            except OSError as error:
                raise FileError(f"{self.path} could not be changed: {reason(error)}.") from None
        raise FileError(
            f"{self.path} could not be changed: somebody else writes it all the time. "
            f"End {PLACES[self.assistant].title}, and run the command again."
        )

    def _carry_out(self, target: Path) -> Path | None:
        """Raises Changed, OSError."""
        if self._command is not None:
            if self.before is not None and self.backup is not None:
                configuration.write(self.backup, self.before, like=target)
            configuration.exchange(target, self.before, self.after)
            return self.backup
        configuration.exchange(target, self.before, self.after)
        if self.after is None and self.path.parent.name.startswith("."):
            with suppress(OSError):  # somebody keeps more in it
                self.path.parent.rmdir()
        if self.backup is not None:
            with suppress(FileNotFoundError):
                self.backup.unlink()
        return None


def plan(
    names: Sequence[str],
    home: Path,
    project: Path | None,
    command: Sequence[str] | None,
) -> list[Change]:
    """What writing (or, without a ``command``, removing) the entry takes, one change a name.

    ``names`` are of NAMES; ``project`` is a project's folder, None for the user's own files
    under ``home``; ``command`` is the server's whole command line, its program as an absolute
    path. Raises SkillError for another name.
    """
    for name in names:
        if name not in PLACES:
            raise SkillError(
                f"Where {name} keeps its MCP servers is not known here. "
                f"Known are {', '.join(NAMES)}."
            )
    return [
        _change(name, file_of(name, home, project), tuple(command) if command else None)
        for name in dict.fromkeys(names)
    ]


def file_of(name: str, home: Path, project: Path | None = None) -> Path:
    """The configuration file of an assistant: the user's, or a project's."""
    place = PLACES[name]
    return place.user(home) if project is None else project / place.project


def snippet(name: str, command: Sequence[str]) -> str:
    """The entry as one would paste it into an empty file."""
    place = PLACES[name]
    if place.is_toml:
        return toml.put("", place.path, _entry(place, command), CODEX_WAITS)
    return jsonc.put("{}", place.path, _entry(place, command)) + "\n"


def _change(name: str, path: Path, command: tuple[str, ...] | None) -> Change:
    place = PLACES[name]
    paste = snippet(name, command) if command else ""
    before: bytes | None = None
    try:
        target = configuration.target(path)
        before = configuration.read(target)
        text, mark = configuration.text(before)
        if command is None:
            return _removal(name, path, target, before, text, mark)
        after = _added(place, text, command, path)
    except (FileError, ValueError, RecursionError) as error:
        words = str(error) if isinstance(error, FileError) else _damaged(name, path, error)
        if command:
            words += " To add the server by hand, paste this:"
        return Change(name, path, before, before, words, paste, refused=True, _command=command)
    data = mark + after.encode()
    if before is not None and data == before:
        words = f"{place.title} has the server {ENTRY} already ({path})."
        return Change(name, path, before, before, words, paste, _command=command)
    backup = None
    if before is not None and _found(place, text) is None:
        backup = target.with_name(target.name + BACKUP)
    words = f"{place.title}: add the server {ENTRY} to {path}"
    if before is not None and backup is None:
        words = f"{place.title}: bring the server {ENTRY} in {path} up to date"
    words += f", with a copy of the file as {backup.name}." if backup else "."
    return Change(name, path, before, data, words, paste, backup=backup, _command=command)


def _removal(
    name: str, path: Path, target: Path, before: bytes | None, text: str, mark: bytes
) -> Change:
    place = PLACES[name]
    found = _found(place, text)
    if before is None or found is None or not _ours(found):
        words = f"{place.title} has no server of ours in {path}."
        return Change(name, path, before, before, words)
    kept = target.with_name(target.name + BACKUP)
    backup = kept if kept.is_file() else None
    words = f"{place.title}: remove the server {ENTRY} from {path}."
    command = [found["command"], *found["args"]]
    after: bytes | None = mark + _dropped(place, text).encode()
    old = configuration.read(backup) if backup else None
    if old is not None and _would_be(place, old, command, path) == before:
        after = old  # nobody but us has changed it
    elif old is None and before == snippet(name, command).encode():
        after = None  # we made it
    return Change(name, path, before, after, words, backup=backup)


def _added(place: Servers, text: str, command: Sequence[str], path: Path) -> str:
    found = _found(place, text)
    if found is not None and not _ours(found):
        raise FileError(f"{path} has another server named {ENTRY}, which is left alone.")
    entry = _entry(place, command)
    if place.is_toml:
        return toml.put(text, place.path, entry, CODEX_WAITS)
    if not text.strip():
        return jsonc.put("{}", place.path, entry) + (text or "\n")
    if found is None:
        after = jsonc.put(text, place.path, entry)
    else:
        after = text
        for key, value in entry.items():  # what the user added to the entry stays
            if found.get(key) != value:
                after = jsonc.put(after, (*place.path, key), value)
    _checked(text, after, place.path, entry)
    return after


def _dropped(place: Servers, text: str) -> str:
    if place.is_toml:
        return toml.drop(text, place.path)
    after = jsonc.drop(text, place.path)
    _checked(after, text, place.path, {})
    return after


def _checked(without: str, with_it: str, path: Sequence[str], entry: Mapping[str, Any]) -> None:
    """Refuse a change that would touch more than the entry. Raises ValueError."""
    old, new = jsonc.read(without).value, jsonc.read(with_it).value
    for data in (old, new):
        inner = data
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        kept = inner.pop(path[-1], {})
        if data is new and any(kept.get(key) != value for key, value in entry.items()):
            raise ValueError("the entry did not come out as it should")
    if old != new:
        raise ValueError("more than the entry would change")


def _would_be(place: Servers, old: bytes, command: Sequence[str], path: Path) -> bytes | None:
    """What our entry makes of a file."""
    try:
        text, mark = configuration.text(old)
        if _found(place, text) is not None:
            return None
        return mark + _added(place, text, command, path).encode()
    except (FileError, ValueError, RecursionError):
        return None


def _entry(place: Servers, command: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "stdio"} if place.typed else {}
    return {**entry, "command": command[0], "args": list(command[1:])}


def _found(place: Servers, text: str) -> dict[str, Any] | None:
    """The entry that stands there, None without one. Raises ValueError."""
    if place.is_toml:
        return toml.table(text, place.path)
    if not text.strip():
        return None
    node = jsonc.read(text).value
    for key in place.path:
        if not isinstance(node, dict):
            raise ValueError(f"what should hold {json.dumps(key)} is no object")
        if key not in node:
            return None
        node = node[key]
    return node if isinstance(node, dict) else {}


def _ours(found: Mapping[str, Any]) -> bool:
    """Whether an entry runs this skill: its command names ai-video and ends in "mcp"."""
    command, args = found.get("command"), found.get("args")
    if not isinstance(command, str) or not isinstance(args, list):
        return False
    words = [command, *(str(arg) for arg in args)]
    named = any(PurePath(word.replace("\\", "/")).stem in _PROGRAMS for word in words)
    return named and words[-1] == "mcp"


def _damaged(name: str, path: Path, error: Exception) -> str:
    why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"{path} is left alone, because {PLACES[name].title}'s file cannot be changed: {why}."
