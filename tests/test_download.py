from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest
from fake_backend import CUT, DOWNLOAD, RESET, FakeBackend, Reply, Seen, empty, html, mp4, sse

from skill import download
from skill.api import Api
from skill.download import fetch
from skill.engine import Engine
from skill.errors import DownloadError, FileError, ForbiddenUrl
from skill.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def api(backend: FakeBackend, tmp_path: Path) -> Api:
    settings = Settings.read(backend.environ(tmp_path / "state"))
    return Api(Engine("cloud", backend.url, "https://w.example", "dummy-id"), settings)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_under_its_name(backend: FakeBackend, api: Api, out: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = fetch(
        f"{backend.url}/files/a.mp4",
        out,
        "dawn.mp4",
        api=api,
        progress=lambda got, total: seen.append((got, total)),
    )
    assert path == out / "dawn.mp4"
    assert path.read_bytes() == mp4()
    assert seen[-1] == (len(mp4()), len(mp4()))
    assert names(out) == ["dawn.mp4"]


def test_nothing_is_overwritten(backend: FakeBackend, api: Api, out: Path) -> None:
    (out / "dawn.mp4").write_text("mine")
    (out / "dawn-2.mp4").symlink_to(out / "nowhere")
    told: list[tuple[Path, int]] = []
    path = fetch(
        f"{backend.url}/files/a.mp4",
        out,
        "dawn.mp4",
        api=api,
        naming=lambda path, size: told.append((path, size)),
    )
    assert path == out / "dawn-3.mp4"
    assert told == [(path, len(mp4()))]
    assert (out / "dawn.mp4").read_text() == "mine"


def test_a_file_system_without_links(
    backend: FakeBackend, api: Api, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    (out / "dawn.mp4").write_text("mine")
    path = fetch(f"{backend.url}/files/a.mp4", out, "dawn.mp4", api=api)
    assert path.read_bytes() == mp4()
    assert names(out) == ["dawn-2.mp4", "dawn.mp4"]


def part_of(data: bytes, end: int, **headers: str) -> Reply:
    """An answer that promises all of the data and breaks off."""
    known = {"Content-Length": str(len(data)), "ETag": '"v1"', "Content-Type": "video/mp4"}
    return Reply(200, data[:end], {**known, **headers})


def test_a_break_is_resumed_where_it_was(backend: FakeBackend, api: Api, out: Path) -> None:
    backend.script(DOWNLOAD, part_of(mp4(), 5000))
    path = fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert path.read_bytes() == mp4()
    _, again = backend.calls(DOWNLOAD)
    assert again.headers["range"] == "bytes=5000-"
    assert again.headers["if-range"] == '"v1"'


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    backend: FakeBackend, api: Api, out: Path
) -> None:
    backend.script(DOWNLOAD, part_of(mp4(9000), 5000, ETag='"v0"'))
    path = fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert path.read_bytes() == mp4()


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_without_a_strong_validator_nothing_is_glued(
    backend: FakeBackend, api: Api, out: Path, tag: str
) -> None:
    backend.script(DOWNLOAD, part_of(mp4(), 5000, ETag=tag))
    path = fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert path.read_bytes() == mp4()
    assert all("range" not in seen.headers for seen in backend.calls(DOWNLOAD))


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(206, b"x", {"Content-Range": "bytes 0-0/5"}),
        Reply(206, b"x", {}),
        Reply(416, b""),
    ],
)
def test_a_wrong_range_starts_over(backend: FakeBackend, api: Api, out: Path, wrong: Reply) -> None:
    backend.script(DOWNLOAD, part_of(mp4(), 5000), wrong)
    assert fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api).read_bytes() == mp4()


@pytest.mark.parametrize("trouble", [empty(503), html(502), sse(RESET), sse(mp4()[:300], CUT)])
def test_passing_trouble_is_waited_out(
    backend: FakeBackend, api: Api, out: Path, trouble: Reply
) -> None:
    backend.script(DOWNLOAD, trouble, trouble)
    assert fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api).read_bytes() == mp4()


def test_many_breaks_are_fine_as_long_as_bytes_come(
    backend: FakeBackend, api: Api, out: Path
) -> None:
    def drip(seen: Seen) -> Reply:
        start = int(seen.headers.get("range", "bytes=0-")[6:-1])
        total = len(mp4())
        headers = {"Content-Length": str(total - start), "ETag": '"v1"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        return Reply(206 if start else 200, mp4()[start : start + 2000], headers)

    backend.script(DOWNLOAD, *[drip] * 12)
    assert fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api).read_bytes() == mp4()
    assert len(backend.calls(DOWNLOAD)) == 11


def test_a_connection_that_always_breaks_is_told(backend: FakeBackend, api: Api, out: Path) -> None:
    backend.script(DOWNLOAD, *[sse(RESET)] * 20)
    with pytest.raises(DownloadError, match="again and again") as caught:
        fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert caught.value.retry
    assert names(out) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_not_there_is_told_at_once(
    backend: FakeBackend, api: Api, out: Path, status: int
) -> None:
    backend.script(DOWNLOAD, *[empty(status)] * 3)
    with pytest.raises(download.Missing, match=str(status)):
        fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert len(backend.calls(DOWNLOAD)) == 1


