"""Sessions, state and credits."""

from __future__ import annotations


def used(client):
    return client.get("/api/credits/balance/simple").json()["data"]["used"]


def test_a_session_begins_with_an_empty_full_hd_timeline(client):
    state = client.state(client.session())
    assert state["draft"]["m"] == {"w": 1920, "h": 1080, "fps": 30}
    assert state["draft"]["t"] == []
    assert state["canvas_config"] == {"width": 1920, "height": 1080, "fps": 30, "ratio": "16:9"}
    assert state["video_infos"] == []
    assert state["generated_media"] == []


def test_the_state_names_what_was_generated(client):
    session = client.session()
    client.say(session, "ocean")
    (made,) = client.state(session)["generated_media"]
    assert (made["type"], made["duration"]) == ("video", 1000)
    assert made["name"].startswith("ocean")


def test_sessions_are_apart(client):
    first, second = client.session(), client.session()
    client.say(first, "ocean")
    assert client.names(second) == []


def test_an_unknown_session_has_no_state(client):
    answer = client.get("/api/state/nemo_agent/me/nobody/latest")
    assert (answer.status_code, answer.json()["code"]) == (404, 1002)


def test_a_language_that_is_none_counts_as_english(client, running):
    for language, kept in (("zh-CN", "zh-CN"), ("", "en"), ("<script>", "en")):
        found = running.studio.store.sessions.find(client.session(language=language))
        assert found.language == kept


def test_credits_are_free_and_counted(client):
    before = used(client)
    session = client.session()
    for message in ("ocean", "forest", "undo", "hello"):
        client.say(session, message)
    client.render(session)
    client.finish()
    data = client.get("/api/credits/balance/simple").json()["data"]
    now = data.pop("used")
    assert data == {"available": 100, "frozen": 0, "total": 100, "free": True}
    made = {name: now[name] - before[name] for name in now}
    assert made == {"clips": 2, "edits": 1, "exports": 1}


def test_each_version_grows_from_another_seed(client):
    session = client.session()
    client.say(session, "ocean")
    client.say(session, "ocean")
    first, second = client.names(session)
    assert first != second
