from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.router import Step, only, route, table
from skill.router.model import Guess
from skill.wish import to_say


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("add a title 'Dawn', then export", "add a title 'Dawn'"),
        ("add music and export it", "add music"),
        ("add music at 35%, trim it to 5 s and download", "add music at 35%, trim it to 5 s"),
        ("export it, then add a title", "add a title"),
        ('add "Export, then relax" as a title and export', 'add "Export, then relax" as a title'),
        ("trim to 2.5 seconds, export", "trim to 2.5 seconds"),
        ("加背景音乐然后导出", "加背景音乐"),
        (
            "I need a vertical video: a city in the rain, 4 seconds. Export it in 720p please",
            "I need a vertical video: a city in the rain, 4 seconds",
        ),
        (
            "keep only the part from 2 s to 4 s. Then export.",
            "keep only the part from 2 s to 4 s",
        ),
        ("keep only clip b.mp4, then export as c.mp4", "keep only clip b.mp4"),
        # What goes on with an export is left out with it, what describes the video is kept.
        (
            "a lake at dawn, vertical, 4 seconds, export it, 1080p",
            "a lake at dawn, vertical, 4 seconds",
        ),
        ("trim to 5 s and export as webm, under 8 MB, in 720p", "trim to 5 s"),
        ("make it black and white and show me the tracks", "make it black and white"),
        # Nothing to leave out, or nothing to say.
        ("a black and white film, then a title", "a black and white film, then a title"),
        ("export", "export"),
    ],
)
def test_the_backend_hears_only_what_is_its_own(turn: str, said: str) -> None:
    assert to_say(turn, route(turn)) == said


WISHES = [
    *("vertical", "4 seconds", "30%", "put it first", "keep only b.mp4", "slower", "a forest"),
    *("in the rain", "title bigger", "1080p", "竖屏", "放最前", "снег"),
]


@pytest.mark.parametrize("wish", WISHES)
def test_no_words_of_an_edit_are_lost(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever the model takes them for.
    monkeypatch.setattr(table, "_guesses", lambda *_: [Guess(Step.EXPORT, 0, 1.0)])
    assert not only(wish, [Step.EXPORT])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["export", ", ", "then ", "add a title ", "'", ". ", "x"])).map(
        "".join
    )
)
def test_something_is_always_said(turn: str) -> None:
    steps = route(turn)
    said = to_say(turn, steps)
    assert said or not turn
    if Step.SSE not in steps:
        assert said == turn
