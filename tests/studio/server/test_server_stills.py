"""Frames without a render: the path that the state names, and what it refuses."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from conftest import Client

from skill.studio.server import stills


def ask(client: Client, session: str, **body: Any) -> Any:
    path = client.get(f"/api/state/nemo_agent/me/{session}/latest").json()["data"]["stills"]
    return client.post(path, json={"times": [0, 500], "width": 160, **body})


@pytest.fixture
def session(client: Client) -> str:
    session = client.session()
    client.say(session, "sea")
    return session


def size(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def test_frames_come_as_pictures_in_the_order_of_the_timeline(client, session):
    answer = ask(client, session, times=[900, 100, 100])
    listed = answer.json()["data"]["stills"]
    assert [item["at"] for item in listed] == [100, 900]
    pictures = [base64.b64decode(item["data"]) for item in listed]
    assert [size(picture) for picture in pictures] == [(160, 90), (160, 90)]
    assert pictures[0] != pictures[1]


def test_what_was_drawn_once_is_not_drawn_again(client, session, monkeypatch):
    first = ask(client, session).json()["data"]
    monkeypatch.setattr(stills, "Worker", None)  # nobody is there to draw
    assert ask(client, session).json()["data"] == first


def test_a_draft_of_ones_own_is_drawn_instead(client, session):
    draft = client.state(session)["draft"]
    draft["m"] |= {"w": 90, "h": 160}
    [item] = ask(client, session, draft=draft, times=[0], width=90).json()["data"]["stills"]
    assert size(base64.b64decode(item["data"])) == (90, 160)


def test_a_clip_whose_file_is_gone_has_no_picture_and_the_others_have(client, session):
    draft = client.state(session)["draft"]
    gone = {"id": "x", "s": 1000, "d": 1000, "m": {"source": {"kind": "video", "hash": "ab12"}}}
    draft["t"][0]["sg"].append(gone)
    here, lost = ask(client, session, draft=draft, times=[500, 1500]).json()["data"]["stills"]
    assert "data" in here
    assert lost == {"at": 1500, "error": "The file of a clip is no longer here. Send it again."}


@pytest.mark.parametrize("name", ["../../studio.db", "/etc/passwd", "a/../b"])
def test_a_hash_leads_to_no_file_outside(client, session, name):
    draft = client.state(session)["draft"]
    draft["t"][0]["sg"][0]["m"]["source"] = {"kind": "image", "hash": name}
    [item] = ask(client, session, draft=draft, times=[0]).json()["data"]["stills"]
    assert "no longer here" in item["error"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"times": []}, "times"),
        ({"times": [1.5]}, "times"),
        ({"times": [True]}, "times"),
        ({"times": [-1]}, "times"),
        ({"times": list(range(33))}, "32 frames"),
        ({"width": 5000}, "width"),
        ({"width": "160"}, "width"),
        ({"draft": []}, "draft"),
        ({"draft": {"t": []}}, "nothing on the timeline"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(client, session, body, words):
    answer = ask(client, session, **body)
    assert answer.json()["code"] == 400
    assert words in answer.json()["message"]


@pytest.mark.parametrize(
    ("canvas", "times", "words"),
    [
        ({"w": 16, "h": 1920}, 1, "1 frames of 1600x192000"),
        ({"w": 1000, "h": 1200}, 32, "at most 48 megapixels"),
    ],
)
def test_frames_that_would_fill_the_memory_are_refused(client, session, canvas, times, words):
    draft = client.state(session)["draft"]
    draft["m"] |= canvas
    answer = ask(client, session, draft=draft, times=list(range(times)), width=1600)
    assert answer.json()["code"] == 400
    assert words in answer.json()["message"]


@pytest.mark.parametrize("number", [1e308, 10**400, -(10**400)], ids=["large", "huge", "low"])
def test_a_number_beyond_all_measure_is_taken_for_none(client, session, number):
    draft = client.state(session)["draft"]
    [plain] = ask(client, session, draft=draft, times=[0]).json()["data"]["stills"]
    draft["t"][0]["sg"][0]["m"]["in"] = number
    [item] = ask(client, session, draft=draft, times=[0]).json()["data"]["stills"]
    assert item == plain


def test_only_the_token_and_the_session_open_it(client, session):
    path = f"/api/stills/nemo_agent/me/{session}"
    assert client.post("/api/stills/nemo_agent/me/nobody", json={}).json()["code"] == 1002
    client.http.headers["Authorization"] = "Bearer dummy-other"
    assert client.post(path, json={"times": [0], "width": 160}).json()["code"] == 1001


def test_a_worker_that_dies_is_told_in_words(client, session, monkeypatch):
    class Dying:
        def __init__(self, *_: Any) -> None: ...

        def answers(self, *_: Any) -> Any:
            raise stills.WorkerError("a stack of lines")
            yield

    monkeypatch.setattr(stills, "Worker", Dying)
    answer = ask(client, session, times=[777])
    assert answer.json()["code"] == 500
    assert answer.json()["message"] == (
        "The frames could not be drawn; the studio's log says why. Try again."
    )


def test_what_came_before_a_worker_died_is_kept(client, session, monkeypatch):
    real = stills.Worker

    class Half(real):
        def answers(self, *args: Any) -> Any:
            yield next(super().answers(*args))
            raise stills.WorkerError("killed")

    monkeypatch.setattr(stills, "Worker", Half)
    monkeypatch.setattr(stills, "AT_ONCE", 1)
    listed = ask(client, session, times=[333, 666]).json()["data"]["stills"]
    assert [item["at"] for item in listed] == [333]
