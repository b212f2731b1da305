"""Frames out of the media that a backend's state lists, where the backend draws none itself.

The files are fetched under the rules of skill.download, looked at and decoded in a process of
their own, and deleted. What is shown are the clips alone: titles and looks are the backend's.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from skill import download
from skill.api import State
from skill.draft import VIDEO, Draft, Segment, Track, to_wire
from skill.errand import Errand
from skill.errors import SkillError
from skill.preview import bars, drawing
from skill.timeline import names

MOST_FILES = 12  # fetched for one preview
MOST_BYTES = 200 << 20  # of one file: what an upload may have (protocol.md)
ALL_BYTES = 600 << 20  # of all of them: the folder for temporary files may lie in memory
LONGEST = 60.0  # seconds for one file
PATIENCE = 90.0  # seconds for all of them

_URLS = (
    "url", "src", "video_url", "videoUrl", "image_url", "imageUrl", "media_url", "mediaUrl",
    "file_url", "fileUrl", "download_url", "downloadUrl", "source_url", "sourceUrl", "uri",
    "path", "file",
)  # fmt: skip
_SMALL = ("thumbnail", "thumbnail_url", "thumbnailUrl", "cover", "cover_url", "poster")
_IDS = ("id", "media_id", "mediaId", "material_id", "materialId", "asset_id", "hash", "uid", "key")
_NAMES = ("name", "file_name", "fileName", "filename", "title")
_INSIDE = ("source", "material", "media", "video", "image", "scene", "content")
_STARTS = ("in", "clip_start", "clipStart", "source_start", "sourceStart", "trim_start")
_DEEPEST = 4  # lists and objects inside each other that are looked into


@dataclass(frozen=True)
class Entry:
    """A medium that the state lists: where it is to be had, and what it is called."""

    urls: tuple[str, ...]
    names: frozenset[str]


def frames(
    errand: Errand, state: State, draft: Draft, times: Sequence[int], width: int, folder: Path
) -> dict[int, Path]:
    """The picture of each time (ms) that can be had, as PNG files. Raises EngineError."""
    needed: dict[str, list[Segment]] = {}
    listed = entries(state)
    urls: dict[str, tuple[str, ...]] = {}
    for at in times:
        segment = bars.top_at(draft, at)
        found = None if segment is None else _of(segment, draft, listed)
        if segment is None or found is None:
            continue
        name = hashlib.sha256(found.urls[0].encode()).hexdigest()
        urls[name] = found.urls
        if segment not in needed.setdefault(name, []):
            needed[name].append(segment)
    if not needed:
        return {}
    drawing.check()
    kinds = _fetched(errand, dict(list(urls.items())[:MOST_FILES]), folder)
    shown = _clips(draft, needed, kinds)
    if not shown.exportable:
        return {}
    return _drawn(shown, times, width, folder)


def entries(state: State) -> list[Entry]:
    """Every medium with an address in what the state lists beside the timeline."""
    found: list[Entry] = []
    for part in (state.video_infos, state.generated_media):
        found += _entries(part)
    return found


def _entries(value: object, depth: int = 0) -> Iterator[Entry]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:500]:
            yield from _entries(item, depth + 1)
    elif isinstance(value, Mapping):
        urls = _addresses(value)
        if urls:
            yield Entry(urls, frozenset(_texts(value, (*_IDS, *_NAMES))))
        for item in list(value.values())[:500]:
            if isinstance(item, (list, Mapping)):
                yield from _entries(item, depth + 1)


def _of(segment: Segment, draft: Draft, listed: Sequence[Entry]) -> Entry | None:
    """The medium of a clip: its own address, else the one that shares a name with it."""
    places = list(names.places(segment, _INSIDE))
    own = tuple(dict.fromkeys(url for place in places for url in _addresses(place)))
    if own:
        return Entry(own, frozenset())
    ids = {segment.id, *(text for place in places for text in _texts(place, _IDS))}
    called = {text for place in places for text in _texts(place, _NAMES)}
    for known in (ids, called):
        shared = [entry for entry in listed if known & entry.names]
        if len({entry.urls for entry in shared}) == 1:
            return shared[0]
    # One clip and one medium belong together whatever they are called.
    alone = sum(1 for _ in draft.segments_of(VIDEO)) == 1
    return listed[0] if alone and len({entry.urls for entry in listed}) == 1 else None


def _addresses(place: Mapping[str, Any]) -> tuple[str, ...]:
    """Web addresses of one object: the medium itself first, then its small picture."""
    found = []
    for key in (*_URLS, *_SMALL):
        value = place.get(key)
        if (
            isinstance(value, str)
            and len(value) < 8192
            and value.startswith(("http://", "https://"))
        ):
            with contextlib.suppress(ValueError):
                if urlsplit(value).hostname:
                    found.append(value)
    return tuple(dict.fromkeys(found))


def _texts(place: Mapping[str, Any], keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        value = place.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            yield str(value)
        elif isinstance(value, str) and value.strip():
            yield value.strip()


def _fetched(errand: Errand, urls: Mapping[str, tuple[str, ...]], folder: Path) -> dict[str, str]:
    """Fetch what is needed; of each file that can be used, whether it is a video or an image."""
    from skill.studio import worker
    from skill.studio.media import Media

    kinds: dict[str, str] = {}
    away: set[str] = set()  # hosts that gave nothing: what else lies there is not waited for
    end, room = time.monotonic() + PATIENCE, ALL_BYTES
    for number, (name, addresses) in enumerate(urls.items()):
        errand.listener.progress("downloading", number / len(urls))
        path = folder / name[:2] / name
        path.parent.mkdir(exist_ok=True)
        for address in addresses:
            host, left = urlsplit(address).netloc, end - time.monotonic()
            if host in away or left <= 0 or room <= 0:
                continue
            try:
                longest, most = min(LONGEST, left), min(MOST_BYTES, room)
                download.fetch_into(address, path, api=errand.api, most=most, longest=longest)
            except SkillError as error:
                # Its frames stay empty, and the answer says so.
                path.unlink(missing_ok=True)
                if not isinstance(error, (download.Missing, download.TooLarge)):
                    away.add(host)
                continue
            room -= path.stat().st_size
            label = urlsplit(address).path.rpartition("/")[2][-100:] or "video"
            found = worker.probe([(path, label)])[0]
            if isinstance(found, Media) and found.kind in ("video", "image"):
                kinds[name] = found.kind
                break
    return kinds


def _clips(
    draft: Draft, needed: Mapping[str, Sequence[Segment]], kinds: Mapping[str, str]
) -> Draft:
    """A draft in the studio's own form of the clips whose files are here, and of nothing else."""
    segments = []
    for segment in draft.segments_of(VIDEO):
        name = next((name for name, wanted in needed.items() if segment in wanted), "")
        if name in kinds:
            source = {"kind": kinds[name], "hash": name}
            meta = {"source": source, "in": _start(segment), "name": segment.id}
            segments.append(replace(segment, meta=meta, rest={}))
    # Each on a track of its own: a frame shows the one that was picked for it, without blends.
    tracks = [Track(str(index), VIDEO, (segment,)) for index, segment in enumerate(segments)]
    width, height = _canvas(draft)
    return Draft(width, height, min(60, max(1, draft.fps)), tuple(tracks))


def _canvas(draft: Draft) -> tuple[int, int]:
    """The canvas, within what the studio draws."""
    scale = min(1.0, 1920 / max(draft.width, draft.height))
    return max(16, round(draft.width * scale)), max(16, round(draft.height * scale))


def _start(segment: Segment) -> int:
    """Where in its file a clip begins, ms; 0 where the draft does not say."""
    for place in names.places(segment, _INSIDE):
        for key in _STARTS:
            value = place.get(key)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9:
                return int(value)
    return 0


def _drawn(draft: Draft, times: Sequence[int], width: int, folder: Path) -> dict[int, Path]:
    from skill.studio.worker import STILLS_SECONDS

    shown = [at for at in times if bars.top_at(draft, at) is not None]
    job = {
        "stills": to_wire(draft),
        "times": shown,
        "width": width,
        "media": str(folder),
        "cache": str(folder / "stills"),
        "version": "0",
    }
    return {
        int(answer["at"]): Path(answer["path"])
        for answer in drawing.work(job, folder, STILLS_SECONDS)
        if "path" in answer
    }
