"""The command: its output, its exit statuses, and what it costs to start."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_backend import MESSAGE, RENDER, FakeBackend, mp4, sse, text

from skill.cli import COMMANDS, main
from skill.frontmatter import read

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def backend(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBackend]:
    """The cloud of the environment; the current folder is an empty one."""
    monkeypatch.chdir(tmp_path)
    with FakeBackend() as running:
        for name, value in running.environ(home / "state").items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def chat(backend: FakeBackend, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """``ai-video ARGUMENTS`` -> (exit status, stdout, stderr)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "skill", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, env=environ, **{**pipes, **options})


def test_a_turn_is_printed_and_the_work_goes_to_stderr(chat: Callable[..., Any]) -> None:
    status, out, err = chat("chat", "a sunset over the ocean")
    assert status == 0
    assert out.startswith("Done.\n\nTimeline (1 track):")
    assert out.endswith("\n")
    assert err.splitlines()[0] == "Setting up..."
    assert "\x1b" not in out + err


def test_json_is_one_object_and_nothing_else(chat: Callable[..., Any], tmp_path: Path) -> None:
    chat("chat", "a sunset over the ocean")
    status, out, err = chat("chat", "--json", "export")
    reply = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert set(reply) - {"backend_said"} == {"text", "steps", "files", "links", "session", "error"}
    assert reply["steps"] == [{"action": "export", "ok": True}]
    assert [Path(file).parent for file in reply["files"]] == [tmp_path]
    assert reply["session"] == {"id": "session-1", "task": "task-1"}
    assert reply["error"] is None
    assert "⏳ Rendering" in err


