"""``compare``: what an edit changed, one line a change, before -> after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft
from skill.phrases import say
from skill.timeline.match import Matching, Placed, match
from skill.timeline.names import percent, read, seconds, span, volume_of
from skill.timeline.values import PROPERTIES, value_of

MOST_NAMES = 5  # in a line about the order of clips
_FINE = 0.005  # volumes closer than half a per cent are equal


def compare(before: object, after: object, language: str = "en") -> list[str]:
    """The changes between two drafts; none where they are equal.

    ["Title added: 'Paradise Found' (0-3s)", "Music: 80% -> 35%", "Format: 16:9 -> 9:16"]
    """
    if before == after:
        return []
    old, new = read(before), read(after)
    if old == new:
        return []
    matching = match(old, new)
    lines = [
        *_added(matching, language),
        *_changed(matching, old, new, language),
        *_removed(matching, language),
        *_order(matching, language),
        *_canvas(before, after, language),
    ]
    if not lines:
        lines = [*_length(old, new, language)] or [say("change.other", language)]
    return list(dict.fromkeys(lines))


def _added(matching: Matching, language: str) -> Iterator[str]:
    for item in matching.added:
        volume = volume_of(item.segment, item.track)
        key = "change.added" if volume is None or item.track.type != AUDIO else "change.added_loud"
        yield say(
            key,
            language,
            label=_label(item, language),
            name=_name(item, language),
            span=span(item.segment, language),
            volume=percent(volume or 0, language),
        )


def _removed(matching: Matching, language: str) -> Iterator[str]:
    for item in matching.removed:
        label, name = _label(item, language), _name(item, language)
        yield say("change.removed", language, label=label, name=name)


def _changed(matching: Matching, before: Draft, after: Draft, language: str) -> Iterator[str]:
    partner = {id(new.segment): old for old, new in matching.pairs}
    for old, new in matching.pairs:
        lines = [
            *_renamed(old, new, language),
            *([] if _keeps_pace(old, new, before, after) else _timed(old, new, partner, language)),
            *_loudness(old, new, after, language),
            *_properties(old, new, language),
        ]
        # The rest (ids, materials, unknown keys) is the backend's; that it changed is told once.
        if not lines and _told_meta(old, new) != _told_meta(new, old):
            label, name = _label(new, language), _name(new, language)
            lines = [say("change.segment", language, label=label, name=name)]
        yield from lines


def _renamed(old: Placed, new: Placed, language: str) -> Iterator[str]:
    if old.name("en") != new.name("en") and not (
        # "clip 1" became "clip 2" because something was put before it.
        old.name("en").startswith("clip ") and new.name("en").startswith("clip ")
    ):
        yield _arrow(_label(new, language), _name(old, language), _name(new, language), language)


def _keeps_pace(old: Placed, new: Placed, before: Draft, after: Draft) -> bool:
    """Whether it is sound that only goes on to the end of the picture, as it did before."""
    ends = (old.segment.end, new.segment.end) == (before.duration, after.duration)
    return new.track.type == AUDIO and ends and old.segment.start == new.segment.start


def _timed(old: Placed, new: Placed, partner: Mapping[int, Placed], language: str) -> Iterator[str]:
    a, b = old.segment, new.segment
    label, name = _label(new, language), _name(new, language)
    times = {"before": span(a, language), "after": span(b, language)}
    if new.track.type == VIDEO:
        if a.duration != b.duration:
            yield say(
                "change.trimmed" if b.duration < a.duration else "change.longer",
                language,
                label=label,
                name=name,
                before=seconds(a.duration, language),
                after=seconds(b.duration, language),
            )
        elif a.start != b.start and _gap(old) != _gap(new) and _follows(old, new, partner):
            yield say("change.moved", language, label=label, name=name, **times)
    elif new.track.type == AUDIO and a.start == b.start and a.duration != b.duration:
        if a.duration and b.duration:
            yield say(
                "change.lasts",
                language,
                label=label,
                before=seconds(a.duration, language),
                after=seconds(b.duration, language),
            )
    elif a.start != b.start and a.duration == b.duration:
        yield say("change.moved", language, label=label, name=name, **times)
    elif (a.start, a.duration) != (b.start, b.duration):
        yield say("change.timing", language, label=label, name=name, **times)


def _gap(item: Placed) -> int:
    return item.segment.start - (item.before.end if item.before else 0)


def _follows(old: Placed, new: Placed, partner: Mapping[int, Placed]) -> bool:
    """Whether the same segment stands before it as did: otherwise the order tells the move."""
    if old.before is None or new.before is None:
        return old.before is new.before
    earlier = partner.get(id(new.before))
    return earlier is not None and earlier.segment is old.before


def _loudness(old: Placed, new: Placed, after: Draft, language: str) -> Iterator[str]:
    a, b = (volume_of(item.segment, item.track) for item in (old, new))
    a, b = (1.0 if value is None else value for value in (a, b))
    if abs(a - b) < _FINE:
        return
    alike = sum(_label(new, language) == _label(p, language) for p in _all(after))
    shown = (percent(a, language), percent(b, language))
    if new.track.type == AUDIO and alike == 1:
        yield _arrow(_label(new, language), *shown, language)
        return
    key = "change.volume" if new.track.type == AUDIO else "change.own_volume"
    label, name = _label(new, language), _name(new, language)
    yield say(key, language, label=label, name=name, before=shown[0], after=shown[1])


def _all(draft: Draft) -> Iterator[Placed]:
    for number_, track in enumerate(draft.tracks):
        for index, segment in enumerate(track.segments):
            yield Placed(segment, track, number_, index)


def _told_meta(item: Placed, other: Placed) -> dict[str, Any]:
    """A segment's metadata; without its transition where it stands first before or after."""
    first = 0 in (item.index, other.index)
    return {k: v for k, v in item.segment.meta.items() if not (first and k == "transition")}


