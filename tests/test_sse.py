from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.errors import EventTooLarge
from skill.sse import decode


def reference(stream: bytes) -> list[tuple[str, str, str]]:
    """The algorithm of the HTML standard, 9.2.6, letter by letter."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    events = []
    data, kind, last_id = "", "", ""
    for line in lines:
        if line == "":
            if data != "":
                events.append((kind or "message", data.removesuffix("\n"), last_id))
            data, kind = "", ""
            continue
        if line.startswith(":"):
            continue
        name, colon, value = line.partition(":")
        value = value.removeprefix(" ") if colon else ""
        if name == "event":
            kind = value
        elif name == "data":
            data += value + "\n"
        elif name == "id" and "\0" not in value:
            last_id = value
    return events


def read(chunks: list[bytes]) -> list[tuple[str, str, str]]:
    return [(event.event, event.data, event.id) for event in decode(chunks)]


def split(stream: bytes, sizes: list[int]) -> list[bytes]:
    chunks = []
    for size in sizes:
        chunks.append(stream[:size])
        stream = stream[size:]
    return [*chunks, stream]


CASES = [
    b"data: one\n\ndata: two\n\n",
    b"data: one\r\n\r\ndata: two\r\n\r\n",
    b"data: one\r\rdata: two\r\r",
    b"data: a\n\r\ndata: b\r\n\ndata: c\r\r\ndata: d\n\n",
    b"data: x\r\n\rdata: y\n\r",
    b"\xef\xbb\xbfdata: bom\n\n",
    b"\xef\xbb\xbf\xef\xbb\xbfdata: two boms\n\ndata: x\n\n",
    b"data: first\n\n\xef\xbb\xbfdata: later bom\n\n",
    b"\xef\xbbdata: half a bom\n\ndata: x\n\n",
    b": comment\n\n:\n\ndata: x\n: in the middle\ndata: y\n\n",
    b"data\n\ndata\ndata\n\ndata:",
    b"data:\n\ndata: \n\ndata:  two spaces\n\n",
    b"data: unfinished\n",
    b"data: a\ndata: b\ndata:c\n\n",
    b"event: add\ndata: 1\n\nevent: \ndata: 2\n\nevent\ndata: 3\n\n",
    b"event: lost\n\ndata: x\n\n",
    b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: 7\n\ndata: d\n\nid: 1\0\ndata: e\n\n",
    b"id: 5\nid: 6\0\ndata: a\n\n",
    b"retry: 1000\nretry: x\ndata: a\n\n",
    b"foo: bar\nDATA: no\n data: no\ndata : no\ndata: yes\n\n",
    "data: \u2028 and \u2029 and \x85 and é 雪 👩‍👩‍👧\n\n".encode(),
    b"data: \xff\xfe bad \xe2\x82\n\ndata: \xf0\x9f\x98\ndata: x\n\n",
    b"data: nul \0 inside\n\n",
    b"data:a:b:c\n\n::\n\n",
    b"\n\n\n\ndata: x\n\n\n\n\ndata: y\n\n",
    b"data: \x0b\x0c\x1c\x1d\x1e\n\n",
    b"",
    b"\n",
    b"\xef\xbb",
]


@pytest.mark.parametrize("stream", CASES)
def test_as_the_standard_says_for_any_one_cut(stream: bytes) -> None:
    expected = reference(stream)
    for at in range(len(stream) + 1):
        assert read([stream[:at], stream[at:]]) == expected
    assert read([stream[i : i + 1] for i in range(len(stream))]) == expected


PIECES = st.sampled_from(
    [
        *(b"data", b"event", b"id", b"retry", b":", b" ", b"x", b"\0", b"\xff", b"\xe2\x80\xa8"),
        *(b"\n", b"\r", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"data: {}\n\n", b": hb\n\n"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map(b"".join), st.lists(st.integers(0, 9), max_size=12))
def test_as_the_standard_says_for_any_bytes_and_cuts(stream: bytes, sizes: list[int]) -> None:
    assert read(split(stream, sizes)) == reference(stream)


def test_an_event_of_very_many_lines() -> None:
    stream = b"event: long\nid: 4\n" + b"data: x\ndata\n: c\n" * 3000 + b"\n"
    assert read([stream]) == reference(stream)


def test_events_come_as_soon_as_they_are_complete() -> None:
    sent: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for chunk in (b"data: 1\r", b"\r", b"\ndata: 2\n", b"\n", b"data: 3\n\n"):
            sent.append(chunk)
            yield chunk

    seen = [(event.data, len(sent)) for event in decode(chunks())]
    assert seen == [("1", 2), ("2", 4), ("3", 5)]


def test_an_event_beyond_the_limit_is_refused_after_those_before_it() -> None:
    stream = b"data: fine\n\ndata: " + b"x" * 9000 + b"\n\n"
    for chunks in ([stream], split(stream, [100] * 60), [stream[:-2]]):
        seen: list[str] = []
        with pytest.raises(EventTooLarge, match="MB"):
            seen.extend(event.data for event in decode(chunks, limit=4000))
        assert seen == ["fine"]
    first = next(iter(decode([stream], limit=4000)))
    assert first.data == "fine"


def test_comments_without_an_end_are_no_event() -> None:
    chunks = [b": heartbeat\n" * 100] * 100 + [b"data: x\n\n"]
    assert [event.data for event in decode(chunks, limit=5000)] == ["x"]


def test_an_event_of_just_the_limit_passes() -> None:
    (event,) = decode([b"data: " + b"x" * 5000 + b"\n\n"], limit=5000)
    assert len(event.data) == 5000
