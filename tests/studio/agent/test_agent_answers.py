"""What is answered: brief, honest, in the user's language, and nothing for small tweaks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from agent_kit import PHOTO, SONG, VIDEO_FILE, check
from test_agent_edits import talk

from skill.studio.agent import Project, respond, scene

REAL_SCENES = scene.read  # before the stand-in takes its place


def test_what_the_difference_of_the_timeline_tells_is_not_said_twice() -> None:
    answer = respond("add lo-fi music and put a title 'Dawn'", talk("a forest"))
    assert answer.text == ""
    assert answer.draft is not None


@pytest.mark.parametrize(
    "message",
    ["make the title red", "move the title to the top", "make the title bigger",
     "set the music volume to 35%", "music louder", "标题改成红色", "音乐小声一点"],
)  # fmt: skip
def test_a_small_tweak_is_silent(message: str) -> None:
    answer = respond(message, talk("a forest", "add music at 50%", "put a title 'Dawn'"))
    assert answer.text == ""
    assert answer.draft is not None


def test_an_edit_beside_one_that_has_more_to_say_is_told_with_it() -> None:
    answer = respond("trim it to 3 seconds and make it cinematic", talk("a forest"))
    assert answer.text.startswith("Trimmed “forest scene” to 3 s (it was 5 s). Gave it")


def test_a_tweak_that_changes_nothing_says_so() -> None:
    answer = respond("make the title white", talk("a forest", "put a title 'X'"))
    assert answer.text.startswith("It is like that already.")


def test_undo_and_redo_are_moves() -> None:
    project = talk("a forest", "put a title 'X'")
    answer = respond("undo", project)
    assert (answer.move, answer.draft) == ("undo", None)
    assert "title" not in answer.text
    back = replace(project, draft=project.previous, previous=None, next=project.draft)
    assert respond("redo", back).move == "redo"
    assert respond("actually bring it back", back).move == "redo"
    assert respond("bring the title back", project).move is None  # it is there
    assert respond("bring the title back", talk("remove the title", project=project)).move == "undo"


def test_undo_with_more_to_do_goes_on_from_the_draft_before() -> None:
    project = talk("a forest", "put a title 'X'")
    answer = respond("undo and make it 8 seconds", project)
    assert answer.move is None
    assert answer.draft is not None
    assert answer.draft.duration == 8000
    assert not list(answer.draft.segments_of(7))


@pytest.mark.parametrize("message", ["undo", "redo", "撤销", "bring it back"])
def test_nothing_to_undo(message: str) -> None:
    answer = respond(message, Project())
    assert answer.move is None
    assert answer.text


def test_what_is_understood_is_done_and_the_rest_is_named() -> None:
    answer = respond("add music and spin it", talk("a forest"))
    assert answer.text.startswith("Added lo-fi music at 80%. I did not understand “spin it”.")
    assert answer.draft is not None


def test_what_cannot_be_done_yet_is_said_kindly() -> None:
    answer = respond("add a voice over and make it vertical", talk("a forest"))
    assert "I cannot do voice-overs yet." in answer.text
    assert answer.draft is not None
    assert answer.draft.height == 1920


def test_a_refusal_beside_an_edit() -> None:
    answer = respond("make the title red and add piano music", talk("a forest"))
    assert "no title yet" in answer.text
    assert "piano music" in answer.text


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("what can you do", "add lo-fi music"),
        ("hi", "Hello!"),
        ("is this free?", "free"),
        ("which music do you have?", "upbeat"),
        ("how do I add a title?", "put a title “Dawn”"),
        ("what formats do you support", "webp"),
        ("what's on the timeline?", "forest scene (0-5s)"),
        ("export", "export"),
        ("asdfgh", "I did not understand that."),
        ("do you like pizza?", "make and edit videos"),
        ("你能做什么", "加轻松的音乐"),
        ("你能做什麼", "加輕鬆的音樂"),
        ("¿qué puedes hacer?", "añade música relajante"),
    ],
)
def test_talk_is_answered_without_an_edit(message: str, part: str) -> None:
    language = "es" if message.startswith("¿") else "en"
    answer = respond(message, talk("a forest"), language)
    assert part in answer.text
    assert answer.draft is None
    assert answer.tool == ""


@pytest.mark.parametrize(
    ("message", "session", "start"),
    [
        ("make it cinematic", "en", "Gave"),
        ("加电影感", "en", "已加上"),
        ("加電影感", "zh-TW", "已加上電影感"),
        ("make it cinematic", "fr", "Allure de cinéma"),
        ("donne un look cinéma", "fr", "Allure de cinéma"),
        ("영화 느낌으로 해줘", "en", "시네마틱하게"),
        ("make it cinematic", "xx", "Gave"),
        ("make it cinematic", "", "Gave"),
    ],
)
def test_the_answer_is_in_the_session_s_language_or_the_message_s_script(
    message: str, session: str, start: str
) -> None:
    assert respond(message, talk("a forest"), session).text.startswith(start)


def test_an_answer_names_the_tool_and_what_it_was_given() -> None:
    answer = respond("put a title 'Dawn' at the top for 3 seconds", talk("a forest"))
    assert answer.tool == "add_title"
    assert json.loads(json.dumps(answer.arguments)) == {
        "text": "Dawn", "moment": {"length": 3000}, "style": {"position": "top"},
    }  # fmt: skip


def test_what_the_router_answers_is_left_to_it() -> None:
    answer = respond("add the title 'Dawn' and send me the video", talk("a forest"))
    assert "export" not in answer.text


def test_the_document_s_own_conversation() -> None:
    project = talk(
        "generate a 5-second cinematic video clip of a sunset over the ocean with waves crashing",
        "add lo-fi background music", "put a title 'Urban Dreams' for three seconds",
    )  # fmt: skip
    check(project)
    assert [(t.id, t.segments[0].start, t.segments[0].end) for t in project.draft.tracks] == [
        ("v", 0, 5000), ("music", 0, 5000), ("titles", 0, 3000),
    ]  # fmt: skip


def test_an_upload_and_what_is_said_of_it() -> None:
    project = talk((VIDEO_FILE,), "trim it to the first 3 seconds", (SONG,),
                   "use it as background music at 30%", "add a 3-second clip of the ocean at dawn",
                   "put clip.mp4 after the ocean clip", (PHOTO,))  # fmt: skip
    assert [s.meta["name"] for s in project.draft.tracks[0].segments] == [
        "ocean scene", "clip.mp4", "photo.jpg",
    ]  # fmt: skip
    assert project.draft.tracks[1].segments[0].meta["volume"] == 0.3


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("a sunset over the ocean", "ocean"),
        ("森林里的晨雾", "forest"),
        ("a cat playing piano", "abstract"),
    ],
)
def test_with_the_real_scenes(message: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "read", REAL_SCENES)
    answer = respond(message, Project(seed=3))
    assert answer.draft is not None
    painted = answer.draft.tracks[0].segments[0].meta["source"]["scene"]
    assert painted["kind"] == kind
    assert ("cloud" in answer.text) == (not painted["known"])
