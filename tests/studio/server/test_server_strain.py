"""Clients that are slow, many, large or strange: the studio stays there for the others."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from skill.studio import worker
from skill.studio.media import MediaError
from skill.studio.server import connection, multipart
from skill.studio.server import fetch as fetching
from skill.studio.server.fetch import FetchError, fetch


def dial(running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.studio.port), 20)


def drip(running, head: bytes, piece: bytes) -> bytes:
    """Send a head, then a piece again and again, until the studio has hung up; its last words."""
    said = b""
    with dial(running) as slow:
        slow.sendall(head)
        slow.settimeout(0.05)
        for _ in range(400):
            with contextlib.suppress(TimeoutError):
                data = slow.recv(4096)
                if not data:
                    return said
                said += data
                continue
            with contextlib.suppress(OSError):
                slow.sendall(piece)
    raise AssertionError("the studio still listens")


HEAD = b"POST /run_sse HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"


@pytest.mark.parametrize("head", [b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_never_comes_is_not_waited_for(running, client, monkeypatch, head) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    drip(running, head, b"X: y\r\n" if head.endswith(b"\n") else b"")
    client.session()


def test_a_body_that_drips_is_not_waited_for(running, client, monkeypatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    head = HEAD % running.studio.port + b"Authorization: Bearer %b\r\n" % client.token.encode()
    head += b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
    drip(running, head, b" ")
    client.session()


def test_what_comes_after_a_refusal_is_not_waited_for(running, client, monkeypatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    head = HEAD % running.studio.port + b"Content-Length: 100000000\r\n\r\n"
    assert b" 401 " in drip(running, head, b"x" * 4096)
    client.session()


def test_a_slow_upload_that_goes_on_is_waited_for(running, client, monkeypatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.15)

    def slowly() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(12):
            time.sleep(0.05)
            yield b"no film " * 400
        yield b"\r\n--b--\r\n"

    path = f"/api/upload-video/nemo_agent/me/{client.session()}"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post(path, data=slowly(), headers=kind).json()["code"] == 4001


def test_many_silent_connections_keep_nobody_out(running, client) -> None:
    with contextlib.ExitStack() as held:
        for number in range(connection.CONNECTIONS + 40):
            silent = held.enter_context(dial(running))
            if number % 2:
                silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        running.client().session()


def test_headers_without_measure_are_refused(running, client) -> None:
    with contextlib.suppress(requests.ConnectionError):
        answer = client.get("/health?nonce=" + "n" * 16, headers={"X-Long": "x" * 200_000})
        assert answer.status_code == 400
    client.session()


# -- bodies ---------------------------------------------------------------------------------


def post(client, data: object, **headers: str) -> dict:
    path = f"/api/upload-video/nemo_agent/me/{client.session()}"
    kind = {"Content-Type": "multipart/form-data; boundary=b", **headers}
    return dict(client.post(path, data=data, headers=kind).json())


def part(field: str, data: bytes = b"x") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"'
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


def test_thousands_of_parts_are_refused(client, running) -> None:
    answer = post(client, part("x") * 5000 + b"--b--\r\n")
    assert (answer["code"], "100 parts" in answer["message"]) == (400, True)
    assert list((running.studio.store.files.folder / "incoming").iterdir()) == []


def test_a_field_that_is_no_file_is_not_listened_to_for_ever(client) -> None:
    answer = post(client, part("note", bytes(3 << 20)) + b"--b--\r\n")
    assert answer["code"] == 400


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_without_end_is_refused(client, running, monkeypatch, chunked) -> None:
    monkeypatch.setattr(multipart, "BODY_BYTES", 300_000)
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
    body = head + bytes(900_000)
    with contextlib.suppress(requests.ConnectionError):  # hung up on while it was sending
        assert post(client, iter([body[:1000], body[1000:]]) if chunked else body)["code"] == 4002
    assert list((running.studio.store.files.folder / "incoming").iterdir()) == []


def test_files_are_looked_at_a_few_at_a_time(client, running, monkeypatch) -> None:
    running.studio.uploading = asyncio.Semaphore(2)
    now, most, lock = [0], [0], threading.Lock()

    def look(files: object) -> list[MediaError]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.05)
        with lock:
            now[0] -= 1
        return [MediaError(4001, "no film")]

    monkeypatch.setattr(worker, "probe", look)
    sessions = [client.session() for _ in range(6)]
    threads = [
        threading.Thread(target=running.client().upload, args=(session, ("a.mp4", b"x")))
        for session in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most[0] <= 2


# -- links ----------------------------------------------------------------------------------


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes, bytes], str]]:
    """A web site that answers with a head at once, and the rest a byte at a time, for ever."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def site(head: bytes, piece: bytes) -> str:
        def serve() -> None:
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                with peer:
                    peer.recv(4096)
                    peer.sendall(head)
                    while not over.wait(0.02):
                        peer.sendall(piece)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/a.mp4"

    yield site
    over.set()
    listener.close()


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", b"y"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\ny\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"y"),
    ],
)
def test_a_site_that_drips_is_given_up(monkeypatch, dripping, head, piece) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.3)
    with pytest.raises(FetchError):
        fetch(dripping(head, piece), lambda _: None, private=True)


def test_a_name_is_looked_up_once_and_that_address_is_used(monkeypatch) -> None:
    """A name that leads elsewhere the second time (DNS rebinding) is not asked a second time."""
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (next(answers), 80))]

    monkeypatch.setattr(fetching, "getaddrinfo", resolve)
    dialled = []

    def dial_(address: tuple[str, int], *_: object) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", dial_)
    with pytest.raises(FetchError):
        fetch("http://rebind.example/a.mp4", lambda _: None)
    assert dialled == ["93.184.216.34"]
    with pytest.raises(FetchError, match="private"):
        fetch("http://rebind.example/a.mp4", lambda _: None)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "017700000001", "localhost."])
def test_this_machine_in_any_notation_is_refused(host) -> None:
    with pytest.raises(FetchError):
        fetch(f"http://{host}/a.mp4", lambda _: None)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/run_sse", "application/json"),
        ("/api/upload-video/nemo_agent/me/{session}", "multipart/form-data; boundary=b"),
    ],
)
def test_a_client_that_hangs_up_in_its_body_is_no_failure(
    running, client, caplog, path, kind
) -> None:
    path = path.format(session=client.session())
    ended = threading.Event()
    leave = running.studio.activity.leave
    with dial(running) as brief, pytest.MonkeyPatch.context() as patch:
        patch.setattr(running.studio.activity, "leave", lambda: (leave(), ended.set()))
        brief.sendall(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{running.studio.port}\r\n"
            f"Authorization: Bearer {client.token}\r\nContent-Type: {kind}\r\n"
            "Content-Length: 500\r\n\r\n{".encode()
        )
        brief.close()
        assert ended.wait(20)
    client.session()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
