"""What is recognised where the skill is to go."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skill import frontmatter
from skill.install import placing
from skill.install.installed import RECORD, inspect, labelled, order, recorded
from skill.install.steps import Product

Make = Callable[..., Product]


def installed(product: Product, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    record = recorded(product.name, product.version, product.wanted, 0)
    placing.put(folder, product.sources, record)
    return folder


def kind(product: Product, folder: Path) -> str:
    return inspect(folder, product.name, product.wanted).kind


def test_nothing(product: Make, tmp_path: Path) -> None:
    assert kind(product(), tmp_path / "x") == "nothing"


def test_our_own_current_version(product: Make, tmp_path: Path) -> None:
    own = product()
    found = inspect(installed(own, tmp_path / "x"), own.name, own.wanted)
    assert (found.kind, found.version, found.current, found.recorded) == (
        "ours", "1.0.0", True, True
    )  # fmt: skip


def test_our_own_older_version(product: Make, tmp_path: Path) -> None:
    folder = installed(product("0.9.0", "old"), tmp_path / "x")
    new = product("1.0.0", "new")
    found = inspect(folder, new.name, new.wanted)
    assert (found.kind, found.version, found.current) == ("ours", "0.9.0", False)


def test_a_changed_file_is_named(product: Make, tmp_path: Path) -> None:
    folder = installed(product("0.9.0", "old"), tmp_path / "x")
    (folder / "SKILL.md").write_text("mine")
    (folder / "references" / "api.md").write_text("mine")
    new = product("1.0.0", "new")
    found = inspect(folder, new.name, new.wanted)
    assert found.kind == "changed"
    assert found.why == "SKILL.md and 1 more was changed"


def test_an_added_file_is_named(product: Make, tmp_path: Path) -> None:
    folder = installed(product(), tmp_path / "x")
    (folder / "my notes.txt").write_text("mine")
    found = inspect(folder, product().name, product().wanted)
    assert (found.kind, found.why) == ("changed", "my notes.txt was added")


@pytest.mark.parametrize("name", ["__pycache__/x.pyc", ".DS_Store", "skill/Thumbs.db"])
def test_what_programs_leave_is_no_change(product: Make, tmp_path: Path, name: str) -> None:
    folder = installed(product(), tmp_path / "x")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    found = inspect(folder, product().name, product().wanted)
    assert (found.kind, found.current) == ("ours", True)


def test_a_lost_file_is_no_change_of_the_user_but_not_current(
    product: Make, tmp_path: Path
) -> None:
    folder = installed(product(), tmp_path / "x")
    (folder / "references" / "api.md").unlink()
    found = inspect(folder, product().name, product().wanted)
    assert (found.kind, found.current) == ("ours", False)


def test_a_file_made_a_link_is_a_change(product: Make, tmp_path: Path) -> None:
    folder = installed(product(), tmp_path / "x")
    (folder / "SKILL.md").rename(tmp_path / "mine.md")
    (folder / "SKILL.md").symlink_to(tmp_path / "mine.md")
    assert kind(product(), folder) == "changed"


def test_a_copied_folder_is_ours_while_it_is_the_same(product: Make, tmp_path: Path) -> None:
    own = product()
    folder = installed(own, tmp_path / "x")
    (folder / RECORD).unlink()
    found = inspect(folder, own.name, own.wanted)
    assert (found.kind, found.current, found.recorded) == ("ours", True, False)
    newer = product("1.1.0", "new")
    found = inspect(folder, newer.name, newer.wanted)
    assert (found.kind, found.version) == ("copied", "1.0.0")


def test_a_link(product: Make, tmp_path: Path) -> None:
    folder = installed(product(), tmp_path / "x")
    (tmp_path / "link").symlink_to(folder)
    found = inspect(tmp_path / "link", product().name, product().wanted)
    assert (found.kind, found.why) == ("link", f"it is a link to {folder}")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    assert kind(product(), tmp_path / "dangling") == "link"


@pytest.mark.parametrize(
    ("name", "expected"), [(".git", "checkout"), (".clawhub", "clawhub"), ("other", "other")]
)
def test_folders_of_others(product: Make, tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / "x" / name).mkdir(parents=True)
    assert kind(product(), tmp_path / "x") == expected


def test_a_file_in_the_way(product: Make, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    assert kind(product(), tmp_path / "x") == "file"


def test_another_skill_of_that_folder_name(product: Make, tmp_path: Path) -> None:
    folder = installed(product(), tmp_path / "x")
    own = product()
    found = inspect(folder, "another-name", own.wanted)
    assert (found.kind, found.why) == ("other", "it holds another skill, small-skill")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"by": "x"}', '{"by": "ai-video install", "name": "small-skill"}']
)
def test_a_damaged_record_proves_nothing(product: Make, tmp_path: Path, text: str) -> None:
    folder = installed(product("0.9.0", "old"), tmp_path / "x")
    (folder / RECORD).write_text(text)
    assert kind(product("1.0.0", "new"), folder) == "copied"


@pytest.mark.parametrize("made", ["two", None, [1], -3, 99])
def test_an_odd_number_of_folders_harms_nothing(
    product: Make, tmp_path: Path, made: object
) -> None:
    folder = installed(product(), tmp_path / "a" / "x")
    record = json.loads((folder / RECORD).read_text())
    (folder / RECORD).write_text(json.dumps({**record, "made": made}))
    found = inspect(folder, product().name, product().wanted)
    assert found.kind == "ours"
    placing.drop_parents(folder, found.made)
    assert folder.is_dir()


def test_the_record_says_what_was_put_there(product: Make, tmp_path: Path) -> None:
    own = product()
    record = json.loads((installed(own, tmp_path / "x") / RECORD).read_text())
    assert (record["by"], record["name"], record["version"]) == (
        "ai-video install", "small-skill", "1.0.0"
    )  # fmt: skip
    assert record["files"] == own.wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nname: a-b\nversion: 1.2\n---\n", ("a-b", "1.2")),
        ("---\r\nname: \"a\"  # x\r\nmetadata:\r\n  version: '2'\r\n---\r\n", ("a", "2")),
        ("\ufeff---\nname: a\n---\nversion: 3\n", ("a", "")),
        ("---\ndescription: name: x\n---\n", None),
        ("name: a\nversion: 1\n", None),
        ("", None),
    ],
)
def test_name_and_version_are_read_without_yaml(
    tmp_path: Path, text: str, expected: tuple[str, str] | None
) -> None:
    (tmp_path / "SKILL.md").write_bytes(text.encode())
    assert labelled(tmp_path / "SKILL.md") == expected


def test_both_readers_of_our_own_skill_md_agree() -> None:
    manifest = frontmatter.read()
    assert labelled(manifest.path) == (manifest.name, manifest.version)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.0.0", "1.0.1"),
        ("1.9", "1.10"),
        ("1.0", "1.0.0.1"),
        ("1.0.0-rc.1", "1.0.0"),
        ("1.0.0a1", "v1.0.0"),
        ("9", "10"),
    ],
)
def test_versions_are_compared_by_their_numbers(older: str, newer: str) -> None:
    first, second = order(older), order(newer)
    assert first is not None
    assert second is not None
    assert first < second


def test_versions_that_are_the_same_or_no_versions() -> None:
    assert order("1.0") == order("1.0.0")
    assert order("soon") is None
    assert order("1.0.0 (mine)") is None


@pytest.mark.skipif(sys.platform == "win32", reason="bits of POSIX")
def test_lost_bits_are_given_back_and_the_record_is_added(product: Make, tmp_path: Path) -> None:
    own = product()
    folder = installed(own, tmp_path / "x")
    (folder / RECORD).unlink()
    (folder / "scripts" / "chat").chmod(0o644)
    placing.refresh(folder, "record")
    assert (folder / "scripts" / "chat").stat().st_mode & 0o777 == 0o755
    assert (folder / "scripts" / "chat.py").stat().st_mode & 0o777 == 0o644
    assert (folder / RECORD).read_text() == "record"


def test_files_of_others_are_not_read_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "film.mov").write_bytes(b"0")
    monkeypatch.setattr("skill.install.installed._digest", lambda _: pytest.fail("it was read"))
    assert inspect(tmp_path / "x", "mine", {"SKILL.md": "0"}).kind == "other"
    (tmp_path / "x" / "SKILL.md").write_text("---\nname: mine\nversion: 1.0.0\n---\n")
    assert inspect(tmp_path / "x", "mine", {"SKILL.md": "0"}).kind == "copied"
