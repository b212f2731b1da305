"""What comes from the backend or from disk: streams, answers, drafts, state files, manifests."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st

from skill import draft as drafts
from skill import frontmatter
from skill.api import envelope
from skill.errors import ManifestError, SettingsError, SkillError
from skill.home import Home
from skill.jobs import Ledger
from skill.memory import Memory
from skill.phrases import say
from skill.projects import Projects
from skill.settings import Settings, is_loopback
from skill.sse import decode
from skill.stream import TurnReader, read_turn
from skill.timeline import compare, summarize
from tests.fuzz.target import Target, check_plain, cut
from tests.fuzz.words import LANGUAGE, SIGNS, SIZES, TEXT, json_values
from tests.test_sse import reference

_SECRET = "dummy-secret-7"

# -- the stream ------------------------------------------------------------------------------

_BYTES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(b"data", b"event", b"id", b"retry", b":", b" ", b"x", b"\0", b"\xff"),
                b"\xe2\x80\xa8",
                *(b"\n", b"\r", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"data: {}\n\n", b": hb\n\n"),
            ]
        ),
        st.binary(max_size=6),
    ),
    max_size=60,
).map(b"".join)


def _check_sse(given: tuple[bytes, list[int]]) -> None:
    stream, sizes = given
    read = [(event.event, event.data, event.id) for event in decode(cut(stream, sizes))]
    assert read == reference(stream)


HIDDEN = "⌁"  # stands in thoughts and tools, which nobody may see
_PART = st.one_of(
    st.builds(lambda text: {"text": text}, TEXT),
    st.builds(lambda text: {"text": HIDDEN + text, "thought": True}, TEXT),
    st.builds(lambda text: {"functionCall": {"name": HIDDEN, "args": {"text": text}}}, TEXT),
    st.sampled_from([{}, {"text": None}, {"text": ["x"]}, "text", None, {"inlineData": {}}]),
)
_APOLOGY = "I encountered a temporary issue. Please try again."
_EVENT = st.fixed_dictionaries(
    {},
    optional={
        "content": st.one_of(
            st.builds(lambda parts: {"parts": parts}, st.lists(_PART, max_size=4)),
            st.sampled_from([{"parts": [{"text": _APOLOGY}]}, {"parts": {}}, [], None]),
        ),
        "partial": st.sampled_from([True, True, False, None, 1]),
        "author": st.sampled_from(["a", "a", "b", "user", None, 7]),
        "branch": st.sampled_from(["", "x", None]),
        "turnComplete": st.booleans(),
        "actions": st.sampled_from([{"stateDelta": {"draft": {"t": []}}}, {"stateDelta": 3}, []]),
        "errorCode": st.sampled_from([1001, "500", "STOP", True, None, 10**40, "x"]),
        "errorMessage": st.one_of(TEXT, st.none(), st.just(_APOLOGY)),
        "error": st.one_of(TEXT, st.just({"code": 3, "message": "m"}), st.just([1])),
    },
)
_FRAME = st.one_of(
    _EVENT.map(json.dumps),
    _EVENT.map(lambda event: json.dumps(event, ensure_ascii=False)),
    json_values(st.sampled_from(["content", "parts", "text", "error", "code", "detail"]), 8).map(
        json.dumps
    ),
    st.sampled_from(["heartbeat", "", "{", '{"error": "a "quoted" word"}', "[" * 2000, "1e400"]),
)


def _stream(frames: list[str], ends: str) -> bytes:
    lines = ("data: " + frame.replace("\n", "\ndata: ") for frame in frames)
    return "".join(line + ends for line in lines).encode("utf-8", "surrogatepass")


def _check_turn(given: tuple[list[str], str, list[int], int]) -> None:
    frames, ends, sizes, missing = given
    stream = _stream(frames, ends)
    stream = stream[: len(stream) - missing]
    chunks = cut(stream, sizes)
    turn = read_turn(chunks)
    assert turn == read_turn([stream])
    check_plain(turn.text)
    assert HIDDEN not in turn.text
    assert turn.text == turn.text.strip()
    pieces: list[str] = []
    reader = TurnReader(pieces.append)
    for event in decode(reader.watch(chunks)):
        reader.take(event)
    assert reader.finish() == turn
    assert "".join(pieces) == turn.text
    for line in (turn.error or "").split("\n"):
        check_plain(line)


# -- answers ---------------------------------------------------------------------------------

_BODY = st.one_of(
    st.binary(max_size=60),
    json_values(
        st.sampled_from(["code", "message", "data", "detail", "error", "status", "msg"]), 8
    ).map(lambda value: json.dumps(value).encode()),
)
_ENDPOINTS = (
    "token",
    "session",
    "message",
    "upload",
    "credits",
    "state",
    "render",
    "poll",
    "claim",
)
_HEADER = st.sampled_from(["", "1", "-1", "1e9", "9" * 40, "Wed, 21 Oct 2015 07:28:00 GMT", "x"])


def _check_answer(given: tuple[int, bytes, str, str]) -> None:
    status, body, what, wait = given
    found = envelope.Answer(status, {"retry-after": wait, "date": wait}, body)
    assert found.wait is None or found.wait >= 0
    try:
        assert isinstance(envelope.read(found, what), dict)
        return
    except SkillError as error:
        words = str(error)
    check_plain(words)
    assert words.strip()
    assert "Traceback" not in words


# -- drafts ----------------------------------------------------------------------------------

_KEYS = st.sampled_from(
    [
        *("t", "m", "d", "s", "sg", "tt", "id", "w", "h", "fps", "name", "text", "volume"),
        "source",
        *("kind", "hash", "in", "motion", "fit", "transition", "look", "role", "position"),
        "color",
        *("size", "fade", "fade_in", "opacity", "speed", "url", "path", "prompt", "material"),
    ]
)
_META = st.dictionaries(_KEYS, json_values(_KEYS, 4), max_size=6)
_SEGMENT = st.fixed_dictionaries(
    {"d": st.one_of(st.integers(0, 20_000), json_values(_KEYS, 2))},
    optional={
        "id": st.sampled_from(["a", "b", "c", "0.1", 7, None]),
        "s": st.one_of(st.integers(0, 20_000), json_values(_KEYS, 2)),
        "m": _META,
    },
)
_TRACK = st.fixed_dictionaries(
    {
        "tt": st.one_of(st.sampled_from([0, 1, 7, 7.5, -1, "0"]), json_values(_KEYS, 2)),
        "sg": st.lists(st.one_of(_SEGMENT, _SEGMENT, json_values(_KEYS, 2)), max_size=5),
    },
    optional={"id": st.sampled_from(["v", "music", 3]), "m": _META},
)
DRAFT = st.one_of(
    st.fixed_dictionaries(
        {"t": st.lists(_TRACK, max_size=4)},
        optional={"m": _META, "d": json_values(_KEYS, 1), "x": json_values(_KEYS, 3)},
    ),
    json_values(_KEYS),
)


def _check_draft(wire: Any) -> None:
    if not isinstance(wire, Mapping):
        with contextlib.suppress(ValueError):
            drafts.parse(wire)
            raise AssertionError("what is no object was read")
        return
    draft = drafts.parse(wire)
    once = json.dumps(drafts.to_wire(draft), sort_keys=True)
    assert json.dumps(drafts.to_wire(drafts.parse(json.loads(once))), sort_keys=True) == once
    assert draft.duration >= 0
    for track in draft.tracks:
        assert all(segment.start >= 0 <= segment.duration for segment in track.segments)


def _check_timeline(given: tuple[Any, Any, str]) -> None:
    before, after, language = given
    lines = [summarize(before, language), *compare(before, after, language)]
    assert compare(before, before, language) == []
    assert compare(after, json.loads(json.dumps(after)), language) == [] or _has_nan(after)
    for line in lines:
        assert line
        assert "\n" not in line
        assert len(line) < 20_000
        check_plain(line)


def _has_nan(value: Any) -> bool:
    return "NaN" in json.dumps(value)


# -- what lies on disk -----------------------------------------------------------------------

_YAML = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("---\n", "name: x\n", "version: 1.0\n", "metadata:\n", "  version: '2'\n"),
                *("- ", "? "),
                *("&a ", "*a", "!!python/object:os.system ", "!!timestamp 9999-99-99\n", "{"),
                *("}", "[", "<<: "),
                *("2001-13-45\n", "0x_\n", "0b\n", "1:99:99\n", "|\n", ">\n", "%YAML 9.9\n"),
                *("\x00", "\x85", "\u2028"),
            ]
        ),
        TEXT,
    ),
    max_size=20,
).map("".join)


def _check_manifest(text: str) -> None:
    with contextlib.suppress(ManifestError):
        assert isinstance(frontmatter.parse(f"---\n{text}\n---\n"), Mapping)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SKILL.md"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with contextlib.suppress(ManifestError):
            found = frontmatter.read(path)
            headers = frontmatter.Attribution(found.name, found.version, "unknown").headers
            assert all("\n" not in value and value.isascii() for value in headers.values())


_VARIABLES = st.dictionaries(
    st.sampled_from(
        [
            *("AI_VIDEO_BACKEND", "NEMO_API_URL", "NEMO_WEB_URL", "SKILL_SOURCE"),
            "AI_VIDEO_HOME",
            *("AI_VIDEO_RENDER_POLL", "AI_VIDEO_RENDER_POLLS", "AI_VIDEO_RECOVERY_WAITS"),
            *("AI_VIDEO_IDLE_TIMEOUT", "AI_VIDEO_RETRY_AFTER", "XDG_STATE_HOME"),
        ]
    ),
    st.one_of(
        TEXT,
        st.lists(
            st.sampled_from(
                [
                    *("http", "https", "://", ":", "/", "@", "[", "]", "::1", "127.0.0.1"),
                    "localhost",
                    *("\\", "%00", ".", "0x7f", "2130706433", "nemovideo.com", "?", "#"),
                    *("１２７", "8000"),
                ]
            ),
            max_size=9,
        ).map("".join),
    ),
    max_size=5,
)


def _check_settings(given: tuple[dict[str, str], str]) -> None:
    variables, token = given
    shown = ""
    try:
        found = Settings.read({**variables, "NEMO_TOKEN": _SECRET + token})
    except SettingsError as error:
        shown = str(error)
    assert _SECRET not in shown
    if shown:
        return
    assert _SECRET not in repr(found)
    address = urlsplit(found.api_url)
    assert address.scheme == "https" or is_loopback(address.hostname)
    assert address.username is None
    assert found.home.is_absolute()


_STATE = json_values(
    st.sampled_from(
        [
            *("id", "task", "bind", "language", "made", "worked", "state", "asked", "draft"),
            "output",
            *("engine", "hash", "size", "created", "took", "length", "attempt", "notice", "x"),
        ]
    ),
    12,
)
_JOB = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b"]), "state": st.sampled_from(["asked", "failed", "x", 3])},
    optional={"created": _STATE, "took": _STATE, "length": _STATE, "draft": _STATE},
)
_FILE = st.one_of(
    st.binary(max_size=80),
    _STATE.map(lambda value: json.dumps(value).encode()),
    st.lists(st.one_of(_JOB, _STATE).map(lambda value: json.dumps(value).encode()), max_size=4).map(
        b"\n".join
    ),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"1" * 5000, b"{}\n\0"]),
)


def _check_state(given: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "state")
        home.prepare()
        for name, content in given.items():
            (home.path / name).write_bytes(content)
        with contextlib.suppress(SkillError):
            projects = Projects(home)
            projects.current("a")
            projects.latest()
            projects.worked("a", "s")
        with contextlib.suppress(SkillError):
            Memory(home).language("hello there")
        with contextlib.suppress(SkillError):
            ledger = Ledger(home)
            for job in ledger.jobs():
                assert isinstance(job.open, bool)
                ledger.note(job, state="failed")
                assert ledger.get(job.id) is not None
        for notice in home.notices:
            check_plain(say(notice.key, name=notice.name))
        assert os.listdir(home.path)  # noqa: PTH208 only whether it is there


WIRE = {
    "sse": Target(st.tuples(_BYTES, SIZES), _check_sse),
    "stream": Target(
        st.tuples(
            st.lists(_FRAME, max_size=10),
            st.sampled_from(["\n\n", "\r\n\r\n", "\r\r", "\n\r\n"]),
            SIZES,
            st.sampled_from([0, 0, 1, 2, 3, 9]),
        ),
        _check_turn,
    ),
    "answer": Target(
        st.tuples(
            st.sampled_from([200, 201, 301, 400, 401, 402, 404, 413, 415, 422, 429, 500, 503]),
            _BODY,
            st.sampled_from(_ENDPOINTS),
            _HEADER,
        ),
        _check_answer,
    ),
    "draft": Target(DRAFT, _check_draft),
    "timeline": Target(st.tuples(DRAFT, DRAFT, LANGUAGE), _check_timeline),
    "frontmatter": Target(_YAML, _check_manifest),
    "settings": Target(st.tuples(_VARIABLES, st.sampled_from(SIGNS)), _check_settings),
    "state": Target(
        st.dictionaries(
            st.sampled_from(["sessions.json", "renders.jsonl", "conversation.json"]), _FILE
        ),
        _check_state,
    ),
}
