from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from api_kit import make
from fake_backend import (
    CUT,
    DOWNLOAD,
    POLL,
    RENDER,
    RESET,
    FakeBackend,
    Reply,
    Seen,
    answer,
    empty,
    html,
    mp4,
    ok,
    refusal,
    sse,
)

from skill.api import Api, Session
from skill.delivery import Delivery, export, resume, resume_all
from skill.errors import (
    DownloadError,
    ExportBlocked,
    FileError,
    NoCredits,
    RenderFailed,
    RenderPending,
    SkillError,
    Unreachable,
)
from skill.jobs import Ledger
from skill.settings import Settings

DRAFT = {"t": [{"tt": 0, "sg": [{"d": 5000}]}]}
LOST = empty(404)

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def session(api: Api) -> Session:
    return api.session()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def ids(backend: FakeBackend) -> list[str]:
    return [seen.json["id"] for seen in backend.calls(RENDER)]


def states(api: Api) -> list[str]:
    return [job.state for job in Ledger(api.home).jobs()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def delivered(results: list[Delivery | SkillError]) -> list[str]:
    return [str(item) if isinstance(item, SkillError) else item.path.name for item in results]


def test_a_draft_becomes_a_file(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    seen: list[tuple[str, float | None]] = []
    done = export(
        api, session, DRAFT, out, name="dawn.mp4", progress=lambda *stage: seen.append(stage)
    )
    assert done.path == out / "dawn.mp4"
    assert done.path.read_bytes() == mp4()
    assert names(out) == ["dawn.mp4"]
    (asked,) = backend.calls(RENDER)
    assert asked.json == {
        "id": done.job.id,
        "sessionId": session.id,
        "draft": DRAFT,
        "output": {"format": "mp4", "quality": "high"},
    }
    assert states(api) == ["delivered"]
    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["rendering", "downloading"]
    assert seen[-1] == ("downloading", 1.0)


def test_the_job_is_in_the_ledger_before_the_request_leaves(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    known: list[str] = []

    def look(seen: Seen) -> None:
        line = (api.home.path / "renders.jsonl").read_text().splitlines()[-1]
        known.append(json.loads(line)["id"] + json.loads(line)["state"])

    backend.script(RENDER, look)
    done = export(api, session, DRAFT, out)
    assert known == [f"{done.job.id}asked"]


@pytest.mark.parametrize("word", ["completed", "COMPLETED", "Success"])
@pytest.mark.parametrize("form", ["top", "data", "no url"])
def test_the_forms_of_a_finished_render(
    backend: FakeBackend, api: Api, session: Session, out: Path, word: str, form: str
) -> None:
    fields = {"status": word, "output": {"url": f"{backend.url}/files/x.mp4"}}
    if form == "no url":
        fields["output"] = {}
    backend.script(POLL, ok(fields) if form == "data" else answer({"code": 0, **fields}))
    assert export(api, session, DRAFT, out).path.read_bytes() == mp4()
    last = backend.seen[-1].path
    assert last.endswith("/download") if form == "no url" else last == "/files/x.mp4"


def test_an_address_that_is_gone_or_forbidden_falls_back_to_the_api(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    for url in (f"{backend.url}/files/gone.mp4", "http://10.0.0.1/x.mp4"):
        backend.script(POLL, answer({"status": "completed", "output": {"url": url}}))
        backend.script(DOWNLOAD, empty(404))
        assert export(api, session, DRAFT, out).path.read_bytes() == mp4()


def test_polls_end_the_waiting_and_not_the_job(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    api = make(backend, tmp_path, AI_VIDEO_RENDER_POLL="0.01", AI_VIDEO_RENDER_POLLS="4")
    backend.polls_until_done = 6
    with pytest.raises(RenderPending, match="resume") as caught:
        export(api, session, DRAFT, out, name="a.mp4")
    assert caught.value.job is not None
    assert len(backend.calls(POLL)) == 4
    assert states(api) == ["accepted"]
    assert delivered(resume(api)) == ["a.mp4"]
    assert len(ids(backend)) == 1


def test_export_takes_up_the_open_job_of_the_same_draft(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    api = make(backend, tmp_path, AI_VIDEO_RENDER_POLL="0.01", AI_VIDEO_RENDER_POLLS="2")
    backend.polls_until_done = 3
    with pytest.raises(RenderPending):
        export(api, session, DRAFT, out, name="a.mp4")
    assert export(api, session, DRAFT, out, name="b.mp4").path.name == "b.mp4"
    assert len(ids(backend)) == 1


def test_retry_after_stands_in_for_the_interval(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    api = make(backend, tmp_path, AI_VIDEO_RENDER_POLL="9", AI_VIDEO_RENDER_POLLS="2")
    busy = answer({"code": 0, "status": "processing"}, Retry_After="0.1")
    backend.script(POLL, *[busy] * 4)
    backend.polls_until_done = 1
    assert export(api, session, DRAFT, out).path.exists()
    assert len(backend.calls(POLL)) == 5


def test_retry_after_does_not_wait_for_ever(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    api = make(backend, tmp_path, AI_VIDEO_RENDER_POLL="0.1", AI_VIDEO_RENDER_POLLS="4")
    busy = answer({"code": 0, "status": "processing"}, Retry_After="0.1")
    backend.script(POLL, *[busy] * 50)
    with pytest.raises(RenderPending):
        export(api, session, DRAFT, out)
    assert len(backend.calls(POLL)) <= 5


@pytest.mark.parametrize(
    "trouble", [empty(503), html(502), sse(RESET), sse(CUT), refusal(429, 429), LOST]
)
def test_trouble_while_polling_is_waited_out(
    backend: FakeBackend, api: Api, session: Session, out: Path, trouble: Reply
) -> None:
    backend.script(POLL, *[trouble] * 2)
    assert export(api, session, DRAFT, out).path.read_bytes() == mp4()
    assert len(ids(backend)) == 1


def test_a_failed_render_is_asked_for_once_more_under_a_new_id(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    backend.script(POLL, answer({"status": "FAILED", "error": "out of memory"}))
    assert export(api, session, DRAFT, out).path.exists()
    first, second = ids(backend)
    assert first != second
    assert states(api) == ["failed", "delivered"]


def test_a_render_that_fails_twice_is_told(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    backend.script(POLL, *[answer({"status": "failed", "error": "out of memory"})] * 2)
    with pytest.raises(RenderFailed, match="out of memory"):
        export(api, session, DRAFT, out)
    assert len(ids(backend)) == 2
    assert states(api) == ["failed", "failed"]
    assert resume(api) == []


def test_a_render_that_the_backend_lost_is_asked_for_again(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    backend.script(POLL, *[LOST] * 3)
    assert export(api, session, DRAFT, out).path.exists()
    assert len(set(ids(backend))) == 2


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("trouble", [sse(RESET), empty(502), html(200)])
def test_an_answer_that_is_lost_makes_no_second_render(
    backend: FakeBackend, api: Api, session: Session, out: Path, trouble: Reply, arrived: bool
) -> None:
    def lose(seen: Seen) -> Reply:
        if arrived:
            backend._work(seen, f"{seen.method} {seen.path}")
        return trouble

    backend.script(RENDER, lose)
    assert export(api, session, DRAFT, out).path.exists()
    assert len(set(ids(backend))) == 1
    assert len(ids(backend)) == (1 if arrived else 2)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(refusal(402), ExportBlocked), (refusal(2001), NoCredits), (refusal(5003, 400), SkillError)],
)
def test_a_refusal_closes_the_job(
    backend: FakeBackend,
    api: Api,
    session: Session,
    out: Path,
    reply: Reply,
    kind: type[SkillError],
) -> None:
    backend.script(RENDER, reply)
    with pytest.raises(kind):
        export(api, session, DRAFT, out)
    assert states(api) == ["failed"]
    assert resume(api) == []


def test_a_folder_that_cannot_be_used_asks_for_nothing(
    backend: FakeBackend, api: Api, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for folder, words in (
        (tmp_path / "gone", "no such folder"),
        (tmp_path / "file", "not a folder"),
    ):
        with pytest.raises(FileError, match=words):
            export(api, session, DRAFT, folder)
    assert backend.calls(RENDER) == []


def test_a_folder_that_vanishes_keeps_the_render(
    backend: FakeBackend, api: Api, session: Session, out: Path, tmp_path: Path
) -> None:
    backend.script(RENDER, lambda _: out.rmdir())
    with pytest.raises(FileError, match="The render is kept") as caught:
        export(api, session, DRAFT, out, name="a.mp4")
    assert caught.value.code == "folder-gone"
    assert states(api) == ["completed"]
    (tmp_path / "other").mkdir()
    assert delivered(resume(api, tmp_path / "other")) == ["a.mp4"]
    assert len(ids(backend)) == 1


def test_a_download_that_fails_keeps_the_render(
    backend: FakeBackend, api: Api, session: Session, out: Path
) -> None:
    backend.script(DOWNLOAD, *[html()] * 2)
    backend.script("GET /api/render/proxy/render", *[html()] * 2)
    with pytest.raises(DownloadError, match="The render is kept"):
        export(api, session, DRAFT, out, name="a.mp4")
    assert names(out) == []
    assert delivered(resume(api)) == ["a.mp4"]
    assert len(ids(backend)) == 1


def test_nobody_there_means_that_nothing_is_open(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    api = make(backend, tmp_path, NEMO_API_URL="http://127.0.0.1:9", NEMO_TOKEN="dummy-own")
    with pytest.raises(Unreachable):
        export(api, session, DRAFT, out)
    assert states(api) == ["failed"]


def test_two_at_once_share_one_render(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    results: list[Delivery] = []

    def work() -> None:
        results.append(export(make(backend, tmp_path), session, DRAFT, out, name="a.mp4"))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {done.path.name for done in results} == {"a.mp4"}
    assert sorted(done.fresh for done in results) == [False, True]
    assert len(ids(backend)) == 1


def test_resume_all_finds_the_engine_of_each_job(
    backend: FakeBackend, tmp_path: Path, session: Session, out: Path
) -> None:
    quick = {"AI_VIDEO_RENDER_POLL": "0.01", "AI_VIDEO_RENDER_POLLS": "1"}
    api = make(backend, tmp_path, **quick)
    with pytest.raises(RenderPending):
        export(api, session, DRAFT, out, name="a.mp4")
    with FakeBackend() as other:
        settings = Settings.read(other.environ(tmp_path / "state"))
        (refused,) = resume_all(settings)
        assert "NEMO_API_URL" in str(refused)
        assert other.seen == []
    backend.tokens.add("dummy-own")
    settings = Settings.read(backend.environ(tmp_path / "state", NEMO_TOKEN="dummy-own"))
    assert delivered(resume_all(settings)) == ["a.mp4"]


VICTIM = """
import os, signal, sys
from skill import delivery
from skill.api import Api
from skill.engine import choose
from skill.settings import Settings

settings = Settings.read()
api = Api(choose(settings), settings)
session = api.session()
left = int(sys.argv[2])
OURS = ("delivery.py", "jobs.py", "download.py", "home.py", "container.py")

def step(frame, event, arg):
    global left
    if not frame.f_code.co_filename.endswith(OURS):
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return step

sys.settrace(step)
delivery.export(api, session, {"t": [{"tt": 0, "sg": [{"d": 5000}]}]}, sys.argv[1], name="a.mp4")
sys.settrace(None)
print("left", left)
"""


def kill_after(backend: FakeBackend, tmp_path: Path, out: Path, lines: int) -> int | None:
    """Export in a process that is killed at its so-manyeth line; how many were left, if none."""
    environ = {**os.environ, **backend.environ(tmp_path / "state", AI_VIDEO_RENDER_POLL="0.01")}
    process = subprocess.run(
        [sys.executable, "-c", VICTIM, str(out), str(lines)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if process.returncode == -signal.SIGKILL:
        return None
    assert process.returncode == 0, process.stderr
    return int(process.stdout.split()[1])


def whole_after_death(backend: FakeBackend, tmp_path: Path, out: Path, lines: int) -> None:
    kill_after(backend, tmp_path, out, lines)
    api = make(backend, tmp_path, AI_VIDEO_RENDER_POLL="0.01")
    asked = bool(Ledger(api.home).jobs())
    resume(api)
    if not asked:  # it died before it could write anything down
        export(api, api.session(), DRAFT, out, name="a.mp4")
    assert names(out) == ["a.mp4"], lines
    assert (out / "a.mp4").read_bytes() == mp4()
    assert len(set(ids(backend))) == 1, lines
    assert states(api) == ["delivered"]


@pytest.mark.parametrize("eighth", range(8))
def test_killed_anywhere_the_file_comes_and_nothing_is_rendered_twice(
    backend: FakeBackend, tmp_path: Path, out: Path, eighth: int
) -> None:
    whole_after_death(backend, tmp_path, out, 60 + eighth * (LINES - 60) // 8)


LINES = 620  # about as many as an export runs in these modules, so that every part is met


def test_the_number_of_lines_is_about_right(
    backend: FakeBackend, tmp_path: Path, out: Path
) -> None:
    left = kill_after(backend, tmp_path, out, 100_000)
    assert left is not None
    assert LINES <= 100_000 - left < 2 * LINES
