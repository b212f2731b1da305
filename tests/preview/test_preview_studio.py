"""Looking at a project of the studio on this machine, in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skill import Skill
from skill.settings import Settings


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose studio ends with the module."""
    from skill.studio import process

    folder = tmp_path_factory.mktemp("looks") / "state"
    yield folder
    process.stop(folder)


@pytest.fixture
def skill(whole: Path, tmp_path: Path) -> Skill:
    settings = replace(Settings.read(), backend="studio", home=whole)
    skill = Skill(settings, out=tmp_path)
    skill.begin()
    return skill


def pixels(path: Path) -> Any:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB"), int)


def test_an_edit_and_a_look_in_one_turn(skill: Skill, tmp_path: Path) -> None:
    skill.turn("generate a 2-second video of a sunset over the ocean")
    reply = skill.turn("put a title 'Dawn' in the middle and show me what it looks like")
    assert reply.error is None
    assert [step["action"] for step in reply.steps] == ["sse", "status"]
    assert [path.name for path in reply.files] == ["dawn-preview.png"]
    assert "titles, transitions" not in reply.text
    sheet = pixels(reply.files[0])
    assert sheet.shape[1] == 1600
    # Painted frames are full of colors; a missing one is a plain panel.
    frame = sheet[110:380, 60:500]
    assert frame.std() > 15
    # Nothing was rendered for it.
    assert not list((skill.settings.home if skill.settings else tmp_path).glob("studio/renders/*"))


def test_a_frame_has_the_size_of_the_canvas_and_its_titles(skill: Skill) -> None:
    skill.turn("generate a 2-second vertical video of a starry night")
    plain = pixels(skill.preview(1).files[0])
    skill.turn("put a title 'Stars' on it in red")
    titled = pixels(skill.preview(1).files[0])
    assert plain.shape == titled.shape == (1600, 900, 3)
    changed = abs(plain - titled).max(-1) > 60
    assert 0.001 < changed.mean() < 0.2


def test_before_and_after_differ_where_the_edit_shows(skill: Skill) -> None:
    skill.turn("generate a 2-second video of a starry night")
    skill.turn("put a title 'Stars' in white")
    reply = skill.preview(before_after=True)
    assert reply.error is None
    assert "Title added: 'Stars'" in reply.text
    board = pixels(reply.files[0])
    left, right = board[160:580, 50:780], board[160:580, 824:1554]
    assert (right.min(-1) > 235).sum() > 3 * (left.min(-1) > 235).sum() + 100


def test_the_middle_of_a_turn_in_another_language(skill: Skill) -> None:
    skill.turn("生成一个2秒的海上日落视频")
    reply = skill.turn("加个标题“黎明”，然后给我看看效果")
    assert reply.error is None
    assert "预览：" in reply.text
    assert len(reply.files) == 1
