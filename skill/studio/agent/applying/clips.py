"""Clips come onto the timeline: painted ones, and uploads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.draft import VIDEO, Draft, Segment
from skill.studio.agent import canvas, scene, targets, timeline
from skill.studio.agent.apply import Fact, Outcome, Refusal, applies
from skill.studio.agent.applying.lengths import check_length, stretch_all
from skill.studio.agent.edits import BEFORE, START, Gather, Generate, Target
from skill.studio.agent.message import fold
from skill.studio.agent.place import put
from skill.studio.agent.project import PlacedMedia, Project
from skill.studio.agent.state import focus, new_id, recall, remember

LENGTH = 5_000


@applies(Generate)
def generate(edit: Generate, project: Project) -> Outcome:
    """A painted clip, after the others or where it was asked; or in place of one."""
    length = check_length(edit.length)
    old = _replaced(edit, project)
    prompt = _prompt(edit, project, old)
    draft = project.draft
    if edit.ratio is not None:
        draft = reshape(draft, edit.ratio)
    clips = list(timeline.clips(draft))
    draft, name = new_id(draft, "v")
    seed = project.seed + int(name[1:])
    if old is not None and (edit.earlier or (edit.change and edit.prompt)):
        # The same picture with something changed, and not another one.
        seed = int(timeline.source(old).get("scene", {}).get("seed", seed))
    painted = scene.read(prompt, seed)
    if edit.change and edit.prompt and old is not None and _alike(painted, old):
        raise Refusal("cannot.no_change", what=edit.prompt)
    film = edit.cinematic or _all_film(clips)
    meta: dict[str, Any] = {
        "name": str(painted.get("name") or prompt[:40]),
        "source": {"kind": "scene", "scene": painted},
    }
    if film:
        meta["film"] = {"bars": True, "grain": True}
    if old is not None:
        place = clips.index(old)
        kept = {key: old.meta[key] for key in ("film", "transition", "volume") if key in old.meta}
        segment = Segment(name, 0, length or old.duration, {**kept, **meta})
        clips[place] = segment
    else:
        place = _index(edit, replace(project, draft=draft), len(clips))
        segment = Segment(name, 0, length or LENGTH, meta)
        clips.insert(place, segment)
    draft = timeline.arrange(draft, project, main=clips)
    noted = {"text": prompt, "clip": name, "bare": edit.bare}
    draft = remember(draft, prompt=noted, focus=name)
    made = draft.find(name) or segment
    values: dict[str, Any] = {
        "name": timeline.name(made),
        "length": made.duration,
        "ratio": canvas.name(draft.width, draft.height),
    }
    key = "done.generated"
    if old is not None:
        values["old"] = timeline.name(old)
        key = "done.replaced" if values["old"] != values["name"] else "done.remade"
    facts = [Fact(key, values)]
    if edit.cinematic and not made.meta.get("look", {}).get("bars"):
        facts.append(Fact("note.no_bars", {}))
    facts += _unpainted(painted, prompt)
    return Outcome(draft, tuple(facts))


def reshape(draft: Draft, ratio: tuple[float, float]) -> Draft:
    """The draft on a canvas of another shape, as the user wishes. Raises Refusal."""
    try:
        width, height = canvas.size(ratio)
    except ValueError as error:
        raise Refusal("cannot.ratio", ratio=f"{ratio[0]:g}:{ratio[1]:g}") from error
    return remember(replace(draft, width=width, height=height), ratio="user")


def _replaced(edit: Generate, project: Project) -> Segment | None:
    """The clip that the new one takes the place of."""
    if edit.replace is not None:
        found = targets.find(edit.replace, project, (VIDEO,), scene.read)
        if not found and edit.replace.words:
            raise Refusal("cannot.find", what=edit.replace.words)
        return found[-1] if found else None
    earlier = recall(project.draft, "prompt")
    if edit.earlier and isinstance(earlier, dict) and earlier.get("bare"):
        # The description alone had become a clip already: this is that clip, made properly.
        return next((s for s in timeline.clips(project.draft) if s.id == earlier.get("clip")), None)
    return None


def _prompt(edit: Generate, project: Project, old: Segment | None) -> str:
    """What to paint. Raises Refusal where nothing was ever described."""
    if edit.change and old is not None and timeline.kind(old) != "scene":
        raise Refusal("cannot.repaint", name=timeline.name(old))
    if edit.change and old is not None:
        before = str(timeline.source(old)["scene"].get("prompt", ""))
        known = not edit.prompt or before.startswith(edit.prompt)
        return before if known else f"{edit.prompt}, {before}"
    if edit.prompt:
        return edit.prompt
    earlier = recall(project.draft, "prompt")
    text = earlier.get("text") if isinstance(earlier, dict) else None
    if not text:
        raise Refusal("ask.earlier" if edit.earlier else "ask.prompt")
    return str(text)


def _index(edit: Generate, project: Project, count: int) -> int:
    if edit.place == START:
        return 0
    if edit.anchor is None:
        return count
    found = targets.find(edit.anchor, project, (VIDEO,), scene.read)
    if not found:
        raise Refusal("cannot.find", what=edit.anchor.words)
    place = timeline.clips(project.draft).index(found[-1])
    return place if edit.place == BEFORE else place + 1


def _alike(painted: dict[str, Any], old: Segment) -> bool:
    """Whether a scene would look as the old one does: the new words say nothing to it."""
    before = timeline.source(old).get("scene", {})
    told = {"prompt", "name", "seed", "language", "missing", "known"}
    return all(painted.get(key) == before.get(key) for key in {*painted, *before} - told)


def _all_film(clips: list[Segment]) -> bool:
    return bool(clips) and all(segment.meta.get("film") for segment in clips)


def _unpainted(painted: dict[str, Any], prompt: str) -> list[Fact]:
    """What the studio's scenes cannot show of a prompt, said once."""
    if not painted.get("known", True):
        return [Fact("note.unknown", {"prompt": prompt})]
    missing = [str(word) for word in painted.get("missing") or ()]
    return [Fact("note.missing", {"what": missing})] if missing else []


