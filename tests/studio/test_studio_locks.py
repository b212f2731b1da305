"""A lock between processes: one holder, known by its pid, released by its death."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from skill.studio.locks import Lock, holder
from skill.studio.worker import environment

HOLD = """
import sys, time
from pathlib import Path
from skill.studio.locks import Lock
lock = Lock(Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_only_one_holds_it(tmp_path):
    first, second = Lock(tmp_path / "a.lock"), Lock(tmp_path / "a.lock")
    assert first.acquire()
    assert not second.acquire()
    assert not second.acquire(timeout=0.05)
    first.release()
    assert second.acquire()
    second.release()


def test_its_holder_is_known(tmp_path):
    path = tmp_path / "a.lock"
    assert holder(path) is None
    lock = Lock(path)
    lock.acquire()
    assert holder(path) == os.getpid()
    lock.release()
    assert holder(path) is None


def test_looking_does_not_take_it(tmp_path):
    path = tmp_path / "a.lock"
    for _ in range(20):
        lock = Lock(path)
        assert lock.acquire()
        lock.release()
        assert holder(path) is None


def test_death_releases_it(tmp_path):
    path = tmp_path / "a.lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, env=environment()
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    assert holder(path) == child.pid
    child.kill()
    child.wait()
    child.stdout.close()
    deadline = time.monotonic() + 10
    while holder(path) is not None:
        assert time.monotonic() < deadline
    assert Lock(path).acquire()
