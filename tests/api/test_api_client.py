from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from dataclasses import replace
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
    ApiError,
    BadAnswer,
    ExportBlocked,
    FileError,
    FileTooLarge,
    MissingClientId,
    NoCredits,
    NotFound,
    RateLimited,
    SessionLost,
    TokenRefused,
    Unavailable,
    Unreachable,
    UnsupportedFile,
)
from skill.phrases.errors import explain
from skill.settings import Settings

BROKEN = sse(RESET)

pytestmark = pytest.mark.usefixtures("short_waits")


def state_files(folder: Path) -> dict[str, int]:
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder / "state").rglob("*")}
    return {str(path.relative_to(folder)): mode for path, mode in found.items()}


# The token


def test_one_token_is_asked_for_and_kept(backend: FakeBackend, tmp_path: Path, api: Api) -> None:
    api.credits()
    api.credits()
    make(backend, tmp_path).credits()
    (asked,) = backend.calls(TOKEN)
    assert asked.headers["x-client-id"] == "dummy-client-id"
    assert "authorization" not in asked.headers
    assert {seen.headers["authorization"] for seen in backend.calls(CREDITS)} == {
        "Bearer dummy-token-1"
    }


def test_the_token_is_for_its_owner_only(tmp_path: Path, api: Api) -> None:
    umask = os.umask(0)
    try:
        api.credits()
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    modes = state_files(tmp_path)
    assert modes["state/tokens.json"] == 0o600
    assert set(modes.values()) <= {0o600, 0o700}


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path, api: Api) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    api.credits()
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize("reply", [refusal(1001), refusal(1001, 401), empty(401)])
def test_a_refused_token_is_renewed_once(backend: FakeBackend, api: Api, reply: Reply) -> None:
    api.credits()
    backend.script(CREDITS, reply)
    assert api.credits().available == 100
    assert [seen.headers["x-client-id"] for seen in backend.calls(TOKEN)] == ["dummy-client-id"] * 2
    backend.script(CREDITS, reply, reply)
    with pytest.raises(TokenRefused):
        api.credits()
    assert len(backend.calls(TOKEN)) == 3


