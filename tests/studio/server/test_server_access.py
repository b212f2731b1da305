"""Who gets in: Host, Origin, client id, tokens; and what every answer looks like."""

from __future__ import annotations

import errno
import http.client
import socket
import sqlite3
from types import SimpleNamespace

import pytest
import requests

from skill.studio.server.app import application

TOKEN = "/api/auth/anonymous-token"
BALANCE = "/api/credits/balance/simple"


def ask(running, path: str, **headers: str) -> requests.Response:
    http = requests.Session()
    http.trust_env = False
    return http.get(running.studio.url + path, headers=headers, timeout=10)


def test_a_client_id_is_needed_for_a_token(running):
    answer = requests.post(running.studio.url + TOKEN, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


def test_another_client_id_gets_no_token(running):
    answer = requests.post(
        running.studio.url + TOKEN, headers={"X-Client-Id": "dummy-other"}, timeout=10
    )
    assert answer.status_code == 403
    assert answer.json()["data"] is None


def test_a_token_has_the_protocols_form(client):
    assert client.token.startswith("nmv_usr_")
    assert len(client.token) > 40


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer dummy-token", "Basic nmv_usr_dummy"])
def test_without_a_valid_token_it_is_1001(running, header):
    answer = ask(running, BALANCE, **({"Authorization": header} if header else {}))
    assert (answer.status_code, answer.json()["code"]) == (401, 1001)


def test_a_claim_token_opens_no_api(client):
    claim = client.claim(client.session())
    answer = client.get(BALANCE, headers={"Authorization": f"Bearer {claim}"})
    assert answer.json()["code"] == 1001


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "[::1]:{port}",
        "evil.example:{port}",
    ],
)
def test_another_host_name_is_refused(client, running, host):
    answer = client.get(BALANCE, headers={"Host": host.format(port=running.studio.port)})
    assert answer.status_code == 403
    assert answer.json()["code"] == 403


def test_localhost_is_a_name_of_it_too(client, running):
    host = f"localhost:{running.studio.port}"
    assert client.get(BALANCE, headers={"Host": host}).status_code == 200


def test_two_host_headers_are_refused(running):
    port = running.studio.port
    with socket.create_connection(("127.0.0.1", port)) as raw:
        host = f"Host: 127.0.0.1:{port}\r\n"
        raw.sendall(f"GET {BALANCE} HTTP/1.1\r\n{host}{host}Connection: close\r\n\r\n".encode())
        assert b"200" not in raw.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_a_foreign_origin_is_refused(client, origin):
    answer = client.get(BALANCE, headers={"Origin": origin})
    assert answer.status_code == 403


def test_its_own_origin_is_let_in(client, running):
    assert client.get(BALANCE, headers={"Origin": running.studio.url}).status_code == 200


def test_a_web_page_is_refused_though_it_hides_its_origin(client):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client.get(BALANCE, headers=headers).status_code == 403


def test_a_click_on_a_project_link_is_let_in(client):
    token = client.claim(client.session())
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get(f"/workspace/claim?ct={token}", headers=headers).status_code == 200
    headers["Sec-Fetch-Mode"] = "no-cors"
    assert client.get(f"/workspace/claim?ct={token}", headers=headers).status_code == 403


def test_it_listens_on_loopback_only(running):
    family = running.server.servers[0].sockets[0].getsockname()
    assert family[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/run_sse", 405), ("GET", "/docs", 404)],
)
def test_even_an_unknown_path_answers_in_the_envelope(client, method, path, status):
    answer = client.http.request(method, client.url + path, timeout=10)
    assert answer.status_code == status
    assert answer.json() == {"code": status, "message": answer.json()["message"], "data": None}


def test_an_unforeseen_error_leaks_nothing(client, running, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(running.studio.store.sessions, "find", broken)
    answer = client.get("/api/state/nemo_agent/me/x/latest")
    assert (answer.status_code, answer.json()["code"]) == (500, 500)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"task_name": ' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_no_object_is_refused(client, body):
    answer = client.post(
        "/api/tasks/me/with-session/nemo_agent",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["code"] == 400


def test_a_form_of_a_web_page_is_no_json(client):
    answer = client.post(
        "/run_sse", data='{"session_id": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(client, chunked):
    body = iter([b"x" * (1 << 19)] * 3) if chunked else b"x" * (3 << 19)
    try:
        answer = client.post("/run_sse", data=body, headers={"Content-Type": "application/json"})
    except requests.ConnectionError:  # refused while it was still being sent
        return
    assert answer.json()["code"] == 413


def test_health_proves_that_it_knows_the_client_id(running):
    from skill.studio.server.app import proof

    nonce = "0123456789abcdef"
    data = ask(running, f"/health?nonce={nonce}").json()["data"]
    assert data["proof"] == proof(running.studio.client_id, nonce)
    assert data["busy"] is False
    assert running.studio.client_id not in str(data)


def test_only_the_client_id_stops_it(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.studio.port)
    connection.request("POST", "/stop", headers={"X-Client-Id": "dummy"})
    assert connection.getresponse().status == 403
    assert not running.server.should_exit
    connection.close()


def test_answers_are_not_held_back_by_nagle(running):
    # 40 ms for every answer, where asyncio does not know that the socket is TCP.
    assert running.server.servers[0].sockets[0].proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "no space"), sqlite3.OperationalError("database is full")]
)
def test_a_full_disk_is_told_in_words(client, running, monkeypatch, error):
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(running.studio.store.sessions, "create", full)
    answer = client.post("/api/tasks/me/with-session/nemo_agent", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, 4507)
    assert "disk is full" in answer.json()["message"]


ROUTES = [
    (method, route.path.replace("{session}", "s").replace("{render}", "r"))
    for route in application(SimpleNamespace(port=1)).routes
    for method in sorted(route.methods)
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "localhost.evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
def test_no_route_answers_a_stranger(client, method, path, headers):
    answer = client.http.request(method, client.url + path, headers=headers, timeout=20)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_lets_a_browser_ask_across_origins(client, method, path):
    """A preflight (CORS) finds no permission, whether its origin is told or not."""
    asks = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-a"}
    for origin in ({}, {"Origin": "https://evil.example"}):
        answer = client.http.options(client.url + path, headers={**asks, **origin}, timeout=20)
        assert answer.status_code >= 400
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] == "POST"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
)
def test_a_form_of_a_page_changes_nothing(running, method, path, kind):
    """What a page can send without asking: it has no token, and no client id."""
    answer = requests.post(
        running.studio.url + path, data=b"--b--\r\n", headers={"Content-Type": kind}, timeout=20
    )
    assert answer.json()["code"] in (400, 403, 1001)