@pytest.mark.parametrize(
    "damaged", [html(), empty(), Reply(200, mp4()[:-40]), sse(mp4()[:-40], chunked=False)]
)
def test_a_damaged_file_is_fetched_once_more_then_told(
    backend: FakeBackend, api: Api, out: Path, damaged: Reply
) -> None:
    backend.script(DOWNLOAD, damaged)
    assert fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api).read_bytes() == mp4()
    backend.script(DOWNLOAD, damaged, damaged)
    with pytest.raises(DownloadError, match="not a whole mp4"):
        fetch(f"{backend.url}/files/a.mp4", out, "b.mp4", api=api)
    assert names(out) == ["a.mp4"]


def test_a_folder_that_vanishes_is_told(backend: FakeBackend, api: Api, out: Path) -> None:
    def vanish(_: Seen) -> None:
        for path in out.iterdir():
            path.unlink()
        out.rmdir()

    backend.script(DOWNLOAD, vanish)
    with pytest.raises(FileError, match="there is no such folder") as caught:
        fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert caught.value.code == "folder-gone"
    assert str(out) in str(caught.value)


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "disk-full", "the disk is full"),
        (errno.EDQUOT, "disk-full", "your share of the disk is full"),
        (errno.EROFS, "permission", "read-only"),
        (errno.EACCES, "permission", "permission denied"),
    ],
)
def test_what_the_disk_says_is_told(
    backend: FakeBackend,
    api: Api,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
    words: str,
) -> None:
    api.own_headers()  # the token is kept before the disk fails

    def fails(_: int) -> None:
        raise OSError(number, "x")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(FileError, match=words) as caught:
        fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert caught.value.code == code
    assert names(out) == []


# Who may be asked, and what they are told


def test_our_headers_go_to_our_own_backend_only(backend: FakeBackend, api: Api, out: Path) -> None:
    with FakeBackend() as other:
        to = {"Location": f"{other.url}/files/b.mp4"}
        backend.script(DOWNLOAD, Reply(302, headers=to))
        fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
        (ours,) = backend.calls(DOWNLOAD)
        (theirs,) = other.seen
    assert ours.headers["authorization"] == "Bearer dummy-token-1"
    assert ours.headers["x-skill-source"]
    assert not {name for name in theirs.headers if name.startswith("x-skill")}
    assert "authorization" not in theirs.headers
    assert "ai-video" not in theirs.headers["user-agent"]


def test_a_refused_token_is_renewed(backend: FakeBackend, api: Api, out: Path) -> None:
    backend.script(DOWNLOAD, empty(401))
    fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
    assert [seen.headers["authorization"] for seen in backend.calls(DOWNLOAD)] == [
        "Bearer dummy-token-1",
        "Bearer dummy-token-2",
    ]


def test_a_redirect_to_a_forbidden_place_is_not_followed(
    backend: FakeBackend, api: Api, out: Path
) -> None:
    for place in ("file:///etc/passwd", "http://169.254.169.254/x", "https://10.0.0.1/x"):
        backend.script(DOWNLOAD, Reply(302, headers={"Location": place}))
        with pytest.raises(ForbiddenUrl):
            fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)


def test_a_redirect_that_can_be_read_in_two_ways_gets_no_token(
    backend: FakeBackend, api: Api, out: Path
) -> None:
    with FakeBackend() as other:
        host = backend.url.removeprefix("http://")
        backend.script(DOWNLOAD, Reply(302, headers={"Location": f"{other.url}\\@{host}/a.mp4"}))
        with pytest.raises(ForbiddenUrl):
            fetch(f"{backend.url}/files/a.mp4", out, "a.mp4", api=api)
        assert other.seen == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1"])
def test_an_address_in_another_notation_is_what_it_leads_to(
    backend: FakeBackend, api: Api, out: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ForbiddenUrl):
        fetch(f"http://{host}/a.mp4", out, "a.mp4", api=api)
    with pytest.raises(ForbiddenUrl, match=r"127\.0\.0\.1"):
        fetch(f"https://{host}:{backend.url.rpartition(':')[2]}/a.mp4", out, "a.mp4", api=api)
    assert backend.seen == []


def test_a_name_that_leads_elsewhere_the_second_time_is_no_way_in(
    backend: FakeBackend, api: Api, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for on every connection, so every connection is looked at."""
    port = int(backend.url.rpartition(":")[2])
    answers = iter([("203.0.113.9", 9), *[("127.0.0.1", port)] * 5])
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", next(answers))])
    connected: list[str] = []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        connected.append(address[0])
        if address[0] != "127.0.0.1":
            raise ConnectionRefusedError

        original(self, address)

    original = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ForbiddenUrl, match=r"127\.0\.0\.1"):
        fetch(f"https://cdn.example:{port}/a.mp4", out, "a.mp4", api=api)
    assert connected == ["203.0.113.9", "127.0.0.1"]
    assert backend.seen == []


def test_the_address_that_is_connected_to_decides(
    backend: FakeBackend, api: Api, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public name that leads to this machine: a connection is made and nothing is sent."""
    port = int(backend.url.rpartition(":")[2])
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ForbiddenUrl, match=r"127\.0\.0\.1"):
        fetch(f"https://cdn.example:{port}/a.mp4", out, "a.mp4", api=api)
    assert backend.seen == []
    assert names(out) == []