def test_the_users_own_token_is_used_and_never_replaced(
    backend: FakeBackend, tmp_path: Path
) -> None:
    backend.tokens.add("dummy-own")
    api = make(backend, tmp_path, NEMO_TOKEN="dummy-own")
    api.credits()
    backend.tokens.clear()
    with pytest.raises(TokenRefused, match="NEMO_TOKEN") as caught:
        api.credits()
    assert "dummy" not in str(caught.value)
    assert backend.calls(TOKEN) == []
    assert "dummy-own" not in "".join(
        path.read_text() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_too_many_tokens_waits_and_asks_once_more(backend: FakeBackend, api: Api) -> None:
    backend.script(TOKEN, refusal(429, 429))
    api.credits()
    first, second = backend.calls(TOKEN)
    assert second.at - first.at >= 0.1  # AI_VIDEO_RETRY_AFTER


def test_too_many_tokens_twice_is_told(backend: FakeBackend, api: Api) -> None:
    backend.script(TOKEN, *[refusal(429, 429)] * 2)
    with pytest.raises(RateLimited, match="7 days") as caught:
        api.credits()
    assert caught.value.retry
    assert len(backend.calls(TOKEN)) == 2


def test_a_client_id_is_made_again_where_it_is_refused(
    backend: FakeBackend, tmp_path: Path, home: Path
) -> None:
    kept = home / ".config" / "nemovideo" / "client_id"
    kept.parent.mkdir(parents=True)
    kept.write_text("dummy-old\n")
    backend.script(TOKEN, refusal(400, 400))
    make(backend, tmp_path, NEMO_CLIENT_ID="").credits()
    first, second = (seen.headers["x-client-id"] for seen in backend.calls(TOKEN))
    assert first == "dummy-old"
    assert second == kept.read_text().strip() != first


def test_the_users_own_client_id_is_not_replaced(backend: FakeBackend, api: Api) -> None:
    backend.script(TOKEN, refusal(400, 400))
    with pytest.raises(MissingClientId, match="NEMO_CLIENT_ID"):
        api.credits()


@pytest.mark.parametrize("token", [None, "", 7, "with space", "line\r\nX-Evil: 1", "x" * 5000])
def test_a_token_that_no_header_can_carry(backend: FakeBackend, api: Api, token: object) -> None:
    backend.script(TOKEN, ok({"token": token}))
    with pytest.raises(BadAnswer, match="no token"):
        api.credits()


def test_a_damaged_token_file_is_set_aside_with_a_word(
    backend: FakeBackend, tmp_path: Path, api: Api
) -> None:
    api.credits()
    (tmp_path / "state" / "tokens.json").write_text('{"torn')
    again = make(backend, tmp_path)
    again.credits()
    assert (tmp_path / "state" / "tokens.json.corrupt").read_text() == '{"torn'
    assert [notice.name for notice in again.notices] == ["tokens.json"]


def test_no_secret_in_reprs_errors_and_logs(
    backend: FakeBackend, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.credits()
    backend.script(CREDITS, *[refusal(7777, 400, "token dummy-token-1 nmv_usr_dummy bad")] * 2)
    with pytest.raises(ApiError) as caught:
        api.credits()
    words = f"{api!r} {api.engine!r} {api.settings!r} {api._tokens!r} {caplog.text}"
    assert "dummy-token" not in words
    assert "dummy-client" not in words
    assert "nmv_usr_dummy" not in str(caught.value)


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


# Sessions


def test_a_session_is_kept_for_the_next_process(
    backend: FakeBackend, tmp_path: Path, api: Api
) -> None:
    session = api.session("en")
    assert (session.id, session.task, session.bind) == ("session-1", "task-1", "bind-1")
    assert make(backend, tmp_path).session("de").id == "session-1"
    assert len(backend.calls(SESSION)) == 1


def test_a_lost_session_is_replaced_once(backend: FakeBackend, api: Api) -> None:
    old = api.session("en")
    backend.sessions.clear()
    backend.sessions["other"] = {}
    state = api.in_session(lambda session: api.state(session.id))
    assert state.draft == {"t": []}
    assert api.session().id == "session-2"
    assert backend.calls(SESSION)[-1].json["language"] == "en"
    assert api.renew(old).id == "session-2"  # somebody has done it already


def test_a_session_that_is_lost_again_is_told(backend: FakeBackend, api: Api) -> None:
    backend.script(STATE, refusal(1002), refusal(1002))
    with pytest.raises(SessionLost):
        api.in_session(lambda session: api.state(session.id))
    assert len(backend.calls(SESSION)) == 2


def test_a_new_session_leaves_the_old_one(backend: FakeBackend, api: Api) -> None:
    assert [api.session().id, api.new_session("en").id, api.session().id] == [
        "session-1",
        "session-2",
        "session-2",
    ]


def test_sessions_of_another_account_are_apart(
    backend: FakeBackend, tmp_path: Path, api: Api
) -> None:
    backend.tokens.add("dummy-own")
    assert api.session().id == "session-1"
    assert make(backend, tmp_path, NEMO_TOKEN="dummy-own").session().id == "session-2"
    assert api.session().id == "session-1"


@pytest.mark.parametrize("data", [{}, {"session_id": ""}, {"session_id": 5}])
def test_a_session_answer_without_a_session(
    backend: FakeBackend, api: Api, data: dict[str, object]
) -> None:
    backend.script(SESSION, ok(data))
    with pytest.raises(BadAnswer, match="no session"):
        api.session()


def test_the_project_link(backend: FakeBackend, api: Api) -> None:
    session = api.session()
    assert api.claim(session) == "https://nemovideo.example/workspace/claim?ct=clm_dummy"
    assert backend.calls(CLAIM)[0].json == {"task_id": "task-1", "session_id": "session-1"}
    backend.script(CLAIM, ok({"claim_token": "a&b c"}))
    assert api.claim(session).endswith("?ct=a%26b%20c")


WORKER = """
import sys
from skill.api import Api
from skill.engine import Engine, choose
from skill.settings import Settings
settings = Settings.read()
api = Api(choose(settings), settings)
print(api.session("en").id, api.credits().available)
"""


def test_many_processes_ask_for_one_token_and_one_session(
    backend: FakeBackend, tmp_path: Path
) -> None:
    environ = {**os.environ, **backend.environ(tmp_path / "state")}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], env=environ, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in running}
    assert said == {"session-1 100"}
    assert len(backend.calls(TOKEN)) == 1
    assert len(backend.calls(SESSION)) == 1


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


# Uploads


def test_a_file_is_sent_as_multipart(backend: FakeBackend, api: Api, tmp_path: Path) -> None:
    clip = tmp_path / "my clip.mp4"
    clip.write_bytes(mp4(300_000))
    seen: list[tuple[int, int]] = []
    api.upload_file(api.session().id, clip, lambda done, total: seen.append((done, total)))
    (sent,) = backend.calls(UPLOAD)
    assert sent.path.endswith("/session-1")
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert sent.headers["content-length"] == str(len(sent.body))
    assert b'name="files"; filename="my clip.mp4"' in sent.body
    assert mp4(300_000) in sent.body
    assert seen[-1] == (clip.stat().st_size,) * 2


