"""Media work in a process of its own: what happens there stays there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skill.studio import worker
from skill.studio.media import Media, MediaError


def test_files_are_probed_in_order(made, tmp_path):
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    paths = [made.image(tmp_path / "a.png"), tmp_path / "bad.mp4", made.image(tmp_path / "b.gif")]
    first, bad, last = worker.probe([(path, path.name) for path in paths])
    assert isinstance(first, Media)
    assert isinstance(bad, MediaError)
    assert isinstance(last, Media)
    assert (first.format, bad.code, last.format) == ("png", 4001, "gif")


def test_a_file_that_breaks_the_worker_counts_as_damaged(made, tmp_path, monkeypatch):
    # Stands for a crafted file: the worker dies by a signal while it reads this one.
    crash = tmp_path / "sitecustomize.py"
    crash.write_text(
        "import os, pathlib\n"
        "real = pathlib.Path.stat\n"
        "def stat(self, **options):\n"
        "    if self.name == 'crafted.png': os.abort()\n"
        "    return real(self, **options)\n"
        "pathlib.Path.stat = stat\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    names = ["a.png", "crafted.png", "b.png"]
    found = worker.probe([(made.image(tmp_path / name), name) for name in names])
    assert [isinstance(each, Media) for each in found] == [True, False, True]
    assert "crafted.png" in str(found[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits are POSIX")
def test_the_workers_memory_is_bounded(made, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib\n"
        "real = pathlib.Path.stat\n"
        "def stat(self, **options):\n"
        "    if self.name == 'crafted.png': self.held = bytearray(8 << 30)\n"
        "    return real(self, **options)\n"
        "pathlib.Path.stat = stat\n"
    )
    (found,) = worker.probe([(made.image(tmp_path / "crafted.png"), "crafted.png")])
    assert isinstance(found, MediaError)


def test_a_worker_knows_no_key_of_the_cloud(monkeypatch):
    monkeypatch.setenv("NEMO_TOKEN", "dummy-token")
    assert "NEMO_TOKEN" not in worker.environment()


def test_a_worker_ends_when_its_server_is_gone(tmp_path):
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(root=worker.environment()["PYTHONPATH"])],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert held.stdout is not None
    pid = int(held.stdout.readline())
    held.kill()
    held.wait()
    held.stdout.close()
    deadline = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


HOLD = """
import sys, time
sys.path[:0] = {root!r}.split(":")
from pathlib import Path
from skill.studio.worker import Worker
segment = dict(id="a", s=0, d=600000, m=dict(source=dict(kind="scene", scene=dict(kind="ocean"))))
draft = dict(t=[dict(id="v", tt=0, sg=[segment])])
job = dict(render=draft, output=dict(format="mp4"), media=".", out="a.mp4", cache=".")
worker = Worker(job, Path("."))
print(worker._process.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_a_failing_worker_tells_its_last_words(tmp_path):
    failing = worker.Worker({"render": "no draft", "media": ""}, tmp_path)
    with pytest.raises(worker.WorkerError, match="a draft is an object"):
        list(failing.answers(20))


def test_stopping_twice_is_fine(tmp_path):
    stopped = worker.Worker({"probe": []}, tmp_path)
    stopped.stop()
    stopped.stop()
    assert json.dumps(stopped._process.poll()) != "null"


def test_a_worker_that_says_nothing_is_ended(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "sitecustomize.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr(worker, "GRACE", 0.1)
    stuck = worker.Worker({"probe": []}, tmp_path)
    with pytest.raises(worker.WorkerError):
        list(stuck.answers(0.2))
    assert not alive(stuck._process.pid)


def test_a_file_that_takes_too_long_to_read_is_too_large(made, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib, time\n"
        "real = pathlib.Path.stat\n"
        "def stat(self, **options):\n"
        "    if self.name == 'crafted.png': time.sleep(60)\n"
        "    return real(self, **options)\n"
        "pathlib.Path.stat = stat\n"
    )
    monkeypatch.setattr(worker, "GRACE", 0.1)
    monkeypatch.setattr(worker, "PROBE_SECONDS", 2.0)
    names = ["a.png", "crafted.png", "b.png"]
    found = worker.probe([(made.image(tmp_path / name), name) for name in names])
    assert [isinstance(each, Media) for each in found] == [True, False, True]
    assert found[1].code == 4002
    assert "too long" in str(found[1])


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone keeps this score")
def test_where_memory_runs_out_the_worker_goes_first(tmp_path, monkeypatch):
    asked = tmp_path / "score.py"
    asked.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(worker.__file__).parents[2])!r})\n"
        "from skill.studio import worker\n"
        "worker._probe = lambda job, answer: "
        "answer({'score': open('/proc/self/oom_score_adj').read()})\n"
        "worker.main()\n"
    )
    monkeypatch.setattr(worker, "python", lambda *_: [sys.executable, str(asked)])
    (answer,) = worker.Worker({"probe": []}, tmp_path).answers(20)
    assert int(answer["score"]) == 1000