def test_a_failed_step_is_status_1_with_the_reason(
    chat: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no media")
    status, out, _ = chat("chat", "--json", "--file", "notes.txt", "make a video of it")
    reply = json.loads(out)
    assert status == 1
    assert reply["error"]["code"] == 4001
    assert "notes.txt" in reply["text"]


def test_files_land_in_out(chat: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    chat("chat", "a sunset")
    status, out, _ = chat("export", "--json", "--out", "videos")
    assert status == 0
    assert Path(json.loads(out)["files"][0]).parent == tmp_path / "videos"


def test_an_out_that_is_not_there_costs_no_render(
    chat: Callable[..., Any], backend: FakeBackend
) -> None:
    chat("chat", "a sunset")
    status, out, _ = chat("export", "--out", "nowhere")
    assert status == 1
    assert "there is no such folder" in out
    assert backend.calls(RENDER) == []


def test_a_message_may_begin_with_a_dash(chat: Callable[..., Any], backend: FakeBackend) -> None:
    assert chat("chat", "--json", "--", "--make it 5 s longer")[0] == 0
    said = backend.calls(MESSAGE)[0].json["new_message"]["parts"][0]["text"]
    assert said == "--make it 5 s longer"


def test_files_and_links_come_along(
    chat: Callable[..., Any], backend: FakeBackend, tmp_path: Path
) -> None:
    (tmp_path / "clip.mp4").write_bytes(mp4(100))
    link = "https://media.example.com/song.mp3"
    status, out, _ = chat("chat", "--file", "clip.mp4", "--file", link)
    assert status == 0
    assert out.startswith("Uploaded clip.mp4 (5s).\nUploaded song.mp3 (5s).")
    assert chat("upload", "clip.mp4", link)[0] == 0
    assert len(backend.uploads) == 4


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sing",),
        ("chat", "--file", "ftp://example.com/a.mp4", "x"),
        ("chat", "--file", "", "x"),
        ("chat", "--backend", "moon", "x"),
        ("route",),
        ("upload",),
        ("studio", "dance"),
    ],
)
def test_a_wrong_call_is_status_2_and_sends_nothing(
    backend: FakeBackend, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: ai-video")
    assert backend.seen == []


def test_a_bad_environment_is_told_in_the_same_form(
    chat: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_VIDEO_RENDER_POLL", "soon")
    status, out, _ = chat("chat", "--json", "export")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "settings"


def test_a_mistake_of_ours_is_no_traceback(
    chat: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("skill.actions.run", broken)
    status, out, err = chat("chat", "--json", "credits")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "internal"
    assert "secret" not in out + err


def test_single_steps(chat: Callable[..., Any]) -> None:
    chat("chat", "a sunset")
    assert chat("credits")[1] == "Credits: 100 available, 100 in all.\n"
    assert chat("status")[1].startswith("Timeline (1 track)")
    assert json.loads(chat("status", "--json")[1])["steps"] == [{"action": "status", "ok": True}]


def test_route_shows_the_steps_and_sends_nothing(
    chat: Callable[..., Any], backend: FakeBackend
) -> None:
    assert chat("route", "add a title, then export")[1] == "sse\nexport\n"
    assert chat("route", "", "--file", "a.mp4")[1] == "upload\n"
    explained = chat("route", "--explain", "export")[1].splitlines()
    assert explained[0] == "export"
    assert len(explained) > 1
    assert json.loads(chat("route", "--json", "credits?")[1]) == {"steps": ["credits"]}
    assert backend.seen == []


def test_jobs_and_resume(chat: Callable[..., Any], backend: FakeBackend, tmp_path: Path) -> None:
    assert chat("jobs")[1] == "No renders yet.\n"
    chat("chat", "a sunset")
    backend.polls_until_done = 1000
    assert chat("export")[0] == 1
    assert "under way" in chat("jobs")[1]
    backend.polls_until_done = 1
    status, out, _ = chat("resume", "--json")
    assert status == 0
    file = json.loads(out)["files"][0]
    assert file in chat("jobs")[1]
    listed = json.loads(chat("jobs", "--json")[1])["jobs"]
    assert [(job["state"], job["file"]) for job in listed] == [("delivered", file)]


def test_turns_from_a_pipe(
    chat: Callable[..., Any], backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a sunset\n\ncredits\nexit\nexport\n"))
    status, out, _ = chat("chat", "--json")
    replies = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [reply["steps"][0]["action"] for reply in replies] == ["sse", "credits"]


def test_the_version_is_the_one_of_the_frontmatter(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"ai-video {read().version}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: ai-video {command}")


def test_route_imports_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; from skill.cli import main; main(['route', 'export']);"
        "print(sorted(set(sys.modules) & {'requests', 'yaml', 'urllib3', 'sseclient', 'numpy',"
        " 'skill.api', 'skill.conversation', 'skill.gui', 'skill.phrases', 'http.client'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert done.stdout == "export\n[]\n"


def test_a_reader_that_leaves_is_no_traceback(backend: FakeBackend) -> None:
    process = start("chat", "a sunset")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(20) == 1
    assert "Traceback" not in err
    assert "Exception" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process there")
@pytest.mark.parametrize(
    ("route", "arguments", "hint"),
    [
        (MESSAGE, ("chat", "--json", "make it brighter"), "ai-video status"),
        (RENDER, ("chat", "--json", "export"), "ai-video resume"),
    ],
)
def test_an_interruption_says_what_goes_on(
    backend: FakeBackend,
    chat: Callable[..., Any],
    route: str,
    arguments: tuple[str, ...],
    hint: str,
) -> None:
    chat("chat", "a sunset")
    before = len(backend.calls(route))
    backend.polls_until_done = 1000
    backend.script(MESSAGE, sse(*["data: heartbeat\n\n", 0.2] * 50, text("Late.")))
    process = start(*arguments, stderr=subprocess.STDOUT)
    end = time.monotonic() + 20
    while len(backend.calls(route)) == before and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert hint in out
    assert "Traceback" not in out
    assert json.loads(out.splitlines()[-1])["error"]["code"] == "interrupted"


@pytest.mark.skipif(sys.platform == "win32", reason="pty")
def test_a_conversation_on_a_terminal(backend: FakeBackend, home: Path, tmp_path: Path) -> None:
    import pty

    (tmp_path / "my clip.mp4").write_bytes(mp4(100))
    backend.script(MESSAGE, sse(0.4, text("Here it is.")))
    ours, theirs = pty.openpty()
    process = start("chat", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        seen = _until(ours, "", "> ")
        assert "Ready when you are." in seen
        os.write(ours, b"a sunset\n")
        seen = _until(ours, seen, "Here it is.", "> ")
        assert "Setting up..." in seen
        os.write(ours, f"'{tmp_path / 'my clip.mp4'}'\n".encode())
        seen = _until(ours, seen, "Uploaded my clip.mp4 (5s).", "> ")
        os.write(ours, b"exit\n")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    history = home / "state" / "history"
    assert "a sunset" in history.read_text().splitlines()
    assert history.stat().st_mode & 0o777 == 0o600


def _until(terminal: int, seen: str, *wanted: str) -> str:
    """What the terminal shows, once all that is wanted came after ``seen``."""
    end = time.monotonic() + 20
    fresh = ""
    while time.monotonic() < end:
        at = 0
        for words in wanted:
            at = fresh.find(words, at)
            if at < 0:
                break
        else:
            return seen + fresh
        if select.select([terminal], [], [], 0.5)[0]:
            fresh += os.read(terminal, 4096).decode("utf-8", "replace")
    raise AssertionError(f"{wanted} did not come: {fresh!r}")
