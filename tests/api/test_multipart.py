from __future__ import annotations

import email
import tracemalloc
from pathlib import Path

import pytest

from skill.api.multipart import Multipart
from skill.errors import FileError
from skill.formats import MediaFile


def body_of(path: Path, name: str = "clip.mp4", **kwargs: object) -> Multipart:
    return Multipart(MediaFile(path, name, "mp4", path.stat().st_size), "files", **kwargs)  # type: ignore[arg-type]


def test_a_parser_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(range(256)) * 4000)
    body = body_of(path, 'a "quoted" 雪.mp4')
    sent = b"".join(iter(lambda: body.read(1000), b""))
    assert len(sent) == len(body)
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    (part,) = email.message_from_bytes(head + sent).get_payload()  # type: ignore[misc,union-attr]
    assert part.get_param("name", header="Content-Disposition") == "files"
    assert part.get_content_type() == "video/mp4"
    assert part.get_payload(decode=True) == path.read_bytes()
    assert 'filename="a %22quoted%22 雪.mp4"'.encode() in sent


def test_progress_goes_to_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(1_000_000))
    seen: list[tuple[int, int]] = []
    body = body_of(path, progress=lambda done, total: seen.append((done, total)))
    assert sum(map(len, body)) == len(body)
    assert seen[-1] == (1_000_000, 1_000_000)
    assert seen == sorted(seen)
    assert len(seen) > 1


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    body = body_of(path)
    tracemalloc.start()
    try:
        while body.read(16384):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_a_file_that_shrinks_meanwhile_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(1000))
    body = body_of(path)
    path.write_bytes(bytes(10))
    with pytest.raises(FileError, match="became shorter"):
        list(body)


def test_a_file_that_vanishes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(1000))
    body = body_of(path)
    path.unlink()
    with pytest.raises(FileError, match=r"clip\.mp4 cannot be read"):
        list(body)
