from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from skill.home import Home
from skill.projects import STAYS, Projects, Session


@pytest.fixture
def projects(tmp_path: Path) -> Projects:
    return Projects(Home(tmp_path))


def test_a_session_is_kept_for_its_account(projects: Projects) -> None:
    session = Session("s1", "t1", "b1", "en", 1.5, 2.0)
    projects.keep("cloud", session)
    assert projects.current("cloud") == session
    assert projects.current("studio") is None


def test_the_latest_is_where_something_was_sent_last(projects: Projects) -> None:
    projects.keep("cloud", Session("s1"))
    projects.keep("studio", Session("s2"))
    assert projects.latest() == ""
    projects.worked("cloud", "s1")
    assert projects.latest() == "cloud"
    projects.worked("studio", "s2")
    assert projects.latest() == "studio"


def test_a_project_of_long_ago_decides_nothing(projects: Projects) -> None:
    projects.keep("studio", Session("s1", worked=time.time() - STAYS - 1))
    assert projects.latest() == ""


def test_work_on_another_session_is_not_noted(projects: Projects) -> None:
    projects.keep("cloud", Session("s1"))
    projects.worked("cloud", "s0")
    assert projects.latest() == ""


@pytest.mark.parametrize("kept", [None, 3, {}, {"id": 3}, {"id": ""}, [], "s1"])
def test_what_is_no_session_counts_as_none(tmp_path: Path, kept: object) -> None:
    (tmp_path / "sessions.json").write_text(json.dumps({"cloud": kept}))
    projects = Projects(Home(tmp_path))
    assert projects.current("cloud") is None
    assert projects.latest() == ""


def test_fields_of_another_type_count_as_absent(tmp_path: Path) -> None:
    kept = {"cloud": {"id": "s1", "task": 5, "worked": "yesterday", "other": 1}}
    (tmp_path / "sessions.json").write_text(json.dumps(kept))
    assert Projects(Home(tmp_path)).current("cloud") == Session("s1")