def test_a_file_is_sent_again_after_a_refused_token(
    backend: FakeBackend, api: Api, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(mp4())
    session = api.session()
    backend.script(UPLOAD, refusal(1001, 401))
    api.upload_file(session.id, clip)
    assert len(backend.uploads) == 1
    assert mp4() in backend.uploads[0]


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        ("notes.txt", 10, UnsupportedFile),
        ("big.mp4", 210_000_000, FileTooLarge),
        ("missing.mp4", None, FileError),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_a_byte_is_sent(
    backend: FakeBackend,
    api: Api,
    tmp_path: Path,
    name: str,
    size: int | None,
    kind: type[Exception],
) -> None:
    if size is not None:
        with (tmp_path / name).open("wb") as file:
            file.write(mp4(100) if name.endswith("mp4") else b"text")
            file.truncate(size)
    with pytest.raises(kind, match=name.partition(".")[0]):
        api.upload_file("session-1", tmp_path / name)
    assert backend.seen == []


@pytest.mark.parametrize("url", ["ftp://x/a.mp4", "file:///etc/passwd", "clip.mp4", "http://", ""])
def test_only_web_addresses_are_passed_on(backend: FakeBackend, api: Api, url: str) -> None:
    with pytest.raises(FileError):
        api.upload_url("session-1", [url])
    assert backend.seen == []


# What stays at home


def test_a_redirect_within_the_origin_is_followed_by_reads(backend: FakeBackend, api: Api) -> None:
    backend.script(CREDITS, Reply(307, headers={"Location": "/api/credits/balance/simple?v=2"}))
    assert api.credits().available == 100


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_leaves_the_origin(backend: FakeBackend, api: Api, status: int) -> None:
    session = api.session()
    with FakeBackend() as other:
        away = Reply(status, headers={"Location": f"{other.url}/api/credits/balance/simple"})
        backend.script(CREDITS, *[away] * 5)
        backend.script(MESSAGE, away)
        with pytest.raises(BadAnswer, match="another address"):
            api.credits()
        with pytest.raises(ApiError):
            api.turn(session, "hello")
        assert other.seen == []


def test_no_redirect_is_read_as_our_own_origin_that_is_another(
    backend: FakeBackend, api: Api
) -> None:
    api.session()
    with FakeBackend() as other:
        host = backend.url.removeprefix("http://")
        for place in (f"{other.url}\\@{host}/", f"{other.url}\t@{host}/", f"http://x@{host}/"):
            backend.script(CREDITS, Reply(302, headers={"Location": place}))
            with pytest.raises(BadAnswer, match="another address"):
                api.credits()
        assert other.seen == []


def test_a_redirect_in_a_circle_ends(backend: FakeBackend, api: Api) -> None:
    circle = Reply(302, headers={"Location": "/api/credits/balance/simple"})
    backend.script(CREDITS, *[circle] * 30)
    with pytest.raises(BadAnswer, match="circle"):
        api.credits()


def test_the_environment_changes_no_request(
    backend: FakeBackend, api: Api, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".netrc").write_text("default login dummy password dummy\n")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    backend.script(CREDITS, answer({"code": 0, "data": {"available": 1}}, Set_Cookie="a=b"))
    api.credits()
    api.credits()
    last = backend.calls(CREDITS)[-1]
    assert last.headers["authorization"] == "Bearer dummy-token-1"
    assert "cookie" not in last.headers


def test_the_kept_state_is_json_that_others_can_read(tmp_path: Path, api: Api) -> None:
    api.session("en")
    kept = json.loads((tmp_path / "state" / "sessions.json").read_text())
    assert [session["id"] for session in kept.values()] == ["session-1"]


def test_the_studio_says_what_is_wrong_with_a_file(backend: FakeBackend, tmp_path: Path) -> None:
    """It has looked into the file; the cloud's words are not ours to pass on."""
    photo = tmp_path / "a.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    words = "a.png is too large (the limit is 8192 pixels a side). Trim it, then retry."
    api = make(backend, tmp_path)
    for kind, told in (("cloud", "200 MB is the limit"), ("studio", "8192 pixels a side")):
        api.engine = replace(api.engine, kind=kind)
        backend.script(UPLOAD, refusal(4002, 413, words))
        with pytest.raises(FileTooLarge, match=told) as caught:
            api.upload_file(api.session().id, photo)
        assert ("8192" in explain(caught.value, "zh")) == (kind == "studio")
