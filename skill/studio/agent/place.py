"""What an upload does to the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skill.draft import Draft, Segment
from skill.studio.agent import canvas, timeline
from skill.studio.agent.project import PlacedMedia, Project
from skill.studio.agent.state import new_id, recall, remember

PHOTO = 4_000
ZOOM = 1.12
MOTIONS = ("zoom_in", "pan_right", "zoom_out", "pan_left")
TALL_MOTIONS = ("zoom_in", "pan_down", "zoom_out", "pan_up")
MUSIC, UNDER_SPEECH = 0.8, 0.35


def place(media: Sequence[PlacedMedia], project: Project) -> Draft:
    """The draft after an upload.

    Videos and photos follow each other on the main track in the order sent,
    songs become music, or sounds where there is music. The first picture on an
    empty timeline shapes the canvas, unless the user has asked for a shape.
    """
    return put(media, project)


def put(media: Sequence[PlacedMedia], project: Project) -> Draft:
    """As ``place``: also for uploads that come back to the timeline."""
    draft = project.draft
    # Uploads that the project does not list yet are needed to know how long they are.
    known = {item.hash for item in project.media}
    project = replace(
        project, media=(*project.media, *(item for item in media if item.hash not in known))
    )
    # Songs last: how loud they are depends on the footage.
    for item in sorted(media, key=lambda item: item.kind == "audio"):
        add = _song if item.kind == "audio" else _picture
        draft = add(item, project, draft)
    return draft


def bed_volume(draft: Draft, project: Project) -> float:
    """How loud music is where nobody said: it gives way to footage with sound."""
    return UNDER_SPEECH if timeline.has_own_sound(draft, project) else MUSIC


def _picture(item: PlacedMedia, project: Project, draft: Draft) -> Draft:
    clips = timeline.clips(draft)
    if not clips and recall(draft, "ratio") != "user":
        width, height = canvas.size(canvas.suits(item.width, item.height))
        draft = replace(draft, width=width, height=height)
    draft, name = new_id(draft, "v")
    segment = Segment(
        name, 0, max(timeline.SHORTEST, item.duration_ms), {"name": item.name or name}
    )
    if item.kind == "image":
        photos = sum(timeline.kind(clip) == "image" for clip in clips)
        segment = replace(segment, duration=PHOTO).with_meta(
            source={"kind": "image", "hash": item.hash},
            motion={"kind": _motion(item, photos, draft), "from": 1.0, "to": ZOOM},
        )
    else:
        segment = segment.with_meta(source={"kind": "video", "hash": item.hash})
        if item.sound:
            segment = segment.with_meta(volume=1.0)
    draft = timeline.arrange(draft, project, main=(*clips, segment))
    return remember(draft, focus=name)


def _motion(item: PlacedMedia, index: int, draft: Draft) -> str:
    """Photos move in turn; one that is taller than the canvas goes up and down."""
    tall = item.height * draft.width > item.width * draft.height
    motions = TALL_MOTIONS if tall and not timeline.fits_whole(item, draft) else MOTIONS
    return motions[index % len(motions)]


def _song(item: PlacedMedia, project: Project, draft: Draft) -> Draft:
    first = timeline.music(draft) is None
    draft, name = new_id(draft, "m" if first else "s")
    segment = Segment(
        name,
        0,
        max(timeline.SHORTEST, item.duration_ms),
        {
            "name": item.name or name,
            "source": {"kind": "audio", "hash": item.hash},
            "role": "music" if first else "sound",
            "volume": bed_volume(draft, project),
        },
    )
    draft = timeline.arrange(draft, project, sounds=(*timeline.audio(draft), segment))
    return remember(draft, focus=name)
