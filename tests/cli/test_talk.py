from __future__ import annotations

from pathlib import Path

import pytest

from skill.cli.talk import with_files


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "my clip.mp4"
    path.write_bytes(b"x")
    return path


def test_a_dragged_file_is_a_file_of_the_turn(clip: Path) -> None:
    assert with_files(f"'{clip}' ") == ("", [str(clip)])
    assert with_files(str(clip).replace(" ", "\\ ")) == ("", [str(clip)])


def test_words_around_a_file_stay(clip: Path) -> None:
    assert with_files(f"trim '{clip}' to 5 s") == ("trim my clip.mp4 to 5 s", [str(clip)])


def test_two_files_at_once(clip: Path) -> None:
    other = clip.with_name("b.jpg")
    other.write_bytes(b"x")
    assert with_files(f"'{clip}' {other}") == ("", [str(clip), str(other)])


@pytest.mark.parametrize(
    "line",
    [
        "trim missing.mp4 to 5 s",
        "a title 'Dawn.mp4 is not there'",
        "use https://example.com/a.mp4",
        "it's a dog's day",
        "",
    ],
)
def test_what_is_no_file_here_stays_as_it_is(line: str) -> None:
    assert with_files(line) == (line, [])
