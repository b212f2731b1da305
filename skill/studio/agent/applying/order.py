"""Which clips and in what order: moved, swapped, removed, kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.draft import AUDIO, VIDEO, Draft, Segment
from skill.studio.agent import scene, targets, timeline
from skill.studio.agent.apply import Outcome, Refusal, applies, done
from skill.studio.agent.applying.clips import uploads
from skill.studio.agent.edits import (
    BEFORE,
    START,
    Clear,
    KeepOnly,
    Move,
    Remove,
    Reverse,
    Swap,
    Target,
)  # fmt: skip
from skill.studio.agent.place import put
from skill.studio.agent.project import Project
from skill.studio.agent.state import KEY, focus, recall, remember


@applies(Move)
def move(edit: Move, project: Project) -> Outcome:
    """A clip at another place. Titles and music have their own times and stay."""
    clips = list(timeline.clips(project.draft))
    clip = _moving(edit, project)
    if len(clips) < 2:
        raise Refusal("cannot.move_only")
    others = [c for c in clips if c.id != clip.id]
    if edit.position is not None:
        if not 1 <= edit.position <= len(clips):
            raise Refusal("cannot.position", count=len(clips))
        place = edit.position - 1
    elif edit.anchor is not None:
        anchor = _anchor(edit.anchor, clip, project)
        place = others.index(anchor) + (0 if edit.place == BEFORE else 1)
    else:
        place = 0 if edit.place == START else len(others)
    others.insert(place, clip)
    draft = timeline.arrange(project.draft, project, main=others)
    draft = remember(draft, focus=clip.id)
    if others == clips:
        return done(draft, "note.already", name=timeline.name(clip))
    return done(draft, "done.moved", name=timeline.name(clip), order=_names(draft))


def _moving(edit: Move, project: Project) -> Segment:
    """The clip to move; "it" is never the clip that it is to stand beside."""
    target = edit.target
    found = targets.find(target, project, (VIDEO,), scene.read)
    if edit.anchor is not None and not target.named and found:
        beside = targets.find(edit.anchor, project, (VIDEO,), scene.read)
        if found[-1:] == beside[-1:]:
            others = [c for c in timeline.clips(project.draft) if c not in beside]
            found = _latest(others, project)
    if not found:
        raise Refusal("cannot.find" if target.words else "cannot.empty", what=target.words)
    return found[-1]


def _latest(clips: list[Segment], project: Project) -> list[Segment]:
    """The clip whose file came last, else the last one on the timeline."""
    order = {item.hash: place for place, item in enumerate(project.media)}
    clips.sort(key=lambda clip: order.get(str(timeline.source(clip).get("hash")), -1))
    return clips[-1:]


def _anchor(target: Target, clip: Segment, project: Project) -> Segment:
    found = targets.find(replace(target, all=True), project, (VIDEO,), scene.read)
    if target.ordinal is not None:
        found = targets.find(target, project, (VIDEO,))
    beside = [s for s in found if s.id != clip.id]
    if not beside:
        raise Refusal("cannot.find", what=target.words)
    return beside[-1]


@applies(Swap)
def swap(edit: Swap, project: Project) -> Outcome:
    """Two clips change places."""
    clips = list(timeline.clips(project.draft))
    if len(clips) < 2:
        raise Refusal("cannot.move_only")
    pair = clips[-2:]
    if edit.first is not None and edit.second is not None:
        pair = []
        for target in (edit.first, edit.second):
            found = targets.find(target, project, (VIDEO,), scene.read)
            if not found:
                raise Refusal("cannot.find", what=target.words)
            pair.append(found[-1])
    a, b = clips.index(pair[0]), clips.index(pair[1])
    clips[a], clips[b] = clips[b], clips[a]
    draft = timeline.arrange(project.draft, project, main=clips)
    return done(draft, "done.reordered", order=_names(draft))


@applies(Reverse)
def reverse(_: Reverse, project: Project) -> Outcome:
    clips = timeline.clips(project.draft)
    if len(clips) < 2:
        raise Refusal("cannot.move_only")
    draft = timeline.arrange(project.draft, project, main=clips[::-1])
    return done(draft, "done.reordered", order=_names(draft))


def _names(draft: Draft) -> list[str]:
    return [timeline.name(clip) for clip in timeline.clips(draft)]


@applies(Remove)
def remove(edit: Remove, project: Project) -> Outcome:
    """What is named goes; the rest closes up. All of it is looked up first."""
    found: list[Segment] = []
    missing: Refusal | None = None
    for target in edit.targets:
        here = _removable(target, project)
        if not here:
            missing = Refusal(_nothing(target), what=target.words)
        found += [segment for segment in here if segment not in found]
    if not found and missing is not None:
        raise missing
    draft = project.draft
    gone = {segment.id for segment in found}
    left = _without(draft, project, gone)
    if focus(draft) in gone:
        left = remember(left, focus=None)
    outcome = done(left, "done.removed", what=[_label(segment) for segment in found])
    return outcome if missing is None else replace(outcome, facts=(*outcome.facts, missing.fact))


def _removable(target: Target, project: Project) -> list[Segment]:
    if target.kind in ("music", "sound") and not target.named:
        # "The music" is the bed; a song that was placed beside it goes where there is no bed.
        sounds = list(timeline.audio(project.draft))
        beds = [s for s in sounds if s.meta.get("role") == "music"]
        return sounds if target.all else beds or sounds
    kinds = None
    if target.kind == "clip":
        kinds = (VIDEO, AUDIO) if target.words else (VIDEO,)
    return targets.find(target, project, kinds, scene.read)


def _nothing(target: Target) -> str:
    if target.words or target.ordinal is not None:
        return "cannot.find" if target.words else "cannot.ordinal"
    return {"music": "cannot.no_music", "title": "cannot.no_title", "sound": "cannot.no_music"}.get(
        target.kind, "cannot.empty"
    )


def _without(draft: Draft, project: Project, gone: set[str]) -> Draft:
    return timeline.arrange(
        draft,
        project,
        main=[s for s in timeline.clips(draft) if s.id not in gone],
        sounds=[s for s in timeline.audio(draft) if s.id not in gone],
        texts=[s for s in timeline.titles(draft) if s.id not in gone],
    )


def _label(segment: Segment) -> str:
    text = segment.meta.get("text")
    return f"“{text}”" if text else timeline.name(segment)


@applies(KeepOnly)
def keep_only(edit: KeepOnly, project: Project) -> Outcome:
    """Of the clips, only those named stay; an upload that had gone comes back.

    Music and titles stay too, since they are no clips; "only the music" keeps
    the music alone.
    """
    target = edit.target
    if target.kind in ("music", "title", "sound"):
        found = targets.find(replace(target, all=not target.named), project)
        if not found:
            raise Refusal(_nothing(target), what=target.words)
        kept = {segment.id for segment in found}
        gone = {s.id for track in project.draft.tracks for s in track.segments} - kept
        return done(
            _without(project.draft, project, gone), "done.kept", what=[_label(s) for s in found]
        )
    found = targets.find(target, project, (VIDEO,), scene.read)
    if not found:
        items = uploads(target, project) if target.named else []
        if not items:
            raise Refusal("cannot.find" if target.words else _nothing(target), what=target.words)
        emptied = replace(project, draft=timeline.arrange(project.draft, project, main=()))
        draft = put(items, emptied)
        return done(draft, "done.kept", what=[item.name for item in items])
    kept = {segment.id for segment in found}
    draft = timeline.arrange(
        project.draft, project, main=[c for c in timeline.clips(project.draft) if c.id in kept]
    )
    draft = remember(draft, focus=found[-1].id)
    return done(draft, "done.kept", what=[timeline.name(segment) for segment in found])


@applies(Clear)
def clear(_: Clear, project: Project) -> Outcome:
    """An empty timeline on the usual canvas; ids go on counting."""
    if not project.draft.exportable:
        raise Refusal("cannot.empty_already")
    noted: dict[str, Any] = {
        "next": recall(project.draft, "next"),
        "prompt": recall(project.draft, "prompt"),
    }
    meta = {key: value for key, value in project.draft.meta.items() if key != KEY}
    draft = Draft(fps=project.draft.fps, meta=meta, rest=project.draft.rest)
    return done(remember(draft, **noted), "done.cleared")
