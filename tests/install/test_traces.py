"""What the skill leaves on a machine is known, and goes; nothing else does."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import environment

from skill.install import traces


def test_the_cache_is_the_launchers_own(home: Path) -> None:
    assert traces.cache() == environment.cache()
    assert traces.cache().is_relative_to(home)


def test_only_names_that_the_skill_writes_are_its_state(tmp_path: Path) -> None:
    ours = [
        "tokens.json",
        "renders.jsonl",
        "history",
        "sessions.json.corrupt",
        ".tokens.json.0a1b2c3d",
    ]
    theirs = ["taxes.pdf", "tokens.json.mine", "studio2"]
    for name in (*ours, *theirs):
        (tmp_path / name).write_text("x")
    (tmp_path / "studio").mkdir()
    (tmp_path / "locks").mkdir()
    assert {path.name for path in traces.state(tmp_path)} == {*ours, "studio", "locks"}


def test_everything_that_the_code_writes_into_the_state_is_known() -> None:
    from skill import jobs, memory, projects
    from skill.api import tokens
    from skill.cli import talk

    written = {jobs.FILE, memory.FILE, projects.FILE, tokens.FILE, talk.HISTORY}
    assert written <= set(traces._STATE)


def test_environments_and_byte_code_are_the_cache(home: Path) -> None:
    cache = traces.cache()
    ours = [f"studio-{'0' * 16}", f"mcp-{'a' * 16}", "bytecode"]
    for name in (*ours, "something-else"):
        (cache / name).mkdir(parents=True)
    (cache / "environment.lock").touch()
    assert {path.name for path in traces.cached()} == {*ours, "environment.lock"}


def test_an_environment_is_named_as_the_launcher_names_it() -> None:
    assert traces._CACHE.fullmatch(environment._folder("studio").name)


def test_removing_takes_the_emptied_folder_too(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    (folder / "studio" / "media").mkdir(parents=True)
    (folder / "tokens.json").write_text("x")
    assert traces.remove(traces.state(folder)) == []
    assert not folder.exists()


def test_a_folder_with_more_in_it_stays(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("x")
    (tmp_path / "taxes.pdf").write_text("x")
    traces.remove(traces.state(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["taxes.pdf"]


def test_a_folder_of_the_users_with_one_of_our_names_stays(tmp_path: Path) -> None:
    for name in ("studio/recordings", "studio/media", "locks/of my doors"):
        (tmp_path / name).mkdir(parents=True)
    assert traces.state(tmp_path) == []


def test_what_the_user_put_into_our_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "studio" / "media").mkdir(parents=True)
    (tmp_path / "studio" / "studio.db").touch()
    (tmp_path / "studio" / "notes.txt").write_text("x")
    assert traces.remove(traces.state(tmp_path)) == []
    assert [path.name for path in (tmp_path / "studio").iterdir()] == ["notes.txt"]


def test_all_that_a_studio_leaves_is_known(tmp_path: Path) -> None:
    from skill.studio import process

    process.ensure(tmp_path)
    assert process.stop(tmp_path)
    assert traces.remove(traces.state(tmp_path)) == []
    assert not tmp_path.exists()


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "big disk").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "studio").symlink_to(tmp_path / "big disk")
    assert traces.remove(traces.state(tmp_path / "state")) == []
    assert (tmp_path / "big disk").is_dir()


def test_the_size_counts_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_bytes(b"12345")
    (tmp_path / "y").write_bytes(b"123")
    assert traces.size([tmp_path / "a", tmp_path / "y", tmp_path / "gone"]) == 8
