from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.router import Step, route
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
        # Nothing to leave out, or nothing to say.
        ("a black and white film, then a title", "a black and white film, then a title"),
        ("export", "export"),
    ],
)
def test_the_backend_hears_only_what_is_its_own(turn: str, said: str) -> None:
    assert to_say(turn, route(turn)) == said


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
