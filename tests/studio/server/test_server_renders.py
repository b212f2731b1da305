"""Exports: one job under one id, polled, downloaded, and none lost."""

from __future__ import annotations

import json

import pytest

from skill.draft import AUDIO, Draft, Segment, Track, to_wire
from skill.studio.server import renders


@pytest.fixture
def session(client) -> str:
    made = client.session()
    client.say(made, "ocean")
    return made


def test_a_render_is_taken_polled_and_downloaded(client, session):
    assert client.render(session).json()["status"] in ("pending", "processing", "completed")
    report = client.finish()
    assert (report["code"], report["status"], report["progress"]) == (0, "completed", 1.0)
    assert report["data"]["output"] == report["output"]
    assert report["output"]["url"].startswith(client.url)
    answer = client.http.get(report["output"]["url"], timeout=10)
    assert answer.headers["content-type"] == "video/mp4"
    assert json.loads(answer.content) == client.state(session)["draft"]


def test_a_download_is_noted_since_what_was_fetched_is_kept_a_week(client, session, running):
    client.render(session)
    client.finish()
    noted = "SELECT fetched FROM render WHERE id = ?"
    assert running.studio.store.database.row(noted, client.render_id)["fetched"] is None
    client.get(f"/api/render/proxy/{client.render_id}/download")
    assert running.studio.store.database.row(noted, client.render_id)["fetched"] > 0


def test_while_it_lasts_polls_ask_to_come_again_soon(client, session, fake_worker):
    fake_worker.gate.clear()
    client.render(session)
    while (report := client.poll()).json()["progress"] == 0:
        pass
    assert report.json()["status"] == "processing"
    assert report.json()["progress"] == 0.5
    assert report.headers["Retry-After"] == "1"
    assert client.get(f"/api/render/proxy/{client.render_id}/download").status_code == 404
    fake_worker.gate.set()
    client.finish()
    assert "Retry-After" not in client.poll().headers


def test_one_at_a_time_in_the_order_asked(client, session, fake_worker):
    fake_worker.gate.clear()
    ids = [f"{client.render_id}_{n}" for n in range(3)]
    for render_id in ids:
        client.render(session, render_id)
    while client.poll(ids[0]).json()["status"] != "processing":
        pass
    assert [client.poll(n).json()["status"] for n in ids[1:]] == ["pending", "pending"]
    fake_worker.gate.set()
    assert [client.finish(n)["status"] for n in ids] == ["completed"] * 3


def test_the_same_id_is_the_same_job(client, session, running):
    client.render(session)
    client.finish()
    before = running.studio.store.settings.used["exports"]
    client.say(session, "forest")
    again = client.render(session).json()
    assert again["status"] == "completed"
    downloaded = client.get(f"/api/render/proxy/{client.render_id}/download").json()
    assert len(downloaded["t"][0]["sg"]) == 1
    assert running.studio.store.settings.used["exports"] == before


def test_a_failed_render_says_why(client, session, fake_worker):
    fake_worker.error = "The file of 'a.mp4' is no longer here."
    client.render(session)
    report = client.finish()
    assert (report["status"], report["error"]) == ("failed", fake_worker.error)


@pytest.mark.parametrize("missing", ["X-Skill-Source", "X-Skill-Version", "X-Skill-Platform"])
def test_without_attribution_it_is_402(client, session, missing):
    del client.http.headers[missing]
    answer = client.render(session)
    assert (answer.status_code, answer.json()["code"]) == (402, 402)


def post(client, session: str, draft: object, **more: object):
    body = {"id": client.render_id, "sessionId": session, "draft": draft, **more}
    return client.post("/api/render/proxy/lambda", json=body).json()


def track(*segments: Segment) -> Draft:
    return Draft(tracks=(Track("v", 0, segments),))


