from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_kit import make
from fake_backend import (
    CUT,
    MESSAGE,
    RESET,
    SESSION,
    TOKEN,
    FakeBackend,
    Reply,
    answer,
    empty,
    frame,
    html,
    ok,
    refusal,
    sse,
    text,
)

from skill.api import Api, Session
from skill.errors import (
    ApiError,
    BadAnswer,
    EventTooLarge,
    NoCredits,
    RateLimited,
    SessionLost,
    StreamBroken,
    StreamError,
    TokenRefused,
    TurnTimeout,
    Unavailable,
    Unreachable,
)


@pytest.fixture
def session(api: Api) -> Session:
    return api.session("en")


def test_text_comes_as_it_is_sent(backend: FakeBackend, api: Api, session: Session) -> None:
    go_on = threading.Event()
    seen: list[str] = []

    def slow() -> Iterator[object]:
        yield text("First. ", partial=True)
        go_on.wait(5)
        yield text("Second.", partial=True)
        yield text("First. Second.")

    def on_text(piece: str) -> None:
        seen.append(piece)
        go_on.set()

    reply = sse()
    reply.pieces = slow()
    backend.script(MESSAGE, reply)
    turn = api.turn(session, "hello", on_text)
    assert seen[0] == "First."
    assert turn.text == "".join(seen) == "First. Second."


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("size", [1, 7])
def test_any_split_over_the_wire(
    backend: FakeBackend, api: Api, session: Session, chunked: bool, size: int
) -> None:
    stream = frame(text("Grüße,", partial=True)) + b": hb\r\n\r\n" + frame(text("Grüße, 雪."))
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    backend.script(MESSAGE, sse(*pieces, chunked=chunked))
    assert api.turn(session, "hello").text == "Grüße, 雪."


def test_heartbeats_keep_a_turn_alive_and_the_user_is_told(
    backend: FakeBackend, tmp_path: Path
) -> None:
    api = make(backend, tmp_path, AI_VIDEO_STILL_WORKING="0.1", AI_VIDEO_IDLE_TIMEOUT="5")
    told = threading.Event()

    def until_told() -> Iterator[object]:
        while not told.is_set():
            yield "data: heartbeat\n\n"
            yield 0.02
        yield text("Done.")

    reply = sse()
    reply.pieces = until_told()
    backend.script(MESSAGE, reply)
    assert api.turn(api.session(), "hello", None, told.set).text == "Done."


def test_heartbeats_alone_are_a_time_out(backend: FakeBackend, tmp_path: Path) -> None:
    api = make(backend, tmp_path, AI_VIDEO_IDLE_TIMEOUT="0.3", AI_VIDEO_TURN_TIMEOUT="9")
    beats = [piece for _ in range(60) for piece in (0.05, "data:\n\n")]
    backend.script(MESSAGE, sse(text("Working.", partial=True), *beats))
    with pytest.raises(TurnTimeout, match=r"Nothing came for 0\.3 s") as caught:
        api.turn(api.session(), "hello")
    assert caught.value.turn is not None
    assert caught.value.turn.text == "Working."
    assert len(backend.calls(MESSAGE)) == 1


def test_silence_without_an_answer_is_a_time_out(backend: FakeBackend, tmp_path: Path) -> None:
    api = make(backend, tmp_path, AI_VIDEO_IDLE_TIMEOUT="0.3")

    leave = threading.Event()

    def silent(_: object) -> Reply:
        leave.wait(20)
        return empty()

    backend.script(MESSAGE, silent)
    session = api.session()
    with pytest.raises(TurnTimeout):
        api.turn(session, "hello")
    assert not leave.is_set()
    leave.set()


def test_events_without_an_end_are_a_time_out(backend: FakeBackend, tmp_path: Path) -> None:
    api = make(backend, tmp_path, AI_VIDEO_TURN_TIMEOUT="0.4", AI_VIDEO_IDLE_TIMEOUT="9")
    words = [piece for _ in range(60) for piece in (0.05, text("on ", partial=True))]
    backend.script(MESSAGE, sse(*words))
    with pytest.raises(TurnTimeout, match=r"longer than 0\.4 s"):
        api.turn(api.session(), "hello")


