"""Sessions: kept for the next process, replaced where they are lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from api_kit import make
from fake_backend import CLAIM, SESSION, STATE, TOKEN, FakeBackend, ok, refusal

from skill.api import Api
from skill.errors import BadAnswer, SessionLost

pytestmark = pytest.mark.usefixtures("short_waits")


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


def test_the_kept_state_is_json_that_others_can_read(tmp_path: Path, api: Api) -> None:
    api.session("en")
    kept = json.loads((tmp_path / "state" / "sessions.json").read_text())
    assert [session["id"] for session in kept.values()] == ["session-1"]
