"""What an install or uninstall does to each place: decided first, shown, then carried out."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from skill.errors import FileError, ManifestError
from skill.frontmatter import find
from skill.home import reason
from skill.install import placing
from skill.install.contents import sources
from skill.install.installed import Found, digests, inspect, labelled, order, recorded
from skill.install.places import Place

Do = Literal["install", "update", "replace", "keep", "remove", "none", "leave"]


@dataclass(frozen=True)
class Product:
    """The skill that this package is part of: where it runs from, and what it consists of.

    wanted: the SHA-256 of each file, by its relative path.
    """

    root: Path
    name: str
    version: str
    sources: Mapping[PurePosixPath, Path]
    wanted: Mapping[str, str]

    @classmethod
    def own(cls) -> Product:
        """Raises ManifestError where files are missing, FileError where one cannot be read."""
        path = find()
        files = sources()
        name, version = labelled(path) or ("", "")
        if not (name and version):
            raise ManifestError(f"{path} names no skill and version. Install the skill again.")
        try:
            return cls(path.parent, name, version, files, digests(files))
        except OSError as error:
            raise FileError(f"{error.filename} cannot be read: {reason(error)}.") from None


@dataclass(frozen=True)
class Step:
    """What is to be done at one place. ``words`` is a clause, or why nothing is done."""

    place: Place
    do: Do
    words: str
    found: Found


def to_install(product: Product, places: Sequence[Place]) -> list[Step]:
    """What installing the product does at each place."""
    taken = {place.folder.resolve() for place in places if not place.folder.is_symlink()}
    taken.add(product.root.resolve())
    return [_installing(product, place, taken) for place in places]


def to_remove(product: Product, places: Sequence[Place]) -> list[Step]:
    """What uninstalling does at each place, whatever version is there."""
    return [_removing(product, place) for place in places]


def clear(places: Sequence[Place]) -> None:
    """Put right what an interrupted run left at some places."""
    for place in places:
        with contextlib.suppress(OSError):  # what cannot be written is said when it is needed
            placing.clear(place.folder)


def carry_out(step: Step, product: Product) -> None:
    """Do a step. Raises FileError, which says what was not done and why; nothing is half done."""
    folder = step.place.folder
    made = step.found.made
    try:
        if step.do in ("install", "update", "replace"):
            fresh = placing.make_parents(folder)
            record = recorded(product.name, product.version, product.wanted, made or fresh)
            try:
                placing.put(folder, product.sources, record)
            except BaseException:
                placing.drop_parents(folder, fresh)
                raise
        elif step.do == "keep" and step.found.current:
            record = recorded(product.name, product.version, product.wanted, made)
            placing.refresh(folder, record)
        elif step.do == "remove":
            placing.take_away(folder)
            placing.drop_parents(folder, made)
    except OSError as error:
        what = "removed" if step.do == "remove" else "written, and is as it was"
        where = error.filename or folder
        raise FileError(
            f"{folder} could not be {what}: {reason(error)} ({where}). "
            "Mend that, and run the command again."
        ) from None


def remove_command(path: Path) -> str:
    """The command that removes a folder, a file or a link, in the shell of this platform."""
    folder = path.is_dir() and not path.is_symlink()
    if sys.platform == "win32":
        words = "rmdir /s /q" if path.is_dir() else "del"
        return f"{words} {subprocess.list2cmdline([str(path)])}"
    return f"{'rm -r' if folder else 'rm'} {shlex.quote(str(path))}"


def _found(product: Product, place: Place) -> Found:
    try:
        return inspect(place.folder, product.name, product.wanted)
    except OSError as error:
        return Found("other", f"it cannot be read: {reason(error)}")


def _installing(product: Product, place: Place, taken: set[Path]) -> Step:
    folder = place.folder
    found = _found(product, place)
    if found.kind == "nothing":
        return Step(place, "install", product.version, found)
    if folder.resolve() == product.root.resolve():
        return Step(place, "keep", "the folder that this command runs from", found)
    if found.kind == "link" and folder.resolve() in taken:
        return Step(place, "keep", found.why, found)
    if found.kind != "ours":
        return Step(place, "leave", f"{found.why}. {_way_on(folder, found, product.name)}", found)
    if found.current:
        return Step(place, "keep", f"{product.version}, up to date", found)
    there, here = order(found.version), order(product.version)
    if there is None or here is None or there == here:
        return Step(place, "replace", product.version, found)
    if there > here:
        words = (
            f"version {found.version} is there, newer than this one ({product.version}). "
            f"To go back to this one, remove it first: {remove_command(folder)}"
        )
        return Step(place, "leave", words, found)
    return Step(place, "update", f"{found.version} to {product.version}", found)


def _removing(product: Product, place: Place) -> Step:
    found = _found(product, place)
    if found.kind in ("nothing", "file", "other"):
        return Step(place, "none", "nothing of ours is there", found)
    if found.kind == "ours":
        return Step(place, "remove", found.version, found)
    command = remove_command(place.folder)
    if found.kind == "clawhub":
        command = f"clawhub uninstall {product.name}"
    return Step(place, "leave", f"{found.why}. To remove it: {command}", found)


def _way_on(folder: Path, found: Found, name: str) -> str:
    """How to go on where something stands in the way."""
    if found.kind == "checkout":
        return f"To update it: git -C {shlex.quote(str(folder))} pull"
    if found.kind == "clawhub":
        return f"To update it: clawhub update {name}"
    if found.kind == "changed":
        return (
            "To go on, keep what you changed elsewhere, remove the folder "
            f"({remove_command(folder)}), and run this again."
        )
    return (
        "To go on, move it to another folder and run this again, or choose one with --agent PATH."
    )
