"""A wheel carries the skill folder, and an installed one gives the same folder as a checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from skill.install import contents

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, as they lie in an environment."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", str(folder)]
    built = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr[-2000:]
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "env")
    return folder / "env"


def test_it_carries_the_contents_of_a_skill_folder_and_nothing_else(unpacked: Path) -> None:
    assert contents.contents(unpacked) == contents.contents(ROOT)
    carried = {path for path in (unpacked / "skill").rglob("*") if path.is_file()}
    assert carried == set(contents.sources(unpacked).values())


def test_every_file_has_the_same_bytes(unpacked: Path) -> None:
    ours = contents.sources(ROOT)
    differ = [
        str(relative)
        for relative, path in contents.sources(unpacked).items()
        if path.read_bytes() != ours[relative].read_bytes()
    ]
    assert differ == []


def test_it_installs_the_same_folder_as_a_checkout(
    unpacked: Path, home: Path, tmp_path: Path
) -> None:
    folders = []
    for root in (unpacked, ROOT):
        where = tmp_path / root.name
        done = subprocess.run(
            [sys.executable, "-m", "skill", "install", "--json", "--agent", str(where)],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        folders.append(Path(json.loads(done.stdout)["steps"][0]["folder"]))
    one, other = (
        {
            path.relative_to(folder): (path.read_bytes(), path.stat().st_mode)
            for path in folder.rglob("*")
            if path.is_file() and path.name != "installed.json"
        }
        for folder in folders
    )
    assert one == other
    assert len(one) == len(contents.contents(ROOT))
