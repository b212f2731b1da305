"""Faults of single answers: tokens, projects, credits, states and uploads."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

from fake_backend import (
    CREDITS,
    GONE,
    RESET,
    SESSION,
    STATE,
    TOKEN,
    UPLOAD,
    Piece,
    Reply,
    answer,
    empty,
    html,
    mp4,
    ok,
    raw,
    refusal,
)
from fault import EXPORT, Do, Fault, always, both, script
from stage import Ended, Stage

READ = ("credits", "--json")
JSON = {"Content-Type": "application/json"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def dripping() -> Reply:
    """An answer that comes letter by letter, for longer than anybody should wait."""

    def pieces() -> Iterator[Piece]:
        yield HEAD + b"Content-Length: 500\r\n\r\n"
        for _ in range(500):
            yield b"{"
            yield 0.05

    return Reply(raw=True, pieces=pieces(), chunked=False)


# What passes when the request is made again.
PASSING: dict[str, Reply] = {
    "reset": raw(RESET),
    "closed": raw(),
    "reset in the head": raw(HEAD, RESET),
    "reset in the body": raw(HEAD + b'Content-Length: 50\r\n\r\n{"co', RESET),
    "more length than body": Reply(200, b'{"code":0}', {**JSON, "Content-Length": "999"}),
    "a chunk length that is no number": raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
    "gzip that is none": Reply(200, b"\x1f\x8bno", {**JSON, "Content-Encoding": "gzip"}),
    "no HTTP": raw(b"\x00\x01\x02\r\n\r\n"),
    "a head without an end": raw(HEAD, b"X: " + b"a" * 200_000, b"\r\n\r\n{}"),
    "a web page": html(),
    "a gateway's page": html(502),
    "nothing": empty(),
    "204": empty(204),
    "null": answer(None),
    "a list": answer([1]),
    "cut JSON": Reply(200, b'{"code": 0, "da', JSON),
    "nested JSON": Reply(200, b"[" * 100_000, JSON),
    "500": empty(500),
    "503": empty(503),
    "504": html(504),
    "503 with a wait": answer({}, 503, Retry_After="0"),
    "429": empty(429),
    "a code of 500": refusal(500),
    "a redirect to nowhere": Reply(302),
    "304": empty(304),
    "silence": raw(GONE),
    "silence in the body": raw(HEAD + b"Content-Length: 50\r\n\r\n{", GONE),
}


def _passing() -> Iterator[Fault]:
    for name, reply in PASSING.items():
        yield Fault(f"credits: {name}, once", script(CREDITS, reply), READ, says=("100 available",))
        yield Fault(
            f"credits: {name}, ever",
            always(CREDITS, reply),
            READ,
            status=1,
            says=("Try again",) if "redirect" not in name and name != "304" else (),
            check=bounded(CREDITS, 5),
        )


def bounded(route: str, most: int) -> Any:
    """A request is repeated so many times at most."""

    def check(stage: Stage, _: Ended) -> None:
        assert 1 <= stage.count(route) <= most, stage.count(route)

    return check


def credits(name: str, reply: Reply, code: Any, *says: str, status: int = 1) -> Fault:
    return Fault(f"credits: {name}", always(CREDITS, reply), READ, status, code, says)


def redirected(to: str) -> Reply:
    return Reply(302, headers={"Location": to})


def moved(stage: Stage) -> None:
    """Credits that moved within the origin."""
    stage.backend.script(CREDITS, redirected("/moved"))
    stage.backend.script("GET /moved", ok({"available": 7, "frozen": 0, "total": 7}))


def forgetful(stage: Stage) -> None:
    """The backend has forgotten every project."""
    stage.backend.sessions.clear()
    stage.backend.draft = {"t": []}


READS = [
    *_passing(),
    Fault(
        "credits: letter by letter",
        lambda s: s.backend.script(CREDITS, lambda _: dripping()),
        READ,
        says=("100 available",),
    ),
    Fault("credits: moved within the origin", moved, READ, says=("7 available",)),
    credits(
        "moved to another origin",
        redirected("http://127.0.0.2:9/x"),
        "bad-answer",
        "another address",
    ),
    credits(
        "moved to the open", redirected("http://example.com/x"), "bad-answer", "another address"
    ),
    credits(
        "moved in a circle", redirected("/api/credits/balance/simple"), "bad-answer", "in a circle"
    ),
    credits("moved to a file", redirected("file:///etc/passwd"), "bad-answer", "another address"),
    credits("404", empty(404), 404, "NEMO_API_URL"),
    credits("403", answer({"detail": "not for you"}, 403), 403, "not for you"),
    credits(
        "422, a list",
        answer({"detail": [{"loc": [], "msg": "field required"}, None]}, 422),
        422,
        "field required",
    ),
    credits("no numbers", ok({"available": None, "total": "x"}), "bad-answer", "how many credits"),
    credits(
        "numbers beyond reason",
        Reply(200, b'{"code":0,"data":{"available":1e999,"total":-1}}', JSON),
        None,
        "Credits",
        status=0,
    ),
    credits(
        "texts for numbers",
        ok({"available": "12", "frozen": "3", "total": "15"}),
        None,
        "12 available, 3 reserved",
        status=0,
    ),
    credits(
        "at the top level",
        answer({"available": 12, "frozen": 0, "total": 12}),
        None,
        "12 available",
        status=0,
    ),
    credits(
        "an error in words alone",
        answer({"error": "the moon is full"}),
        "refused",
        "the moon is full",
    ),
    Fault(
        "credits: an expired token",
        script(CREDITS, empty(401)),
        READ,
        says=("100 available",),
        tokens=1,
    ),
    Fault("credits: every token expired", always(CREDITS, empty(401)), READ, 1, 1001, tokens=1),
    Fault(
        "credits: a lost session",
        script(CREDITS, refusal(1002)),
        READ,
        says=("100 available",),
        sessions=1,
    ),
    Fault(
        "credits: a wait in seconds",
        script(CREDITS, answer({}, 429, Retry_After="1")),
        READ,
        says=("100 available",),
    ),
    Fault(
        "credits: a wait until a date",
        script(
            CREDITS,
            answer(
                {}, 503, Retry_After=formatdate(0, usegmt=True), Date=formatdate(0, usegmt=True)
            ),
        ),
        READ,
        says=("100 available",),
    ),
    Fault(
        "credits: a wait that is no number",
        script(CREDITS, answer({}, 429, Retry_After="soon")),
        READ,
        says=("100 available",),
    ),
    Fault(
        "credits: a wait below nought",
        script(CREDITS, answer({}, 429, Retry_After="-5")),
        READ,
        says=("100 available",),
    ),
    Fault(
        "credits: a wait of years",
        always(CREDITS, answer({}, 503, Retry_After="99999999")),
        READ,
        1,
        "unavailable",
        check=bounded(CREDITS, 1),
    ),
    Fault(
        "the status: a lost session",
        script(STATE, empty(404)),
        ("status", "--json"),
        says=("this is a new one",),
        sessions=1,
    ),
    Fault(
        "the status: every session lost",
        always(STATE, empty(404)),
        ("status", "--json"),
        says=("this is a new one",),
        status=1,
        code=1002,
        sessions=1,
    ),
    Fault(
        "an export: a lost session",
        forgetful,
        EXPORT,
        status=1,
        code="empty-timeline",
        says=("this is a new one",),
        sessions=1,
    ),
]


def first(name: str, do: Do, **more: Any) -> Fault:
    """The first turn on an empty home."""
    wanted = {"messages": 1, "tokens": 1, "sessions": 1, "says": ("Done.",), **more}
    return Fault(name, do, primed=False, **wanted)


def none(name: str, route: str, reply: Reply, code: Any, *says: str, **more: Any) -> Fault:
    """A beginning that fails: nothing is sent that could be charged."""
    return first(name, always(route, reply), status=1, code=code, says=says, messages=0, **more)


BEGINNINGS = [
    first("no fault at all", script(TOKEN)),
    first("a token: reset, once", script(TOKEN, raw(RESET)), tokens=2),
    first("a token: 503, once", script(TOKEN, empty(503)), tokens=2),
    first("a token: a web page, once", script(TOKEN, html()), tokens=2),
    first("a token: 429, once", script(TOKEN, refusal(429, 429)), tokens=2),
    first(
        "a token: 429 with a wait, once", script(TOKEN, answer({}, 429, Retry_After="0")), tokens=2
    ),
    first(
        "a token: 429 with an absurd wait, once",
        script(TOKEN, answer({}, 429, Retry_After="9" * 30)),
        tokens=2,
    ),
    none(
        "a token: 429, ever",
        TOKEN,
        empty(429),
        429,
        "one anonymous token per client",
        "--backend studio",
        tokens=2,
        sessions=0,
    ),
    none(
        "a token: a code of 429, ever",
        TOKEN,
        refusal(429),
        429,
        "one anonymous token",
        tokens=2,
        sessions=0,
    ),
    none(
        "a token: down, ever", TOKEN, empty(503), "unavailable", "in trouble", tokens=5, sessions=0
    ),
    none("a token: reset, ever", TOKEN, raw(RESET), "answer-lost", tokens=5, sessions=0),
    none("a token: none in it", TOKEN, ok({"token": None}), "bad-answer", "no token", sessions=0),
    none(
        "a token: one with a line in it",
        TOKEN,
        ok({"token": "dummy\r\nX-Evil: 1"}),
        "bad-answer",
        "no token",
        sessions=0,
    ),
    none(
        "a token: an enormous one",
        TOKEN,
        ok({"token": "x" * 100_000}),
        "bad-answer",
        "no token",
        sessions=0,
    ),
    none("a token: a number", TOKEN, ok({"token": 7}), "bad-answer", "no token", sessions=0),
    none("a token: 404", TOKEN, empty(404), 404, "NEMO_API_URL", sessions=0),
    none("a token: 403", TOKEN, empty(403), 403, sessions=0),
    none(
        "a token: elsewhere",
        TOKEN,
        redirected("http://127.0.0.2:9/"),
        "bad-answer",
        "another address",
        sessions=0,
    ),
    none("a token: our id refused", TOKEN, refusal(400, 400), 400, "NEMO_CLIENT_ID", sessions=0),
    Fault(
        "a token: an id of its own, refused once",
        both(lambda stage: stage.env.pop("NEMO_CLIENT_ID"), script(TOKEN, refusal(400, 400))),
        says=("Done.",),
        messages=1,
        tokens=2,
        sessions=1,
        primed=False,
    ),
    first("a project: reset, once", script(SESSION, raw(RESET)), sessions=2),
    first("a project: 500, once", script(SESSION, html(500)), sessions=2),
    first("a project: 401, once", script(SESSION, empty(401)), sessions=2, tokens=2),
    none("a project: 503, ever", SESSION, empty(503), "unavailable", sessions=5),
    none("a project: no id", SESSION, ok({"session_id": None}), "bad-answer", "no session"),
    none(
        "a project: an id that is a list",
        SESSION,
        ok({"session_id": [1]}),
        "bad-answer",
        "no session",
    ),
    none("a project: 402", SESSION, empty(402), 402),
    none("a project: no credits", SESSION, refusal(2001), 2001, "/register"),
    none("a project: 422", SESSION, empty(422), 422),
    none("a project: a refusal of every token", SESSION, refusal(1001), 1001, tokens=2, sessions=2),
    first(
        "a project: an id that is a path",
        script(SESSION, ok({"session_id": "../../x?y=1#z", "task_id": 5})),
        says=("Done.",),
        messages=2,
        sessions=2,
    ),
]


def clip(stage: Stage) -> None:
    folder = stage.folder / "mine"
    folder.mkdir()
    (folder / "clip.mp4").write_bytes(mp4(1000))
    (folder / "big.mp4").write_bytes(mp4(600_000))
    (folder / "notes.mp4").write_bytes(b"these are words, not a video")
    (folder / "none.mp4").touch()
    with (folder / "huge.mp4").open("wb") as file:
        file.write(mp4(1000))
        file.truncate(201 * 2**20)


def sent(name: str, do: Do, *files: str, **more: Any) -> Fault:
    paths = tuple(f"../mine/{file}" for file in files or ("clip.mp4",))
    wanted = {"uploads": 1, **more}
    return Fault(f"an upload: {name}", both(clip, do), ("upload", "--json", *paths), **wanted)


def kept(name: str, reply: Reply, code: Any, *says: str, **more: Any) -> Fault:
    """An upload that fails, with the file's fate told."""
    says = ("Not uploaded: clip.mp4", *says)
    return sent(name, always(UPLOAD, reply), status=1, code=code, says=says, **more)


