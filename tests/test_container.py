from __future__ import annotations

import struct
from pathlib import Path

import pytest
from fake_backend import box, mp4
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.container import whole


def element(number: bytes, payload: bytes) -> bytes:
    return number + struct.pack(">Q", 1 << 56 | len(payload)) + payload


HEADER = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
WEBM = HEADER + element(b"\x18\x53\x80\x67", bytes(100))
LIVE_WEBM = HEADER + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(100)
GIF = b"GIF89a" + bytes(20) + b"\x3b"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"\0\0\0\0IEND\xae\x42\x60\x82"
WAV = b"RIFF" + struct.pack("<I", 40) + b"WAVE" + bytes(36)
LARGE = box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"mdat", 26) + bytes(10) + box(b"moov")
OPEN = box(b"ftyp", b"isom") + box(b"moov") + struct.pack(">I", 0) + b"mdat" + bytes(50)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (mp4(500), "mp4"),
        (LARGE, "mp4"),
        (OPEN, "mp4"),
        (WEBM, "webm"),
        (LIVE_WEBM, "webm"),
        (GIF, "gif"),
        (GIF + b"\0\0", "gif"),
        (PNG, "png"),
        (WAV, "wav"),
        (b"\xff\xd8\xff\xe0 picture", "jpg"),
    ],
)
def test_a_whole_file(tmp_path: Path, data: bytes, format: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert whole(tmp_path / "x", format)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (mp4(500)[:-1], "mp4"),
        (mp4(500)[:60], "mp4"),
        (mp4(500) + b"xyz", "mp4"),
        (LARGE[:-9], "mp4"),
        (box(b"ftyp", b"isom") + box(b"mdat", bytes(20)), "mp4"),
        (box(b"ftyp", b"isom") + struct.pack(">I", 3) + b"moov", "mp4"),
        (WEBM[:-1], "webm"),
        (HEADER, "webm"),
        (HEADER + b"\0", "webm"),
        (GIF[:-1], "gif"),
        (PNG[:-12], "png"),
        (WAV[:-5], "wav"),
        (b"<!doctype html><html></html>", "mp4"),
        (b"<!doctype html><html></html>", "jpg"),
        (mp4(500), "webm"),
        (GIF, "mp4"),
        (b"", "mp4"),
    ],
)
def test_a_file_that_is_not_whole(tmp_path: Path, data: bytes, format: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert not whole(tmp_path / "x", format)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([mp4(64), WEBM, GIF, PNG, LARGE]),
    st.integers(0, 200),
    st.binary(max_size=12),
    st.sampled_from(["mp4", "webm", "gif", "png"]),
)
def test_any_damage_gives_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int, new: bytes, format: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data[:at] + new + data[at + len(new) :])
    assert whole(path, format) in (True, False)
