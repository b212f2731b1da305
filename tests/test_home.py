from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from skill.errors import StateError
from skill.home import Home, Notice, expanded, reason, write_private


@pytest.fixture
def state(tmp_path: Path) -> Home:
    return Home(tmp_path / "deep" / "state")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_made_by_reading(state: Home) -> None:
    assert state.read("x.json") == {}
    assert not state.path.exists()


def test_what_is_written_is_read(state: Home) -> None:
    with state.update("x.json") as data:
        data["a"] = {"b": "雪"}
    assert state.read("x.json") == {"a": {"b": "雪"}}


def test_an_update_that_fails_writes_nothing(state: Home) -> None:
    with pytest.raises(KeyError), state.update("x.json") as data:
        data["a"] = data["missing"]
    assert state.read("x.json") == {}


def test_folder_and_files_are_for_their_owner(state: Home) -> None:
    umask = os.umask(0)
    try:
        with state.update("x.json") as data:
            data["a"] = 1
    finally:
        os.umask(umask)
    assert mode(state.path) == 0o700
    assert {mode(path) for path in state.path.rglob("*") if path.is_file()} == {0o600}


def test_a_readable_file_is_replaced_by_a_private_one(state: Home) -> None:
    state.prepare()
    (state.path / "x.json").write_text("{}")
    (state.path / "x.json").chmod(0o644)
    with state.update("x.json") as data:
        data["a"] = 1
    assert mode(state.path / "x.json") == 0o600


def test_a_shared_folder_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    Home(folder).prepare()
    assert mode(folder) == 0o1777


@pytest.mark.parametrize("content", ["{", "[]", "null", "\x00", "[" * 100_000, ""])
def test_a_damaged_file_is_set_aside_with_a_word(state: Home, content: str) -> None:
    state.prepare()
    (state.path / "x.json").write_text(content)
    assert state.read("x.json") == {}
    assert (state.path / "x.json.corrupt").read_text() == content
    assert state.notices == [Notice("notice.damaged", "x.json")]
    with state.update("x.json") as data:
        data["a"] = 1
    assert state.read("x.json") == {"a": 1}


def test_a_write_that_fails_leaves_the_old_file(
    state: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with state.update("x.json") as data:
        data["a"] = 1

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="the disk is full"), state.update("x.json") as data:
        data["a"] = 2
    assert state.read("x.json") == {"a": 1}
    assert [path.name for path in state.path.iterdir() if path.is_file()] == ["x.json"]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StateError, match="not a folder") as caught:
        Home(tmp_path / "state").prepare()
    assert "AI_VIDEO_HOME" in str(caught.value)


def test_a_private_write_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "x").symlink_to(tmp_path / "elsewhere")
    write_private(tmp_path / "x", b"new")
    assert (tmp_path / "elsewhere").read_text() == "mine"
    assert (tmp_path / "x").read_text() == "new"


def test_updates_of_many_threads_lose_nothing(state: Home) -> None:
    def add() -> None:
        for _ in range(5):
            with Home(state.path).update("x.json") as data:
                data["n"] = data.get("n", 0) + 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state.read("x.json") == {"n": 20}


def test_a_lock_that_is_held_too_long_is_told(state: Home) -> None:
    second = Home(state.path).lock("x", timeout=0.05)
    with state.lock("x"), pytest.raises(StateError, match="has been busy") as caught, second:
        pass
    assert caught.value.retry


HOLDER = """
import sys, time
from pathlib import Path
from skill.home import Home
with Home(Path(sys.argv[1])).lock("x"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_released_by_death(state: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state.path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StateError), state.lock("x", timeout=0.05):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with state.lock("x", timeout=20):
            assert process.returncode == -signal.SIGKILL


def test_reasons_are_plain_words() -> None:
    assert reason(OSError(errno.EACCES, "x")) == "permission denied"
    assert reason(OSError("odd")) == "oserror"


def test_the_home_of_nobody_is_a_folder_name_like_any_other() -> None:
    assert expanded("~no-such-user/x.mp4") == Path("~no-such-user/x.mp4")
    assert expanded("~/x.mp4") == Path.home() / "x.mp4"
