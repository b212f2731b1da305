"""Faults of the frames of an answer, and of the state that it is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from fake_backend import MESSAGE, STATE, Piece, Reply, answer, frame, sse, text
from fault import EDIT, Fault, always, both, script, worked
from stream_faults import NOT_AGAIN, ONE, TOOL, broken


def beats(every: float, other: bytes = b"") -> Reply:
    """A stream without an end: heartbeats, and perhaps something else between them."""

    beat: list[Piece] = [b"data: heartbeat\n\n", b": still here\n\n", b"data:\n\n"]
    reply = sse()
    reply.pieces = cycle([*beat, *([other] if other else []), every])
    return reply


THOUGHT = {"author": "a", "content": {"parts": [{"text": "secret thought", "thought": True}]}}
DEEP = b'data: {"content":' + b"[" * 60_000 + b"\n\n"


def told(name: str, *pieces: Piece, says: tuple[str, ...], never: tuple[str, ...] = ()) -> Fault:
    """The answer comes, in spite of what else comes."""
    return Fault(name, script(MESSAGE, sse(*pieces)), says=says, never=never, messages=1)


FRAMES = [
    Fault(
        "heartbeats without an end",
        script(MESSAGE, beats(0.02)),
        status=1,
        code="timeout",
        says=("Nothing came for 0.6 s", NOT_AGAIN, "Still working"),
        messages=1,
    ),
    Fault(
        "tools without an end",
        script(MESSAGE, beats(0.02, frame(TOOL))),
        status=1,
        code="timeout",
        says=("longer than 1.2 s", NOT_AGAIN),
        never=("secret_tool",),
        messages=1,
    ),
    Fault(
        "heartbeats of every shape, then an answer",
        script(
            MESSAGE,
            sse(
                "data: heartbeat\n\n",
                "event: heartbeat\ndata: x\n\n",
                ":\n\n",
                {"type": "heartbeat"},
                0.4,
                "data: [DONE]\n\n",
                text("One."),
            ),
        ),
        says=("One.", "Still working"),
        never=("heartbeat", "DONE"),
        messages=1,
    ),
    Fault(
        "half a letter at the end",
        script(MESSAGE, sse(text("Café."), b'data: {"x": "caf\xc3')),
        status=1,
        code="stream-broken",
        says=("Café.", NOT_AGAIN),
        messages=1,
    ),
    told("a heartbeat without its end", text("One."), "data: [DONE]", says=("One.",)),
    told("a comment without its end", text("One."), ": bye", says=("One.",)),
    told("bytes that are no letters", ONE.replace(b"One", b"O\xffne"), says=("O\ufffdne.",)),
    told(
        "frames that are no JSON",
        "data: {oops\n\n",
        "data: hello\n\n",
        b"data: \x00\x01\n\n",
        text("One."),
        says=("One.",),
        never=("oops", "hello"),
    ),
    told(
        "frames that are no objects",
        "data: null\n\n",
        "data: [1, 2]\n\n",
        "data: 7\n\n",
        'data: "x"\n\n',
        "data: NaN\n\n",
        text("One."),
        says=("One.",),
    ),
    told(
        "frames of unknown shape",
        {"content": None},
        {"content": []},
        {"content": {"parts": None}},
        {"content": {"parts": [None, 7, "x", {"text": None}, {"text": 5}]}},
        {"actions": 5},
        {"author": None, "partial": "yes"},
        text("One."),
        says=("One.",),
    ),
    told("a frame nested without reason", DEEP, text("One."), says=("One.",)),
    told(
        "numbers beyond reason",
        b'data: {"code": 1e999, "content": {"parts": []}}\n\n',
        b"data: " + b"9" * 5000 + b"\n\n",
        text("One."),
        says=("One.",),
    ),
    told(
        "text twice",
        text("One.", partial=True),
        text("One."),
        says=("One.",),
        never=("One.One", "One.\n\nOne"),
    ),
    told(
        "pieces, and the whole again",
        text("On", partial=True),
        text("e.", partial=True),
        TOOL,
        text("One."),
        says=("One.",),
        never=("One.One", "One.\n\nOne"),
    ),
    told(
        "thoughts and tools",
        THOUGHT,
        TOOL,
        {
            "author": "a",
            "content": {"parts": [{"functionResponse": {"response": {"key": "secret"}}}]},
        },
        text("One."),
        says=("One.",),
        never=("secret",),
    ),
    told(
        "the user's own words back",
        text("make it brighter!", author="user"),
        text("One."),
        says=("One.",),
        never=("brighter!",),
    ),
    told(
        "every end of line, and a mark in front",
        b"\xef\xbb\xbf" + frame(text("One.")).replace(b"\n", b"\r\n"),
        frame(text("Two.")).replace(b"\n", b"\r"),
        says=("One.", "Two."),
    ),
    told(
        "line separators in the text",
        text("One\u2028two\u2029three\x85four."),
        says=("One", "four."),
    ),
    told(
        "escapes that drive a screen",
        text("One \x1b[31mred\x1b[0m \x1b]52;c;ZXZpbA==\x07two \u202egnp.\u202c \x9b2Jthree."),
        says=("One red two", "three."),
        never=("\x1b", "ZXZp", "\u202e", "2J"),
    ),
    told(
        "the trailing apology",
        text("One."),
        text("I encountered a temporary issue. Please try again."),
        says=("One.",),
        never=("temporary issue",),
    ),
    told(
        "an error beside a text",
        text("One."),
        {"errorCode": "SAFETY", "errorMessage": "not that"},
        says=("One.", "not that"),
    ),
    told(
        "errors told twice",
        text("One."),
        *[{"error": "the moon is full"}] * 3,
        says=("the moon is full",),
        never=("full\nthe", "full the moon"),
    ),
    told(
        "a session id in the stream",
        "id: 7\nevent: message\nretry: 1\ndata: " + json.dumps(text("One.")) + "\n\n",
        says=("One.",),
    ),
    told(
        "data over many lines",
        "data: " + json.dumps(text("One."), indent=1).replace("\n", "\ndata: ") + "\n\n",
        says=("One.",),
    ),
    told("a large event", text("One. " + "x" * 3_000_000), says=("One.",)),
    Fault(
        "an event beyond the cap",
        script(MESSAGE, sse(text("One."), b"data: " + b"x" * (17 * 2**20))),
        status=1,
        code="event-too-large",
        says=("One.", "16 MB"),
        messages=1,
    ),
    broken("cut in the middle of a text", worked(MESSAGE, text("One.", partial=True)), "One."),
    broken(
        "cut in the middle of a frame",
        worked(MESSAGE, ONE, frame(text("Two."))[:40]),
        "One.",
        never=("Two",),
    ),
    broken("cut in the middle of a letter", worked(MESSAGE, ONE, b'data: {"a": "\xe6\x97'), "One."),
    Fault(
        "an error, documented",
        script(MESSAGE, sse({"errorCode": "QUOTA", "errorMessage": "too much today"})),
        status=1,
        code="QUOTA",
        says=("too much today",),
        messages=1,
    ),
    Fault(
        "an error, an object",
        script(MESSAGE, sse({"error": {"code": 77, "message": "the moon is full"}})),
        status=1,
        code=77,
        says=("the moon is full",),
        messages=1,
    ),
    Fault(
        "an error, a text",
        script(MESSAGE, sse({"error": "the moon is full"})),
        status=1,
        says=("the moon is full",),
        messages=1,
    ),
    Fault(
        "an error, unescaped",
        script(MESSAGE, sse('data: {"error": "the "moon" is full"}\n\n')),
        status=1,
        says=("is full",),
        messages=1,
    ),
    Fault(
        "an error, snake case",
        script(MESSAGE, sse({"error_code": "X", "error_message": "the moon is full"})),
        status=1,
        code="X",
        says=("the moon is full",),
        messages=1,
    ),
    Fault(
        "an error, a code alone",
        script(MESSAGE, sse({"errorCode": "MALFORMED_FUNCTION_CALL"})),
        status=1,
        says=("MALFORMED_FUNCTION_CALL",),
        messages=1,
    ),
    Fault(
        "an error, an envelope",
        script(MESSAGE, sse({"code": 7, "message": "the moon is full", "data": None})),
        status=1,
        code=7,
        says=("the moon is full",),
        messages=1,
    ),
    Fault(
        "an error, a detail",
        script(MESSAGE, sse({"detail": "the moon is full"})),
        status=1,
        says=("the moon is full",),
        messages=1,
    ),
    Fault(
        "an error that is a dump",
        script(
            MESSAGE,
            sse({"error": 'Traceback (most recent call last):\n File "a.py"\nnmv_usr_dummy'}),
        ),
        status=1,
        never=("nmv_usr", "a.py"),
        messages=1,
    ),
    Fault(
        "an error that is a page",
        script(MESSAGE, sse({"error": "<html><h1>nginx</h1></html>"})),
        status=1,
        messages=1,
    ),
    Fault(
        "an error after tools, and it was done",
        worked(MESSAGE, reply=sse(TOOL, {"error": "the moon is full"})),
        says=("make it brighter", "the moon is full"),
        messages=1,
    ),
    Fault(
        "only the apology",
        script(MESSAGE, sse(text("I encountered a temporary issue."))),
        says=("temporary issue",),
        messages=1,
    ),
    Fault(
        "only thoughts",
        script(MESSAGE, sse(THOUGHT)),
        says=("nothing on the timeline changed",),
        never=("secret",),
        messages=1,
    ),
    Fault(
        "an answer for eyes alone",
        worked(MESSAGE, reply=sse(text("Click the Export button in the top right."))),
        renders=1,
        videos=1,
        messages=1,
        says=("Video ready",),
    ),
    Fault(
        "an answer for eyes, again and again",
        both(
            always(MESSAGE, sse(text("Drag the title to the left."))),
        ),
        messages=2,
    ),
]

# The state that an edit is compared with, in shapes that it should not have.
_DRAFTS: dict[str, Any] = {
    "null": None,
    "a list": [1, 2],
    "a number": 7,
    "no JSON": "{oops",
    "JSON as text": json.dumps({"t": [{"tt": 0, "sg": [{"d": 5000, "m": {"name": "Dawn"}}]}]}),
    "tracks that are none": {"t": "x"},
    "tracks of null": {"t": [None, 7, [], {"sg": None}, {"sg": [None, 5, {"d": "x", "m": 7}]}]},
    "wrong types": {"t": [{"id": 5, "tt": "0", "sg": [{"d": "5000", "m": {"name": 7}}]}], "m": []},
    "numbers beyond reason": {"t": [{"tt": 0, "sg": [{"d": 1e308, "s": -1e308, "m": {}}]}]},
    "not a number": {"t": [{"tt": 0, "sg": [{"d": float("nan"), "m": {}}]}]},
    "enormous": {"t": [{"tt": 0, "sg": [{"d": 10, "m": {"name": "x" * 200}}] * 5000}]},
    "nested": {"t": [{"tt": 0, "sg": [{"d": 10, "m": json.loads("[" * 400 + "]" * 400)}]}]},
}


def _states() -> Iterator[Fault]:
    for name, draft in _DRAFTS.items():
        for shape, data in (("draft", {"state": {"draft": draft}}), ("state", {"state": draft})):
            if shape == "state" and name not in ("null", "a list", "a number", "no JSON"):
                continue
            reply = answer({"code": 0, "data": data})
            yield Fault(
                f"a {shape} that is {name}",
                always(STATE, reply),
                call=EDIT,
                says=("Done.",),
                messages=1,
            )
    yield Fault(
        "a state of 30 MB",
        always(STATE, answer({"code": 0, "data": {"state": {"junk": "x" * 30_000_000}}})),
        says=("Done.",),
        messages=1,
    )


STATES = list(_states())
