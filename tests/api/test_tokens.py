"""The token of an account: asked for once, kept for its owner, renewed where it is refused."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest
from api_kit import make
from fake_backend import CREDITS, TOKEN, FakeBackend, Reply, empty, ok, refusal

from skill.api import Api
from skill.errors import ApiError, BadAnswer, MissingClientId, RateLimited, TokenRefused

pytestmark = pytest.mark.usefixtures("short_waits")


def state_files(folder: Path) -> dict[str, int]:
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder / "state").rglob("*")}
    return {str(path.relative_to(folder)): mode for path, mode in found.items()}


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
