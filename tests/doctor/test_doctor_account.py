"""The doctor on the backend, the token and the credits."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest
from doctor_kit import QUICK, found, looked
from fake_backend import CREDITS, FakeBackend, answer, ok, refusal

from skill.doctor import Case, account, backend
from skill.engine import origin

DAY = 86_400.0


def keep_token(state: Path, url: str, age: float) -> None:
    kept = {"token": "dummy-token-123456", "client_id": "id", "obtained": time.time() - age}
    (state / "tokens.json").write_text(json.dumps({origin(url): kept}))
    (state / "tokens.json").chmod(0o600)


def test_a_cloud_that_refuses_is_told_with_the_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        monkeypatch.setenv("NEMO_API_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        line = found(looked(backend.cloud, Case.read()), "cloud", "warning")
        assert line.found.endswith("cannot be reached: the connection was refused")
        asked = Case.read(backend="cloud")
        assert found(looked(backend.cloud, asked), "cloud", "failure").mend.endswith(
            "or use --backend studio."
        )


def test_a_project_in_the_cloud_is_not_moved(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("NEMO_API_URL", url)
        session = {"id": "s", "worked": time.time()}
        (state / "sessions.json").write_text(json.dumps({origin(url): session}))
        case = Case.read()
        assert case.choice == "cloud"
        assert "project of the last days" in looked(backend.backend, case)[0].found
        assert found(looked(backend.cloud, case), "cloud", "failure")


def test_a_proxy_is_named_without_its_password(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:dummy-secret@127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    (line,) = looked(backend.cloud, Case.read())
    assert "by the proxy 127.0.0.1:9) cannot be reached" in line.found
    assert "dummy-secret" not in line.found


def test_the_credits_are_asked_with_a_token_that_is_there(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, DAY)
    cloud.tokens.add("dummy-token-123456")
    cloud.credits = {"available": 40, "frozen": 10, "total": 50}
    case = Case.read()
    assert looked(account.credits, case)[0].found == "40 of 50, 10 reserved"
    assert looked(account.token, case)[0].found == "an anonymous one, good for 6 days more"
    (seen,) = cloud.seen
    assert "x-skill-source" in {name.lower() for name in seen.headers}


def test_no_token_is_asked_for(cloud: FakeBackend, home: Path) -> None:
    line = found(looked(account.credits, Case.read()), "credits", "note")
    assert line.found == "not asked: there is no token to ask with yet"
    assert cloud.seen == []
    assert not (home / ".config").exists()


def test_a_token_that_has_ended_is_not_sent(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, 10 * DAY)
    case = Case.read()
    assert "ended 3 days ago" in found(looked(account.token, case), "token", "note").found
    assert found(looked(account.credits, case), "credits", "note")
    assert cloud.seen == []


def test_offline_asks_nobody(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, DAY)
    case = Case.read(offline=True)
    for check in QUICK:
        looked(check, case)
    assert cloud.seen == []


def test_a_refused_token_is_told_and_no_other_is_asked_for(
    cloud: FakeBackend, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_token(state, cloud.url, DAY)
    cloud.script(CREDITS, refusal(1001), refusal(1001))
    assert found(looked(account.credits, Case.read()), "credits", "note").mend == ""
    monkeypatch.setenv("NEMO_TOKEN", "dummy-account-token")
    line = found(looked(account.credits, Case.read()), "credits", "failure")
    assert "NEMO_TOKEN" in line.mend
    assert [seen.path for seen in cloud.seen] == ["/api/credits/balance/simple"] * 2


def test_no_credits_left_is_a_warning(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, DAY)
    cloud.script(CREDITS, ok({"available": 0, "frozen": 0, "total": 100}), refusal(2001))
    for _ in range(2):
        assert found(looked(account.credits, Case.read()), "credits", "warning").mend


def test_a_token_that_is_said_back_is_not_shown(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, DAY)
    cloud.script(CREDITS, refusal(7777, message="bad dummy-token-123456"))
    case = Case.read()
    told = [item.as_json() for check in QUICK for item in looked(check, case)]
    assert "dummy-token-123456" not in json.dumps(told)


def test_a_clock_that_is_wrong_is_told(
    cloud: FakeBackend, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_token(state, cloud.url, DAY)
    date = "Mon, 05 Jan 2026 10:00:00 GMT"
    assert "ahead of the cloud's" in found(looked(account.clock, date), "clock", "warning").found
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert "1970-01-01" in found(looked(account.clock), "clock", "failure").found
    assert found(looked(account.token, Case.read()), "token", "warning").mend


def test_an_answer_that_is_none_is_told(cloud: FakeBackend, state: Path) -> None:
    keep_token(state, cloud.url, DAY)
    cloud.script(CREDITS, answer([1, 2]))
    assert found(looked(account.credits, Case.read()), "credits", "warning")


@pytest.mark.parametrize(
    ("text", "grade"), [("", "warning"), ("a\x00b", "warning"), ("abc", "well")]
)
def test_a_client_id_is_looked_at_and_not_shown(text: str, grade: str, home: Path) -> None:
    shared = home / ".config" / "nemovideo" / "client_id"
    shared.parent.mkdir(parents=True)
    shared.write_text(text)
    line = found(looked(account.client_id, Case.read()), "client id", grade)
    assert str(shared) in line.found
    assert "abc" not in line.found.replace(str(shared), "")
    assert shared.read_text() == text
