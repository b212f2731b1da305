"""What is done at a place, and what is left alone, with words on how to go on."""

from __future__ import annotations

import errno
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.errors import FileError
from skill.install import placing, steps
from skill.install.installed import RECORD
from skill.install.places import Place
from skill.install.steps import Product, carry_out, to_install, to_remove

Make = Callable[..., Product]


def install(product: Product, folder: Path) -> steps.Step:
    """Plan and carry out. Returns the step."""
    [step] = to_install(product, [Place(folder)])
    carry_out(step, product)
    return step


def remove(product: Product, folder: Path) -> steps.Step:
    [step] = to_remove(product, [Place(folder)])
    carry_out(step, product)
    return step


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "assistant" / "skills" / "small-skill"


def test_it_is_installed_where_nothing_is(product: Make, folder: Path) -> None:
    step = install(product(), folder)
    assert (step.do, step.words) == ("install", "1.0.0")
    assert (folder / "SKILL.md").is_file()


def test_the_same_version_is_kept(product: Make, folder: Path) -> None:
    install(product(), folder)
    before = (folder / "SKILL.md").stat().st_mtime_ns
    step = install(product(), folder)
    assert (step.do, step.words) == ("keep", "1.0.0, up to date")
    assert (folder / "SKILL.md").stat().st_mtime_ns == before


def test_an_older_version_is_replaced(product: Make, folder: Path) -> None:
    install(product("0.9.0", "old"), folder)
    step = install(product("1.0.0", "new"), folder)
    assert (step.do, step.words) == ("update", "0.9.0 to 1.0.0")
    assert "# new" in (folder / "SKILL.md").read_text()


def test_a_damaged_copy_of_the_same_version_is_made_whole(product: Make, folder: Path) -> None:
    install(product(), folder)
    (folder / "scripts" / "chat").unlink()
    assert install(product(), folder).do == "replace"
    assert (folder / "scripts" / "chat").is_file()


def test_a_newer_version_is_left_alone(product: Make, folder: Path) -> None:
    install(product("2.0.0", "new"), folder)
    step = install(product("1.0.0", "old"), folder)
    assert step.do == "leave"
    assert "version 2.0.0 is there, newer than this one (1.0.0)" in step.words
    assert "# new" in (folder / "SKILL.md").read_text()


def test_changes_of_the_user_are_left_alone(product: Make, folder: Path) -> None:
    install(product("0.9.0", "old"), folder)
    (folder / "SKILL.md").write_text("mine")
    step = install(product("1.0.0", "new"), folder)
    assert step.do == "leave"
    assert step.words.startswith("SKILL.md was changed. To go on, keep what you changed elsewhere")
    assert str(folder) in step.words
    assert (folder / "SKILL.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "words"),
    [(".git", "pull"), (".clawhub", "clawhub update small-skill"), ("mine", "--agent PATH")],
)
def test_folders_of_others_are_left_alone(
    product: Make, folder: Path, name: str, words: str
) -> None:
    (folder / name).mkdir(parents=True)
    step = install(product(), folder)
    assert step.do == "leave"
    assert words in step.words
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_link_is_left_alone(product: Make, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "elsewhere")
    step = install(product(), folder)
    assert (step.do, step.found.kind) == ("leave", "link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_to_another_of_the_places_is_fine(
    product: Make, folder: Path, tmp_path: Path
) -> None:
    """As ``npx skills add`` makes them."""
    shared = tmp_path / "agents" / "small-skill"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(shared)
    plan = to_install(product(), [Place(folder), Place(shared)])
    assert [step.do for step in plan] == ["keep", "install"]


def test_the_folder_that_the_command_runs_from_is_kept(product: Make) -> None:
    own = product()
    (own.root / "notes.txt").write_text("mine")
    step = install(own, own.root)
    assert (step.do, step.words) == ("keep", "the folder that this command runs from")


def test_a_copied_folder_that_is_the_same_becomes_ours(product: Make, folder: Path) -> None:
    install(product(), folder)
    (folder / RECORD).unlink()
    assert install(product(), folder).do == "keep"
    assert (folder / RECORD).is_file()
    assert install(product("1.1.0", "new"), folder).do == "update"


def test_a_copied_folder_of_another_version_is_left_alone(product: Make, folder: Path) -> None:
    install(product("0.9.0", "old"), folder)
    (folder / RECORD).unlink()
    step = install(product("1.0.0", "new"), folder)
    assert step.do == "leave"
    assert "version 0.9.0 is there, and was not put there by this command" in step.words


def test_uninstall_leaves_nothing_behind(product: Make, folder: Path, tmp_path: Path) -> None:
    own = product()
    before = sorted(tmp_path.rglob("*"))
    install(own, folder)
    (folder / "scripts" / "__pycache__").mkdir()
    assert remove(own, folder).do == "remove"
    assert sorted(tmp_path.rglob("*")) == before


def test_folders_that_were_there_before_stay(product: Make, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    install(product(), folder)
    remove(product(), folder)
    assert list(folder.parent.iterdir()) == []


def test_an_update_remembers_the_folders_that_were_made(
    product: Make, folder: Path, tmp_path: Path
) -> None:
    install(product("0.9.0", "old"), folder)
    install(product("1.0.0", "new"), folder)
    remove(product("1.0.0", "new"), folder)
    assert not (tmp_path / "assistant").exists()


def test_any_version_of_ours_can_be_removed(product: Make, folder: Path) -> None:
    install(product("2.0.0", "new"), folder)
    assert remove(product("1.0.0", "old"), folder).do == "remove"
    assert not folder.exists()


def test_the_record_names_no_folder_of_this_machine(
    product: Make, folder: Path, tmp_path: Path
) -> None:
    """In a project it is committed with the rest."""
    install(product(), folder)
    assert str(tmp_path) not in (folder / RECORD).read_text()
    assert json.loads((folder / RECORD).read_text())["made"] == 2


def test_what_the_user_changed_is_not_removed(product: Make, folder: Path) -> None:
    install(product(), folder)
    (folder / "mine.txt").write_text("x")
    step = remove(product(), folder)
    assert step.do == "leave"
    assert step.words == f"mine.txt was added. To remove it: {steps.remove_command(folder)}"
    assert (folder / "mine.txt").is_file()


@pytest.mark.parametrize("name", ["", "other"])
def test_where_nothing_of_ours_is_nothing_is_removed(
    product: Make, folder: Path, name: str
) -> None:
    if name:
        (folder / name).mkdir(parents=True)
    assert remove(product(), folder).do == "none"
    assert folder.exists() == bool(name)


@pytest.mark.parametrize("failing", ["_write", "_take_place"])
def test_a_full_disk_is_said_and_nothing_is_left(
    product: Make, folder: Path, monkeypatch: pytest.MonkeyPatch, failing: str, tmp_path: Path
) -> None:
    own = product()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/the/file")

    monkeypatch.setattr(placing, failing, full)
    with pytest.raises(
        FileError, match=r"could not be written, and is as it was: the disk is full \(/the/file\)"
    ):
        install(own, folder)
    assert not (tmp_path / "assistant").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the words of a POSIX shell")
def test_a_command_can_be_pasted_whatever_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    assert shlex.split(steps.remove_command(folder)) == ["rm", "-r", str(folder)]
    assert shlex.split(steps.remove_command(tmp_path / "link")) == ["rm", str(tmp_path / "link")]


def test_the_package_knows_itself() -> None:
    own = Product.own()
    assert own.name == "ai-video-generator-free-luma"
    assert own.wanted.keys() == {str(path) for path in own.sources}
    assert own.root / "SKILL.md" in own.sources.values()
