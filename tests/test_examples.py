"""Every example conversation, held with the studio as a user would hold it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill import Skill
from skill.settings import Settings
from skill.studio import process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
import example


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("studio")
    yield Settings.read({"AI_VIDEO_BACKEND": "studio", "AI_VIDEO_HOME": str(home)})
    process.stop(home)


@pytest.mark.parametrize("name", example.names())
def test_an_example_leads_where_it_says(name: str, settings: Settings, tmp_path: Path) -> None:
    skill = Skill(settings, out=tmp_path)
    skill.begin()
    assert example.play(example.read(name), skill, tmp_path, show=False) == []


def test_there_are_at_least_eight() -> None:
    assert len(example.names()) >= 8


def test_an_unknown_example_is_told_with_the_known_ones() -> None:
    with pytest.raises(FileNotFoundError, match=r"no example 'dance'.*quick-edit"):
        example.read("dance")
