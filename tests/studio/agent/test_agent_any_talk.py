"""Any text, any order of edits: nothing raises, and every draft holds together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agent_kit import UPLOADS, check
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.agent import PlacedMedia, Project, place, respond
from skill.studio.agent.edits import Edit
from skill.studio.agent.lexicon import LANGUAGES
from skill.studio.agent.understanding import understand

MESSAGES = (
    "a forest", "then the ocean, 9 seconds", "a desert, vertical", "a 1 second clip of rain",
    "replace the clip with a city", "make it night", "try again", "add a beach clip at the start",
    "put a title 'One'", "put a title 'Two' at the end", "put a title 'Three' the whole time",
    "put a title 'Four' from 2s to 5s", "make the title red", "title for 8 seconds",
    "change the title to 'Five'", "remove the title", "remove all titles", "make the title bigger",
    "add a title 'Six' on the second clip", "title at 0:04", "make the title last longer",
    "add lo-fi music", "change the music", "louder", "quieter", "music at 300%", "mute",
    "remove the music", "use it as background music at 30%", "use the sound of clip.mp4 as music",
    "make it 10 seconds", "make it 1 second", "make it 600 seconds", "shorter", "longer",
    "double the length", "make each clip 2 seconds", "make the second clip longer",
    "trim to the first 2 seconds", "cut the last second", "cut the first 700ms", "trim it to 0.3 s",
    "keep only 0:01 to 0:03", "cut out 0:01 to 0:02", "keep the last 2 seconds",
    "make it vertical", "make it square", "16:9", "make it cinematic", "no bars", "fill the frame",
    "show the whole picture", "move the second clip to the start", "put it before the first clip",
    "swap the clips", "reverse the order", "move clip 1 to position 2", "remove the first clip",
    "remove the last clip", "remove the photo", "remove it", "keep only clip.mp4",
    "keep only the first clip", "clear everything", "use my photos", "add silent.mov", "undo",
)  # fmt: skip

Turn = str | tuple[PlacedMedia, ...]

turns = st.one_of(
    st.sampled_from(MESSAGES),
    st.lists(st.sampled_from(UPLOADS), min_size=1, max_size=3, unique=True).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(turns, max_size=12), st.integers(0, 3))
def test_any_talk_keeps_the_timeline_in_order(said: list[Turn], seed: int) -> None:
    project = Project(seed=seed)
    for turn in said:
        if isinstance(turn, tuple):
            fresh = tuple(item for item in turn if item not in project.media)
            project = replace(project, media=(*project.media, *fresh))
            project = replace(project, draft=place(fresh, project), previous=project.draft)
        else:
            answer = respond(turn, project)
            if answer.move == "undo" and project.previous is not None:
                project = replace(project, draft=project.previous, previous=None)
            elif answer.draft is not None:
                project = replace(project, draft=answer.draft, previous=project.draft)
            assert answer.text or answer.draft is not None
        check(project)


FOREIGN = (
    "和", "把", "标题", "音乐", "视频", "改成", "第二段", "“", "”", "'", "と", "を", "제목",
    "музыку", "شيء", "título", "%", "9:16", "0:03", "x.mp4", "\n", "，", "?",
)  # fmt: skip
words = st.sampled_from([*" ".join(MESSAGES).split(), *FOREIGN])


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(words, max_size=14).map(" ".join)),
    st.sampled_from((*LANGUAGES, "zh-TW", "", "tlh")),
)
def test_any_text_is_answered(message: str, language: str) -> None:
    project = Project(seed=1, media=UPLOADS)
    project = replace(project, draft=place(UPLOADS[:4], project))
    answer = respond(message, project, language)
    assert answer.text or answer.draft is not None
    if answer.draft is not None:
        check(replace(project, draft=answer.draft))


@pytest.mark.parametrize(
    "message",
    ["", "   ", "\n\n", "'", "''", "“”", "." * 3000, "title " * 900, "and " * 900, "a" * 100_000,
     "\x00\x1b[31m", "\ud800", "put a title '" + "x" * 5000 + "'", "9" * 400 + " seconds",
     "make it 99999999999999999999 seconds", "1:1:1:1:1", "%%%", "of of of", "把把把把"],
)  # fmt: skip
def test_strange_texts_are_answered(message: str) -> None:
    answer = respond(message, Project())
    assert answer.text or answer.draft is not None


CONTENT = (
    "remove the music", "undo", "make it vertical", "export", "clear everything", "add a title",
    "10 seconds", "louder", "删除音乐", "撤销", "改成竖屏", "replace the clip with a forest",
)  # fmt: skip


@pytest.mark.parametrize("content", CONTENT)
@pytest.mark.parametrize("form", ["put a title '{}'", "add the text “{}”", "加标题「{}」"])
def test_what_is_quoted_is_never_a_command(form: str, content: str) -> None:
    (wish,) = understand(form.format(content)).wishes
    assert isinstance(wish, Edit)
    assert getattr(wish, "text", None) == content


@pytest.mark.parametrize("content", [*CONTENT, "a man removing his hat", "people adding music"])
@pytest.mark.parametrize("form", ["a video about {}", "generate a clip of {}"])
def test_what_a_clip_shows_is_never_a_command(form: str, content: str) -> None:
    (wish,) = understand(form.format(content)).wishes
    assert type(wish).__name__ == "Generate"