@pytest.mark.parametrize(
    "draft",
    [
        None,
        [],
        {},
        {"t": []},
        {"t": [{"id": "v", "tt": 0, "sg": [{"id": "a", "d": 0}]}]},
        to_wire(Draft(width=8000, tracks=track(Segment("a", 0, 1000)).tracks)),
        to_wire(Draft(fps=1000, tracks=track(Segment("a", 0, 1000)).tracks)),
        to_wire(track(Segment("a", 0, 3_600_000))),
        to_wire(track(*(Segment(str(n), n, 1) for n in range(2001)))),
        to_wire(Draft(tracks=(Track("v", AUDIO, (Segment("a", 0, 9),)),) * 101)),
        to_wire(track(Segment("a", 0, 9, {"source": {"kind": "video", "hash": "0" * 64}}))),
        to_wire(track(Segment("a", 0, 9, {"source": {"kind": "image", "hash": "../../x"}}))),
        to_wire(track(Segment("a", 0, 9, {"source": {"kind": "audio"}}))),
    ],
)
def test_a_draft_that_cannot_be_rendered_is_refused(client, session, draft):
    answer = post(client, session, draft)
    assert answer["code"] == 400
    assert answer["message"]
    assert client.poll().status_code == 404


def test_nan_in_a_draft_counts_as_nothing(client, session):
    body = '{"id": "%s", "sessionId": "%s", "draft": {"x": NaN, "t": [{"sg": [{"d": Infinity}]}]}}'
    answer = client.post(
        "/api/render/proxy/lambda",
        data=body % (client.render_id, session),
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["code"] == 400


@pytest.mark.parametrize("render_id", ["", "../x", "a b", "x" * 200, 7, None])
def test_an_id_has_a_form(client, session, render_id):
    draft = client.state(session)["draft"]
    body = {"id": render_id, "sessionId": session, "draft": draft}
    assert client.post("/api/render/proxy/lambda", json=body).json()["code"] == 400


def test_a_render_of_an_unknown_session_is_1002(client, session):
    assert post(client, "nobody", client.state(session)["draft"])["code"] == 1002


def test_an_unknown_render_is_404(client):
    assert client.poll("nobody").json()["code"] == 404
    assert client.get("/api/render/proxy/nobody/download").json()["code"] == 404


def test_too_many_waiting_renders_are_refused(client, session, fake_worker, monkeypatch):
    monkeypatch.setattr(renders, "WAITING", 2)
    fake_worker.gate.clear()
    ids = [f"{client.render_id}_{n}" for n in range(3)]
    codes = [client.render(session, render_id).json()["code"] for render_id in ids]
    fake_worker.gate.set()
    assert codes == [0, 0, 429]
    for render_id in ids[:2]:
        client.finish(render_id)


class TestDownload:
    @pytest.fixture
    def path(self, client, session) -> str:
        client.render(session)
        client.finish()
        return f"/api/render/proxy/{client.render_id}/download"

    def test_a_range_is_a_part(self, client, path):
        whole = client.get(path)
        part = client.get(path, headers={"Range": "bytes=5-9"})
        assert part.status_code == 206
        assert part.content == whole.content[5:10]
        assert part.headers["content-range"] == f"bytes 5-9/{len(whole.content)}"
        rest = client.get(path, headers={"Range": "bytes=5-"})
        assert rest.content == whole.content[5:]

    def test_if_range_asks_for_the_same_file(self, client, path):
        tag = client.get(path).headers["etag"]
        same = client.get(path, headers={"Range": "bytes=5-", "If-Range": tag})
        other = client.get(path, headers={"Range": "bytes=5-", "If-Range": '"other"'})
        assert (same.status_code, other.status_code) == (206, 200)

    def test_head_tells_the_length(self, client, path):
        whole = client.get(path)
        head = client.http.head(client.url + path, timeout=10)
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["accept-ranges"] == "bytes"
        assert head.content == b""

    def test_behind_the_end_there_is_nothing(self, client, path):
        size = len(client.get(path).content)
        answer = client.get(path, headers={"Range": f"bytes={size}-"})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{size}"

    def test_it_needs_the_token(self, client, path):
        assert client.get(path, headers={"Authorization": ""}).status_code == 401

    def test_a_vanished_file_is_told(self, client, path, running):
        store = running.studio.store
        store.renders.file(store.renders.find(client.render_id)).unlink()
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Export again" in answer.json()["message"]
