"""Music and loudness."""

from __future__ import annotations

from dataclasses import replace

from skill.draft import AUDIO, VIDEO, Segment
from skill.studio.agent import scene, targets, timeline
from skill.studio.agent.apply import Fact, Outcome, Refusal, applies, done
from skill.studio.agent.applying.clips import uploads
from skill.studio.agent.applying.titles import change_title
from skill.studio.agent.edits import (
    ChangeTitle,
    Moment,
    SetFade,
    SetMusic,
    SetVolume,
    Style,
    Target,
    UseAsMusic,
)  # fmt: skip
from skill.studio.agent.place import bed_volume
from skill.studio.agent.project import PlacedMedia, Project
from skill.studio.agent.state import focus, new_id, remember
from skill.studio.generate.music import MOODS

LOUDEST = 1.0
STEP = 0.05
# What "louder" does to silence.
AUDIBLE = 0.2
BIGGER, SMALLER = 1.3, 0.75  # of a title


@applies(SetMusic)
def set_music(edit: SetMusic, project: Project) -> Outcome:
    """A bed of composed music, as long as the picture; another mood takes the place of the old."""
    draft = project.draft
    old = timeline.music(draft)
    mood = edit.mood or _fitting_mood(project, old, edit.other)
    if edit.like and not edit.mood and old is not None:
        raise Refusal("ask.mood", what=edit.like, moods=MOODS)
    same = old is not None and (not edit.mood or timeline.source(old).get("mood") == mood)
    if old is not None and same and not edit.other:
        if edit.volume is not None:
            return set_volume(SetVolume(Target("music"), level=edit.volume), project)
        return done(draft, "note.music_there", name=timeline.name(old))
    draft, name = new_id(draft, "m")
    number = int(name[1:])
    volume = edit.volume if edit.volume is not None else bed_volume(draft, project)
    if old is not None and edit.volume is None:
        volume = float(old.meta.get("volume", volume))
    segment = Segment(
        name if old is None else old.id,
        0,
        timeline.BED_ALONE,
        {
            "name": mood.capitalize(),
            "source": {"kind": "music", "mood": mood, "seed": project.seed + number},
            "role": "music",
            "volume": _level(volume),
        },
    )
    if old is not None:
        segment = segment.with_meta(fade_asked=old.meta.get("fade_asked"))
    sounds = [s for s in timeline.audio(draft) if old is None or s.id != old.id]
    draft = timeline.arrange(draft, project, sounds=(segment, *sounds))
    draft = remember(draft, focus=segment.id)
    values = {"mood": mood, "volume": segment.meta["volume"]}
    facts = [Fact("done.music" if old is None else "done.music_changed", values)]
    if edit.like:
        key = "note.mood_near" if edit.mood else "note.mood_unknown"
        facts.append(Fact(key, {"what": edit.like, "mood": mood}))
    if not timeline.clips(draft):
        facts.append(Fact("note.no_picture"))
    return Outcome(draft, tuple(facts))


def _fitting_mood(project: Project, old: Segment | None, other: bool) -> str:
    """The mood to take where none was named: one for film looks, another after another."""
    now = timeline.source(old).get("mood") if old is not None else None
    if now in MOODS:
        place = MOODS.index(now)
        return MOODS[(place + 1) % len(MOODS)] if other else MOODS[place]
    film = any(clip.meta.get("film") for clip in timeline.clips(project.draft))
    return "cinematic" if film else "lo-fi"


@applies(SetVolume)
def set_volume(edit: SetVolume, project: Project) -> Outcome:
    """Louder or quieter, 0..1. Without a name: the music, else what sounds on its own."""
    title = project.draft.find(focus(project.draft)) if edit.target.it else None
    if edit.scale is not None and title is not None and title.meta.get("text"):
        # "大一点" is louder of music and larger of a title.
        larger = Style(scale=BIGGER if edit.scale > 1 else SMALLER)
        return change_title(ChangeTitle(Target("title", it=True), None, Moment(), larger), project)
    found = _sounding(edit.target, project)
    draft, facts = project.draft, []
    changed: dict[str, Segment] = {}
    for segment in found:
        before = float(segment.meta.get("volume", 1.0))
        after = _level(_wanted(edit, before))
        changed[segment.id] = segment.with_meta(volume=after)
        if after == before:
            key = "note.loudest" if after == LOUDEST else "note.volume_same"
            facts.append(Fact(key, {"name": timeline.name(segment), "volume": after}))
        elif _wanted(edit, before) > LOUDEST:
            facts.append(Fact("note.loudest", {"name": timeline.name(segment), "volume": after}))
    draft = timeline.arrange(
        draft,
        project,
        main=[changed.get(s.id, s) for s in timeline.clips(draft)],
        sounds=[changed.get(s.id, s) for s in timeline.audio(draft)],
    )
    return Outcome(remember(draft, focus=found[-1].id), tuple(facts))


@applies(SetFade)
def set_fade(edit: SetFade, project: Project) -> Outcome:
    """A sound fades in or out. Raises Refusal for the sound of a picture."""
    draft = project.draft
    try:
        found = [s for s in _sounding(edit.target, project) if s in timeline.audio(draft)]
    except Refusal:
        found = []
    if edit.target.it and focus(draft) not in [s.id for s in found]:
        found = []  # "fade it out", of a picture or a title
    if not found:
        raise Refusal("cannot.fade" if timeline.audio(draft) else "cannot.no_music")
    changed = {}
    for segment in found:
        asked = segment.meta.get("fade_asked")
        asked = dict(asked) if isinstance(asked, dict) else {}
        asked |= {"in": edit.into} if edit.into is not None else {}
        asked |= {"out": edit.out} if edit.out is not None else {}
        changed[segment.id] = segment.with_meta(fade_asked=asked)
    sounds = [changed.get(s.id, s) for s in timeline.audio(draft)]
    draft = remember(timeline.arrange(draft, project, sounds=sounds), focus=found[-1].id)
    made = [s for s in timeline.audio(draft) if s.id in changed]
    same = [_fades(s) for s in made] == [_fades(s) for s in found]
    return done(project.draft, "note.same") if same else Outcome(draft)


