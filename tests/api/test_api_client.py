"""Requests over real sockets: what is sent, repeated, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_kit import make
from fake_backend import (
    CLAIM,
    CREDITS,
    CUT,
    MESSAGE,
    POLL,
    RENDER,
    RESET,
    SESSION,
    STATE,
    TOKEN,
    UPLOAD,
    FakeBackend,
    Reply,
    answer,
    empty,
    html,
    mp4,
    ok,
    refusal,
    sse,
)

from skill.api import Api
from skill.engine import Engine
from skill.errors import (
    AnswerLost,
    ExportBlocked,
    NoCredits,
    NotFound,
    RateLimited,
    Unavailable,
    Unreachable,
)
from skill.settings import Settings

BROKEN = sse(RESET)


pytestmark = pytest.mark.usefixtures("short_waits")


# Every request


def test_attribution_is_on_every_request(backend: FakeBackend, api: Api, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(mp4())
    session = api.session("en")
    api.turn(session, "hello")
    api.upload_file(session.id, clip)
    api.upload_url(session.id, ["https://example.com/a.mp4"])
    api.credits()
    api.claim(session)
    api.render("render_1", session.id, {"t": []}, {"format": "mp4"})
    api.render_status("render_1")
    assert api.state(session.id).draft
    assert {seen.headers["x-skill-platform"] for seen in backend.seen} == {"unknown"}
    assert {seen.headers["x-skill-source"] for seen in backend.seen} == {
        "ai-video-generator-free-luma"
    }
    assert all(seen.headers["x-skill-version"] for seen in backend.seen)
    assert all("dummy-token" not in seen.path for seen in backend.seen)
    routes = [TOKEN, SESSION, MESSAGE, UPLOAD, CREDITS, CLAIM, RENDER, POLL, STATE]
    assert all(backend.calls(route) for route in routes)


def test_the_bodies_are_those_of_the_protocol(backend: FakeBackend, api: Api) -> None:
    session = api.session("zh")
    api.turn(session, "做一个视频 \udc80")
    api.upload_url(session.id, ["https://example.com/a.mp4"])
    api.render("render_1", session.id, {"t": [], "x": float("nan")}, {"format": "mp4"})
    assert backend.calls(SESSION)[0].json == {"task_name": "project", "language": "zh"}
    message = backend.calls(MESSAGE)[0]
    assert message.headers["accept"] == "text/event-stream"
    assert message.json == {
        "app_name": "nemo_agent",
        "user_id": "me",
        "session_id": session.id,
        "new_message": {"parts": [{"text": "做一个视频 ?"}]},
    }
    urls = {"urls": ["https://example.com/a.mp4"], "source_type": "url"}
    assert backend.calls(UPLOAD)[0].json == urls
    render = backend.calls(RENDER)[0].json
    assert (render["id"], render["sessionId"], render["output"]) == (
        "render_1",
        session.id,
        {"format": "mp4"},
    )


@pytest.mark.parametrize(
    "trouble",
    [empty(503), html(502), html(200), refusal(500), BROKEN, answer({"code": 0}, 504), sse(CUT)],
    ids=["503", "502 html", "200 html", "code 500", "reset", "504", "cut"],
)
def test_reads_are_repeated(backend: FakeBackend, api: Api, trouble: Reply) -> None:
    api.credits()
    backend.script(CREDITS, trouble, trouble)
    assert api.credits().available == 100
    assert len(backend.calls(CREDITS)) == 4


def test_reads_are_not_repeated_for_ever(backend: FakeBackend, api: Api) -> None:
    backend.script(
        CREDITS,
        *[
            empty(
                503,
            )
        ]
        * 9,
    )
    with pytest.raises(Unavailable) as caught:
        api.credits()
    assert caught.value.retry
    assert len(backend.calls(CREDITS)) == 5


def test_a_retry_after_is_waited_for(backend: FakeBackend, api: Api) -> None:
    backend.script(CREDITS, answer({}, 503, Retry_After="0.7"))
    api.credits()
    first, second = backend.calls(CREDITS)
    assert second.at - first.at >= 0.7


def test_a_retry_after_without_measure_is_told_instead(backend: FakeBackend, api: Api) -> None:
    backend.script(CREDITS, answer({}, 503, Retry_After="86400"))
    with pytest.raises(Unavailable):
        api.credits()


def test_too_many_requests_waits_and_asks_once_more(backend: FakeBackend, api: Api) -> None:
    backend.script(CREDITS, refusal(429))
    api.credits()
    backend.script(CREDITS, refusal(429, 429), refusal(429, 429))
    with pytest.raises(RateLimited):
        api.credits()


def test_a_render_is_asked_for_once(backend: FakeBackend, api: Api) -> None:
    session = api.session()
    backend.script(RENDER, BROKEN)
    with pytest.raises(AnswerLost):
        api.render("render_1", session.id, {}, {})
    backend.script(RENDER, empty(502))
    with pytest.raises(Unavailable):
        api.render("render_2", session.id, {}, {})
    assert len(backend.calls(RENDER)) == 2


def test_nobody_there(backend: FakeBackend, tmp_path: Path) -> None:
    api = make(backend, tmp_path, NEMO_API_URL="http://127.0.0.1:9")
    with pytest.raises(Unreachable, match=r"Nothing answers at http://127\.0\.0\.1:9") as caught:
        api.credits()
    assert caught.value.__cause__ is None


# Refusals that depend on who the user is


@pytest.mark.parametrize(
    ("bind", "link"),
    [("bind-1", "/register?bind=bind-1"), ("", "/register"), ("a&b", "/register?bind=a%26b")],
)
def test_no_credits_of_an_anonymous_user(
    backend: FakeBackend, api: Api, bind: str, link: str
) -> None:
    backend.script(SESSION, ok({"session_id": "s", "task_id": "t", "bind_id": bind}))
    backend.sessions["s"] = {}
    session = api.session()
    backend.script(RENDER, refusal(2001))
    with pytest.raises(NoCredits) as caught:
        api.render("render_1", session.id, {}, {})
    assert caught.value.link == f"https://nemovideo.example{link}"
    assert str(caught.value).endswith(caught.value.link)


def test_the_bind_id_comes_from_the_state_if_need_be(backend: FakeBackend, api: Api) -> None:
    backend.script(SESSION, ok({"session_id": "s", "task_id": "t"}))
    backend.sessions["s"] = {}
    backend.state_extra = {"bind_id": "bind-9"}
    backend.script(MESSAGE, refusal(2001))
    with pytest.raises(NoCredits, match="bind=bind-9"):
        api.turn(api.session(), "hello")


def test_a_state_that_asks_for_credits_itself_is_told_once(backend: FakeBackend, api: Api) -> None:
    backend.script(SESSION, ok({"session_id": "s", "task_id": "t"}))
    backend.script(STATE, *[refusal(2001)] * 9)
    with pytest.raises(NoCredits, match="/register"):
        api.state(api.session().id)
    assert len(backend.calls(STATE)) == 2


def test_a_studio_that_ended_is_started_again(
    backend: FakeBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Engine("studio", "http://127.0.0.1:9", "http://127.0.0.1:9", "dummy-studio")
    started = Engine("studio", backend.url, backend.url, "dummy-studio")
    starts: list[object] = []

    def studio(settings: Settings) -> Engine:
        starts.append(settings)
        return started

    monkeypatch.setattr("skill.api.client.studio", studio)
    settings = Settings.read(backend.environ(tmp_path / "state"))
    api = Api(gone, settings)
    assert api.credits().available == 100
    session = api.session()
    assert api.claim(session).startswith(backend.url)
    assert len(starts) == 1
    api = Api(gone, settings)
    assert api.turn(session, "hello").text == "Done."
    assert len(backend.calls(MESSAGE)) == 1


def test_no_credits_of_a_registered_user(backend: FakeBackend, tmp_path: Path) -> None:
    backend.tokens.add("dummy-own")
    api = make(backend, tmp_path, NEMO_TOKEN="dummy-own")
    backend.script(MESSAGE, refusal(2001))
    with pytest.raises(NoCredits, match="Top up credits in your account") as caught:
        api.turn(api.session(), "hello")
    assert caught.value.link == ""


@pytest.mark.parametrize("reply", [refusal(402), refusal(402, 402), empty(402)])
def test_a_plan_without_exports(backend: FakeBackend, api: Api, reply: Reply) -> None:
    backend.script(RENDER, reply)
    with pytest.raises(ExportBlocked) as caught:
        api.render("render_1", api.session().id, {}, {})
    assert "Register or upgrade your plan to unlock export." in str(caught.value)
    assert caught.value.link in str(caught.value)


def test_a_render_that_is_not_known(api: Api) -> None:
    with pytest.raises(NotFound):
        api.render_status("render_0")