@pytest.mark.parametrize("end", [CUT, RESET])
@pytest.mark.parametrize("first", [[], [text("Half", partial=True)], [text("Whole.")]])
def test_a_broken_stream_keeps_what_came(
    backend: FakeBackend, api: Api, session: Session, end: object, first: list[dict[str, object]]
) -> None:
    backend.script(MESSAGE, sse(*first, 0.05, end))
    with pytest.raises(StreamBroken) as caught:
        api.turn(session, "hello")
    assert caught.value.turn is not None
    assert caught.value.turn.text in ("", "Half", "Whole.")
    assert len(caught.value.turn.text) == len(
        "".join(str(f["content"]["parts"][0]["text"]) for f in first)
    )  # type: ignore[index]
    assert len(backend.calls(MESSAGE)) == 1


def test_a_stream_that_ends_inside_an_event_is_broken(
    backend: FakeBackend, api: Api, session: Session
) -> None:
    backend.script(MESSAGE, sse(text("One."), b'data: {"cont', chunked=False))
    with pytest.raises(StreamBroken) as caught:
        api.turn(session, "hello")
    assert caught.value.turn is not None
    assert caught.value.turn.text == "One."


def test_a_connection_that_closes_without_an_answer_is_broken(
    backend: FakeBackend, api: Api, session: Session
) -> None:
    def hang_up(_: object) -> Reply:
        raise ConnectionError

    backend.script(MESSAGE, hang_up)
    with pytest.raises(StreamBroken):
        api.turn(session, "hello")
    assert len(backend.calls(MESSAGE)) == 1


@pytest.mark.parametrize("reply", [sse(), empty(), answer({"code": 0}), sse("data:\n\n")])
def test_a_silent_turn_is_normal(
    backend: FakeBackend, api: Api, session: Session, reply: Reply
) -> None:
    backend.script(MESSAGE, reply)
    turn = api.turn(session, "hello")
    assert (turn.text, turn.error, turn.cut) == ("", None, False)


@pytest.mark.parametrize(
    "reply",
    [
        refusal(1001),
        refusal(1001, 401),
        empty(401),
        sse({"code": 1001, "message": "expired"}),
        sse({"errorCode": "1001", "errorMessage": "expired"}),
    ],
)
def test_a_refused_token_lets_the_message_be_sent_again_once(
    backend: FakeBackend, api: Api, session: Session, reply: Reply
) -> None:
    backend.script(MESSAGE, reply)
    assert api.turn(session, "hello").text == "Done."
    assert len(backend.calls(MESSAGE)) == 2
    assert len(backend.calls(TOKEN)) == 2
    backend.script(MESSAGE, reply, reply)
    with pytest.raises(TokenRefused):
        api.turn(session, "hello")
    assert len(backend.calls(MESSAGE)) == 4


@pytest.mark.parametrize(
    "reply",
    [
        refusal(1002),
        empty(404),
        answer({"detail": "Session not found"}, 404),
        sse({"code": 1002, "message": "session not found"}),
    ],
)
def test_a_lost_session_is_for_the_caller(
    backend: FakeBackend, api: Api, session: Session, reply: Reply
) -> None:
    backend.script(MESSAGE, reply)
    with pytest.raises(SessionLost):
        api.turn(session, "hello")
    backend.script(MESSAGE, reply)
    assert api.in_session(lambda current: api.turn(current, "hello")).text == "Done."
    assert [seen.json["session_id"] for seen in backend.calls(MESSAGE)] == [
        "session-1",
        "session-1",
        "session-2",
    ]
    assert len(backend.calls(SESSION)) == 2


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(2001), NoCredits),
        (sse({"code": 2001, "message": "no credits"}), NoCredits),
        (refusal(429, 429), RateLimited),
        (empty(503), Unavailable),
        (html(500), Unavailable),
        (answer({"detail": [{"msg": "field required"}]}, 422), ApiError),
        (Reply(302, headers={"Location": "/elsewhere"}), BadAnswer),
    ],
)
def test_a_refusal_is_told_and_nothing_is_sent_again(
    backend: FakeBackend, api: Api, session: Session, reply: Reply, kind: type[ApiError]
) -> None:
    backend.script(MESSAGE, reply)
    with pytest.raises(kind):
        api.turn(session, "hello")
    assert len(backend.calls(MESSAGE)) == 1


