"""Turns that export: the file, the wait for it, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_backend import MESSAGE, RENDER, FakeBackend, refusal, sse, text
from turn_kit import Heard, actions, clip, draft, edits, video

from skill import Reply


def test_a_render_is_announced_with_what_it_usually_takes(
    turn: Callable[..., Reply], backend: FakeBackend, heard: Heard
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip("Ocean")))
    turn("export")
    assert "⏳ Rendering (this usually takes 30 to 90 seconds)" in heard.lines


def test_an_export_brings_a_file_and_the_project_link(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path, heard: Heard
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip("Ocean sunset")))
    reply = turn("export")
    assert reply.files == [tmp_path / "ocean-sunset.mp4"]
    assert reply.files[0].read_bytes() == backend.file
    assert reply.links == ["https://nemovideo.example/workspace/claim?ct=clm_dummy"]
    assert "✅ Video ready! ocean-sunset.mp4 (5s, 20 KB)" in reply.text
    assert str(reply.files[0]) in reply.text
    assert reply.links[0] in reply.text
    assert any(line.startswith("⏳ Rendering") for line in heard.lines)


def test_the_lines_of_a_picture_are_asked_for_as_a_resolution(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    turn("export in 720p")
    [asked] = backend.calls(RENDER)
    assert asked.json["output"] == {"format": "mp4", "quality": "high", "resolution": "720p"}


@pytest.mark.parametrize(
    ("wish", "told"), [("post it on TikTok", True), ("export it for tiktok", False)]
)
def test_a_post_is_an_export_that_says_who_posts(
    turn: Callable[..., Reply], backend: FakeBackend, wish: str, told: bool
) -> None:
    turn("a sunset")
    reply = turn(wish)
    assert len(reply.files) == 1
    assert ("Posting it there is not something I can do" in reply.text) is told


def test_an_export_overwrites_nothing(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    turn("a sunset")
    backend.draft = draft(video(clip("Ocean")))
    (tmp_path / "ocean.mp4").write_bytes(b"mine")
    assert turn("export").files == [tmp_path / "ocean-2.mp4"]
    assert (tmp_path / "ocean.mp4").read_bytes() == b"mine"


def test_nothing_to_export_is_refused_kindly(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    reply = turn("export")
    assert reply.text.startswith("There is nothing on the timeline to export yet.")
    assert reply.error is not None
    assert reply.error["code"] == "empty-timeline"
    assert backend.calls(RENDER) == []


def test_an_export_that_the_plan_blocks_says_so(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.script(RENDER, refusal(402))
    reply = turn("export")
    assert "Register or upgrade your plan to unlock export." in reply.text
    assert reply.error is not None
    assert reply.error["code"] == 402


def test_a_failed_edit_is_not_exported_but_the_credits_are_told(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.script(MESSAGE, refusal(2001))
    reply = turn("make another one, export it, and how many credits do I have?")
    assert actions(reply) == [("sse", False), ("export", False), ("credits", True)]
    assert "/register?bind=bind-1" in reply.text
    assert "Credits: 100 available" in reply.text
    assert "I left out the export" in reply.text
    assert backend.calls(RENDER) == []
    assert reply.error is not None
    assert reply.error["code"] == 2001
    assert reply.error["retry"] is False


@pytest.mark.parametrize(
    ("answer", "renders"),
    [
        ("Your video is ready! Click the Export button to download it.", 1),
        ("When you are happy with it, click the Export button.", 0),
        ("Say export to download it.", 0),
    ],
)
def test_an_export_that_the_backend_names_as_the_step_is_done_once(
    turn: Callable[..., Reply], backend: FakeBackend, answer: str, renders: int
) -> None:
    backend.script(MESSAGE, edits(backend, draft(video(clip())), text(answer)))
    reply = turn("make me a video of the ocean")
    assert len(backend.calls(RENDER)) == renders
    assert len(reply.files) == renders


def test_an_export_of_nothing_is_not_tried_because_the_backend_names_it(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(MESSAGE, sse(text("Click the Export button to download your video.")))
    reply = turn("hm")
    assert backend.calls(RENDER) == []
    assert reply.error is None
    assert "nothing on the timeline to export" not in reply.text


def test_an_export_that_comes_anyway_is_not_done_twice(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    answer = edits(backend, draft(video(clip())), text("Click Export to download it."))
    backend.script(MESSAGE, answer)
    reply = turn("a video of the ocean, then export")
    assert len(backend.calls(RENDER)) == 1
    assert len(reply.files) == 1


def test_an_extra_export_that_fails_does_not_fail_the_edit(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    backend.script(RENDER, refusal(402))
    answer = edits(backend, draft(video(clip())), text("Click Export to download it."))
    backend.script(MESSAGE, answer)
    reply = turn("a video of the ocean")
    assert actions(reply) == [("sse", True)]
    assert "unlock export" in reply.text
    assert reply.error is None


def test_a_render_that_outlasts_the_waiting_comes_with_a_later_turn(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    turn("a sunset")
    backend.polls_until_done = 1000
    first = turn("export")
    assert first.error is not None
    assert first.error["code"] == "render-pending"
    assert turn("status").files == []
    backend.polls_until_done = 1
    later = turn("how many credits?")
    assert [file.parent for file in later.files] == [tmp_path]
    assert later.text.startswith("Credits: 100")
    assert "✅ Video ready!" in later.text
    assert len(backend.calls(RENDER)) == 1


def test_asked_whether_it_is_done_the_file_is_the_answer(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    turn("a sunset")
    backend.polls_until_done = 1000
    turn("export")
    assert "1 render is under way: a-sunset.mp4." in turn("is it done?").text
    backend.polls_until_done = 1
    reply = turn("is it done?")
    assert reply.text.startswith("✅ Video ready!")
    assert "under way" not in reply.text


def test_resume_waits_for_what_is_open(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    turn("a sunset")
    backend.polls_until_done = 1000
    turn("export")
    backend.polls_until_done = 1
    reply = turn("resume")
    assert [file.parent for file in reply.files] == [tmp_path]
    assert reply.links
    assert turn("resume").text == "No render is waiting."
    assert len(backend.calls(RENDER)) == 1
