"""From a draft to a file on disk: render, wait, fetch, and never twice.

Every step is in the ledger before it is taken, and a job is worked on under a lock, so that
another process, now or after a death, goes on where this one stopped.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from skill import download
from skill.api.answers import RenderStatus
from skill.api.client import Api
from skill.draft import parse
from skill.engine import Engine, cloud, studio
from skill.errors import (
    AnswerLost,
    ApiError,
    BadAnswer,
    DownloadError,
    FileError,
    NotFound,
    RateLimited,
    RenderFailed,
    RenderPending,
    SkillError,
    StateError,
    Unavailable,
    Unreachable,
)
from skill.folder import check_folder, safe_name
from skill.home import Home, expanded
from skill.jobs import Job, Ledger, digest
from skill.projects import Session
from skill.settings import Settings

# "rendering" or "downloading", and how much of it is done: 0..1, None where nobody knows.
Progress = Callable[[str, float | None], None]

OUTPUT: Mapping[str, Any] = {"format": "mp4", "quality": "high"}

# So many polls in a row that do not know an accepted render: the backend has lost it.
_UNKNOWN_POLLS = 3
# Seconds given to a request whose sender died, before it counts as never sent.
_GRACE = 5.0
_SLOW = 20.0
_SHORTEST_WAIT = 0.1  # a Retry-After of 0 is no leave to poll without a pause
_PASSING = (Unreachable, AnswerLost, Unavailable, BadAnswer, RateLimited)
_FETCH = "The render is kept; say 'resume' to fetch it."
_KEPT = "The render is kept: mend that, then say 'resume' (or run 'ai-video resume')."


@dataclass(frozen=True)
class Delivery:
    """A finished file. ``fresh`` is false where an earlier turn had already brought it."""

    path: Path
    job: Job
    fresh: bool = True


def export(
    api: Api,
    session: Session,
    draft: Mapping[str, Any],
    folder: Path | str,
    *,
    output: Mapping[str, Any] | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> Delivery:
    """Render a draft and bring the file into ``folder``.

    Raises FileError before anything is asked for where the folder cannot be written;
    RenderPending where the waiting ends (the job stays open); RenderFailed; DownloadError and
    FileError (the render is kept); the ApiError of a refusal.
    """
    folder = expanded(folder).absolute()
    check_folder(folder)
    wanted_output = dict(output or OUTPUT)
    suffix = str(wanted_output.get("format") or "mp4")
    name = safe_name(name or time.strftime("video-%Y-%m-%d-%H%M%S"), f"video.{suffix}")
    wanted = Job(
        "",
        session=session.id,
        task=session.task,
        engine=api.engine.account,
        output=wanted_output,
        draft=dict(draft),
        length=parse(draft).duration,
        folder=str(folder),
        name=name,
    )
    wanted = replace(wanted, hash=digest(wanted))
    ledger = Ledger(api.home)
    work = _Work(api, ledger, progress)
    began = time.time()
    with work.on(wanted):
        for done in ledger.jobs():
            if (done.hash, done.state) == (wanted.hash, "delivered") and done.updated >= began:
                return Delivery(Path(done.file), done, fresh=False)  # while we waited
        job, fresh = ledger.take(wanted)
        return work.carry(job, fresh)


def resume(
    api: Api, folder: Path | str | None = None, progress: Progress | None = None
) -> list[Delivery | SkillError]:
    """Bring what is open at this engine, into its own folder or into ``folder``.

    One entry for each job: what was brought, or why not.
    """
    ledger = Ledger(api.home)
    work = _Work(api, ledger, progress)
    results: list[Delivery | SkillError] = []
    for job in ledger.open(api.engine.account):
        try:
            with work.on(job):
                current = ledger.get(job.id)
                if current is None or not current.open:
                    continue  # another process was faster
                if folder is not None:
                    target = str(expanded(folder).absolute())
                    current = ledger.note(current, folder=target)
                results.append(work.carry(current, fresh=False))
        except SkillError as error:
            results.append(error)
    return results


def resume_all(
    settings: Settings, folder: Path | str | None = None, progress: Progress | None = None
) -> list[Delivery | SkillError]:
    """Bring what is open at any engine of these settings."""
    home = Home(settings.home)
    results: list[Delivery | SkillError] = []
    engines = dict.fromkeys(job.engine for job in Ledger(home).open())
    for account in engines:
        try:
            engine = _engine(account, settings, home)
            with Api(engine, settings, home=home) as api:
                results += resume(api, folder, progress)
        except SkillError as error:
            results.append(error)
    return results


def _engine(account: str, settings: Settings, home: Home) -> Engine:
    if account == "studio":
        return studio(settings)
    for candidate in (settings, replace(settings, token=None)):
        engine = cloud(candidate, home)
        if engine.account == account:
            return engine
    raise StateError(
        f"A render waits at {account.split(' ')[0]}, which the environment does not name now. "
        "Set NEMO_API_URL and NEMO_TOKEN as they were to fetch it."
    ).told("StateError.elsewhere", host=account.split(" ")[0])


class _Work:
    """What is done for one job, under its lock."""

    def __init__(self, api: Api, ledger: Ledger, progress: Progress | None) -> None:
        self._api = api
        self._ledger = ledger
        self._tell = progress or (lambda _stage, _fraction: None)
        self._asked: float | None = None  # when this process asked for the render

    @contextlib.contextmanager
    def on(self, job: Job) -> Iterator[None]:
        """Hold all renders of the job's draft, once whoever held them before is done."""
        settings = self._api.settings
        patience = settings.render_poll * settings.render_polls * 2 + download.LONGEST
        with self._api.home.lock(job.lock, patience):
            yield

    def carry(self, job: Job, fresh: bool) -> Delivery:
        """Take a job from where it is to a file. ``fresh``: its request has not left yet."""
        while True:
            if job.state == "delivered":
                path = Path(job.file)
                if path.is_file() and path.parent == Path(job.folder):
                    return Delivery(path, job)
                job = self._ledger.note(job, state="completed", file="")
            if job.state == "asked":
                job = self._ask(job, fresh)
            if job.state == "accepted":
                job = self._await(job)
            elif job.state == "completed":
                job = self._refreshed(job)
            if job.state == "completed":
                return self._bring(job)
            if job.attempt > 1:
                self._ledger.note(job, state="failed", error=job.error)
                why = f" ({job.error})" if job.error else ""
                raise RenderFailed(
                    f"The render failed twice{why}. Your timeline is unchanged; "
                    "change something small, or try again in a few minutes.",
                    job=job,
                )
            job, fresh = self._ledger.again(job), True

    def _ask(self, job: Job, fresh: bool) -> Job:
        """Ask for the render, unless the backend has it."""
        if not fresh:
            for pause in (min(self._api.settings.render_poll, _GRACE), 0.0):
                try:
                    return self._known(job, self._api.render_status(job.id))
                except NotFound:
                    time.sleep(pause)
        self._asked = time.monotonic() if fresh else None
        for last in (False, True):
            try:
                status = self._api.render(job.id, job.session, job.draft, job.output)
            except (AnswerLost, Unavailable, BadAnswer) as error:
                # Accepted or not? The id tells, and the same id is never another render.
                try:
                    return self._known(job, self._api.render_status(job.id))
                except NotFound:
                    if last:
                        raise error from None
                    time.sleep(min(self._api.settings.render_poll, _GRACE))
            except SkillError as error:
                if fresh or isinstance(error, ApiError):
                    self._ledger.note(job, state="failed", error=str(error))
                raise
            else:
                return self._known(job, status)
        raise AssertionError  # the last try returns or raises

    def _known(self, job: Job, status: RenderStatus) -> Job:
        """The job after a status; a failure is returned, and written with what follows it."""
        if status.status == "completed":
            took = 0.0 if self._asked is None else round(time.monotonic() - self._asked, 1)
            return self._ledger.note(job, state="completed", url=status.url, took=took)
        if status.status == "failed":
            return replace(job, state="failed", error=status.error)
        return job if job.state == "accepted" else self._ledger.note(job, state="accepted")

    def _await(self, job: Job) -> Job:
        """Poll until the render is done, as long as the settings say.

        A Retry-After stands in for the interval; all waits together stay within
        poll x polls, and with a backend that answers slowly within twice that (or _SLOW).
        Trouble on the way counts as a poll that told nothing.
        """
        settings = self._api.settings
        budget = settings.render_poll * settings.render_polls
        waited, polls, unknown = 0.0, 0, 0
        began = time.monotonic()
        while True:
            retry_after = None
            try:
                status = self._api.render_status(job.id)
            except NotFound:
                unknown += 1
                if unknown >= _UNKNOWN_POLLS:
                    return replace(job, state="failed", error="the backend has lost it")
            except _PASSING:
                pass
            except ApiError as error:
                error.args, error.then = (f"{error} {_FETCH}",), "fetch"
                raise
            else:
                unknown = 0
                job = self._known(job, status)
                if job.state != "accepted":
                    return job
                retry_after = status.retry_after
                self._tell("rendering", status.progress)
            wait = settings.render_poll
            if retry_after is not None:
                wait = max(retry_after, _SHORTEST_WAIT)
            else:
                polls += 1
            passed = time.monotonic() - began
            late = passed > max(2 * budget, _SLOW)
            if polls >= settings.render_polls or waited + wait > budget or late:
                raise RenderPending(
                    f"The render is not done after {passed:.0f} s of waiting. It goes on, and "
                    "nothing is lost: say 'resume' in a while (or run 'ai-video resume').",
                    job=job,
                )
            time.sleep(wait)
            waited += wait

    def _refreshed(self, job: Job) -> Job:
        """A finished job with the address of today: addresses expire."""
        try:
            return self._known(job, self._api.render_status(job.id))
        except (NotFound, *_PASSING):
            return job

    def _bring(self, job: Job) -> Delivery:
        """Fetch the file, give it its name, and close the job."""
        folder = Path(job.folder)
        part = folder / f".{job.id}.part"
        path = _brought(job, part)
        if path is None:
            self._tell("downloading", None)
            try:
                path = self._fetch(job, folder, part)
            except FileError as error:
                error.args, error.then = (f"{error} {_KEPT}",), "kept"
                raise
            except DownloadError as error:
                raise type(error)(f"{error} {_FETCH}", error.code, error.retry) from None
        job = self._ledger.note(
            job, state="delivered", file=str(path), size=path.stat().st_size, draft={}
        )
        return Delivery(path, job)

    def _fetch(self, job: Job, folder: Path, part: Path) -> Path:
        def naming(path: Path, size: int) -> None:
            self._ledger.note(job, file=str(path), size=size)

        def progress(got: int, total: int | None) -> None:
            self._tell("downloading", got / total if total else None)

        fallback = self._api.download_url(job.id)
        first: DownloadError | None = None
        for url in dict.fromkeys((job.url or fallback, fallback)):
            try:
                return download.fetch(
                    url,
                    folder,
                    job.name,
                    api=self._api,
                    part=part,
                    progress=progress,
                    naming=naming,
                )
            except DownloadError as error:
                first = first or error
        raise first or AssertionError  # there is one address at least


def _brought(job: Job, part: Path) -> Path | None:
    """The file, where a process died between naming it and writing that down."""
    if not job.file:
        return None
    path = Path(job.file)
    with contextlib.suppress(OSError):
        if not path.is_file() or path.stat().st_size != job.size:
            return None
        if not part.exists():
            return path
        if path.samefile(part):  # named, and the temporary name not yet removed
            part.unlink()
            return path
    return None
