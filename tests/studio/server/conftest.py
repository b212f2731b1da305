"""A studio in this process on an ephemeral port, with an agent and a worker that tests choose."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from skill.draft import TEXT, VIDEO, Draft, Segment, Track
from skill.studio.agent.project import Answer, PlacedMedia, Project
from skill.studio.server import queue as queues
from skill.studio.server.serving import config, listen
from skill.studio.server.studio import Studio
from skill.studio.store import Store

ATTRIBUTION = {
    "X-Skill-Source": "dummy-skill",
    "X-Skill-Version": "1.0.0",
    "X-Skill-Platform": "unknown",
}


def clip(name: str, start: int, duration: int, **meta: Any) -> Segment:
    return Segment(name, start, duration, {"name": name, **meta})


def respond(message: str, project: Project, language: str) -> Answer:
    """A small agent: every message becomes a painted clip, but for a few words of command."""
    if message in ("undo", "redo"):
        return Answer("Undone.", move=message, tool=message)
    if message == "hello":
        return Answer(f"Hello in {language}!")
    if message == "fail":
        raise RuntimeError("the secret inside")
    text = "" if message == "silent" else f"Added {message}."
    scene = {"kind": "scene", "scene": {"kind": "ocean"}}
    track = next(iter(project.draft.tracks_of(VIDEO)), Track("v", VIDEO))
    made = clip(f"{message}-{project.seed}", track.end, 1000, source=scene)
    grown = replace(track, segments=(*track.segments, made))
    return Answer(text, Draft(tracks=(grown,)), tool="generate", arguments={"prompt": message})


def place(media: Sequence[PlacedMedia], project: Project) -> Draft:
    track = next(iter(project.draft.tracks_of(VIDEO)), Track("v", VIDEO))
    for medium in media:
        source = {"kind": medium.kind, "hash": medium.hash}
        made = clip(medium.name, track.end, medium.duration_ms or 3000, source=source)
        track = replace(track, segments=(*track.segments, made))
    return Draft(tracks=(track,))


class FakeWorker:
    """Renders in no time: the "video" is the job's own text. ``gate`` holds it back."""

    gate = threading.Event()
    error = ""

    def __init__(self, job: Mapping[str, Any], _folder: Path) -> None:
        self._job = job
        self._stopped = threading.Event()

    def answers(self, _patience: float, _longest: float) -> Iterator[dict[str, Any]]:
        yield {"progress": 0.5}
        while not self.gate.wait(0.01):
            if self._stopped.is_set():
                raise queues.WorkerError("stopped")
        if self.error:
            yield {"error": self.error}
            return
        Path(self._job["out"]).write_text(json.dumps(self._job["render"]))
        yield {"done": True}

    def stop(self) -> None:
        self._stopped.set()


class Client:
    """What a client of the studio sends, with its token and headers."""

    def __init__(self, url: str, client_id: str) -> None:
        self.url = url
        self.client_id = client_id
        self.render_id = f"render_{uuid.uuid4().hex}"
        self.http = requests.Session()
        self.http.trust_env = False
        answer = self.http.post(
            f"{url}/api/auth/anonymous-token", headers={"X-Client-Id": client_id}
        )
        self.token = answer.json()["data"]["token"]
        self.http.headers.update({"Authorization": f"Bearer {self.token}", **ATTRIBUTION})

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.url + path, timeout=20, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.http.post(self.url + path, timeout=60, **options)

    def session(self, name: str = "project", language: str = "en") -> str:
        path = "/api/tasks/me/with-session/nemo_agent"
        answer = self.post(path, json={"task_name": name, "language": language})
        return str(answer.json()["data"]["session_id"])

    def say(self, session: str, text: str) -> list[dict[str, Any]]:
        """Send a message; the events of the turn."""
        answer = self.post(
            "/run_sse",
            json={
                "app_name": "nemo_agent",
                "user_id": "me",
                "session_id": session,
                "new_message": {"parts": [{"text": text}]},
            },
        )
        assert answer.status_code == 200, answer.text
        lines = answer.content.decode("utf-8").split("\n\n")
        return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]

    def state(self, session: str) -> dict[str, Any]:
        answer = self.get(f"/api/state/nemo_agent/me/{session}/latest")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["data"]["state"])

    def names(self, session: str) -> list[str]:
        """The names of all segments on the timeline."""
        tracks = self.state(session)["draft"]["t"]
        return [segment["m"]["name"] for track in tracks for segment in track["sg"]]

    def upload(self, session: str, *files: tuple[str, bytes]) -> requests.Response:
        path = f"/api/upload-video/nemo_agent/me/{session}"
        return self.post(path, files=[("files", file) for file in files])

    def render(self, session: str, render_id: str = "") -> requests.Response:
        return self.post(
            "/api/render/proxy/lambda",
            json={
                "id": render_id or self.render_id,
                "sessionId": session,
                "draft": self.state(session)["draft"],
                "output": {"format": "mp4", "quality": "high"},
            },
        )

    def poll(self, render_id: str = "") -> requests.Response:
        return self.get(f"/api/render/proxy/lambda/{render_id or self.render_id}")

    def finish(self, render_id: str = "") -> dict[str, Any]:
        """Poll until the render is no longer under way."""
        for _ in range(4000):
            report = self.poll(render_id).json()
            if report["status"] not in ("pending", "processing"):
                return dict(report)
            threading.Event().wait(0.03)
        raise AssertionError("the render does not end")

    def claim(self, session: str) -> str:
        answer = self.post("/api/auth/claim-token", json={"session_id": session})
        return str(answer.json()["data"]["claim_token"])


class Running:
    """A studio served from a thread; ``studio`` may be changed while it runs."""

    def __init__(self, folder: Path, **options: Any) -> None:
        os.umask(0o077)
        store = Store(folder)
        listener = listen()
        self.studio = Studio(
            store=store,
            queue=queues.Queue(store),
            client_id=store.settings.client_id,
            port=listener.getsockname()[1],
            **{"respond": respond, "place": place, **options},
        )
        self.server = uvicorn.Server(config(self.studio, grace=1))
        self.studio.stop = self._stop
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve(sockets=[listener])), daemon=True
        )
        self._thread.start()
        while not self.server.started:
            assert self._thread.is_alive()
            threading.Event().wait(0.005)

    def _stop(self) -> None:
        self.server.should_exit = True

    def client(self) -> Client:
        return Client(self.studio.url, self.studio.client_id)

    def close(self) -> None:
        self._stop()
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.studio.store.close()


@pytest.fixture
def fake_worker(monkeypatch: pytest.MonkeyPatch) -> type[FakeWorker]:
    """The queue's worker, replaced; its gate stands open."""
    FakeWorker.gate.set()
    FakeWorker.error = ""
    monkeypatch.setattr(queues, "Worker", FakeWorker)
    return FakeWorker


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # One for all tests of a module: to start and end it takes longer than most of them.
    served = Running(tmp_path_factory.mktemp("studio"))
    yield served
    served.close()


@pytest.fixture
def running(served: Running, fake_worker: type[FakeWorker]) -> Running:
    studio = served.studio
    studio.respond, studio.place, studio.heartbeat = respond, place, 10.0
    studio.private_urls = False
    return served


@pytest.fixture
def client(running: Running) -> Client:
    return running.client()


@pytest.fixture
def title() -> Track:
    return Track("titles", TEXT, (clip("Dawn", 0, 1000, text="Dawn"),))
