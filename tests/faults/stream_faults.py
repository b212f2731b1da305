"""Faults of the wire under an answer to a message, and refusals. It is sent once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_backend import (
    CUT,
    GONE,
    MESSAGE,
    RESET,
    STATE,
    Piece,
    Reply,
    answer,
    empty,
    frame,
    html,
    raw,
    refusal,
    sse,
    text,
)
from fault import Do, Fault, always, both, script, worked

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CLOSES = HEAD + b"Connection: close\r\n\r\n"
ONE = frame(text("One."))
CARRIED_OUT = "your request was carried out"
NOT_AGAIN = "I did not send your request again"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def lost(name: str, *pieces: Piece, code: Any = "stream-broken", says: str = "") -> Fault:
    """The answer never comes whole, and the timeline stays: the user hears what to do."""
    do = script(MESSAGE, raw(*pieces))
    said = (NOT_AGAIN, "status", says) if says else (NOT_AGAIN,)
    return Fault(name, do, status=1, code=code, says=said, messages=1)


def broken(name: str, do: Do, *says: str, never: tuple[str, ...] = ()) -> Fault:
    """The answer breaks, and the edit was made."""
    said = (CARRIED_OUT, "make it brighter", *says)
    return Fault(name, do, says=said, never=never, messages=1)


def refused(name: str, reply: Reply, code: Any, *says: str, **more: Any) -> Fault:
    return Fault(
        name,
        script(MESSAGE, reply),
        **{"status": 1, "code": code, "says": says, "messages": 1, **more},
    )


TOOL = {"author": "nemo_agent", "content": {"parts": [{"functionCall": {"name": "secret_tool"}}]}}

WIRE = [
    lost("reset before the head", RESET),
    lost("closed before the head"),
    lost("a cut status line", b"HTTP/1.1 2"),
    lost("a cut head", HEAD, RESET),
    lost("reset after the head", CHUNKED, RESET),
    lost("closed after the head", CHUNKED),
    lost("reset in the middle of a chunk", CHUNKED, b"ff\r\n" + ONE[:20], RESET),
    lost("closed in the middle of a chunk", CHUNKED, b"ff\r\n" + ONE[:20]),
    lost("a chunk length that is no number", CHUNKED, b"zz\r\n" + ONE),
    lost("a chunk length below nought", CHUNKED, b"-5\r\n" + ONE),
    lost("a chunk length beyond reason", CHUNKED, b"f" * 40 + b"\r\n" + ONE),
    lost("more length than body", HEAD + b"Content-Length: 9999\r\n\r\n", ONE[:30]),
    lost("no length at all, in the middle", CLOSES, ONE[:30]),
    lost("gzip that is none", HEAD + b"Content-Encoding: gzip\r\n\r\n", b"\x1f\x8bno gzip at all"),
    lost("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n", ONE),
    lost("a head without an end", HEAD, b"X-Long: " + b"a" * 200_000),
    lost("too many heads", HEAD, b"X: y\r\n" * 500, b"\r\n"),
    lost("silence before the head", GONE, code="timeout", says="may still be working"),
    lost("silence in the head", HEAD, GONE, code="timeout"),
    lost("silence after the head", CHUNKED, GONE, code="timeout"),
    broken("reset once it was at work", worked(MESSAGE, ONE, RESET), "One."),
    broken("closed once it was at work", worked(MESSAGE, ONE[:-1], CUT), never=("One.",)),
    broken("silent once it was at work", worked(MESSAGE, ONE, GONE), "One."),
    broken("a gateway's page, and it was at work", worked(MESSAGE, reply=html(504))),
    broken("a gateway's silence, and it was at work", worked(MESSAGE, reply=empty(502))),
    broken(
        "the state is silent while it recovers",
        both(worked(MESSAGE, ONE, RESET), script(STATE, None, empty(503), html(), empty(500))),
    ),
    Fault(
        "broken, and the state as well",
        lambda stage: stage.backend.script(
            MESSAGE, lambda _: stage.backend.always(STATE, html(500)) or raw(RESET)
        ),
        status=1,
        code="stream-broken",
        says=(NOT_AGAIN,),
        messages=1,
    ),
    Fault(
        "no timeline could be read before it broke",
        both(always(STATE, html(500)), script(MESSAGE, raw(RESET))),
        status=1,
        code="stream-broken",
        says=(NOT_AGAIN,),
        messages=1,
    ),
    Fault(
        "interim answers first",
        script(
            MESSAGE,
            raw(
                b"HTTP/1.1 100 Continue\r\n\r\n",
                b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                CHUNKED,
                chunk(ONE),
                b"0\r\n\r\n",
            ),
        ),
        says=("One.",),
        messages=1,
    ),
    Fault(
        "HTTP/1.0",
        script(MESSAGE, raw(CLOSES.replace(b"1.1", b"1.0"), ONE)),
        says=("One.",),
        messages=1,
    ),
    Fault(
        "a byte at a time",
        script(
            MESSAGE, raw(CHUNKED, *(chunk(ONE[i : i + 1]) for i in range(len(ONE))), b"0\r\n\r\n")
        ),
        says=("One.",),
        messages=1,
    ),
    Fault(
        "less length than body",
        script(
            MESSAGE, raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(ONE), ONE + frame(text("Two.")))
        ),
        says=("One.",),
        never=("Two.",),
        messages=1,
    ),
    Fault(
        "bytes, by its type",
        script(MESSAGE, Reply(200, ONE, {"Content-Type": "application/octet-stream"})),
        says=("One.",),
        messages=1,
    ),
    Fault(
        "no type",
        script(MESSAGE, raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", ONE)),
        says=("One.",),
        messages=1,
    ),
    Fault(
        "an empty body",
        script(MESSAGE, empty()),
        says=("nothing on the timeline changed",),
        messages=1,
    ),
    Fault(
        "204", script(MESSAGE, empty(204)), says=("nothing on the timeline changed",), messages=1
    ),
    Fault(
        "an empty stream",
        script(MESSAGE, sse()),
        says=("nothing on the timeline changed",),
        messages=1,
    ),
    Fault(
        "silent, and it was at work",
        worked(MESSAGE, reply=sse("data:\n\n")),
        says=("a sunset over the ocean -> make it brighter",),
        messages=1,
    ),
]

REFUSALS = [
    refused(
        "redirected within the origin",
        Reply(302, headers={"Location": "/run_sse2"}),
        "bad-answer",
        "another address",
    ),
    refused(
        "redirected to another origin",
        Reply(307, headers={"Location": "http://127.0.0.2:9/run_sse"}),
        "bad-answer",
        "another address",
    ),
    refused("redirected to nowhere", Reply(308), "bad-answer", "another address"),
    refused("not modified", empty(304), "bad-answer"),
    refused("a web page", html(), "stream-broken", NOT_AGAIN),
    refused("a list", answer([1, 2]), "stream-broken", NOT_AGAIN),
    refused("null", answer(None), "stream-broken", NOT_AGAIN),
    refused(
        "cut JSON",
        Reply(200, b'{"code": 0, "da', {"Content-Type": "application/json"}),
        "stream-broken",
        NOT_AGAIN,
    ),
    refused(
        "nested JSON",
        Reply(200, b"[" * 100_000, {"Content-Type": "application/json"}),
        "stream-broken",
        NOT_AGAIN,
    ),
    refused("500", html(500), "unavailable", "in trouble"),
    refused("502", html(502), "stream-broken", NOT_AGAIN),
    refused("503", empty(503), "unavailable", "in trouble"),
    refused("503 with a wait", answer({}, 503, Retry_After="1"), "unavailable", "in trouble"),
    refused("504", empty(504), "stream-broken", NOT_AGAIN),
    refused(
        "400",
        answer({"detail": [{"loc": ["body"], "msg": "field required"}]}, 400),
        400,
        "field required",
    ),
    refused("422 with HTML in its words", answer({"detail": "<html>nginx</html>"}, 422), 422),
    refused(
        "422 with a dump in its words",
        answer({"detail": 'Traceback (most recent call last): File "x.py"'}, 422),
        422,
    ),
    refused(
        "403 that tells a token",
        answer({"detail": "Bearer nmv_usr_dummy is no good"}, 403),
        403,
        never=("nmv_usr",),
    ),
    refused("413", empty(413), 4002, "too large"),
    refused("415", empty(415), 4001, "Supported: mp4"),
    refused("429", refusal(429, 429), 429, "too many requests"),
    refused(
        "429 with an absurd wait", answer({}, 429, Retry_After="99999999"), 429, "too many requests"
    ),
    refused("402", empty(402), 402, "upgrade your plan"),
    refused(
        "no credits, anonymous",
        refusal(2001),
        2001,
        "https://nemovideo.example/register?bind=bind-1",
    ),
    refused(
        "no credits, in the stream",
        sse({"code": 2001, "message": "no credits"}),
        2001,
        "/register?bind=bind-1",
    ),
    replace(
        refused(
            "no credits, registered",
            refusal(2001),
            2001,
            "Top up credits in your account",
            never=("register",),
        ),
        do=both(
            lambda stage: (
                stage.env.update(NEMO_TOKEN="dummy-own"),
                stage.backend.tokens.add("dummy-own"),
            ),
            script(MESSAGE, refusal(2001)),
        ),
        sessions=1,
    ),
    refused(
        "a code that nobody knows",
        refusal(9999, message="the moon is full"),
        9999,
        "the moon is full",
    ),
    Fault(
        "an expired token, HTTP", script(MESSAGE, empty(401)), says=("Done.",), messages=2, tokens=1
    ),
    Fault(
        "an expired token, a code",
        script(MESSAGE, refusal(1001)),
        says=("Done.",),
        messages=2,
        tokens=1,
    ),
    Fault(
        "an expired token, in the stream",
        script(MESSAGE, sse({"code": 1001, "message": "expired"})),
        says=("Done.",),
        messages=2,
        tokens=1,
    ),
    Fault(
        "every token expired",
        always(MESSAGE, refusal(1001)),
        status=1,
        code=1001,
        messages=2,
        tokens=1,
    ),
    Fault(
        "an expired token, and none to be had",
        both(
            script(MESSAGE, empty(401)), always("POST /api/auth/anonymous-token", refusal(429, 429))
        ),
        status=1,
        code=429,
        messages=1,
        tokens=2,
    ),
    replace(
        refused("a token of one's own that expired", empty(401), 1001, "NEMO_TOKEN"),
        do=both(
            lambda stage: (
                stage.env.update(NEMO_TOKEN="dummy-own"),
                stage.backend.tokens.add("dummy-own"),
            ),
            script(MESSAGE, empty(401)),
        ),
        sessions=1,
    ),
    Fault(
        "an expired token after work began",
        script(MESSAGE, sse(TOOL, {"code": 1001, "message": "expired"})),
        status=1,
        code=1001,
        messages=1,
    ),
    *[
        Fault(
            f"a lost session, {said}",
            script(MESSAGE, reply),
            says=("this is a new one", "Done."),
            messages=2,
            sessions=1,
        )
        for said, reply in (("HTTP", empty(404)), ("a code", refusal(1002)))
    ],
    Fault(
        "every session lost",
        always(MESSAGE, refusal(1002)),
        status=1,
        code=1002,
        messages=2,
        sessions=1,
    ),
    Fault(
        "a lost session after work began",
        script(MESSAGE, sse(TOOL, {"code": 1002, "message": "gone"})),
        status=1,
        code=1002,
        messages=1,
    ),
]

STREAM = [*WIRE, *REFUSALS]
