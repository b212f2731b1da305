"""Renders that hang, die or eat memory: the job fails in words, and the studio goes on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.studio import worker
from skill.studio.server import queue as queues

# A worker whose renderer is the test's: what the job's title says is what goes wrong.
SCRIPT = """
import os, sys, threading
sys.path.insert(0, {root!r})
from skill.studio import render, worker

def made(draft, media, out, *, progress, cancelled, **_):
    name = draft.tracks[0].segments[0].meta["name"].split("-")[0]
    if name == "hang":
        progress(0.2)
        threading.Event().wait()
    if name == "crawl":
        for step in range(1, 10**9):
            progress(step / 10**9)
            threading.Event().wait(0.02)
    if name == "eat":
        held = [bytearray(64 << 20) for _ in range(10**6)]
    if name == "die":
        os.abort()
    if name == "leave":
        os._exit(0)
    if name == "raise":
        raise RuntimeError("the secret inside")
    out.write_bytes(b"a video")

render.render = made
worker.RENDER_BYTES = {room}
worker.main()
"""


@pytest.fixture
def renderer(running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(queues, "Worker", worker.Worker)
    monkeypatch.setattr(worker, "GRACE", 0.2)
    script = tmp_path / "worker.py"
    root = str(Path(worker.__file__).parents[2])
    script.write_text(SCRIPT.format(root=root, room=600 << 20))
    monkeypatch.setattr(worker, "python", lambda *_: [sys.executable, str(script)])


def exported(client, name: str) -> dict:
    session = client.session()
    client.say(session, name)
    render_id = f"{name}-{session}"
    assert client.render(session, render_id).status_code == 200
    return client.finish(render_id)


def goes_on(client) -> None:
    assert exported(client, "fine")["status"] == "completed"


def test_a_render_that_hangs_is_ended(client, renderer, monkeypatch) -> None:
    monkeypatch.setattr(queues, "PATIENCE", 1.5)
    report = exported(client, "hang")
    assert (report["status"], report["error"]) == ("failed", queues._STUCK)
    goes_on(client)


def test_a_render_that_crawls_is_ended(client, renderer, monkeypatch) -> None:
    monkeypatch.setattr(queues, "STARTING", 0.5)
    monkeypatch.setattr(queues, "EACH", 0.1)
    monkeypatch.setattr(queues, "PATIENCE", 3.0)
    report = exported(client, "crawl")
    assert (report["status"], report["error"]) == ("failed", queues._STUCK)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_render_that_eats_memory_fails_in_words(client, renderer) -> None:
    report = exported(client, "eat")
    assert (report["status"], report["error"]) == ("failed", worker.TOO_MUCH)
    goes_on(client)


@pytest.mark.parametrize("name", ["die", "leave", "raise"])
def test_a_render_that_dies_fails_in_words(client, renderer, name) -> None:
    report = exported(client, name)
    assert (report["status"], report["error"]) == ("failed", queues._FAILED)
    assert "secret" not in str(report)


def test_a_hanging_render_does_not_hold_up_the_end(client, running, renderer) -> None:
    """Cancelling: the worker is gone, and the job begins again with the next studio."""
    session = client.session()
    client.say(session, "hang")
    client.render(session, f"hang-{session}")
    queue = running.studio.queue
    _until(lambda: queue.progress(f"hang-{session}") > 0)
    process = queue._worker._process
    queue._worker.stop()
    assert process.poll() is not None
    assert client.finish(f"hang-{session}")["status"] == "failed"
    goes_on(client)


def _until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it does not come")
