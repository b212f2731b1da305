"""The ledger of renders: written, and synced to disk, before a render is asked for.

``renders.jsonl`` in our state folder: a line is a change of one job, the last value of a field
counts. What happens to a process, and when, costs no render and makes none twice: a job that
is open is taken up by whoever comes next.

    asked       the request may have left, or not; the backend is asked about the id first
    accepted    the backend has it; its status is polled
    completed   it can be fetched
    delivered   the file has its name; until somebody has been told of it, it is still open
    failed      it gave no file
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from skill.errors import StateError
from skill.home import Home, Notice, reason, write_private

FILE = "renders.jsonl"
JobState = Literal["asked", "accepted", "completed", "delivered", "failed"]
OPEN: tuple[JobState, ...] = ("asked", "accepted", "completed")
# Renders take 30 to 90 s; a backend that says nothing for a day will not.
STALE = 86_400.0
_COMPACT = 1024 * 1024  # bytes
_NO_NUMBER = 10**15  # beyond any size, length or time; floats end there, too
_KEPT = 100  # closed jobs that stay in a compacted ledger


@dataclass(frozen=True)
class Job:
    """A render. ``folder`` and ``file`` are absolute paths, times are epoch seconds.

    ``engine`` is the account at the engine that renders it (Engine.account), ``attempt`` 2 for
    the one retry of a failed render, ``file`` and ``size`` the name it gets or got, ``draft``
    what is rendered (empty once the job is closed), ``length`` how many ms of video that is, and
    ``took`` the seconds from asking for it to done, where one process saw both. ``told``: the user
    has heard of the file.
    """

    id: str
    state: JobState = "asked"
    session: str = ""
    task: str = ""
    engine: str = ""
    hash: str = ""
    output: Mapping[str, Any] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict, repr=False)
    folder: str = ""
    name: str = ""
    url: str = field(default="", repr=False)
    file: str = ""
    size: int = 0
    error: str = ""
    attempt: int = 1
    length: int = 0
    took: float = 0
    told: bool = False
    created: float = 0
    updated: float = 0

    @property
    def open(self) -> bool:
        waits = self.state in OPEN or (self.state == "delivered" and not self.told)
        return waits and time.time() - self.created < STALE

    @property
    def lock(self) -> str:
        """The lock that is held by whoever works on renders of this draft."""
        return f"render-{self.hash[:2]}"


class Ledger:
    """All renders of a state folder, oldest first."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def jobs(self) -> list[Job]:
        return list(self._read().values())

    def open(self, engine: str | None = None) -> list[Job]:
        """Jobs that may still give a file: all, or those of one Engine.account."""
        return [job for job in self.jobs() if job.open and engine in (None, job.engine)]

    def get(self, job_id: str) -> Job | None:
        return self._read().get(job_id)

    def take(self, wanted: Job) -> tuple[Job, bool]:
        """The open job for the same draft, output, session and engine, or a new one.

        ``wanted`` needs no id, hash or time. The second value is true for a new one. Either is
        on disk when this returns, with the folder and the name of ``wanted``. Raises StateError.
        """
        key = digest(wanted)
        with self._home.lock("renders"):
            jobs = self._read(locked=True)
            for job in jobs.values():
                if job.open and job.hash == key:
                    self._append({"id": job.id, "folder": wanted.folder, "name": wanted.name})
                    return replace(job, folder=wanted.folder, name=wanted.name), False
            now = time.time()
            new = replace(
                wanted, id=_new_id(jobs, now), hash=key, state="asked", created=now, updated=now
            )
            self._append(asdict(new))
            return new, True

    def again(self, failed: Job) -> Job:
        """The one retry of a failed render, under a new id; written with the failure."""
        with self._home.lock("renders"):
            now = time.time()
            new = replace(
                failed,
                id=_new_id(self._read(locked=True), now),
                state="asked",
                url="",
                error="",
                attempt=failed.attempt + 1,
                created=now,
                updated=now,
            )
            self._append(
                {"id": failed.id, "state": "failed", "error": failed.error, "updated": now},
                asdict(new),
            )
            return new

    def note(self, job: Job, **changes: Any) -> Job:
        """The job with fields changed, on disk when this returns."""
        changes["updated"] = time.time()
        with self._home.lock("renders"):
            self._append({"id": job.id, **changes})
        return replace(job, **changes)

    def _read(self, locked: bool = False) -> dict[str, Job]:
        """All jobs. A damaged ledger is set aside and made anew from what can be read."""
        path = self._home.path / FILE
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise StateError(f"{path} cannot be read: {reason(error)}.").told(
                "StateError.unreadable", path=path, why=reason(error)
            ) from None
        jobs, damaged = parse(data)
        if damaged and not locked:
            with self._home.lock("renders"):
                return self._read(locked=True)
        if damaged:
            try:
                write_private(path.with_name(f"{FILE}.corrupt"), data)
                self._write(list(jobs.values()))
            except OSError as error:
                raise self._unwritable(error) from None
            self._home.notices.append(Notice("notice.damaged", FILE))
        return jobs

    def _append(self, *changes: Mapping[str, Any]) -> None:
        """Write lines and sync them; the lock is held."""
        path = self._home.prepare() / FILE
        lines = b"".join(json.dumps(change).encode() + b"\n" for change in changes)
        try:
            descriptor = os.open(
                path,
                os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0),
                0o600,
            )
            with os.fdopen(descriptor, "rb+") as file:
                data = file.read()
                size = len(data)
                start = data.rfind(b"\n") + 1
                if start < size:  # death in the middle of a line
                    if _is_json(data[start:]):
                        lines = b"\n" + lines
                    else:
                        file.truncate(start)
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            if size > _COMPACT:
                self._compact()
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> StateError:
        return StateError(
            f"The list of renders in {self._home.path} cannot be written: {reason(error)}. "
            "Mend that, and say it again; no render is lost."
        ).told("StateError.renders", path=self._home.path, why=reason(error))

    def _compact(self) -> None:
        jobs = list(self._read(locked=True).values())
        closed = [replace(job, draft={}) for job in jobs if not job.open][-_KEPT:]
        kept = closed + [job for job in jobs if job.open]
        self._write(sorted(kept, key=lambda job: job.created))

    def _write(self, jobs: list[Job]) -> None:
        lines = b"".join(json.dumps(asdict(job)).encode() + b"\n" for job in jobs)
        write_private(self._home.path / FILE, lines)


