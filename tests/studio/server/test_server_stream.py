"""Messages over /run_sse: events as google-adk sends them, drafts stored before they are told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.agent.project import Answer
from skill.studio.server.events import Turn, pieces


def texts(events: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    return [
        (part["text"], bool(event.get("partial")))
        for event in events
        for part in event.get("content", {}).get("parts", [])
        if "text" in part
    ]


def test_the_text_comes_in_pieces_and_then_whole(client, running):
    running.studio.respond = lambda *_: Answer("One two three. " * 20 + "\u2028\u0085 四")
    found = texts(client.say(client.session(), "talk"))
    partial = [text for text, is_partial in found if is_partial]
    assert len(partial) > 3
    assert [text for text, is_partial in found if not is_partial] == ["".join(partial)]
    assert found[-1][0].endswith("\u2028\u0085 四")


def test_a_tool_is_called_answered_and_changes_the_state(client):
    session = client.session()
    events = client.say(session, "ocean")
    parts = [part for event in events for part in event["content"]["parts"]]
    call, response = parts[0]["functionCall"], parts[1]["functionResponse"]
    assert (call["name"], call["args"]) == ("generate", {"prompt": "ocean"})
    assert response["id"] == call["id"]
    told = events[1]["actions"]["stateDelta"]["draft"]
    assert told == client.state(session)["draft"]
    assert told["t"][0]["sg"][0]["d"] == 1000


def test_all_events_of_a_turn_share_an_invocation(client):
    events = client.say(client.session(), "ocean")
    assert len({event["invocationId"] for event in events}) == 1
    assert len({event["id"] for event in events}) == len(events)
    assert {event["author"] for event in events} == {"nemo_agent"}


def test_a_silent_edit_has_no_text(client):
    session = client.session()
    assert texts(client.say(session, "silent")) == []
    assert len(client.names(session)) == 1


def test_talk_leaves_the_timeline_alone(client):
    session = client.session(language="de")
    assert texts(client.say(session, "hello"))[-1] == ("Hello in de!", False)
    assert client.names(session) == []


def test_undo_and_redo_move_over_the_versions(client):
    session = client.session()
    client.say(session, "one")
    client.say(session, "two")
    both = client.names(session)
    client.say(session, "undo")
    assert client.names(session) == both[:1]
    client.say(session, "redo")
    assert client.names(session) == both
    client.say(session, "redo")
    assert client.names(session) == both


def test_a_failing_agent_is_told_plainly_and_changes_nothing(client):
    session = client.session()
    events = client.say(session, "fail")
    assert events[-1]["errorCode"] == "INTERNAL"
    assert "secret" not in str(events)
    assert client.names(session) == []


def test_signs_of_life_come_while_work_lasts(client, running):
    running.studio.heartbeat = 0.02
    gate = threading.Event()

    def slow(*_: Any) -> Answer:
        gate.wait(10)
        return Answer("Done.")

    running.studio.respond = slow
    session = client.session()
    body = {"session_id": session, "new_message": {"parts": [{"text": "go"}]}}
    with client.post("/run_sse", json=body, stream=True) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        seen = b""
        for data in answer.iter_content(None):
            seen += data
            if all(
                sign in seen for sign in (b": heartbeat\n\n", b"data: heartbeat\n\n", b"data:\n\n")
            ):
                gate.set()
    assert b'"Done."' in seen


def test_work_is_finished_when_the_listener_hangs_up(client, running):
    entered, gate, respond = threading.Event(), threading.Event(), running.studio.respond

    def slow(*arguments: Any) -> Answer:
        entered.set()
        gate.wait(10)
        return respond(*arguments)

    running.studio.respond = slow
    session = client.session()
    body = {"session_id": session, "new_message": {"parts": [{"text": "ocean"}]}}
    client.post("/run_sse", json=body, stream=True).close()
    assert entered.wait(10)
    gate.set()
    running.studio.respond = respond
    client.say(session, "hello")  # waits its turn
    assert len(client.names(session)) == 1


def test_messages_of_a_session_wait_for_each_other(client):
    session = client.session()
    senders = [threading.Thread(target=client.say, args=(session, f"m{n}")) for n in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(client.names(session)) == 8


@pytest.mark.parametrize(
    "content",
    [None, {}, {"parts": "x"}, {"parts": [{"text": 3}]}, {"parts": [{"text": "  "}]}],
)
def test_a_message_without_words_is_refused(client, content):
    body = {"session_id": client.session(), "new_message": content}
    assert client.post("/run_sse", json=body).json()["code"] == 400


def test_a_far_too_long_message_is_refused(client):
    body = {"session_id": client.session(), "new_message": {"parts": [{"text": "x" * 30_000}]}}
    assert client.post("/run_sse", json=body).json()["code"] == 400


def test_an_unknown_session_is_1002(client):
    body = {"session_id": "nobody", "new_message": {"parts": [{"text": "hi"}]}}
    answer = client.post("/run_sse", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, 1002)


def test_half_a_surrogate_pair_is_no_trouble(client):
    events = client.say(client.session(), "\ud83d ocean")
    assert texts(events)


@settings(max_examples=60)
@given(st.text())
def test_pieces_join_to_the_text(text):
    assert "".join(pieces(text)) == text


@settings(max_examples=30)
@given(st.text(min_size=1))
def test_an_event_is_one_line_of_data(text):
    for event in Turn().text(text):
        assert event.startswith(b"data: {")
        assert event.endswith(b"}\n\n")
        assert event.count(b"\n") == 2
        assert b"\r" not in event
