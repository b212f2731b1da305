"""The variables of the environment, the state folder, and the room on the disks."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from skill import frontmatter, jobs
from skill.doctor.case import Case, command
from skill.doctor.finding import Finding, Grade
from skill.errors import SkillError
from skill.home import reason
from skill.install import traces

# Bytes: a render of a minute with its pieces takes about 200 MB; below LITTLE most fail.
ENOUGH, LITTLE = 1 << 30, 100 << 20
KEPT = ("tokens.json", "sessions.json", "conversation.json", "limits.json")
ROOM = "Make room, or set AI_VIDEO_HOME (and --out) to a folder on another disk."
ELSEWHERE = "Set AI_VIDEO_HOME to a folder of yours."


def variables(case: Case) -> Iterator[Finding]:
    """What is set, and whether it can be used. Values are shown only where an error tells them."""
    for name, why in case.wrong.items():
        yield Finding("environment", "failure", why, _unset(name))
    names = [name for name in case.environ if name.startswith(("NEMO_", "AI_VIDEO_"))]
    known = _known()
    for name in names if known else ():
        if name not in known:
            close = get_close_matches(name, known, 1, 0.8)
            meant = f"; did you mean {close[0]}?" if close else ""
            yield Finding("environment", "warning", f"{name} is none of ours{meant}", _unset(name))
    good = sorted(name for name in names if name not in case.wrong and name in known)
    if not case.wrong:
        words = f"{', '.join(good)} set" if good else "no variable is set, so all is as by default"
        yield Finding("environment", "well", words)


def _known() -> set[str]:
    """The variables that SKILL.md names; empty where it cannot be read."""
    with contextlib.suppress(SkillError, ImportError, OSError, AttributeError, TypeError):
        path = frontmatter.find()
        fields = frontmatter.parse(path.read_text("utf-8"), path)
        metadata = fields["metadata"]
        return {str(item["name"]) for item in metadata["openclaw"]["envVars"]}  # type: ignore[index]
    return set()


def _unset(name: str) -> str:
    return f"set {name}=" if sys.platform == "win32" else f"unset {name}"


def state(case: Case) -> Iterator[Finding]:
    """The state folder: there, ours, closed to others, and its files whole."""
    home = case.home.path
    try:
        found = home.stat()
    except FileNotFoundError:
        yield _not_yet(home)
        return
    except OSError as error:
        yield Finding("state", "failure", f"{home}: {reason(error)}", ELSEWHERE)
        return
    if not stat.S_ISDIR(found.st_mode):
        yield Finding("state", "failure", f"{home} is not a folder", ELSEWHERE)
        return
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        mine = sys.platform == "win32" or found.st_uid == os.getuid()
        mend = (
            command("chmod", "700", home) if mine else f"sudo {command('chown', '-R', _me(), home)}"
        )
        yield Finding("state", "failure", f"{home} cannot be read and written", mend)
        return
    yield from _files(case)
    mode = stat.S_IMODE(found.st_mode)
    shown = f"{home}, mode {mode:03o}"
    if sys.platform != "win32" and mode & 0o077 and not mode & stat.S_ISVTX:
        words = f"{shown}: others can look into it"
        yield Finding("state", "warning", words, command("chmod", "700", home))
    else:
        yield Finding("state", "well", shown)


def _not_yet(home: Path) -> Finding:
    """A folder that the first turn makes, if it can."""
    if home.is_symlink():
        return Finding("state", "failure", f"{home} is a link that leads nowhere", ELSEWHERE)
    above = next(folder for folder in home.parents if folder.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return Finding("state", "well", f"{home} is not there yet; the first turn makes it")
    words = f"{home} is not there, and cannot be made in {above}"
    return Finding("state", "failure", words, ELSEWHERE)


def _files(case: Case) -> Iterator[Finding]:
    home = case.home.path
    for name in KEPT:
        path = home / name
        try:
            if case.home.peek(name) is None:
                words = f"{path} is damaged; the next turn sets it aside and begins a new one"
                yield Finding("state", "warning", words)
        except SkillError:
            yield Finding(
                "state", "failure", f"{path} cannot be read", command("chmod", "600", path)
            )
            continue
        with contextlib.suppress(OSError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if sys.platform != "win32" and mode & 0o077:
                words = f"{path} has mode {mode:03o}: others may read it"
                yield Finding("state", "warning", words, command("chmod", "600", path))


def renders(case: Case) -> Iterator[Finding]:
    """What the ledger has open."""
    path = case.home.path / jobs.FILE
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        yield Finding("renders", "well", "none so far")
        return
    except OSError as error:
        words = f"{path} cannot be read: {reason(error)}"
        yield Finding("renders", "failure", words, command("chmod", "600", path))
        return
    found, damaged = jobs.parse(data)
    if damaged:
        words = f"{path} is damaged; the next turn keeps what can be read of it"
        yield Finding("renders", "warning", words)
    waiting = [job for job in found.values() if job.open]
    if waiting:
        words = f"{len(waiting)} of {len(found)} not fetched yet"
        yield Finding("renders", "warning", words, "ai-video resume")
    else:
        yield Finding("renders", "well", f"{len(found)} in the list, none of them waits")


def disk(case: Case) -> Iterator[Finding]:
    """The room where state, packages and videos go; one line for each disk."""
    seen: dict[int, tuple[list[str], Path]] = {}
    places = [
        ("state", case.home.path),
        ("cache", traces.cache(case.environ)),
        ("videos", case.out.absolute()),
    ]
    for name, folder in places:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        names, _ = seen.setdefault(there.stat().st_dev, ([], there))
        names.append(name)
    for names, folder in seen.values():
        free = shutil.disk_usage(folder).free
        found = f"{_size(free)} free for {', '.join(names)} ({folder})"
        grade: Grade = "failure" if free < LITTLE else "warning" if free < ENOUGH else "well"
        yield Finding("disk", grade, found, "" if grade == "well" else ROOM)
    if not case.out.is_dir():
        words = f"videos go to {case.out}, which is no folder"
        yield Finding("disk", "failure", words, command("mkdir", "-p", case.out))
    elif not os.access(case.out, os.W_OK | os.X_OK):
        words = f"videos would go to {case.out}, which cannot be written"
        yield Finding("disk", "warning", words, "Give --out a folder of yours.")


def _size(count: float) -> str:
    return f"{count / (1 << 30):.1f} GB" if count >= 1 << 30 else f"{count / (1 << 20):.0f} MB"


def _me() -> str:
    import getpass

    return getpass.getuser()
