"""Killed at any moment, the studio comes back with everything that it had acknowledged."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from conftest import Client

from skill.studio.locks import holder
from skill.studio.worker import environment

# The real process, server and store, with the small agent and the quick worker of these tests.
SERVE = """
import sys
from functools import partial
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import conftest
from skill.studio import process
from skill.studio.server import queue, serving
conftest.FakeWorker.gate.set()
queue.Worker = conftest.FakeWorker
serving.Studio = partial(serving.Studio, respond=conftest.respond, place=conftest.place)
process.serve(Path(sys.argv[1]), ready=lambda _: print("ready", flush=True))
"""


class Mortal:
    """A studio that is killed and started again on the same home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self) -> Client:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.home), str(Path(__file__).parent)],
            stdout=subprocess.PIPE,
            env=environment(),
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"
        told = json.loads((self.home / "studio.json").read_text())
        return Client(told["url"], told["client_id"])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert holder(self.home / "studio" / "serving.lock") is None


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    studio = Mortal(tmp_path / "state")
    yield studio
    with contextlib.suppress(AttributeError):
        studio.process.kill()
        studio.process.wait()


def png(number: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_what_was_acknowledged_survives_any_moment_of_death(mortal):
    chance = random.Random(20)  # noqa: S311 moments of death, no secrets
    said: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    asked: list[str] = []

    def talk(client: Client, number: int) -> None:
        session = client.session()
        said[session] = []
        for turn in range(1000):
            client.say(session, f"m{number}.{turn}")
            said[session].append(f"m{number}.{turn}")

    def upload(client: Client, number: int) -> None:
        session = client.session()
        for turn in range(1000):
            content = png(number * 50 + turn)
            if client.upload(session, (f"{turn}.png", content)).json()["code"] == 0:
                files[hashlib.sha256(content).hexdigest()] = content

    def render(client: Client, number: int) -> None:
        session = client.session()
        client.say(session, "ocean")
        for turn in range(1000):
            render_id = f"render_{number}_{turn}"
            if client.render(session, render_id).json()["code"] == 0:
                asked.append(render_id)

    def until_death(work, client: Client, number: int) -> None:
        with contextlib.suppress(requests.RequestException):
            work(client, number)

    tokens = []
    for number in range(3):
        client = mortal.start()
        tokens.append(client.token)
        workers = [
            threading.Thread(
                target=until_death, args=(work, Client(client.url, client.client_id), number)
            )
            for work in (talk, upload, render)
        ]
        for worker in workers:
            worker.start()
        time.sleep(chance.uniform(0.2, 0.6))
        mortal.kill()
        for worker in workers:
            worker.join()

    assert any(said.values())
    assert asked
    client = mortal.start()
    for session, messages in said.items():
        names = client.names(session)
        assert [name.rpartition("-")[0] for name in names][: len(messages)] == messages
        assert len(names) <= len(messages) + 1
    media = mortal.home / "studio" / "media"
    for content_hash, content in files.items():
        assert (media / content_hash[:2] / content_hash).read_bytes() == content
    for render_id in asked:
        assert client.finish(render_id)["status"] == "completed"
        assert client.get(f"/api/render/proxy/{render_id}/download").json()["t"]
    for token in tokens:
        answer = client.get(
            "/api/credits/balance/simple", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.json()["code"] == 0
    mortal.kill()