@applies(Gather)
def gather(edit: Gather, project: Project) -> Outcome:
    """Uploads on the timeline, in the order sent; those that are there stay where they are."""
    length = check_length(edit.length)
    wanted = uploads(edit.target, project)
    if not wanted and edit.target.all:  # a "slideshow" of videos
        wanted = uploads(replace(edit.target, kind="upload"), project)
    if not wanted:
        raise Refusal(
            "cannot.find_upload" if edit.target.words else "ask.upload", what=edit.target.words
        )
    missing = [item for item in wanted if not project.on_timeline(item)]
    draft = put(missing, project)
    facts = [Fact("done.placed", {"what": [item.name for item in missing]})] if missing else []
    if not missing:
        facts.append(Fact("note.there", {"what": [item.name for item in wanted]}))
    outcome = Outcome(draft, tuple(facts))
    if length is not None:
        stretched = stretch_all(length, replace(project, draft=draft))
        outcome = Outcome(stretched.draft, (*facts, *stretched.facts))
    return outcome


def uploads(target: Target, project: Project) -> list[PlacedMedia]:
    """The uploads that a target means, on the timeline or not."""
    kinds = {
        "photo": ("image",),
        "clip": ("video", "image"),
        "music": ("audio",),
        "sound": ("audio",),
    }
    pool = [
        m for m in project.media if m.kind in kinds.get(target.kind, ("video", "image", "audio"))
    ]
    pool = list({item.hash: item for item in pool}.values())
    if target.words:
        # A link names the file that it ends with.
        wanted = fold(target.words.partition("?")[0].rpartition("/")[2] or target.words)
        exact = [m for m in project.media if wanted == fold(m.name)]
        return (
            exact[-1:]
            or [m for m in project.media if wanted == fold(m.name).rpartition(".")[0]][-1:]
        )
    if target.ordinal is not None:
        index = target.ordinal - 1 if target.ordinal > 0 else target.ordinal
        return pool[index : index + 1 or None] if -len(pool) <= index < len(pool) else []
    if target.it:
        here = [m for m in pool if _is_focus(m, project)]
        return here or pool[-1:]
    return pool if target.all else pool[-1:]


def _is_focus(item: PlacedMedia, project: Project) -> bool:
    segment = project.draft.find(focus(project.draft))
    return segment is not None and project.medium(segment.meta.get("source")) == item
