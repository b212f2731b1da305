"""How long: clips and the whole are stretched, shortened and trimmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skill.draft import VIDEO, Segment
from skill.studio.agent import scene, targets, timeline
from skill.studio.agent.apply import Fact, Outcome, Refusal, applies, done
from skill.studio.agent.edits import START, SetLength, Target, Trim
from skill.studio.agent.project import Project
from skill.studio.agent.state import focus, new_id, remember

SHORTEST, LONGEST = 1_000, 600_000
STEP = 500  # ms that "shorter" and "longer" are rounded to
LEAST = 500  # ms of a clip when the whole is made shorter
EXAMPLE = 4_000  # ms in a question about a length


def check_length(length: int | None) -> int | None:
    """The length, if it is one that a clip can have. Raises Refusal."""
    if length is not None and not SHORTEST <= length <= LONGEST:
        raise Refusal("cannot.length", length=length)
    return length


@applies(SetLength)
def set_length(edit: SetLength, project: Project) -> Outcome:
    """A clip or the whole gets another length. Footage ends where its source ends."""
    clips = timeline.clips(project.draft)
    if not clips:
        raise Refusal("cannot.empty")
    if edit.each:
        return _stretch_each(edit, project)
    if edit.it:
        _ask_of_what(edit, project)
    if edit.target is not None and not edit.target.all:
        found = targets.find(edit.target, project, (VIDEO,), scene.read)
        if not found:
            raise Refusal("cannot.find", what=edit.target.words)
        clip = found[-1]
        return _told(edit, clip.duration, _stretch_one(clip, _wanted(edit, clip.duration), project))
    if len(clips) == 1:
        now = clips[0].duration
        return _told(edit, now, _stretch_one(clips[0], _wanted(edit, now), project))
    now = project.draft.duration
    return _told(edit, now, stretch_all(_wanted(edit, now), project))


def _ask_of_what(edit: SetLength, project: Project) -> None:
    """ "Make it 4 seconds", when a title or the music was spoken of last: Refusal, to ask.

    Neither lasts longer than the picture, so that a length beyond it is the picture's.
    """
    segment = project.draft.find(focus(project.draft))
    if segment is None or segment in timeline.clips(project.draft):
        return
    title = bool(segment.meta.get("text"))
    now = project.draft.duration
    if (title and edit.length is None) or _wanted(edit, now) < now:
        key = "ask.length_title" if title else "ask.length_music"
        raise Refusal(key, length=edit.length or EXAMPLE)


def _told(edit: SetLength, before: int, outcome: Outcome) -> Outcome:
    """ "Shorten it to 9 s" of what lasts 5 s: done, and said."""
    if edit.length is None or not edit.way or (edit.length - before) * edit.way >= 0:
        return outcome
    key = "note.was_shorter" if edit.way < 0 else "note.was_longer"
    return replace(outcome, facts=(*outcome.facts, Fact(key, {"length": before})))


def _wanted(edit: SetLength, now: int) -> int:
    if edit.length is not None:
        wanted = edit.length
    elif edit.change is not None:
        wanted = now + edit.change
    else:
        step = STEP if now >= 2 * STEP else 1
        wanted = max(step, round(now * (edit.scale or 1) / step) * step)
    check_length(wanted)
    return wanted


def _stretch_one(clip: Segment, wanted: int, project: Project) -> Outcome:
    own = timeline.own_length(clip, project)
    length = wanted if own is None else min(wanted, own)
    before = clip.duration
    main = [_stretched(c, length) if c.id == clip.id else c for c in timeline.clips(project.draft)]
    draft = remember(timeline.arrange(project.draft, project, main=main), focus=clip.id)
    values = {"name": timeline.name(clip), "length": length, "before": before}
    if length < wanted:
        key = "note.footage_ends" if length > before else "cannot.longer"
        if length <= before:
            raise Refusal(key, **values)
        return Outcome(draft, (Fact("done.length", values), Fact(key, values)))
    return done(draft, "done.length", **values)


def _stretch_each(edit: SetLength, project: Project) -> Outcome:
    """Every clip at the same length, or each at its share."""
    main, short = [], False
    for clip in timeline.clips(project.draft):
        wanted, own = _wanted(edit, clip.duration), timeline.own_length(clip, project)
        length = wanted if own is None else min(wanted, own)
        short = short or length < wanted
        main.append(_stretched(clip, length))
    draft = timeline.arrange(project.draft, project, main=main)
    values = {"length": draft.duration, "before": project.draft.duration}
    facts = [Fact("done.length_all", values)]
    return Outcome(draft, (*facts, Fact("note.footage_ends_all")) if short else tuple(facts))


def stretch_all(wanted: int, project: Project) -> Outcome:
    """The whole timeline at a length: each clip takes its share, footage as far as it goes."""
    clips = timeline.clips(project.draft)
    before = project.draft.duration
    overlaps = sum(clip.duration for clip in clips) - before
    limits = [timeline.own_length(clip, project) for clip in clips]
    lengths = share(wanted + overlaps, [clip.duration for clip in clips], limits)
    main = [_stretched(clip, length) for clip, length in zip(clips, lengths, strict=True)]
    draft = timeline.arrange(project.draft, project, main=main)
    # Crossfades grow and shrink with short clips: what they took or left goes to the last one.
    rest = wanted - draft.duration
    last = len(main) - 1
    if rest and main[last].duration + rest >= SHORTEST and limits[last] is None:
        main[last] = _stretched(main[last], main[last].duration + rest)
        draft = timeline.arrange(project.draft, project, main=main)
    values = {"length": draft.duration, "before": before}
    if draft.duration < wanted - timeline.SHORTEST:
        if draft.duration <= before:
            raise Refusal("cannot.longer_all", length=before)
        return Outcome(
            draft, (Fact("done.length_all", values), Fact("note.footage_ends_all", values))
        )
    return done(draft, "done.length_all", **values)


def share(wanted: int, now: Sequence[int], limits: Sequence[int | None]) -> list[int]:
    """Lengths in proportion to those now that add up to ``wanted``, none beyond its limit."""
    lengths = [0] * len(now)
    free = list(range(len(now)))
    left = wanted
    while free:
        total = sum(now[i] for i in free)
        over = [
            i for i in free if (limit := limits[i]) is not None and left * now[i] > limit * total
        ]
        if not over:
            for i in free:
                lengths[i] = max(LEAST, round(left * now[i] / total))
            break
        for i in over:
            lengths[i] = limits[i] or LEAST
            left -= lengths[i]
            free.remove(i)
        left = max(0, left)
    return lengths


def _stretched(clip: Segment, length: int) -> Segment:
    """A clip at another length; a scene is painted anew for it, from its beginning."""
    if length == clip.duration:
        return clip
    if timeline.kind(clip) == "scene":
        source = {k: v for k, v in timeline.source(clip).items() if k != "seconds"}
        clip = clip.with_meta(source=source, **{"in": None})
    return replace(clip, duration=length)


@applies(Trim)
def trim(edit: Trim, project: Project) -> Outcome:
    """Only a part of a clip, or of the whole timeline, stays."""
    clips = timeline.clips(project.draft)
    if not clips:
        raise Refusal("cannot.empty")
    clip = _clip_to_trim(edit.target, clips, project)
    length = project.draft.duration if clip is None else clip.duration
    if edit.hole is not None:
        return _cut_out(clip or clips[-1], edit.hole, project)
    name = timeline.name(clip) if clip else ""
    if edit.middle:
        at = (length - edit.middle) // 2
        if at < timeline.SHORTEST:
            raise Refusal("cannot.trim", name=name, length=length)
        hole = (at, at + edit.middle)
        if clip is None:
            return _cut_out_of_all(hole, project)
        return _cut_out(clip, hole, project)
    start, end = _kept(edit, length)
    if end - start < timeline.SHORTEST:
        raise Refusal("cannot.trim", name=name, length=length)
    if (start, end) == (0, length):
        raise Refusal("cannot.trim_more", name=name, length=length)
    if clip is None:
        main = [part for c in clips if (part := window(c, start - c.start, end - c.start))]
    else:
        main = [window(c, start, end) or c if c.id == clip.id else c for c in clips]
    draft = timeline.arrange(project.draft, project, main=main)
    if clip is None:
        return done(draft, "done.trimmed_all", length=draft.duration, before=length)
    values = {"name": name, "length": end - start, "before": length, "start": start, "end": end}
    key = "done.trimmed_part" if start else "done.trimmed"
    return done(remember(draft, focus=clip.id), key, **values)


def _cut_out(clip: Segment, hole: tuple[int, int], project: Project) -> Outcome:
    """A part out of the middle: the clip becomes two, with a hard cut between them."""
    start, end = hole[0], min(hole[1], clip.duration)
    head, tail = window(clip, 0, start), window(clip, end, clip.duration)
    if (head is None and tail is None) or start >= end:
        raise Refusal("cannot.trim", name=timeline.name(clip), length=clip.duration)
    draft = project.draft
    if head is not None and tail is not None:
        draft, name = new_id(draft, "v")
        tail = replace(tail, id=name).with_meta(transition={"kind": "none", "d": 0})
    parts = [part for part in (head, tail) if part is not None]
    main = [p for c in timeline.clips(draft) for p in (parts if c.id == clip.id else [c])]
    draft = remember(timeline.arrange(draft, project, main=main), focus=parts[0].id)
    return done(draft, "done.cut_out", name=timeline.name(clip), start=start, end=end)


def _cut_out_of_all(hole: tuple[int, int], project: Project) -> Outcome:
    """A part out of the middle of the whole, which may lie in several clips."""
    draft, main = project.draft, list[Segment]()
    for clip in timeline.clips(draft):
        head = window(clip, 0, hole[0] - clip.start)
        tail = window(clip, hole[1] - clip.start, clip.duration)
        if head is not None and tail is not None:
            draft, name = new_id(draft, "v")
            tail = replace(tail, id=name)
        if tail is not None and clip.start < hole[1]:
            tail = tail.with_meta(transition={"kind": "none", "d": 0})
        main += [part for part in (head, tail) if part is not None]
    before = draft.duration
    draft = timeline.arrange(draft, project, main=main)
    return done(draft, "done.trimmed_all", length=draft.duration, before=before)


def window(clip: Segment, start: int, end: int) -> Segment | None:
    """The part of a clip between two times of its own; None where there is none."""
    start, end = max(0, start), min(clip.duration, end)
    if end - start < timeline.SHORTEST:
        return None
    if start and timeline.kind(clip) != "image":
        clip = clip.with_meta(**{"in": timeline.begin(clip) + start})
    if timeline.kind(clip) == "scene":
        # The camera goes on as it was painted for the whole clip.
        source = timeline.source(clip)
        source.setdefault("seconds", clip.duration / 1000)
        clip = clip.with_meta(source=source)
    return replace(clip, duration=end - start)


def _clip_to_trim(
    target: Target | None, clips: Sequence[Segment], project: Project
) -> Segment | None:
    """The named one, else the only or the last uploaded one; None for the whole timeline."""
    if target is not None and target.all:
        return None if len(clips) > 1 else clips[0]
    if target is not None and (target.named or target.it):
        found = targets.find(target, project, (VIDEO,), scene.read)
        if not found:
            raise Refusal("cannot.find", what=target.words)
        return found[-1]
    if len(clips) == 1:
        return clips[0]
    footage = [clip for clip in clips if timeline.kind(clip) == "video"]
    uploaded = footage or [clip for clip in clips if timeline.kind(clip) == "image"]
    order = {item.hash: place for place, item in enumerate(project.media)}
    uploaded.sort(key=lambda clip: order.get(str(timeline.source(clip).get("hash")), -1))
    return uploaded[-1] if uploaded else None


def _kept(edit: Trim, length: int) -> tuple[int, int]:
    if edit.keep is not None:
        start, end = edit.keep
        return min(start, length), length if end is None else min(end, length)
    if edit.last:
        return max(0, length - edit.last), length
    if edit.half:
        return (0, length // 2) if edit.half == START else (length // 2, length)
    if edit.core:
        start = max(0, (length - edit.core) // 2)
        return start, min(length, start + edit.core)
    return min(edit.head, length), max(0, length - edit.tail)
