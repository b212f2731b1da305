"""The user's own files and links, each with its fate told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from skill import formats
from skill.api.answers import number as as_number
from skill.draft import parse
from skill.errand import Errand, Told
from skill.errors import EngineError, SkillError
from skill.phrases import number
from skill.phrases.errors import explain
from skill.plain import one_line
from skill.timeline import compare


def run(errand: Errand) -> None:
    """Send every file. Raises the first one's error, once the fate of all is told."""
    if not errand.files:
        errand.tell(
            errand.say("upload.how", formats=", ".join(formats.FORMATS), limit=formats.LIMIT_MB)
        )
        return
    # Looked at before any is sent: the user can mend all of them at once.
    refused = {item: error for item in errand.files if (error := _refusal(item)) is not None}
    sendable = [item for item in errand.files if item not in refused]
    before = errand.draft() if sendable and not errand.planned else None
    lines: list[str] = []
    failed: SkillError | None = None
    for item in errand.files:
        name = name_of(item)
        try:
            if item in refused:
                raise refused[item]
            lines.append(_sent(errand, item, name))
        except SkillError as error:
            failed = failed or error
            why = explain(error, errand.language)
            key = "upload.failed_why" if name in why else "upload.failed"
            lines.append(errand.say(key, name=name, why=why))
            if isinstance(error, EngineError):
                break
    if failed is not None:
        errand.tell("\n".join(lines))
        raise Told(failed)
    if before is not None:
        after = errand.draft()
        changes = compare(before, after, errand.language)
        errand.quoted += changes
        lines += changes
        errand.next = parse(after)
    errand.tell("\n".join(lines))


def name_of(item: str) -> str:
    """What a file or link is called."""
    if is_link(item):
        return one_line(unquote(urlsplit(item).path).rstrip("/").rpartition("/")[2], 80) or item
    return one_line(Path(item).name, 80) or item


def is_link(item: str) -> bool:
    return item.lower().startswith(("http://", "https://"))


def _refusal(item: str) -> SkillError | None:
    if is_link(item):
        return None
    try:
        formats.check(item)
    except SkillError as error:
        return error
    return None


def _sent(errand: Errand, item: str, name: str) -> str:
    """Send one. Returns the line that tells of it."""
    errand.line("upload.sending", name=name)
    errand.stage, errand.worked = "upload", True

    def progress(sent: int, total: int) -> None:
        errand.listener.progress("uploading", sent / total if total else None)

    if is_link(item):
        info = errand.in_session(lambda session: errand.api.upload_url(session.id, [item]))
    else:
        info = errand.in_session(lambda session: errand.api.upload_file(session.id, item, progress))
    errand.stage = ""
    facts = _facts(errand, info)
    return errand.say("upload.done_facts" if facts else "upload.done", name=name, facts=facts)


def _facts(errand: Errand, info: Mapping[str, Any]) -> str:
    """Length and size, where the backend tells them: "5s, 1920x1080"."""
    places = [info, *(item for item in info.values() if isinstance(item, Mapping))]
    for value in info.values():
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
            places.append(value[0])
    facts: list[str] = []
    duration = _first(places, "duration_ms", "duration")
    if duration:
        # The protocol counts in ms; a length below 100 ms would be seconds.
        seconds = duration / 1000 if duration >= 100 else duration
        facts.append(errand.say("seconds", n=number(seconds, errand.language)))
    width, height = _first(places, "width", "w"), _first(places, "height", "h")
    if width and height:
        facts.append(f"{width:g}x{height:g}")
    return errand.say("_comma").join(facts)


def _first(places: list[Mapping[str, Any]], *names: str) -> float:
    for place in places:
        for name in names:
            value = as_number(place.get(name))
            if value and value > 0:
                return value
    return 0
