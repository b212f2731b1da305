"""Turns against a backend over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_backend import CUT, MESSAGE, SESSION, STATE, FakeBackend, html, sse, text
from turn_kit import Heard, actions, clip, draft, edits, said, title, video

from skill import Reply, Skill
from skill.settings import Settings


@pytest.mark.parametrize("message", ["", "  ", "Hello!", "hi there 👋", "你好", "您好！"])
def test_a_bare_hello_is_greeted_and_sends_nothing(
    turn: Callable[..., Reply], backend: FakeBackend, message: str
) -> None:
    reply = turn(message)
    greeting = "准备就绪" if "好" in message else "Ready when you are. Drop your text prompts"
    assert reply.text.startswith(greeting)
    assert reply.text.count("\n- ") == 3
    assert backend.seen == []


def test_the_first_turn_sets_up_and_the_second_goes_on(
    turn: Callable[..., Reply], backend: FakeBackend, heard: Heard
) -> None:
    first = turn("a sunset over the ocean")
    assert heard.lines[0] == "Setting up..."
    assert first.session == {"id": "session-1", "task": "task-1"}
    heard.lines.clear()
    second = turn("make it brighter")
    assert "Setting up..." not in heard.lines
    assert second.session == first.session
    assert len(backend.sessions) == 1


def test_the_answer_says_what_is_on_a_new_timeline_and_what_could_be_next(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, edits(backend, draft(video(clip())), text("Here it is.")))
    reply = turn("a sunset over the ocean")
    assert reply.text.split("\n\n") == [
        "Here it is.",
        "Timeline (1 track): 1. Video: Ocean (0-5s)",
        "Next, you could say “add lo-fi background music”, “put a title 'Dawn' on the first 3 "
        "seconds” or “export”.",
    ]
    assert actions(reply) == [("sse", True)]
    assert reply.error is None


def test_an_edit_says_what_changed(turn: Callable[..., Reply], backend: FakeBackend) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()))
    after = draft(video(clip(duration=3000)), title("Dawn"))
    backend.script(MESSAGE, edits(backend, after, text("Done.")))
    paragraphs = turn("trim it to 3 s and put a title 'Dawn'").text.split("\n\n")
    assert paragraphs[:2] == ["Done.", "Title added: 'Dawn' (0-3s)\nVideo trimmed: Ocean 5s -> 3s"]


def test_what_the_backend_has_told_is_not_told_again(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()))
    after = draft(video(clip()), title("Dawn"))
    backend.script(MESSAGE, edits(backend, after, text("Title added: 'Dawn' (0-3s)")))
    assert turn("put a title 'Dawn'").text.count("Title added") == 1


def test_a_silent_edit_is_told_from_the_state(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()))
    backend.script(MESSAGE, edits(backend, draft(video(clip()), title("Paradise Found"))))
    reply = turn("title 'Paradise Found'")
    assert reply.text.startswith("Title added: 'Paradise Found' (0-3s)\n\nNext,")
    assert reply.error is None


def test_silence_that_changed_nothing_says_so(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.script(MESSAGE, sse())
    assert "nothing on the timeline changed" in turn("make it better").text


def test_the_line_of_a_paragraph_has_ended_before_work_is_told(
    turn: Callable[..., Reply], backend: FakeBackend, heard: Heard
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip("Ocean")))
    heard.pieces.clear()
    reply = turn("post it on TikTok")
    assert heard.pieces[0].startswith("Posting it there")
    assert heard.pieces[0].endswith("\n")
    assert "\n\n\n" not in reply.text


def test_the_screen_is_taken_out_of_the_answer_and_pieces_are_whole(
    turn: Callable[..., Reply], backend: FakeBackend, heard: Heard
) -> None:
    words = "I made it brighter. Open the Media panel to see your clips. Enjoy it!"
    pieces = [text(words[at : at + 5], partial=True) for at in range(0, len(words), 5)]
    backend.script(MESSAGE, edits(backend, draft(video(clip())), *pieces, text(words)))
    reply = turn("brighter")
    assert reply.text.startswith("I made it brighter. Enjoy it!")
    assert "".join(heard.pieces).strip() == reply.text
    assert "panel" not in reply.text
    assert "Timeline (1 track): 1. Video: Ocean (0-5s)" in reply.text
    assert actions(reply) == [("sse", True)]


def test_the_timeline_and_the_next_steps_are_told_once(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()))
    answer = text("Title added. You can preview it in the timeline.")
    backend.script(MESSAGE, edits(backend, draft(video(clip()), title("Dawn")), answer))
    reply = turn("title 'Dawn'")
    assert reply.text.count("Timeline (") == 1
    assert reply.text.count("Next,") == 1
    assert reply.text.index("Timeline (") < reply.text.index("Next,")


def test_the_backend_is_told_only_what_is_its_own(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    reply = turn("add a title 'Export', then export")
    assert said(backend) == ["add a title 'Export'"]
    assert actions(reply) == [("sse", True), ("export", True)]


def test_credits_with_what_is_reserved(turn: Callable[..., Reply], backend: FakeBackend) -> None:
    backend.credits = {"available": 30, "frozen": 50, "total": 80}
    text_ = turn("how many credits do I have?").text
    assert text_ == "Credits: 30 available, 50 reserved for work in progress, 80 in all."


def test_a_free_backend_says_so_and_what_it_counted(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    used = {"clips": 2, "edits": 1, "exports": 0}
    backend.credits = {"available": 100, "frozen": 0, "total": 100, "free": True, "used": used}
    assert turn("credits?").text == (
        "The studio on this machine is free: nothing here costs credits. "
        "So far it has made 2 clips and 1 edit."
    )


def test_the_status_is_the_timeline(turn: Callable[..., Reply], backend: FakeBackend) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()), title("Dawn"))
    reply = turn("show tracks")
    assert reply.text.startswith(
        'Timeline (2 tracks): 1. Video: Ocean (0-5s) 2. Title: "Dawn" (0-3s)'
    )
    assert said(backend) == ["a sunset"]


def test_a_broken_stream_whose_edit_arrived(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip()))
    after = draft(video(clip()), title("Dawn"))
    backend.script(MESSAGE, edits(backend, after, text("I will add", partial=True), CUT))
    reply = turn("title 'Dawn'")
    assert reply.text.startswith("I will add")
    assert "Title added: 'Dawn' (0-3s)" in reply.text
    assert reply.error is None
    assert len(said(backend)) == 2


def test_a_broken_stream_that_changed_nothing_offers_to_try_again(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    reads = len(backend.calls(STATE))
    backend.script(MESSAGE, sse(text("Hm", partial=True), CUT))
    reply = turn("brighter")
    assert reply.error is not None
    assert reply.error["code"] == "stream-broken"
    assert reply.error["retry"] is True
    assert "did not send your request again" in reply.text
    assert len(said(backend)) == 2
    assert len(backend.calls(STATE)) - reads == 1 + 5  # one before, five after


def test_still_working_is_said_while_heartbeats_come(
    turn: Callable[..., Reply], backend: FakeBackend, heard: Heard
) -> None:
    backend.script(MESSAGE, sse("data: heartbeat\n\n", 0.7, text("There.")))
    assert turn("a sunset").text.startswith("There.")
    assert "⏳ Still working..." in heard.lines


def test_a_problem_beside_an_answer_is_told(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, sse(text("Here."), {"errorCode": "X", "errorMessage": "no voice"}))
    reply = turn("a sunset")
    assert reply.text.startswith("Here.")
    assert "no voice" in reply.text
    assert reply.error is None


def test_a_problem_without_an_answer_is_a_failure(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, sse({"errorCode": "QUOTA", "errorMessage": "model is busy"}))
    reply = turn("a sunset")
    assert reply.error == {"code": "QUOTA", "message": "model is busy", "retry": True}


def test_a_lost_project_is_told_and_the_message_goes_to_a_new_one(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    del backend.sessions["session-1"]
    backend.sessions["other"] = {}
    reply = turn("brighter")
    assert "this is a new one" in reply.text
    assert reply.session["id"] == "session-2"
    assert len(backend.calls(SESSION)) == 2


def test_an_edit_that_the_backend_leaves_to_the_mouse_goes_back_once(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    hands = text("Drag the clip to the beginning of the timeline.")
    backend.script(MESSAGE, sse(hands), sse(hands))
    turn("put the ocean first")
    assert said(backend) == [
        "put the ocean first",
        "Move the clip to the beginning of the timeline",
    ]


def test_a_turn_in_chinese_is_answered_in_chinese_and_so_is_the_next(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, edits(backend, draft(video(clip("海"))), text("好了。")))
    reply = turn("生成一段海上日落")
    assert "时间线（1 条轨道）" in reply.text
    assert backend.sessions["session-1"]["language"] == "zh"
    assert turn("export").text.startswith("✅ 视频已就绪！")


def test_trouble_before_anything_is_sent_is_an_error_of_every_step(
    home: Path, tmp_path: Path
) -> None:
    environ = {
        "AI_VIDEO_BACKEND": "cloud",
        "AI_VIDEO_HOME": str(home / "state"),
        "NEMO_API_URL": "http://127.0.0.1:9",
        "NEMO_CLIENT_ID": "dummy-client-id",
    }
    reply = Skill(Settings.read(environ), out=tmp_path).turn("add music, then export")
    assert actions(reply) == [("sse", False), ("export", False)]
    assert reply.error is not None
    assert reply.error["code"] == "unreachable"
    assert reply.error["retry"] is True


def test_nothing_that_drives_a_terminal_gets_through(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    evil = "Hi \x1b]52;c;aGk=\x07there \x1b[2J\u202e."
    backend.script(MESSAGE, edits(backend, draft(video(clip("a\x1b[31mb"))), text(evil)))
    reply = turn("a sunset")
    assert all(letter == "\n" or letter.isprintable() for letter in reply.text)
    assert reply.text.startswith("Hi there")


def test_an_answer_that_is_no_stream_is_looked_into(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, html(502))
    reply = turn("a sunset")
    assert reply.error is not None
    assert len(said(backend)) == 1


def test_the_reply_as_json(turn: Callable[..., Reply], backend: FakeBackend) -> None:
    assert turn("credits").as_json() == {
        "text": "Credits: 100 available, 100 in all.",
        "steps": [{"action": "credits", "ok": True}],
        "files": [],
        "links": [],
        "session": {"id": "session-1", "task": "task-1"},
        "error": None,
    }


def test_a_timeline_that_the_answer_tells_is_not_told_again(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    answer = text("Made it. On the timeline: Ocean (0-5s).")
    backend.script(MESSAGE, edits(backend, draft(video(clip())), answer))
    reply = turn("a sunset over the ocean")
    assert reply.text.startswith("Made it. On the timeline: Ocean (0-5s).\n\nNext,")
