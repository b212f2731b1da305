"""What stays at home: no redirect, proxy or cookie takes a request elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_backend import CREDITS, MESSAGE, FakeBackend, Reply, answer

from skill.api import Api
from skill.errors import ApiError, BadAnswer

pytestmark = pytest.mark.usefixtures("short_waits")


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
