"""Between the store and the agent: a session becomes a project, an answer becomes a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from skill.draft import Draft
from skill.studio.server.studio import Studio
from skill.studio.store.sessions import Session

if TYPE_CHECKING:  # the agent brings its words and scenes along: imported by the first turn
    from skill.studio.agent.project import Answer, PlacedMedia, Project


def respond(studio: Studio, session: Session, message: str) -> tuple[Answer, Draft | None]:
    """The agent's answer, stored; with it the draft where the session now stands at another."""
    answer = studio.respond(message, load(studio, session), session.language)
    if answer.move:
        moved = studio.store.sessions.move(session.id, answer.move)
        return answer, studio.store.sessions.head(session.id).draft if moved else None
    if answer.draft is not None:
        studio.store.sessions.add(session.id, answer.draft)
    return answer, answer.draft


def place(studio: Studio, session: Session, files: Sequence[Mapping[str, Any]]) -> None:
    """Put new uploads on the timeline: their rows and the new version in one transaction."""
    project = load(studio, session, files)
    draft = studio.place([placed(file) for file in files], project)
    studio.store.sessions.add(session.id, draft, [(file["hash"], file) for file in files])


def load(studio: Studio, session: Session, more: Sequence[Mapping[str, Any]] = ()) -> Project:
    """The session as the agent sees it, with uploads that are about to be added."""
    from skill.studio.agent.project import Project

    head = studio.store.sessions.head(session.id)
    media = [*studio.store.sessions.media(session.id), *more]
    return Project(
        draft=head.draft,
        media=tuple(placed(file) for file in media),
        previous=head.previous,
        next=head.next,
        # Another seed for every version, so that the same words twice give two different clips.
        seed=(session.seed + head.versions - 1) % 2**31,
    )


def placed(file: Mapping[str, Any]) -> PlacedMedia:
    from skill.studio.agent.project import PlacedMedia

    return PlacedMedia(**{field.name: file[field.name] for field in fields(PlacedMedia)})


def description(content_hash: str, size: int, media: Any) -> dict[str, Any]:
    """What the store keeps of an upload: the probe's findings, its hash and size in bytes."""
    return {"hash": content_hash, "size": size, **asdict(media)}
