"""Titles: added, and changed in text, time, place, colour and size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.draft import TEXT, VIDEO, Draft, Segment
from skill.studio.agent import scene, targets, timeline
from skill.studio.agent.apply import Fact, Outcome, Refusal, applies
from skill.studio.agent.edits import (
    END,
    START,
    WHOLE,
    AddTitle,
    ChangeTitle,
    Moment,
    Style,
)  # fmt: skip
from skill.studio.agent.project import Project
from skill.studio.agent.state import new_id, remember

LENGTH = 3_000
TO_END = "to_end"  # an anchor: from its own time on until the picture ends
COLOR, SIZE, FADE = "#ffffff", 0.11, 400
SMALLEST, LARGEST = 0.03, 0.3
# Where a title goes, unasked, when the places before it are taken at that time.
PLACES = ("center", "lower-third", "top", "bottom")


@applies(AddTitle)
def add_title(edit: AddTitle, project: Project) -> Outcome:
    """A title; the same words once more change the one that is there."""
    draft = project.draft
    same = [s for s in timeline.titles(draft) if s.meta.get("text") == edit.text]
    if same and (edit.style or edit.moment):
        return _changed(same[-1], edit.moment, edit.style, None, project)
    draft, name = new_id(draft, "t")
    segment = Segment(
        name,
        0,
        LENGTH,
        {"name": edit.text, "text": edit.text, "position": "center", "color": COLOR,
         "size": SIZE, "fade": FADE},
    )  # fmt: skip
    segment = _styled(_timed(segment, edit.moment, project), edit.style)
    if edit.style.position is None:
        segment = segment.with_meta(position=_free_place(segment, draft))
    draft = timeline.arrange(draft, project, texts=(*timeline.titles(draft), segment))
    made = draft.find(name) or segment
    facts = [Fact("done.title", {"text": edit.text, "start": made.start, "end": made.end})]
    if not timeline.clips(draft):
        facts.append(Fact("note.no_picture"))
    return Outcome(remember(draft, focus=name), tuple(facts))


@applies(ChangeTitle)
def change_title(edit: ChangeTitle, project: Project) -> Outcome:
    """An existing title changes; where there is none, new words make one."""
    found = targets.find(edit.target, project, (TEXT,))
    if not found:
        if edit.text and not timeline.titles(project.draft):
            return add_title(AddTitle(edit.text, edit.moment, edit.style), project)
        raise Refusal(
            "cannot.find" if edit.target.words else "cannot.no_title", what=edit.target.words
        )
    if edit.target.all:
        for title in found[:-1]:
            outcome = _changed(title, edit.moment, edit.style, edit.text, project)
            project = replace(project, draft=outcome.draft)
    return _changed(found[-1], edit.moment, edit.style, edit.text, project)


def _changed(
    title: Segment, moment: Moment, style: Style, text: str | None, project: Project
) -> Outcome:
    changed = _styled(_timed(title, moment, project), style)
    facts: list[Fact] = []
    if text is not None and text != title.meta.get("text"):
        changed = changed.with_meta(text=text, name=text)
        facts.append(Fact("done.title_text", {"text": text, "before": title.meta.get("text", "")}))
    texts = [changed if s.id == title.id else s for s in timeline.titles(project.draft)]
    draft = timeline.arrange(project.draft, project, texts=texts)
    made = draft.find(title.id) or changed
    if (made.start, made.end) != (title.start, title.end):
        values = {"text": made.meta.get("text", ""), "start": made.start, "end": made.end}
        facts.append(Fact("done.title_time", values))
    draft = remember(draft, focus=title.id)
    if not facts and made == title:
        if moment.over is not None and not _clips_under(moment, project):
            raise Refusal("cannot.find", what=moment.over.words)
        return Outcome(draft, (Fact("note.same", {}),))
    # A colour, a size or a place: the difference of the drafts says it in full.
    return Outcome(draft, tuple(facts))


def _timed(title: Segment, moment: Moment, project: Project) -> Segment:
    """A title at its moment; what is not said stays as it is."""
    if not moment:
        return title
    total = project.draft.duration
    start, length = title.start, moment.length or title.duration
    if moment.scale is not None:
        length = round(title.duration * moment.scale)
    anchor: str | None = None
    found = _clips_under(moment, project)
    if found:
        start = found[-1].start
        length = moment.length or min(LENGTH, found[-1].duration)
        if moment.at == WHOLE:
            length = found[-1].duration
    elif moment.at == WHOLE:
        start, length, anchor = 0, total or LENGTH, WHOLE
    elif moment.at == START:
        start = 0
    elif moment.at == END or (
        title.meta.get("anchor") == END
        and (moment.start, moment.end, moment.to_end) == (None, None, False)
    ):
        start, anchor = max(0, total - length), END
    if moment.start is not None:
        start = moment.start
    if moment.end is not None:
        start = start if start < moment.end else max(0, moment.end - length)
        length = moment.end - start
    if moment.to_end:
        length, anchor = max(length if not total else 0, total - start), TO_END
    if total and start >= total:
        raise Refusal("cannot.after_end", time=start, length=total)
    return replace(title, start=start, duration=max(1, length)).with_meta(anchor=anchor)


def _clips_under(moment: Moment, project: Project) -> list[Segment]:
    """The clips that a title is to be on; [] where it names none, or only might."""
    if moment.over is None:
        return []
    found = targets.find(moment.over, project, (VIDEO,), scene.read)
    if not found and not moment.guessed:
        raise Refusal("cannot.find", what=moment.over.words)
    return found


def _styled(title: Segment, style: Style) -> Segment:
    changes: dict[str, Any] = {}
    if style.position:
        changes["position"] = style.position
    if style.color:
        changes["color"] = style.color
    size = style.size
    if size is None and style.scale is not None:
        size = float(title.meta.get("size", SIZE)) * style.scale
    if size is not None:
        changes["size"] = round(min(LARGEST, max(SMALLEST, size)), 3)
    return title.with_meta(**changes)


def _free_place(title: Segment, draft: Draft) -> str:
    """The first of PLACES where no other title stands at the same time."""
    taken = {
        other.meta.get("position")
        for other in timeline.titles(draft)
        if other.start < title.end and title.start < other.end
    }
    return next((place for place in PLACES if place not in taken), PLACES[0])
