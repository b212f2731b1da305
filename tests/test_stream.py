from __future__ import annotations

import json
from typing import Any

import pytest
from fake_backend import frame, text
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.sse import Event, decode
from skill.stream import Turn, TurnReader, read_turn


def turn_of(*frames: dict[str, Any] | str) -> Turn:
    return read_turn([frame(f) if isinstance(f, dict) else f.encode() for f in frames])


def parts(*items: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {"author": "nemo_agent", "content": {"parts": list(items)}, **extra}


def test_partial_pieces_and_their_repetition_count_once() -> None:
    turn = turn_of(text("Hel", partial=True), text("lo.", partial=True), text("Hello."))
    assert turn.text == "Hello."
    assert not turn.cut


def test_what_goes_beyond_the_pieces_is_new() -> None:
    turn = turn_of(text("Hel", partial=True), text("Hello, world."))
    assert turn.text == "Hello, world."


@pytest.mark.parametrize("whole", ["Hello", " Hello \n", "Hello "])
def test_white_space_makes_no_second_text(whole: str) -> None:
    assert turn_of(text("Hello ", partial=True), text(whole)).text == "Hello"


def test_a_whole_text_that_differs_from_the_pieces_counts_too() -> None:
    turn = turn_of(text("Working on it.", partial=True), text("Here is your clip."))
    assert turn.text == "Working on it.\n\nHere is your clip."


def test_whole_texts_before_and_after_tools_all_count() -> None:
    turn = turn_of(
        text("I will make it."),
        parts({"functionCall": {"name": "generate", "args": {}}}),
        parts({"functionResponse": {"name": "generate", "response": {"text": "secret"}}}),
        text("It is done."),
    )
    assert turn.text == "I will make it.\n\nIt is done."


def test_an_event_without_text_leaves_the_pieces() -> None:
    turn = turn_of(
        text("One ", partial=True),
        parts({"functionCall": {"name": "x"}}),
        text("two.", partial=True),
        text("One two."),
    )
    assert turn.text == "One two."


def test_the_same_text_twice_in_a_row_is_said_twice() -> None:
    assert turn_of(text("Done."), text("Done.")).text == "Done.\n\nDone."


def test_pieces_without_the_partial_flag_stay_one_sentence() -> None:
    assert turn_of(text("The clip is "), text("rea"), text("dy.")).text == "The clip is ready."


def test_authors_and_branches_have_pieces_of_their_own() -> None:
    turn = turn_of(
        text("Pict", author="a", partial=True),
        text("So", author="b", branch="x", partial=True),
        text("ure.", author="a", partial=True),
        text("und.", author="b", branch="x", partial=True),
        text("Sound.", author="b", branch="x"),
        text("Picture.", author="a"),
    )
    assert turn.text == "Picture.\n\nSound."


def test_thoughts_tools_and_the_users_own_words_are_not_shown() -> None:
    turn = turn_of(
        parts({"text": "let me think", "thought": True}, {"text": "Ready."}),
        text("make a clip", author="user"),
        {"content": {"parts": [{"function_call": {"name": "x"}}, {"inlineData": {}}]}},
    )
    assert turn.text == "Ready."


@pytest.mark.parametrize("name", ["stateDelta", "state_delta"])
def test_state_changes_are_merged(name: str) -> None:
    turn = turn_of({"actions": {name: {"a": 1, "b": 1}}}, {"actions": {name: {"b": 2}}})
    assert turn.state_delta == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("event", "code", "words"),
    [
        ({"errorCode": "SAFETY", "errorMessage": "blocked"}, "SAFETY", "blocked"),
        ({"error_code": "429", "error_message": "too many"}, 429, "too many"),
        ({"error": "it broke"}, None, "it broke"),
        ({"error": {"code": 500, "message": "inside"}}, 500, "inside"),
        ({"errorCode": "MALFORMED"}, "MALFORMED", "The backend reported an error (MALFORMED)."),
        ({"code": 2001, "message": "no credits"}, 2001, "no credits"),
        ({"detail": "Session not found"}, None, "Session not found"),
        ('data: {"error": "he said "no" and left"}\n\n', None, 'he said "no" and left'),
        ('data: {"error": "cut in the middle\n\n', None, "cut in the middle"),
    ],
)
def test_errors(event: dict[str, Any] | str, code: object, words: str) -> None:
    turn = turn_of(event, event)
    assert (turn.error, turn.error_code) == (words, code)


def test_an_error_beside_a_text_leaves_the_text() -> None:
    turn = turn_of({**text("Here it is."), "errorCode": "MAX_TOKENS", "errorMessage": "cut short"})
    assert (turn.text, turn.error) == ("Here it is.", "cut short")


def test_an_end_that_is_called_stop_is_no_error() -> None:
    assert turn_of({"author": "nemo_agent", "errorCode": "STOP"}).error is None


def test_an_error_shows_no_dump_and_no_secret() -> None:
    turn = turn_of({"error": "bad nmv_usr_dummy {'trace': 1}"})
    assert turn.error == "bad …"


@pytest.mark.parametrize(
    "beat", ["data:\n\n", "data: heartbeat\n\n", ": ping\n\n", "event: heartbeat\ndata: {}\n\n"]
)
def test_heartbeats_are_nothing(beat: str) -> None:
    turn = turn_of(beat, text("Hi."), beat)
    assert (turn.text, turn.events, turn.skipped, turn.cut) == ("Hi.", 1, 0, False)


