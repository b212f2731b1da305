"""What an installed skill consists of."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from skill.errors import ManifestError
from skill.install import contents

ROOT = Path(__file__).resolve().parents[2]
GIT = shutil.which("git")


def copy(root: Path, target: Path) -> Path:
    for relative, source in contents.sources(root).items():
        path = target / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
    return target


def test_what_the_skill_needs_is_in_it() -> None:
    names = {str(path) for path in contents.contents()}
    assert names >= {
        "SKILL.md",
        "LICENSE",
        "references/api.md",
        "examples/quick-edit.yaml",
        "requirements/studio.lock.conf",
        "scripts/chat",
        "scripts/chat.py",
        "skill/cli/chat.py",
        "skill/phrases/zh.json",
        "skill/studio/server/page.css",
        "skill/studio/render/fonts/InterDisplay-SemiBold.ttf",
    }


def test_tests_caches_and_the_tools_of_development_are_not() -> None:
    names = [str(path) for path in contents.contents()]
    assert not [n for n in names if n.startswith(("tests/", "docs/", "evals/", "."))]
    assert not [n for n in names if "__pycache__" in n or "/." in n]
    assert not {"requirements/dev.lock.conf", "scripts/test", "scripts/fuzz.py"} & set(names)


def test_every_file_of_the_package_that_is_under_version_control_is_in_it() -> None:
    if GIT is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    command = [GIT, "ls-files", "-z", "skill", "references", "examples"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = {PurePosixPath(name) for name in listed.stdout.split("\0") if name}
    there = {path for path in tracked if (ROOT / path).is_file()}
    assert there <= set(contents.contents())


def test_an_installed_folder_gives_the_same_list(tmp_path: Path) -> None:
    assert contents.contents(copy(ROOT, tmp_path)) == contents.contents(ROOT)


def test_a_wheel_gives_the_same_list(tmp_path: Path) -> None:
    expected = contents.contents(ROOT)
    for relative, source in contents.sources(ROOT).items():
        inside = relative.parts[0] == "skill"
        beside = "skill" if relative.name == "SKILL.md" else f"skill/{contents.BESIDE}"
        path = tmp_path / relative if inside else tmp_path / beside / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
    assert contents.contents(tmp_path) == expected


def test_what_programs_leave_behind_is_no_part_of_it(tmp_path: Path) -> None:
    copy(ROOT, tmp_path)
    expected = contents.contents(tmp_path)
    for name in (".DS_Store", "x.py~", "old.orig", "Thumbs.db"):
        (tmp_path / "skill" / name).write_text("x")
    (tmp_path / "skill" / "__pycache__").mkdir()
    (tmp_path / "skill" / "__pycache__" / "x.pyc").write_text("x")
    assert contents.contents(tmp_path) == expected


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    copy(ROOT, tmp_path)
    (tmp_path / "scripts" / "chat").unlink()
    with pytest.raises(ManifestError, match=r"scripts.chat is missing. Install the skill again"):
        contents.contents(tmp_path)