def parse(data: bytes) -> tuple[dict[str, Job], bool]:
    """The jobs of a ledger by their ids, and whether lines of it are damaged."""
    found: dict[str, dict[str, Any]] = {}
    damaged = False
    for line in data.splitlines(keepends=True):
        change: Any = None
        with contextlib.suppress(ValueError, RecursionError):
            change = json.loads(line)
        if isinstance(change, dict) and isinstance(change.get("id"), str):
            found.setdefault(change["id"], {}).update(change)
        elif line.strip() and line.endswith(b"\n"):
            # (A line without its end was cut by death; nobody was told that it was kept.)
            damaged = True
    return {name: job for name, values in found.items() if (job := _job(values))}, damaged


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def digest(job: Job) -> str:
    """What makes two renders the same: engine, session, draft and output."""
    same = [job.engine, job.session, job.draft, job.output]
    text = json.dumps(same, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _new_id(jobs: Mapping[str, Job], now: float) -> str:
    """render_<ts>, as published; microseconds by chance, since others make ids too."""
    while True:
        job_id = f"render_{int(now * 1000)}{random.randrange(1000):03}"  # noqa: S311 no secret
        if job_id not in jobs:
            return job_id


def _job(values: Mapping[str, Any]) -> Job | None:
    """A job as it was kept; fields of another type are left out."""
    kept: dict[str, Any] = {}
    for known in fields(Job):
        value = values.get(known.name)
        if known.name in ("output", "draft"):
            good = isinstance(value, dict)
        elif known.name == "told":
            good = isinstance(value, bool)
        elif known.name in ("size", "attempt", "length"):
            good = isinstance(value, int) and abs(value) < _NO_NUMBER
        elif known.name in ("took", "created", "updated"):
            good = isinstance(value, (int, float)) and abs(value) < _NO_NUMBER
        else:
            good = isinstance(value, str)
        if good:
            kept[known.name] = value
    if kept.get("state") not in (*OPEN, "delivered", "failed"):
        return None
    kept.setdefault("told", True)  # by a version that did not keep it
    return Job(**kept)
