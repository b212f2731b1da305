"""Uploads by file and by link: looked at, kept by content, placed on the timeline."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.server import fetch as fetching
from skill.studio.server import uploads
from skill.studio.server.fetch import FetchError, fetch, is_public
from skill.studio.server.uploads import plain_name


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> bytes:
    from PIL import Image

    path = tmp_path_factory.mktemp("photo") / "photo.png"
    Image.new("RGB", (64, 48), (10, 80, 200)).save(path)
    return path.read_bytes()


def test_a_file_is_described_kept_and_placed(client, running, photo):
    session = client.session()
    answer = client.upload(session, ("photo.png", photo)).json()
    (info,) = answer["data"]["files"]
    assert answer["code"] == 0
    assert info == {
        "id": hashlib.sha256(photo).hexdigest(),
        "name": "photo.png",
        "type": "image",
        "format": "png",
        "duration": 0,
        "width": 64,
        "height": 48,
        "has_audio": False,
        "size": len(photo),
    }
    assert client.state(session)["video_infos"] == [info]
    assert client.names(session) == ["photo.png"]
    assert running.studio.store.files.path(info["id"]).read_bytes() == photo


def test_several_files_keep_their_order(client, photo):
    session = client.session()
    client.upload(session, ("b.png", photo), ("a.png", photo), ("c.png", photo))
    assert client.names(session) == ["b.png", "a.png", "c.png"]


def test_the_agent_sees_the_new_files_and_all_before(client, running, photo):
    seen = []
    place = running.studio.place

    def spy(media, project):
        seen.append(([m.name for m in media], [m.name for m in project.media]))
        return place(media, project)

    running.studio.place = spy
    session = client.session()
    client.upload(session, ("a.png", photo))
    client.upload(session, ("b.png", photo))
    assert seen == [(["a.png"], ["a.png"]), (["b.png"], ["a.png", "b.png"])]


def test_one_bad_file_does_not_keep_the_others_out(client, photo):
    session = client.session()
    data = client.upload(session, ("a.png", photo), ("b.txt", b"hello")).json()["data"]
    assert [file["name"] for file in data["files"]] == ["a.png"]
    assert [(file["name"], file["code"]) for file in data["failed"]] == [("b.txt", 4001)]
    assert client.names(session) == ["a.png"]


def test_an_unsupported_file_is_4001(client, running):
    session = client.session()
    answer = client.upload(session, ("film.mp4", b"MZ this is no film"))
    assert (answer.status_code, answer.json()["code"]) == (415, 4001)
    assert "mp4" in answer.json()["message"]
    assert client.names(session) == []
    assert list((running.studio.store.files.folder / "incoming").iterdir()) == []


def test_a_file_over_the_limit_is_4002_and_leaves_nothing(client, running, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    session = client.session()
    answer = client.upload(session, ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(300_000)))
    assert (answer.status_code, answer.json()["code"]) == (413, 4002)
    assert list((running.studio.store.files.folder / "incoming").iterdir()) == []


def test_an_upload_that_breaks_off_is_refused_and_leaves_nothing(client, running, photo):
    session = client.session()
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    answer = client.post(
        f"/api/upload-video/nemo_agent/me/{session}",
        data=head + photo,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert answer.json()["code"] == 400
    assert client.names(session) == []
    assert list((running.studio.store.files.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=b", b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"garbage"),
        ("multipart/form-data", b"x"),
        ("text/plain", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"y" * 20_000),
        ("application/json", b'{"urls": []}'),
        ("application/json", b'{"urls": "https://example.com"}'),
        ("application/json", b'{"urls": [3]}'),
    ],
)
def test_what_is_no_upload_is_refused(client, kind, body):
    path = f"/api/upload-video/nemo_agent/me/{client.session()}"
    answer = client.post(path, data=body, headers={"Content-Type": kind})
    assert answer.json()["code"] == 400


def test_another_field_is_not_a_file(client, photo):
    path = f"/api/upload-video/nemo_agent/me/{client.session()}"
    answer = client.post(path, files=[("other", ("a.png", photo))], data={"files": "text"})
    assert answer.json()["code"] == 400


def test_an_upload_to_an_unknown_session_is_1002(client, photo):
    assert client.upload("nobody", ("a.png", photo)).json()["code"] == 1002


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("clip.mp4", "clip.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\clip.mp4", "clip.mp4"),
        ("夏の海.mp4", "夏の海.mp4"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\x1b]0;x\x07clip\n.mp4", "]0;xclip.mp4"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".mp4", "x" * 90 + ".mp4"),
    ],
)
def test_names_are_made_plain(given, kept):
    assert plain_name(given) == kept


@settings(max_examples=100)
@given(st.text())
def test_a_plain_name_is_one_short_line_without_a_path(name):
    kept = plain_name(name)
    assert 0 < len(kept) <= 100
    assert "/" not in kept
    assert "\n" not in kept


def test_a_name_in_any_script_arrives(client, photo):
    session = client.session()
    client.upload(session, ("夏の海 ☀.png", photo))
    assert client.names(session) == ["夏の海 ☀.png"]


# -- by link --------------------------------------------------------------------------------


class Site(ThreadingHTTPServer):
    """A small web site on loopback, with whatever a test puts on it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        status, headers, body = site.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(client, session: str, *urls: str) -> requests.Response:
    path = f"/api/upload-video/nemo_agent/me/{session}"
    return client.post(path, json={"urls": list(urls), "source_type": "url"})


