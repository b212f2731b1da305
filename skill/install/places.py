"""Where the skill goes: the folders that were asked for, or those of the assistants found here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from skill.errors import SkillError
from skill.home import expanded
from skill.install.assistants import (
    ASSISTANTS,
    BY_NAME,
    Assistant,
    detect,
    detect_project,
    find,
    near,
    titles,
)


class UnknownAgent(SkillError):
    """An --agent that is neither an assistant nor a path."""

    default_code = "usage"


@dataclass(frozen=True)
class Place:
    """A skill folder, and who reads it (nobody, where it was given as a path)."""

    folder: Path
    readers: tuple[Assistant, ...] = ()

    @property
    def who(self) -> str:
        return titles(self.readers)


@dataclass(frozen=True)
class Scope:
    """The user's own folders (``project`` None), or those of a project."""

    home: Path
    project: Path | None = None

    @property
    def base(self) -> Path:
        return self.project or self.home

    def folder(self, assistant: Assistant, name: str) -> Path:
        return assistant.skills(self.base, self.project is not None) / name


def project_of(folder: Path, home: Path) -> Path:
    """The project that a folder is in: the nearest one above with a .git, else the folder."""
    for parent in (folder, *folder.parents):
        if parent == home:
            break
        if (parent / ".git").exists():
            return parent
    return folder


def asked(agents: Sequence[str], scope: Scope, name: str) -> list[Place]:
    """The places that --agent names: assistants, or paths. Raises UnknownAgent."""
    chosen: list[tuple[Path, Assistant | None]] = []
    for agent in agents:
        assistant = find(agent)
        if assistant is not None:
            chosen.append((scope.folder(assistant, name), assistant))
        elif _is_path(agent):
            path = Path(os.path.abspath(expanded(agent)))  # noqa: PTH100 - links stay as given
            if path.exists() and not path.is_dir():
                raise UnknownAgent(f"--agent {agent} is a file. Give the folder of skills.")
            chosen.append((path if path.name == name else path / name, None))
        else:
            hint = f" Did you mean {near(agent)}?" if near(agent) else ""
            known = ", ".join(item.name for item in ASSISTANTS)
            raise UnknownAgent(
                f"--agent {agent}: no assistant of that name is known.{hint} Known are {known}. "
                "Or give the path of a folder of skills, such as ./skills."
            )
    return _merged(chosen)


def found(scope: Scope, name: str) -> list[Place]:
    """The places of the assistants that are on this machine or in this project.

    The shared folder, which most others read, where there is none.
    """
    there = detect(scope.home)
    if scope.project is not None:
        used = detect_project(scope.project)
        there = used or there
    return _merged([(scope.folder(a, name), a) for a in there or [BY_NAME["agents"]]])


def known(scope: Scope, name: str) -> list[Place]:
    """Every place that the table knows."""
    return _merged([(scope.folder(assistant, name), assistant) for assistant in ASSISTANTS])


def others(place: Place, scope: Scope, name: str) -> list[Assistant]:
    """The assistants on this machine that read a place, beside those it was asked for."""
    if not place.readers:
        return []
    reading = [item for item in detect(scope.home) if scope.folder(item, name) == place.folder]
    return [item for item in reading if item not in place.readers and item.name != "agents"]


def _merged(chosen: Iterable[tuple[Path, Assistant | None]]) -> list[Place]:
    """One place for each folder, however it was reached; in the order in which they came."""
    places: dict[Path, Place] = {}
    for folder, assistant in chosen:
        real = folder.parent.resolve() / folder.name
        place = places.get(real) or Place(folder)
        readers = place.readers
        if assistant is not None and assistant not in readers:
            readers = (*readers, assistant)
        places[real] = Place(place.folder, readers)
    return list(places.values())


def _is_path(agent: str) -> bool:
    separators = {"/", os.sep, os.altsep or os.sep}
    return bool(
        agent.startswith(("~", ".")) or separators & set(agent) or (agent and Path(agent).is_dir())
    )