UPLOADS = [
    sent("no fault at all", script(UPLOAD), says=("Uploaded clip.mp4 (5s)",)),
    kept("reset", raw(RESET), "answer-lost"),
    kept("a web page", html(), "bad-answer"),
    kept("nothing", empty(), "bad-answer"),
    kept("413", html(413), 4002, "too large", "Compress or trim"),
    kept("a code for too large", refusal(4002), 4002, "200 MB"),
    kept("415", empty(415), 4001, "Supported: mp4"),
    kept("a code for its kind", refusal(4001), 4001, "Supported: mp4"),
    kept("500", empty(500), "unavailable", "in trouble"),
    kept("504", html(504), "unavailable", "in trouble"),
    kept("no credits", refusal(2001), 2001, "register?bind=bind-1"),
    kept("429, ever", empty(429), 429, uploads=2),
    kept("silence", raw(GONE), "answer-lost"),
    kept("elsewhere", Reply(307, headers={"Location": "http://127.0.0.2:9/"}), "bad-answer"),
    sent("429, once", script(UPLOAD, empty(429)), says=("Uploaded clip.mp4",), uploads=2),
    sent("401, once", script(UPLOAD, empty(401)), says=("Uploaded clip.mp4",), uploads=2, tokens=1),
    sent(
        "a lost session",
        script(UPLOAD, empty(404)),
        says=("this is a new one", "Uploaded clip.mp4"),
        uploads=2,
        sessions=1,
    ),
    sent(
        "every session lost", always(UPLOAD, empty(404)), status=1, code=1002, uploads=2, sessions=1
    ),
    sent(
        "facts of wrong types",
        script(UPLOAD, ok([{"duration": "x", "width": None}, 5])),
        says=("Uploaded clip.mp4.",),
    ),
    sent(
        "not what its name says",
        script(UPLOAD),
        "notes.mp4",
        status=1,
        code=4001,
        says=("does not hold mp4",),
        uploads=0,
    ),
    sent(
        "an empty file",
        script(UPLOAD),
        "none.mp4",
        status=1,
        code=4001,
        says=("is empty",),
        uploads=0,
    ),
    sent(
        "too large",
        script(UPLOAD),
        "huge.mp4",
        status=1,
        code=4002,
        says=("201 MB", "200 MB is the limit"),
        uploads=0,
    ),
    sent(
        "not there",
        script(UPLOAD),
        "nothing.mp4",
        status=1,
        code="not-found",
        says=("no file nothing.mp4",),
        uploads=0,
    ),
    sent("a folder", script(UPLOAD), ".", status=1, code="folder", uploads=0),
    sent(
        "good and bad ones",
        script(UPLOAD),
        "clip.mp4",
        "notes.mp4",
        "big.mp4",
        "none.mp4",
        status=1,
        code=4001,
        says=(
            "Uploaded clip.mp4",
            "Uploaded big.mp4",
            "notes.mp4 is named mp4",
            "none.mp4 is empty",
        ),
        uploads=2,
    ),
    sent(
        "the second of three refused",
        script(UPLOAD, None, refusal(4001)),
        "clip.mp4",
        "big.mp4",
        "clip.mp4",
        status=1,
        code=4001,
        says=("Uploaded clip.mp4", "Not uploaded: big.mp4"),
        uploads=3,
    ),
]

ANSWERS = [*READS, *BEGINNINGS, *UPLOADS]