@pytest.mark.parametrize(
    "junk",
    [
        *("hello", "{", "[1]", '"text"', "12", "null", "[" * 9000, "\ufffd"),
        *('{"foo": 1}', '{"content": "x"}', '{"content": {"parts": "x"}}', '{"content": null}'),
    ],
)
def test_junk_is_skipped_and_counted(junk: str) -> None:
    turn = turn_of(text("Be", partial=True), f"data: {junk}\n\n", text("Before."))
    assert (turn.text, turn.skipped) == ("Before.", 1)


@pytest.mark.parametrize(
    "apology",
    [
        "I encountered a temporary issue.",
        "I encountered a temporary issue processing that. Please try again in a moment.",
    ],
)
@pytest.mark.parametrize("joint", [" ", "\n\n", None])
def test_a_trailing_temporary_issue_is_left_out(apology: str, joint: str | None) -> None:
    frames = [text("Your title is there.")]
    if joint is None:
        frames.append(text(apology))
    else:
        frames = [text(f"Your title is there.{joint}{apology}")]
    assert turn_of(*frames).text == "Your title is there."


def test_a_temporary_issue_alone_or_in_the_middle_stays() -> None:
    alone = "I encountered a temporary issue. Please try again."
    assert turn_of(text(alone)).text == alone
    middle = f"First. {alone}\n\nThen I tried again, and here is your clip."
    assert turn_of(text(middle)).text == middle


def test_a_temporary_issue_as_an_error_after_an_answer_is_left_out() -> None:
    turn = turn_of(text("Done."), {"errorMessage": "I encountered a temporary issue"})
    assert (turn.text, turn.error) == ("Done.", None)


def test_what_would_drive_a_screen_is_taken_out_across_pieces() -> None:
    turn = turn_of(
        text("a\x1b]52;c;", partial=True),
        text("ZXZpbA==\x07b\x1b[3", partial=True),
        text("1mc", partial=True),
        text("a\x1b]52;c;ZXZpbA==\x07b\x1b[31mc"),
    )
    assert turn.text == "abc"


@pytest.mark.parametrize(
    ("stream", "cut"),
    [
        (b"", False),
        (frame(text("Hi.")), False),
        (frame(text("Hi.")) + b": bye\n", False),
        (frame(text("Hi.")) + b"data: {", True),
        (frame(text("Hi.")) + b"data: {}\n", True),
        (frame(text("Hi.")).replace(b"\n", b"\r\n"), False),
        (frame(text("Hi", partial=True)), True),
        (frame(text("Hi", partial=True)) + frame({"author": "x", "turnComplete": True}), False),
        (frame(text("Hi", partial=True)) + frame({"error": "x"}), False),
    ],
)
def test_a_stream_that_ends_too_early_is_noticed(stream: bytes, cut: bool) -> None:
    assert read_turn([stream]).cut is cut


RECORDED = (
    frame({"author": "nemo_agent", "content": {"parts": [{"text": "hm", "thought": True}]}})
    + frame(text("Your ", partial=True))
    + b": heartbeat\n\n"
    + frame(text("clip — 雪.", partial=True))
    + frame(text("Your clip — 雪."))
    + frame(parts({"functionCall": {"name": "add_title"}}))
    + frame(text("Title added."))
    + frame({"actions": {"stateDelta": {"draft": {"t": []}}}})
)


def test_cut_at_every_byte_what_was_complete_is_kept() -> None:
    whole = read_turn([RECORDED]).text
    assert whole == "Your clip — 雪.\n\nTitle added."
    ends = [at + 2 for at in range(len(RECORDED)) if RECORDED[at : at + 2] == b"\n\n"]
    for at in range(len(RECORDED) + 1):
        turn = read_turn([RECORDED[:at]])
        last = max((end for end in ends if end <= at), default=0)
        assert turn.text == read_turn([RECORDED[:last]]).text
        assert whole.startswith(turn.text)


WORDS = st.sampled_from(
    ["Hi", " ", "I ", "I encountered a temporary issue", ".", "\n\n", "x\x1b[1m"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from("ab"), st.booleans(), st.booleans()), max_size=12))
def test_the_pieces_together_are_the_text(said: list[tuple[str, str, bool, bool]]) -> None:
    pieces: list[str] = []
    reader = TurnReader(pieces.append)
    for words, author, partial, thought in said:
        part = {"text": words, "thought": thought}
        event = {"author": author, "partial": partial, "content": {"parts": [part]}}
        reader.take(Event(json.dumps(event)))
    assert reader.finish().text == "".join(pieces)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("content", "parts", "text", "partial", "author", "branch", "thought"),
                    *("actions", "stateDelta", "error", "errorCode", "errorMessage"),
                    *("code", "message", "detail"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(JSON, max_size=4))
def test_no_frame_is_fatal(frames: list[Any]) -> None:
    turn = read_turn([f"data: {json.dumps(item)}\n\n".encode() for item in frames])
    assert isinstance(turn.text, str)


PIECES = st.builds(
    lambda words, author, extra: json.dumps(
        {"content": {"parts": [{"text": words}]}, "partial": True, "author": author, **extra}
    ),
    WORDS,
    st.sampled_from(["a", "a", "a", "b", "user", None]),
    st.sampled_from([{}, {}, {}, {"branch": "x"}, {"errorCode": "E"}, {"turnComplete": True}]),
)
ODD = st.sampled_from(
    ['{"partial": true}', "heartbeat", "", "{", "[1,2]", '{"content": {"parts": []}}', "{} {}"]
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, PIECES, PIECES, ODD), max_size=12), st.integers(1, 400))
def test_many_pieces_at_once_are_the_pieces_one_by_one(lines: list[str], size: int) -> None:
    stream = "".join(f"data: {line}\n\n" for line in lines).encode()
    reader = TurnReader()
    for event in decode(reader.watch([stream])):
        reader.take(event)
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert read_turn(chunks) == read_turn([stream]) == reader.finish()
