"""The shape of the picture and its look."""

from __future__ import annotations

from dataclasses import replace

from skill.draft import VIDEO, Segment
from skill.studio.agent import canvas, scene, targets, timeline
from skill.studio.agent.apply import Fact, Outcome, Refusal, applies, done
from skill.studio.agent.applying.clips import reshape
from skill.studio.agent.edits import SetFit, SetLook, SetRatio, Target
from skill.studio.agent.project import Project


@applies(SetRatio)
def set_ratio(edit: SetRatio, project: Project) -> Outcome:
    """Another canvas; every clip is framed anew."""
    before = (project.draft.width, project.draft.height)
    draft = reshape(project.draft, edit.ratio)
    draft = timeline.arrange(draft, replace(project, draft=draft))
    values = {
        "ratio": canvas.name(draft.width, draft.height),
        "size": f"{draft.width}x{draft.height}",
    }
    if (draft.width, draft.height) == before:
        return done(draft, "note.ratio_there", **values)
    return done(draft, "done.ratio", **values)


@applies(SetFit)
def set_fit(edit: SetFit, project: Project) -> Outcome:
    """How pictures sit in the canvas."""
    chosen = {s.id for s in _clips(edit.target, project) if timeline.kind(s) != "scene"}
    if not chosen:
        raise Refusal("cannot.fit")
    main = [
        clip.with_meta(fit=edit.fit, fit_asked=True) if clip.id in chosen else clip
        for clip in timeline.clips(project.draft)
    ]
    return done(timeline.arrange(project.draft, project, main=main), f"done.{edit.fit}")


@applies(SetLook)
def set_look(edit: SetLook, project: Project) -> Outcome:
    """Cinema bars and grain, on the named clip or all."""
    chosen = {s.id for s in _clips(edit.target, project)}
    if not chosen:
        raise Refusal("cannot.empty")
    main = []
    for clip in timeline.clips(project.draft):
        film = clip.meta.get("film")
        film = dict(film) if isinstance(film, dict) else {}
        if clip.id in chosen:
            film |= {} if edit.bars is None else {"bars": edit.bars}
            film |= {} if edit.grain is None else {"grain": edit.grain}
        main.append(clip.with_meta(film=film if any(film.values()) else None))
    draft = timeline.arrange(project.draft, project, main=main)
    if draft == project.draft:
        return done(draft, "note.same")
    facts = [Fact(_said(edit))]
    if edit.bars and not any(c.meta.get("look", {}).get("bars") for c in timeline.clips(draft)):
        facts.append(Fact("note.no_bars"))
    return Outcome(draft, tuple(facts))


def _said(edit: SetLook) -> str:
    if edit.bars and edit.grain:
        return "done.film"
    if edit.bars is not None and edit.grain is None:
        return "done.bars" if edit.bars else "done.bars_off"
    if edit.grain is not None and edit.bars is None:
        return "done.grain" if edit.grain else "done.grain_off"
    return "done.film_off"


def _clips(target: Target | None, project: Project) -> list[Segment]:
    if target is None or not (target.named or target.it):
        return list(timeline.clips(project.draft))
    found = targets.find(target, project, (VIDEO,), scene.read)
    if not found and target.words:
        raise Refusal("cannot.find", what=target.words)
    return found or list(timeline.clips(project.draft))
