"""A folder is replaced as a whole or not at all."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from skill.install import placing
from skill.install.installed import RECORD
from skill.install.steps import Product

Make = Callable[..., Product]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(product: Make, tmp_path: Path) -> Path:
    """An installed skill of version 0.9.0."""
    (tmp_path / "skills").mkdir()
    placing.put(tmp_path / "skills" / "x", product("0.9.0", "old").sources, "old record")
    return tmp_path / "skills" / "x"


def test_it_holds_the_files_and_the_record(product: Make, folder: Path) -> None:
    for relative, source in product("0.9.0", "old").sources.items():
        assert (folder / relative).read_bytes() == source.read_bytes()
    assert (folder / RECORD).read_text() == "old record"
    assert names(folder.parent) == ["x"]


@pytest.mark.skipif(sys.platform == "win32", reason="bits of POSIX")
def test_programs_may_be_run_whatever_the_archive_lost(product: Make, tmp_path: Path) -> None:
    own = product()
    for source in own.sources.values():
        source.chmod(0o600)
    placing.put(tmp_path / "x", own.sources, "")
    assert (tmp_path / "x" / "scripts" / "chat").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "x" / "scripts" / "chat.py").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two"])
def test_the_new_version_takes_the_place_of_the_old(
    product: Make, folder: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(placing, "_exchange", lambda *_: False)
    (folder / "gone-in-the-new-one.txt").write_text("x")
    placing.put(folder, product("1.0.0", "new").sources, "new record")
    assert (folder / RECORD).read_text() == "new record"
    assert "new" in (folder / "SKILL.md").read_text()
    assert not (folder / "gone-in-the-new-one.txt").exists()
    assert names(folder.parent) == ["x"]


@pytest.mark.skipif(not sys.platform.startswith(("linux", "darwin")), reason="no such step there")
def test_this_system_changes_places_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "file").write_text("was in a")
    if not placing._exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system cannot")
    assert (tmp_path / "b" / "file").read_text() == "was in a"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_an_interruption_while_writing_leaves_the_old_version(
    product: Make, folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    write = placing._file

    def full(path: Path, data: bytes, mode: int = 0o644) -> None:
        if path.name == "environment.py":
            raise error
        write(path, data, mode)

    monkeypatch.setattr(placing, "_file", full)
    with pytest.raises(type(error)):
        placing.put(folder, product("1.0.0", "new").sources, "new record")
    assert (folder / RECORD).read_text() == "old record"
    assert names(folder.parent) == ["x"]


def test_an_interruption_between_two_steps_leaves_the_old_version(
    product: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_exchange", lambda *_: False)
    rename = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if ".new-" in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(KeyboardInterrupt):
        placing.put(folder, product("1.0.0", "new").sources, "new record")
    assert (folder / RECORD).read_text() == "old record"
    assert names(folder.parent) == ["x"]


def test_what_a_killed_run_left_is_put_right(product: Make, folder: Path) -> None:
    parent = folder.parent
    folder.rename(parent / ".x.old-00000000")  # killed between the two steps
    (parent / ".x.new-00000000").mkdir()
    (parent / ".y.new-00000000").mkdir()  # another skill's
    placing.clear(folder)
    assert names(parent) == [".y.new-00000000", "x"]
    assert (folder / RECORD).read_text() == "old record"


def test_what_only_looks_like_a_left_over_stays(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / RECORD).write_text("mine")
    (folder.parent / ".x.old-0123abcd").symlink_to(tmp_path / "mine")
    (folder.parent / ".x.old-backup").mkdir()
    (folder.parent / ".x.new-4567cdef").mkdir()
    placing.clear(folder)
    assert names(folder.parent) == [".x.old-0123abcd", ".x.old-backup", "x"]
    assert (tmp_path / "mine" / RECORD).read_text() == "mine"


def test_a_version_that_was_being_removed_does_not_come_back(folder: Path) -> None:
    parent = folder.parent
    folder.rename(parent / ".x.old-00000000")
    (parent / ".x.old-00000000" / RECORD).unlink()
    placing.clear(folder)
    assert names(parent) == []


def test_skill_md_comes_last(
    product: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    write = placing._file
    monkeypatch.setattr(
        placing, "_file", lambda path, *more: (written.append(path.name), write(path, *more))
    )
    placing.put(tmp_path / "x", product().sources, "")
    assert written[-2:] == ["SKILL.md", RECORD]


def test_the_folders_that_were_made_are_told_and_go_when_they_are_empty(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    made = placing.make_parents(tmp_path / "a" / "b" / "c" / "x")
    assert made == 2
    (tmp_path / "a" / "b" / "mine").write_text("x")
    placing.drop_parents(tmp_path / "a" / "b" / "c" / "x", made)
    assert names(tmp_path / "a" / "b") == ["mine"]
    (tmp_path / "a" / "b" / "mine").unlink()
    placing.drop_parents(tmp_path / "a" / "b" / "x", 1)
    assert names(tmp_path) == ["a"]


def test_taking_away_leaves_nothing(folder: Path) -> None:
    placing.take_away(folder)
    assert names(folder.parent) == []


def test_two_at_once_leave_one_whole_version(product: Make, folder: Path) -> None:
    new = product("1.0.0", "new")
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(placing.put, folder, new.sources, "record") for _ in range(4)]:
            done.result()
    assert names(folder.parent) == ["x"]
    assert {str(p) for p in walked(folder)} == {*new.wanted, RECORD}


def walked(folder: Path) -> list[PurePosixPath]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [PurePosixPath(path.relative_to(folder).as_posix()) for path in files]
