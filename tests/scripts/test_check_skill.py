"""What others say of the installed skill; the slow ones where they are on the PATH."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import check_skill

from skill.install.contents import contents

FINDING = {
    "severity": "MEDIUM",
    "rule_id": "A_RULE",
    "file_path": "skill/a.py",
    "line_number": 3,
    "snippet": "x = 1",
}


def test_what_is_checked_is_what_is_installed() -> None:
    with check_skill.installed() as skill:
        files = [path for path in skill.rglob("*") if path.is_file()]
        inside = {path.relative_to(skill).as_posix() for path in files}
    assert skill.name == check_skill.NAME
    assert inside == {str(path) for path in contents()}


def test_the_validator_finds_nothing() -> None:
    if importlib.util.find_spec("skills_ref") is None:
        pytest.skip("skills-ref needs Python 3.11")
    with check_skill.installed() as skill:
        assert check_skill.specification(skill) == []


@pytest.mark.skipif(shutil.which("skill-scanner") is None, reason="a minute, where it is installed")
def test_the_scanner_finds_nothing_of_medium_or_worse() -> None:
    with check_skill.installed() as skill:
        assert check_skill.scanner(skill) == []


@pytest.mark.skipif(shutil.which("skills") is None, reason="npm's skills is not installed")
def test_the_installer_lists_the_skill() -> None:
    with check_skill.installed() as skill:
        assert check_skill.listing(skill) == []


def test_a_finding_of_medium_counts_and_one_of_low_does_not() -> None:
    assert check_skill.judged([{**FINDING, "severity": "LOW"}]) == []
    assert check_skill.judged([FINDING]) == ["MEDIUM A_RULE skill/a.py:3 x = 1"]


def test_an_allowance_is_for_one_rule_in_one_file() -> None:
    allowed = (check_skill.Allowed("A_RULE", "skill/a.py", "a false finding"),)
    assert check_skill.judged([FINDING], allowed) == []
    elsewhere = {**FINDING, "file_path": "skill/b.py"}
    (told,) = check_skill.judged([FINDING, elsewhere], allowed)
    assert "skill/b.py" in told


def test_an_allowance_that_allows_nothing_is_told() -> None:
    allowed = (check_skill.Allowed("A_RULE", "skill/a.py", "a false finding"),)
    assert check_skill.judged([], allowed) == [
        "nothing is found that was allowed: A_RULE in skill/a.py"
    ]
