"""The studio's process: one for all callers, found, replaced, ended, and none left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

from skill.studio import process
from skill.studio.locks import holder
from skill.studio.process import StudioError
from skill.studio.worker import environment


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "state"
    yield home
    process.stop(home)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of one running studio, for tests that leave it running."""
    home = tmp_path_factory.mktemp("shared") / "state"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEMO_TOKEN", "dummy-cloud-token")
        process.ensure(home)
    yield home
    process.stop(home)


def pid_of(home: Path) -> int:
    return int(json.loads((home / "studio.json").read_text())["pid"])


def gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody has collected it yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_many_callers_start_one_and_stop_leaves_none(folder):
    code = "import sys; from pathlib import Path; from skill.studio import process\n"
    code += "print(process.ensure(Path(sys.argv[1])).url, flush=True)"
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, env=environment()
        )
        for _ in range(4)
    ]
    urls = {caller.communicate(timeout=60)[0] for caller in callers}
    assert [caller.returncode for caller in callers] == [0] * 4
    assert len(urls) == 1
    pid = pid_of(folder)
    assert requests.get(f"{urls.pop().decode().strip()}/workspace/page.css", timeout=10).ok
    assert process.stop(folder)
    wait_for(lambda: gone(pid))
    assert not (folder / "studio.json").exists()
    assert process.running(folder) is None
    assert not process.stop(folder)


def test_it_outlives_its_starter_and_is_found_again(shared):
    first = process.ensure(shared)
    assert process.running(shared) == first
    assert process.ensure(shared) == first
    assert first.url.startswith("http://127.0.0.1:")
    if hasattr(os, "getsid"):
        assert os.getsid(pid_of(shared)) != os.getsid(0)


def test_its_files_are_the_users_alone(shared):
    for path in (shared, shared / "studio"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (shared / "studio.json", shared / "studio" / "studio.db"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_holds_over_a_restart(folder):
    address = process.ensure(folder)
    answer = requests.post(
        f"{address.url}/api/auth/anonymous-token",
        headers={"X-Client-Id": address.client_id},
        timeout=10,
    )
    token = answer.json()["data"]["token"]
    process.stop(folder)
    again = process.ensure(folder)
    assert again.client_id == address.client_id
    credits = requests.get(
        f"{again.url}/api/credits/balance/simple",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert credits.json()["code"] == 0


def test_nothing_secret_is_logged_or_passed_on_a_command_line(shared):
    address = process.ensure(shared)
    answer = requests.post(
        f"{address.url}/api/auth/anonymous-token",
        headers={"X-Client-Id": address.client_id},
        timeout=10,
    )
    token = answer.json()["data"]["token"]
    requests.get(f"{address.url}/workspace/claim?ct={token}", timeout=10)
    log = (shared / "studio" / "studio.log").read_text()
    assert address.client_id not in log
    assert token not in log
    if Path("/proc/self").exists():
        about = Path(f"/proc/{pid_of(shared)}")
        assert address.client_id.encode() not in (about / "cmdline").read_bytes()
        assert b"dummy-cloud-token" not in (about / "environ").read_bytes()


def test_a_file_left_by_a_dead_studio_is_no_studio(folder):
    process.ensure(folder)
    pid = pid_of(folder)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: holder(folder / "studio" / "serving.lock") is None)
    assert process.running(folder) is None
    process.ensure(folder)
    assert pid_of(folder) != pid


def test_somebody_else_on_the_port_is_no_studio(folder):
    seen = []

    class Impostor(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, dict(self.headers)))
            body = b'{"code": 0, "data": {"proof": "dummy", "version": "1", "busy": true}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Impostor)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    folder.mkdir()
    told = {"url": f"http://127.0.0.1:{server.server_port}", "client_id": "dummy-client"}
    (folder / "studio.json").write_text(json.dumps(told))
    assert process.running(folder) is None
    server.shutdown()
    server.server_close()
    assert seen
    assert "dummy-client" not in str(seen)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"url": 1, "client_id": 2}', '{"url": "http://h:x", "client_id": "a"}'],
)
def test_a_damaged_file_is_no_studio(folder, content):
    folder.mkdir()
    (folder / "studio.json").write_text(content)
    assert process.running(folder) is None


def test_a_file_that_points_elsewhere_is_not_followed(folder):
    folder.mkdir()
    told = {"url": "http://192.0.2.1:80", "client_id": "dummy"}
    (folder / "studio.json").write_text(json.dumps(told))
    assert process.running(folder) is None


def test_a_studio_of_other_code_is_replaced(folder, monkeypatch):
    process.ensure(folder)
    pid = pid_of(folder)
    monkeypatch.setattr(process, "version", lambda: "another")
    process.ensure(folder)
    assert pid_of(folder) != pid
    wait_for(lambda: gone(pid))


def test_sigterm_ends_it_cleanly(folder):
    process.ensure(folder)
    pid = pid_of(folder)
    os.kill(pid, signal.SIGTERM)
    wait_for(lambda: gone(pid))
    assert not (folder / "studio.json").exists()
    assert "ended" in (folder / "studio" / "studio.log").read_text()


def test_a_hanging_studio_is_ended_all_the_same(folder):
    process.ensure(folder)
    pid = pid_of(folder)
    os.kill(pid, signal.SIGSTOP)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(process, "_ANSWER_SECONDS", 0.2)
    monkey.setattr(process, "_ENDING_SECONDS", 0.5)
    assert process.stop(folder)
    monkey.undo()
    wait_for(lambda: gone(pid))


def test_a_second_studio_for_the_same_home_is_refused(shared, monkeypatch):
    monkeypatch.setattr(process, "_HANDOVER_SECONDS", 0.1)
    with pytest.raises(StudioError, match="Another studio"):
        process.serve(shared)


def test_it_ends_when_nobody_asks_anything(folder):
    told = []
    process.serve(folder, idle_seconds=0.3, ready=told.append)
    assert told[0].url.startswith("http://127.0.0.1:")
    assert not (folder / "studio.json").exists()


def test_a_failed_start_is_told_in_words(folder):
    (folder / "studio").mkdir(parents=True)
    (folder / "studio" / "studio.db").mkdir()
    with pytest.raises(StudioError, match="cannot be opened"):
        process.ensure(folder)


def test_a_missing_package_is_told_in_words(folder, tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.mkdir()
    # As where only the client is installed.
    (broken / "uvicorn.py").write_text("raise ModuleNotFoundError(\"No module named 'uvicorn'\")")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    with pytest.raises(StudioError, match=r"needs the package uvicorn, which is not installed"):
        process.ensure(folder)


def test_importing_it_costs_nothing():
    code = (
        "import sys; before = set(sys.modules); import skill.studio.process;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - sys.stdlib_module_names))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment(), check=True
    )
    assert said.stdout.decode().strip() == "['skill']"
