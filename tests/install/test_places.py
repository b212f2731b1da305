"""Where the skill goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from skill.install.places import Scope, UnknownAgent, asked, found, known, project_of

NAME = "small-skill"


def folders(places: list, base: Path) -> list[str]:
    return [place.folder.relative_to(base).as_posix() for place in places]


def test_every_assistant_that_is_found(home: Path) -> None:
    for sign in (".cursor", ".codex", ".gemini", ".codeium/windsurf"):
        (home / sign).mkdir(parents=True)
    places = found(Scope(home), NAME)
    assert folders(places, home) == [
        f".cursor/skills/{NAME}",
        f".codeium/windsurf/skills/{NAME}",
        f".agents/skills/{NAME}",
    ]
    assert [place.who for place in places] == ["Cursor", "Windsurf", "Codex, Gemini CLI"]


def test_the_shared_folder_where_nothing_is_found(home: Path) -> None:
    assert folders(found(Scope(home), NAME), home) == [f".agents/skills/{NAME}"]


def test_a_project_gets_what_its_people_use(home: Path, tmp_path: Path) -> None:
    (home / ".codex").mkdir()
    (tmp_path / ".cursor").mkdir()
    (tmp_path / "CLAUDE.md").touch()
    places = found(Scope(home, tmp_path), NAME)
    assert folders(places, tmp_path) == [f".cursor/skills/{NAME}", f".claude/skills/{NAME}"]


def test_a_project_that_says_nothing_gets_what_is_on_this_machine(
    home: Path, tmp_path: Path
) -> None:
    (home / ".windsurf").mkdir()
    (home / ".codeium" / "windsurf").mkdir(parents=True)
    assert folders(found(Scope(home, tmp_path), NAME), tmp_path) == [f".windsurf/skills/{NAME}"]


def test_the_project_is_the_checkout_that_one_is_in(home: Path) -> None:
    project = home / "work" / "project"
    (project / ".git").mkdir(parents=True)
    (project / "src" / "deep").mkdir(parents=True)
    (home / ".git").mkdir()  # a home under version control is no project
    assert project_of(project / "src" / "deep", home) == project
    assert project_of(home / "work", home) == home / "work"


def test_assistants_that_share_a_folder_get_it_once(home: Path) -> None:
    places = asked(["codex", "Gemini CLI", "codex", "shared"], Scope(home), NAME)
    assert folders(places, home) == [f".agents/skills/{NAME}"]
    assert places[0].who == "Codex, Gemini CLI, the shared folder"


def test_folders_that_are_one_by_a_link_get_it_once(home: Path) -> None:
    (home / ".agents" / "skills").mkdir(parents=True)
    (home / ".cursor").mkdir()
    (home / ".cursor" / "skills").symlink_to(home / ".agents" / "skills")
    places = asked(["cursor", "codex"], Scope(home), NAME)
    assert folders(places, home) == [f".cursor/skills/{NAME}"]
    assert places[0].who == "Cursor, Codex"


def test_a_path_is_a_folder_of_skills(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare").mkdir()
    given = ["~/mine", "./here", str(tmp_path / "whole" / NAME), "bare"]
    places = asked(given, Scope(home), NAME)
    assert [place.folder for place in places] == [
        home / "mine" / NAME,
        tmp_path / "here" / NAME,
        tmp_path / "whole" / NAME,
        tmp_path / "bare" / NAME,
    ]
    assert [place.who for place in places] == [""] * 4


def test_an_unknown_name_is_refused_with_the_nearest(home: Path) -> None:
    with pytest.raises(UnknownAgent, match=r"--agent curser: .* Did you mean cursor\? .*windsurf"):
        asked(["curser"], Scope(home), NAME)


def test_a_file_is_refused(home: Path) -> None:
    (home / "file").touch()
    with pytest.raises(UnknownAgent, match=r"file is a file\. Give the folder of skills"):
        asked([str(home / "file")], Scope(home), NAME)


def test_every_place_of_the_table_is_known_once(home: Path, tmp_path: Path) -> None:
    assert folders(known(Scope(home), NAME), home) == [
        f"{folder}/skills/{NAME}"
        for folder in (
            ".cursor", ".claude", ".openclaw", ".clawhub", ".codeium/windsurf", ".agents"
        )
    ]  # fmt: skip
    of_project = folders(known(Scope(home, tmp_path), NAME), tmp_path)
    assert {Path(path).parts[0] for path in of_project} == {
        ".cursor", ".claude", ".windsurf", ".github", ".agents"
    }  # fmt: skip
