"""THIRD-PARTY.md is whole, and says what packages, wheels and fonts say of themselves."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import third_party

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(sysconfig.get_path("purelib"))


def test_every_locked_package_and_every_font_is_listed() -> None:
    assert third_party.problems() == []


def test_every_package_says_the_licence_that_is_listed() -> None:
    assert third_party.licences() == []


@pytest.mark.skipif(not any(SITE.glob("*.libs")), reason="only wheels for Linux bring *.libs")
def test_every_library_inside_a_wheel_is_listed_with_a_licence() -> None:
    listed = third_party.libraries()
    assert sorted(third_party.bundled(SITE) - listed.keys()) == []
    assert "GPL-2.0" in listed["libx264"]
    assert "GPL-2.0" in listed["libx265"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "THIRD-PARTY.md", tmp_path)
    return tmp_path


def test_a_package_that_comes_and_one_that_goes_are_told(project: Path) -> None:
    lock = project / "requirements" / "studio.lock.conf"
    lock.write_text(lock.read_text().replace("certifi==", "certificates=="))
    assert third_party.problems(project) == [
        "THIRD-PARTY.md lacks certificates, which is locked",
        "THIRD-PARTY.md: certifi stands in mcp",
    ]


def test_a_font_without_its_licence_is_told(project: Path) -> None:
    fonts = project / "skill" / "studio" / "render" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "Other-Bold.ttf").write_bytes(b"")
    assert third_party.problems(project) == [
        "THIRD-PARTY.md lacks skill/studio/render/fonts/Other-Bold.ttf",
        "skill/studio/render/fonts/Other-Bold.ttf has no licence beside it",
    ]


def test_a_licence_that_is_told_otherwise_is_noticed(project: Path) -> None:
    table = project / "THIRD-PARTY.md"
    table.write_text(table.read_text().replace("| requests | Apache-2.0", "| requests | MIT"))
    (problem,) = third_party.licences(project)
    assert problem.startswith("THIRD-PARTY.md: requests says of itself: Apache")
