"""The real studio from end to end, in its own process: chat, upload, render, download, death."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Client

from skill.studio import process


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("whole") / "state"
    yield folder
    process.stop(folder)


@pytest.fixture
def client(home: Path) -> Client:
    address = process.ensure(home)
    return Client(address.url, address.client_id)


def export(client: Client, session: str) -> None:
    """Ask for a small version of the draft: quick to render, made like a large one."""
    draft = client.state(session)["draft"]
    draft["m"] = {**draft["m"], "w": 160, "h": 90}
    answer = client.post(
        "/api/render/proxy/lambda",
        json={
            "id": client.render_id,
            "sessionId": session,
            "draft": draft,
            "output": {"format": "mp4", "quality": "high"},
        },
    )
    assert answer.json()["code"] == 0, answer.text


def told(events: list[dict[str, Any]]) -> str:
    """The whole text of a turn."""
    return "".join(
        part.get("text", "")
        for event in events
        if not event.get("partial")
        for part in event.get("content", {}).get("parts", [])
    )


def measure(path: Path) -> tuple[int, int, float, bool]:
    """Width, height, seconds, and whether there is sound."""
    import av

    with av.open(str(path)) as file:
        picture = file.streams.video[0]
        frames = sum(1 for _ in file.decode(picture))
        return picture.width, picture.height, frames / 30, bool(file.streams.audio)


def test_a_prompt_becomes_a_file(client, tmp_path):
    session = client.session()
    before = client.state(session)["draft"]
    answer = told(client.say(session, "generate a 2-second video of a sunset over the ocean"))
    assert answer
    tracks = client.state(session)["draft"]["t"]
    assert tracks[0]["sg"][0]["d"] == 2000
    assert tracks[0]["sg"][0]["m"]["source"]["kind"] == "scene"
    client.say(session, "put a title 'Dawn'")
    texts = [
        s["m"]["text"] for t in client.state(session)["draft"]["t"] if t["tt"] == 7 for s in t["sg"]
    ]
    assert texts == ["Dawn"]
    with_title = client.state(session)["draft"]
    client.say(session, "undo")
    assert client.state(session)["draft"] != with_title
    client.say(session, "redo")
    assert client.state(session)["draft"] == with_title != before
    client.say(session, "add lo-fi background music")

    export(client, session)
    report = client.finish()
    assert report["status"] == "completed", report
    url = f"/api/render/proxy/{client.render_id}/download"
    first = client.get(url, headers={"Range": "bytes=0-999"})
    rest = client.get(url, headers={"Range": "bytes=1000-", "If-Range": first.headers["etag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    path = tmp_path / "video.mp4"
    path.write_bytes(first.content + rest.content)
    assert measure(path) == (160, 90, 2.0, True)


def test_uploads_come_onto_the_timeline(client, made, tmp_path):
    session = client.session()
    for path in (
        made.video(tmp_path / "clip.mp4", seconds=1, sound="aac"),
        made.image(tmp_path / "photo.jpg"),
        made.sound(tmp_path / "song.mp3", codec="libmp3lame", seconds=2),
    ):
        answer = client.upload(session, (path.name, path.read_bytes()))
        assert answer.json()["code"] == 0, answer.text
    draft = client.state(session)["draft"]
    kinds = [s["m"]["source"]["kind"] for t in draft["t"] if t["tt"] in (0, 1) for s in t["sg"]]
    assert sorted(kinds) == ["audio", "image", "video"]
    export(client, session)
    assert client.finish()["status"] == "completed"


def test_a_render_goes_on_after_its_studio_was_killed(client, home):
    session = client.session()
    client.say(session, "generate a 3-second video of rain in a city at night")
    export(client, session)
    while not (report := client.poll().json())["progress"]:
        assert report["status"] in ("pending", "processing"), report
        time.sleep(0.02)
    pid = json.loads((home / "studio.json").read_text())["pid"]
    workers = children(pid)
    os.kill(pid, signal.SIGKILL)
    address = process.ensure(home)
    client.url = address.url
    assert client.finish()["status"] == "completed"
    answer = client.get(f"/api/render/proxy/{client.render_id}/download")
    assert answer.content[4:8] == b"ftyp"
    assert not [worker for worker in workers if lives(worker)]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found