@pytest.mark.parametrize("reply", [html(200), html(502), empty(504), answer([1, 2])])
def test_an_answer_that_is_none_may_mean_that_work_began(
    backend: FakeBackend, api: Api, session: Session, reply: Reply
) -> None:
    backend.script(MESSAGE, reply)
    with pytest.raises(StreamError):
        api.turn(session, "hello")
    assert len(backend.calls(MESSAGE)) == 1


def test_a_code_after_work_began_sends_nothing_again(
    backend: FakeBackend, api: Api, session: Session
) -> None:
    call = {"author": "a", "content": {"parts": [{"functionCall": {"name": "generate"}}]}}
    backend.script(MESSAGE, sse(call, {"code": 1002, "message": "session not found"}))
    turn = api.in_session(lambda current: api.turn(current, "hello"))
    assert (turn.error, turn.error_code) == ("session not found", 1002)
    assert len(backend.calls(MESSAGE)) == 1


def test_an_error_of_the_agent_is_part_of_the_turn(
    backend: FakeBackend, api: Api, session: Session
) -> None:
    backend.script(MESSAGE, sse({"errorCode": "SAFETY", "errorMessage": "not this"}))
    turn = api.turn(session, "hello")
    assert (turn.text, turn.error) == ("", "not this")


def test_one_piece_beyond_the_limit_ends_the_turn(
    backend: FakeBackend, api: Api, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.script(MESSAGE, sse(text("Before."), b"data: " + b"x" * 17 * 2**20 + b"\n\n"))
    with pytest.raises(EventTooLarge) as caught:
        api.turn(session, "hello")
    assert caught.value.turn is not None
    assert caught.value.turn.text == "Before."


def test_nobody_there_means_that_nothing_was_sent(backend: FakeBackend, tmp_path: Path) -> None:
    api = make(backend, tmp_path)
    session = api.session()
    gone = make(backend, tmp_path, NEMO_API_URL="http://127.0.0.1:9", NEMO_TOKEN="dummy-own")
    with pytest.raises(Unreachable):
        gone.turn(session, "hello")


def test_a_listener_that_leaves_ends_the_stream(
    backend: FakeBackend, api: Api, session: Session
) -> None:
    beats = 0

    def endless() -> Iterator[object]:
        nonlocal beats
        yield text("Hi.")
        while beats < 10_000:
            beats += 1
            yield "data: heartbeat\n\n"
            yield 0.02

    def leave(_: str) -> None:
        raise KeyboardInterrupt

    reply = sse()
    reply.pieces = endless()
    backend.script(MESSAGE, reply)
    with pytest.raises(KeyboardInterrupt):
        api.turn(session, "hello", leave)
    for _ in range(50):
        before = beats
        time.sleep(0.1)
        if beats == before:
            return
    pytest.fail("the backend could go on sending")


def test_the_raw_chunks_can_be_read_too(backend: FakeBackend, api: Api, session: Session) -> None:
    backend.script(MESSAGE, sse("data: 1\n\n"))
    assert b"".join(api.message(session.id, "hello")) == b"data: 1\n\n"


def test_a_broken_token_answer_sends_no_message(backend: FakeBackend, tmp_path: Path) -> None:
    session = make(backend, tmp_path).session()
    (tmp_path / "state" / "tokens.json").unlink()
    backend.script(TOKEN, ok({}))
    with pytest.raises(BadAnswer):
        make(backend, tmp_path).turn(session, "hello")
    assert backend.calls(MESSAGE) == []
