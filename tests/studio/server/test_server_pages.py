"""The project's page behind a claim token: that project, no scripts, nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import requests


def page(client, session: str) -> requests.Response:
    # As a browser opens it: without the token of the API.
    return requests.get(
        f"{client.url}/workspace/claim", params={"ct": client.claim(session)}, timeout=10
    )


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_answer_gives_the_whole_link_too(client):
    session = client.session()
    data = client.post("/api/auth/claim-token", json={"session_id": session}).json()["data"]
    assert data["claim_token"].startswith("clm_")
    assert data["url"] == f"{client.url}/workspace/claim?ct={data['claim_token']}"


def test_an_unknown_session_has_no_link(client):
    answer = client.post("/api/auth/claim-token", json={"session_id": "nobody"})
    assert answer.json()["code"] == 1002


def test_a_session_of_another_task_has_no_link(client):
    body = {"session_id": client.session(), "task_id": "other"}
    assert client.post("/api/auth/claim-token", json=body).json()["code"] == 1002


def test_an_empty_project_says_what_to_do(client):
    answer = page(client, client.session("Beach day"))
    assert answer.status_code == 200
    assert "<h1>Beach day</h1>" in answer.text
    assert "export" in answer.text


def test_a_finished_video_plays_and_downloads(client):
    session = client.session()
    client.say(session, "ocean")
    client.render(session)
    client.finish()
    answer = page(client, session)
    assert re.search("<h1>Ocean-[0-9]+</h1>", answer.text)
    sources = [attrs["src"] for tag, attrs in Tags(answer.text).found if tag == "video"]
    video = requests.get(f"{client.url}/workspace/{sources[0]}", timeout=10)
    assert video.headers["content-type"] == "video/mp4"
    assert video.headers["content-disposition"].startswith("inline")
    assert video.content == client.get(f"/api/render/proxy/{client.render_id}/download").content
    links = [attrs["href"] for tag, attrs in Tags(answer.text).found if tag == "a"]
    download = requests.get(f"{client.url}/workspace/{links[0]}", timeout=10)
    assert download.headers["content-disposition"].startswith("attachment")


def test_the_timeline_is_drawn_in_proportion(client, running, title):
    from dataclasses import replace

    session = client.session()
    client.say(session, "ocean")
    client.say(session, "forest")
    store = running.studio.store
    draft = store.sessions.head(session).draft
    store.sessions.add(session, replace(draft, tracks=(*draft.tracks, title)))
    bars = [
        attrs
        for tag, attrs in Tags(page(client, session).text).found
        if tag == "svg" and "x" in attrs
    ]
    assert [(bar["x"], bar["width"]) for bar in bars] == [
        ("0.00%", "50.00%"),
        ("50.00%", "50.00%"),
        ("0.00%", "50.00%"),
    ]


def test_while_the_first_render_is_under_way_it_looks_again(client, fake_worker):
    session = client.session()
    client.say(session, "ocean")
    fake_worker.gate.clear()
    client.render(session)
    assert "http-equiv=refresh" in page(client, session).text
    fake_worker.gate.set()
    client.finish()
    assert "http-equiv=refresh" not in page(client, session).text


def test_the_page_runs_no_scripts_and_asks_nobody_else(client):
    session = client.session()
    client.say(session, "ocean")
    answer = page(client, session)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    tags = Tags(answer.text).found
    assert not {"script", "iframe", "object", "embed", "form"} & {tag for tag, _ in tags}
    attributes = [(name, value or "") for _, attrs in tags for name, value in attrs.items()]
    assert not [name for name, _ in attributes if name == "style" or name.startswith("on")]
    assert not [value for _, value in attributes if "//" in value]


def test_names_are_shown_and_not_obeyed(client, running):
    from skill.draft import Draft, Segment, Track

    session = client.session("<script>alert(1)</script>")
    name = '"><img src=x onerror=alert(1)>\ud83d'
    draft = Draft(tracks=(Track("v", 0, (Segment("a", 0, 1000, {"name": name}),)),))
    running.studio.store.sessions.add(session, draft)
    answer = page(client, session)
    assert answer.status_code == 200
    assert not {"script", "img"} & {tag for tag, _ in Tags(answer.text).found}


def test_another_token_opens_nothing(client):
    client.session()
    for token in ("", "clm_dummy", client.token):
        answer = requests.get(f"{client.url}/workspace/claim", params={"ct": token}, timeout=10)
        assert answer.status_code == 404
        assert "expired" in answer.text
        video = requests.get(f"{client.url}/workspace/video", params={"ct": token}, timeout=10)
        assert video.status_code == 404


def test_a_link_opens_one_project_only(client):
    first, second = client.session("First"), client.session("Second")
    client.say(second, "ocean")
    assert "Second" not in page(client, first).text


def test_the_link_is_not_handed_on(client):
    answer = page(client, client.session())
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_the_style_comes_from_the_studio(client):
    answer = requests.get(f"{client.url}/workspace/page.css", timeout=10)
    assert answer.headers["content-type"].startswith("text/css")
    assert "http" not in answer.text