def _properties(old: Placed, new: Placed, language: str) -> Iterator[str]:
    # What stands first has no transition: its place tells that.
    before, after = _told_meta(old, new), _told_meta(new, old)
    for key in dict.fromkeys(key for key in (*before, *after) if key in PROPERTIES):
        a, b = before.get(key), after.get(key)
        shown = (value_of(key, a, language), value_of(key, b, language))
        if a != b and shown[0] != shown[1]:
            yield say(
                "change.property",
                language,
                label=_label(new, language),
                name=_name(new, language),
                property=say(f"property.{key}", language),
                before=shown[0],
                after=shown[1],
            )


def _order(matching: Matching, language: str) -> Iterator[str]:
    """A line where clips of one track changed places among themselves."""
    tracks: dict[int, list[tuple[Placed, Placed]]] = {}
    for old, new in matching.pairs:
        if new.track.type == VIDEO and old.track_index == new.track_index:
            tracks.setdefault(new.track_index, []).append((old, new))
    for pairs in tracks.values():
        earlier = sorted(pairs, key=lambda pair: pair[0].index)
        if earlier != pairs:
            label = _label(pairs[0][1], language)
            before = _names([old for old, _ in earlier], language)
            after = _names([new for _, new in pairs], language)
            yield say("change.order", language, label=label, before=before, after=after)


def _names(items: Sequence[Placed], language: str) -> str:
    names = [item.name(language) for item in items[:MOST_NAMES]]
    comma = say("_comma", language)
    return comma.join(names) + (comma + "…" if len(items) > MOST_NAMES else "")


def _canvas(before: object, after: object, language: str) -> Iterator[str]:
    old, new = _size(before), _size(after)
    if old and new and old != new:
        if _ratio(*old) != _ratio(*new):
            yield say("change.format", language, before=_ratio(*old), after=_ratio(*new))
        else:
            sizes = [f"{width}x{height}" for width, height in (old, new)]
            yield say("change.size", language, before=sizes[0], after=sizes[1])
    rates = [read(draft).fps for draft in (before, after)]
    if old and new and rates[0] != rates[1]:
        yield say("change.rate", language, before=rates[0], after=rates[1])


def _size(wire: object) -> tuple[int, int] | None:
    """The canvas in pixels where the draft names one."""
    meta = wire.get("m") if isinstance(wire, Mapping) else None
    if not isinstance(meta, Mapping) or not meta.get("w") or not meta.get("h"):
        return None
    draft = read(wire)
    return (draft.width, draft.height)


def _ratio(width: int, height: int) -> str:
    divisor = gcd(width, height) or 1
    return f"{width // divisor}:{height // divisor}"


def _length(old: Draft, new: Draft, language: str) -> Iterator[str]:
    if old.duration != new.duration:
        lengths = [seconds(draft.duration, language) for draft in (old, new)]
        yield say("change.length", language, before=lengths[0], after=lengths[1])


def _arrow(label: str, before: str, after: str, language: str) -> str:
    return say("change.arrow", language, label=label, before=before, after=after)


def _label(item: Placed, language: str) -> str:
    return say(f"change.label.{item.kind}", language)


def _name(item: Placed, language: str) -> str:
    name = item.name(language)
    return say("change.text", language, text=name) if item.track.type == TEXT else name
