"""Files and addresses that are sent to the backend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from api_kit import make
from fake_backend import UPLOAD, FakeBackend, mp4, refusal

from skill.api import Api
from skill.errors import FileError, FileTooLarge, UnsupportedFile
from skill.phrases.errors import explain

pytestmark = pytest.mark.usefixtures("short_waits")


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