def test_a_link_comes_in_like_a_file(client, running, site, photo):
    running.studio.private_urls = True
    site.pages["/a/b%20c.png?x=1"] = (200, {}, photo)
    session = client.session()
    answer = send(client, session, f"{site.url}/a/b%20c.png?x=1").json()
    assert answer["data"]["files"][0]["name"] == "b c.png"
    assert client.names(session) == ["b c.png"]


def test_a_link_into_the_private_network_is_refused(client, site, photo):
    site.pages["/a.png"] = (200, {}, photo)
    answer = send(client, client.session(), f"{site.url}/a.png").json()
    assert answer["code"] == 400
    assert "private" in answer["message"]


def test_a_linked_file_over_the_limit_is_4002(client, running, site, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    running.studio.private_urls = True
    site.pages["/a.mp4"] = (200, {}, bytes(50_000))
    assert send(client, client.session(), f"{site.url}/a.mp4").json()["code"] == 4002


def body_of(url: str) -> tuple[str, bytes]:
    got = bytearray()
    return fetch(url, got.extend, private=True), bytes(got)


def test_redirects_are_followed_a_few_times(site):
    site.pages["/1"] = (302, {"Location": "/2"}, b"")
    site.pages["/2"] = (307, {"Location": f"{site.url}/end.bin"}, b"")
    site.pages["/end.bin"] = (200, {}, b"data")
    assert body_of(f"{site.url}/1") == ("end.bin", b"data")
    site.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    with pytest.raises(FetchError, match="redirects"):
        body_of(f"{site.url}/loop")


def test_a_redirect_into_the_private_network_is_refused(site, monkeypatch):
    # The first address counts as public, the one it leads to does not.
    site.pages["/1"] = (302, {"Location": f"http://localhost:{site.server_port}/2"}, b"")
    seen = []

    def public(address: str) -> bool:
        seen.append(address)
        return len(seen) == 1

    monkeypatch.setattr(fetching, "is_public", public)
    with pytest.raises(FetchError, match="private"):
        fetch(f"{site.url}/1", lambda _: None)


def test_a_redirect_to_a_file_is_refused(site):
    site.pages["/1"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(FetchError, match="http"):
        body_of(f"{site.url}/1")


def test_a_name_may_come_in_a_header(site):
    site.pages["/x"] = (200, {"Content-Disposition": 'attachment; filename="film.mp4"'}, b"d")
    assert body_of(f"{site.url}/x")[0] == "film.mp4"


def test_a_path_in_any_script_is_fetched(site):
    site.pages["/%E6%B5%B7.png"] = (200, {}, b"d")
    assert body_of(f"{site.url}/海.png") == ("海.png", b"d")


@pytest.mark.parametrize("kept", [True, False])
def test_a_site_that_keeps_its_connections_is_read(site, monkeypatch, kept):
    monkeypatch.setattr(_Page, "protocol_version", "HTTP/1.1")
    site.pages["/1"] = (302, {"Location": "/2"}, b"moved")
    site.pages["/2"] = (200, {} if kept else {"Connection": "close"}, b"d" * 600_000)
    assert body_of(f"{site.url}/1") == ("2", b"d" * 600_000)


def test_a_short_body_is_a_broken_download(site):
    site.pages["/x"] = (200, {"Content-Length": "100"}, b"short")
    with pytest.raises(FetchError, match="broke off"):
        body_of(f"{site.url}/x")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a",
        "https://user:dummy@example.com/",
        "http://",
        "http://[",
        "http://example.com:99999999/",
        "nonsense",
        "",
    ],
)
def test_what_is_no_web_link_is_refused(url):
    with pytest.raises(FetchError):
        body_of(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 as text
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public