def _fades(segment: Segment) -> tuple[object, object]:
    return segment.meta.get("fade_in"), segment.meta.get("fade_out")


def _wanted(edit: SetVolume, now: float) -> float:
    if edit.level is not None:
        return edit.level
    if edit.change is not None:
        return now + edit.change
    scale = edit.scale if edit.scale is not None else 1.0
    return AUDIBLE if scale > 1 and now < STEP else now * scale


def _level(volume: float) -> float:
    """A volume in steps of one per cent."""
    return round(min(LOUDEST, max(0.0, volume)), 2)


def _sounding(target: Target, project: Project) -> list[Segment]:
    """What an edit of the volume is about. Raises Refusal where nothing sounds."""
    draft = project.draft
    clips = [c for c in timeline.clips(draft) if _sounds(c, project)]
    if target.kind == "music" and not target.named:
        bed = timeline.music(draft)
        found = [bed] if bed else list(timeline.audio(draft))
        if not found:
            raise Refusal("cannot.no_music")
        return found
    if target.words or target.ordinal is not None:
        found = targets.find(target, project, (VIDEO, AUDIO), scene.read)
        if not found:
            raise Refusal("cannot.find" if target.words else "cannot.ordinal", what=target.words)
        silent = [s for s in found if s in timeline.clips(draft) and not _sounds(s, project)]
        if silent:
            raise Refusal("cannot.no_sound", name=timeline.name(silent[0]))
        return found
    if target.kind == "clip":
        here = [c for c in clips if c.id == focus(draft)] if target.it else clips
        if here or clips:
            return here or clips
        raise Refusal("cannot.no_sound_all")
    if target.all:
        everything = [*clips, *timeline.audio(draft)]
        if everything:
            return everything
        raise Refusal("cannot.no_sound_all")
    if target.it:
        here = [s for s in (*clips, *timeline.audio(draft)) if s.id == focus(draft)]
        if here:
            return here
    bed = timeline.music(draft)
    found = [bed] if bed and target.kind != "sound" else [*timeline.audio(draft)] or clips
    if target.kind == "sound" and not target.named:
        spoken_of = [s for s in timeline.audio(draft) if s.id == focus(draft)]
        found = spoken_of or clips or found
    if not found:
        raise Refusal("cannot.no_sound_all")
    return found


def _sounds(clip: Segment, project: Project) -> bool:
    """Whether a clip has a sound of its own: footage that was recorded with it, or a scene."""
    if timeline.kind(clip) == "scene":
        return True
    item = project.medium(clip.meta.get("source"))
    return item is not None and item.kind == "video" and item.sound


@applies(UseAsMusic)
def use_as_music(edit: UseAsMusic, project: Project) -> Outcome:
    """An upload as the bed, as often as the picture is long; its own picture makes way."""
    item = _song(edit.target, project)
    draft = project.draft
    old = timeline.music(draft)
    clips, sounds = list(timeline.clips(draft)), list(timeline.audio(draft))
    own = [c for c in clips if project.medium(c.meta.get("source")) == item]
    others = [c for c in clips if c not in own]
    if others and not edit.sound_only:
        clips = others
    else:
        clips = [c.with_meta(volume=0.0) if c in own else c for c in clips]
    sounds = [
        s for s in sounds
        if (old is None or s.id != old.id) and project.medium(s.meta.get("source")) != item
    ]  # fmt: skip
    draft, name = new_id(draft, "m")
    without = timeline.arrange(draft, project, main=clips, sounds=sounds)
    volume = edit.volume if edit.volume is not None else bed_volume(without, project)
    segment = Segment(
        name,
        0,
        max(timeline.SHORTEST, item.duration_ms),
        {
            "name": item.name or name,
            "source": {"kind": "audio", "hash": item.hash},
            "role": "music",
            "loop": True,
            "volume": _level(volume),
        },
    )
    draft = timeline.arrange(without, project, sounds=(segment, *sounds))
    values = {"name": segment.meta["name"], "volume": segment.meta["volume"]}
    return done(remember(draft, focus=name), "done.as_music", **values)


def _song(target: Target, project: Project) -> PlacedMedia:
    """The upload to use: the one that is meant, else the last with a sound. Raises Refusal."""
    sounding = [m for m in project.media if m.kind == "audio" or m.sound]
    if target.words:
        found = uploads(replace(target, kind="any"), project)
        if not found:
            segments = targets.find(
                replace(target, kind="any"), project, (VIDEO, AUDIO), scene.read
            )
            found = [m for s in segments if (m := project.medium(s.meta.get("source")))]
        if not found:
            raise Refusal("cannot.find", what=target.words)
    elif target.ordinal is not None:
        segments = targets.find(target, project, (VIDEO, AUDIO))
        found = [m for s in segments if (m := project.medium(s.meta.get("source")))]
    else:
        songs = [m for m in sounding if m.kind == "audio"]
        if target.own:
            sounding = songs  # "our song" is no sound of footage
        here = uploads(Target(it=True), project) if target.it else []
        found = [m for m in here if m in sounding] or (
            sounding if target.kind == "clip" else songs or sounding
        )
    if not found:
        raise Refusal("ask.song")
    if found[-1] not in sounding:
        raise Refusal("cannot.no_sound", name=found[-1].name)
    return found[-1]
