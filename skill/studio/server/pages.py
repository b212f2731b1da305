"""The project's page, which a claim token opens: the latest video and the timeline. No scripts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import resources

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Track
from skill.studio.server import renders
from skill.studio.server.envelope import Refusal
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import studio_of
from skill.studio.store.sessions import Session
from skill.studio.store.tokens import CLAIM

POLICY = (
    "default-src 'none'; style-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS = {VIDEO: "video", AUDIO: "audio", TEXT: "text"}
_TRACKS = {VIDEO: "Video", AUDIO: "Sound", TEXT: "Titles"}
REFRESH = 3  # seconds, while the first render is under way


def project(request: Request) -> Response:
    """GET /workspace/claim?ct=<claim token>"""
    studio = studio_of(request)
    session = _session(request)
    if session is None:
        return _page(
            "This link has expired",
            "<p class=quiet>Links to a project work for 7 days, while the studio runs. "
            "Ask your assistant for a new one.</p>",
            404,
        )
    draft = studio.store.sessions.head(session.id).draft
    return _page(
        _title(session, draft),
        _screen(studio, session, draft, request.query_params["ct"]) + _timeline(draft),
        # Not while somebody may be watching the version before.
        refresh=studio.store.renders.pending(session.id)
        and studio.store.renders.latest(session.id) is None,
    )


def video(request: Request) -> Response:
    """GET /workspace/video?ct=<claim token>[&download=1]: the session's latest video"""
    studio = studio_of(request)
    session = _session(request)
    latest = studio.store.renders.latest(session.id) if session else None
    if latest is None:
        raise Refusal(404, "There is no video behind this link.", 404)
    kind = "attachment" if request.query_params.get("download") else "inline"
    return renders.video(studio, latest, kind)


def style(_request: Request) -> Response:
    css = resources.files("skill.studio.server").joinpath("page.css").read_text("utf-8")
    return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _session(request: Request) -> Session | None:
    studio = studio_of(request)
    bound = studio.store.tokens.check(CLAIM, request.query_params.get("ct", ""))
    return studio.store.sessions.find(bound) if bound else None


def _page(title: str, body: str, status: int = 200, refresh: bool = False) -> Response:
    again = f'<meta http-equiv=refresh content="{REFRESH}">' if refresh else ""
    return HTMLResponse(
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>{escape(_sendable(title))}</title>{again}"
        "<link rel=stylesheet href=page.css></head>"
        f"<body><main><h1>{escape(_sendable(title))}</h1>{_sendable(body)}</main></body></html>",
        status,
        headers={"Content-Security-Policy": POLICY},
    )


def _title(session: Session, draft: Draft) -> str:
    """The project's name, or what its first clip shows where nobody gave it one."""
    if session.name != "project":
        return session.name
    clips = (str(segment.meta.get("name", "")) for segment in draft.segments_of(VIDEO))
    name = next(filter(None, clips), "New project")
    return name[:1].upper() + name[1:]


def _screen(studio: Studio, session: Session, draft: Draft, token: str) -> str:
    waiting = studio.store.renders.pending(session.id)
    if studio.store.renders.latest(session.id) is None:
        words = "Rendering…" if waiting else "No video yet. Say “export” in the chat."
        return f"<div class=empty>{words}</div>"
    source = f"video?ct={escape(token, quote=True)}"
    shape = "tall" if draft.height > draft.width else "wide"
    about = f"{draft.width}×{draft.height} · {_clock(draft.duration)}"
    if waiting:
        about = "A new version is being rendered. Reload in a while."
    return (
        f'<video class={shape} controls playsinline preload=metadata src="{source}"></video>'
        f'<p class=bar><a href="{source}&amp;download=1">Download</a>'
        f"<span class=quiet>{about}</span></p>"
    )


def _timeline(draft: Draft) -> str:
    """The tracks as bars. SVG, whose attributes place them: the policy allows no style in a tag."""
    total = max((track.end for track in draft.tracks), default=0)
    rows = [_row(track, total) for track in draft.tracks if track.segments]
    return f"<section>{''.join(rows)}</section>" if total else ""


def _row(track: Track, total: int) -> str:
    bars = "".join(_bars(track, total))
    label = _TRACKS.get(track.type, "Other")
    return (
        f"<div class=track><span class=quiet>{label}</span>"
        f"<svg class={_KINDS.get(track.type, 'other')} height=30 role=img "
        f'aria-label="{escape(_spoken(track), quote=True)}">{bars}</svg></div>'
    )


def _bars(track: Track, total: int) -> Iterator[str]:
    for segment in track.segments:
        name = escape(str(segment.meta.get("name", "")))
        left, width = 100 * segment.start / total, 100 * segment.duration / total
        yield (
            f'<svg x="{left:.2f}%" width="{width:.2f}%" height=30>'
            f"<title>{name} ({_clock(segment.start)}–{_clock(segment.end)})</title>"
            '<rect width="100%" height="100%" rx=6 />'
            f"<text x=10 y=20>{name}</text></svg>"
        )


def _spoken(track: Track) -> str:
    return ", ".join(
        f"{segment.meta.get('name', '')} {_clock(segment.start)} to {_clock(segment.end)}"
        for segment in track.segments
    )


def _clock(ms: int) -> str:
    seconds = round(ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02}"


def _sendable(text: str) -> str:
    # Names may hold half a surrogate pair, which UTF-8 cannot carry.
    return text.encode("utf-8", "replace").decode()
