"""The timeline as a file on disk, with the link to its project."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

from skill import delivery
from skill.draft import TEXT, VIDEO, Draft, parse
from skill.errand import Errand, Told
from skill.errors import SkillError, StateError
from skill.estimate import render_seconds
from skill.gui.sentences import quotes
from skill.jobs import Job, Ledger
from skill.phrases import languages, number, words
from skill.projects import Session
from skill.router.slots import export_slots
from skill.suggestions import greeting_ideas
from skill.timeline.names import given_name

LONGEST_NAME = 40  # characters of a file's name, without its extension


def run(errand: Errand) -> None:
    """Render, wait, fetch. Raises SkillError where there is nothing to export, or no file came."""
    wire = errand.draft()
    draft = parse(wire)
    if not draft.exportable:
        error = SkillError(errand.say("export.empty"), "empty-timeline")
        errand.tell(str(error))
        errand.tell(greeting_ideas(errand.language))
        raise Told(error)
    output: dict[str, Any] = {**delivery.OUTPUT, **export_slots(errand.wish)}
    if lines := output.pop("height", None):  # "720p" upright is 720 px wide, not 720 px high
        output["resolution"] = f"{lines}p"
    if _is_post(errand.wish):
        errand.tell(errand.say("export.post"))
    announce(errand, draft.duration)
    errand.stage = "render"
    done = delivery.export(
        errand.api,
        errand.session,
        wire,
        errand.folder,
        output=output,
        name=f"{file_name(draft)}.{output['format']}",
        progress=errand.listener.progress,
    )
    errand.stage, errand.next = "", None
    deliver(errand, done.path, errand.session, draft.duration)
    told(errand, done.job)


def announce(errand: Errand, length: int) -> None:
    """Tell that the render of a video of ``length`` ms begins, and how long it usually takes."""
    engine = errand.api.engine
    low, high = render_seconds(Ledger(errand.api.home), engine.account, engine.kind, length)
    shown = {"low": number(low, errand.language), "high": number(high, errand.language)}
    errand.line("export.rendering", **shown)


def deliver(errand: Errand, path: Path, session: Session, duration: int, account: str = "") -> None:
    """Tell of a finished file, with a link to its project.

    ``duration`` in ms, 0 if unknown; ``account`` is the Engine.account that it was made at.
    """
    errand.delivered.append(path)
    size = _size(errand, path.stat().st_size)
    key = "export.ready" if duration else "export.ready_plain"
    lines = [
        errand.say(
            key,
            name=path.name,
            length=number(duration / 1000, errand.language),
            size=size,
        ),
        errand.say("export.saved", path=path),
    ]
    here = account in ("", errand.api.engine.account)
    link = _claim(errand, session) if here else ""
    if link:
        if link not in errand.links:
            errand.links.append(link)
        lines.append(errand.say("export.project", link=link))
    errand.tell("\n".join(lines))


def deliver_job(errand: Errand, path: Path, job: Job, duration: int) -> None:
    """Tell of a file that an earlier turn asked for."""
    deliver(errand, path, Session(job.session, job.task), duration, job.engine)
    told(errand, job)


def told(errand: Errand, job: Job) -> None:
    """Close a job: its file was told of. Where that cannot be kept, it is told once more."""
    with contextlib.suppress(StateError):
        Ledger(errand.api.home).note(job, told=True)


def file_name(draft: Draft) -> str:
    """A name for the file from what the timeline calls its title, or its first clip."""
    for kind in (TEXT, VIDEO):
        for track in draft.tracks_of(kind):
            for segment in track.segments:
                name = re.sub(r"\.\w{2,4}$", "", given_name(segment, track))
                name = re.sub(r"[\W_]+", "-", name).strip("-")[:LONGEST_NAME].strip("-")
                if name:
                    return name.lower()
    return "video"


def _is_post(wish: str) -> bool:
    """Whether the file is wanted on some platform: we cannot post, only deliver."""
    text = wish.casefold()
    for start, end in reversed(list(quotes(text))):
        text = text[:start] + " " + text[end:]
    return all(
        any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) for word in _all(key))
        for key in ("_post", "_platforms")
    )


def _all(key: str) -> list[str]:
    return [word for name in languages() for word in words(key, name)]


def _size(errand: Errand, count: int) -> str:
    """Bytes in words: "8.4 MB", "20 KB"."""
    if count < 100_000:
        return errand.say("size.kb", n=number(max(1, count / 1e3), errand.language, digits=0))
    return errand.say("size.mb", n=number(count / 1e6, errand.language))


def _claim(errand: Errand, session: Session) -> str:
    """The project's link; "" where it cannot be had, since the file is there all the same."""
    try:
        return errand.api.claim(session)
    except SkillError:
        return ""
