"""What the agent's tests share: a stand-in for the scenes, uploads, and the invariants."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, parse, to_wire
from skill.studio.agent import PlacedMedia, Project, place, respond
from skill.studio.agent.edits import Target, Wish
from skill.studio.agent.message import fold
from skill.studio.agent.understanding import understand

# What the stand-in can paint: its words are known, all others are not.
SCENES = {
    "ocean": "ocean sea waves beach lighthouse 海 海滩 灯塔",
    "mountains": "mountain mountains snowy lake 雪山 山 湖",
    "city": "city skyline 城市",
    "forest": "forest woods 森林",
    "desert": "desert dunes 沙漠",
    "rain": "rain rainy storm 雨",
    "stars": "stars starry night 星空 夜",
    "aurora": "aurora northern 极光",
    "sky": "sky sunset sunrise dawn winter waterfall 日落 秋 瀑布",
    "snow": "snow falling 雪",
}

NAMES = ("b.mp4", "song.mp3", "clip.mp4")
THE_TITLE = Target("title", it=True)
THIS_CLIP = Target("clip", it=True)
MUSIC = Target("music")


def read_scene(prompt: str, seed: int | None = None) -> dict[str, Any]:
    """A scene as ``scenes.read`` gives it, by a few words."""
    plain = fold(prompt)
    spaced = set(plain.replace(",", " ").split())
    kind = "abstract"
    for name, words in SCENES.items():
        if any(word in (plain if word > "\u2e80" else spaced) for word in words.split()):
            kind = name
            break
    time = "night" if "night" in spaced or "夜" in plain else "day"
    return {
        "kind": kind, "known": kind != "abstract", "name": f"{kind} scene", "time": time,
        "mood": "natural", "camera": "push_in", "style": [], "missing": [], "seed": seed or 1,
        "prompt": prompt,
    }  # fmt: skip


def paints(words: str) -> bool:
    return bool(read_scene(words)["known"])


def wishes_of(message: str, language: str) -> list[Wish]:
    """What a message asks for of a timeline that is not empty, uploads beside it."""
    return list(understand(message, NAMES, language, paints, empty=False).wishes)


VIDEO_FILE = PlacedMedia("hash-video", "video", 6000, 1280, 720, True, "clip.mp4")
SILENT_FILE = PlacedMedia("hash-silent", "video", 8000, 1920, 1080, False, "silent.mov")
PHONE_FILE = PlacedMedia("hash-phone", "video", 9000, 1080, 1920, True, "phone.mp4")
PHOTO = PlacedMedia("hash-photo", "image", 0, 3000, 2000, False, "photo.jpg")
TALL_PHOTO = PlacedMedia("hash-tall", "image", 0, 2000, 3000, False, "tall.png")
SONG = PlacedMedia("hash-song", "audio", 30_000, 0, 0, True, "song.mp3")
SHORT_SONG = PlacedMedia("hash-jingle", "audio", 2_000, 0, 0, True, "jingle.wav")
UPLOADS = (VIDEO_FILE, SILENT_FILE, PHONE_FILE, PHOTO, TALL_PHOTO, SONG, SHORT_SONG)


def segments(draft: Draft, kind: int) -> list[Segment]:
    return list(draft.segments_of(kind))


def names(draft: Draft) -> list[str]:
    """The clips of the main track, by name."""
    return [str(s.meta["name"]) for s in segments(draft, VIDEO)]


def check(project: Project) -> None:
    """What holds of every draft that the agent makes."""
    draft = project.draft
    everything = [s for track in draft.tracks for s in track.segments]
    ids = [s.id for s in everything]
    assert len(ids) == len(set(ids)), f"ids are not unique: {ids}"
    assert draft.width % 2 == draft.height % 2 == 0
    assert min(draft.width, draft.height) >= 300
    assert max(draft.width, draft.height) <= 1920
    for track in draft.tracks:
        assert track.segments, f"track {track.id} is empty"
    for segment in everything:
        assert segment.start >= 0
        assert segment.duration >= 100
        assert segment.meta.get("name")
        assert 0 <= segment.meta.get("volume", 1) <= 1
        assert segment.meta.get("in", 0) >= 0

    clips = segments(draft, VIDEO)
    for before, after in zip([None, *clips], clips, strict=False):
        transition = after.meta.get("transition")
        if before is None:
            assert after.start == 0
            assert transition is None
            continue
        overlap = before.end - after.start
        assert overlap == (transition or {}).get("d", 0)
        assert overlap <= min(before.duration, after.duration) // 2
    for clip in clips:
        source = clip.meta["source"]
        item = project.medium(source)
        if source["kind"] == "video":
            assert item is not None
            assert clip.meta.get("in", 0) + clip.duration <= max(100, item.duration_ms)
        if clip.meta.get("look", {}).get("bars"):
            assert draft.width > draft.height

    length = clips[-1].end if clips else 0
    for sound in segments(draft, AUDIO):
        assert sound.meta["role"] in ("music", "sound")
        if length:
            assert sound.end <= length
        if length and sound.meta["source"]["kind"] == "music":
            assert (sound.start, sound.end) == (0, length)
    assert sum(s.meta["role"] == "music" for s in segments(draft, AUDIO)) <= 1
    for track in draft.tracks_of(TEXT):
        for before, after in zip(track.segments, track.segments[1:], strict=False):
            assert before.end <= after.start, "titles of a track overlap"
    for title in segments(draft, TEXT):
        assert title.meta["text"].strip()
        assert title.meta["color"].startswith("#")
        if length:
            assert title.end <= length
    # It travels: nothing is lost or changed on the wire.
    wire = json.loads(json.dumps(to_wire(draft)))
    assert to_wire(parse(wire)) == wire


def talk(*turns: str | tuple[PlacedMedia, ...], project: Project | None = None) -> Project:
    """A project after messages and uploads; every draft on the way keeps the invariants."""
    project = project or Project(seed=7)
    for turn in turns:
        if isinstance(turn, tuple):
            project = replace(project, media=(*project.media, *turn))
            draft: Draft | None = place(turn, project)
        else:
            draft = respond(turn, project).draft
        if draft is not None:
            project = replace(project, draft=draft, previous=project.draft, next=None)
        check(project)
    return project


def said(message: str, *turns: str | tuple[PlacedMedia, ...]) -> str:
    """The answer to a message after some turns."""
    return respond(message, talk(*turns)).text


def clips(project: Project) -> list[Segment]:
    return segments(project.draft, VIDEO)


def title(project: Project) -> Segment:
    (found,) = segments(project.draft, TEXT)
    return found


def music(project: Project) -> Segment:
    (found,) = segments(project.draft, AUDIO)
    return found
