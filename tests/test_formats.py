from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from fake_backend import mp4
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.errors import FileError, FileTooLarge, UnsupportedFile
from skill.formats import FORMATS, LIMIT, by_bytes, check

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84"
ADTS = b"\xff\xf1\x50\x80\x02\x1f\xfc"
MP3 = b"\xff\xfb\x90\x64" + bytes(100)
HEADS = {
    "mp4": mp4(10),
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "avi": b"RIFF\x24\0\0\0AVI LIST",
    "webm": EBML + b"webm",
    "mkv": EBML + b"matroska",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "gif": b"GIF89a\1\0\1\0",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "mp3": b"ID3\x03\0\0\0\0\0\0",
    "wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "m4a": b"\0\0\0\x1cftypM4A \0\0\0\0",
    "aac": ADTS,
}


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_known_by_its_first_bytes(tmp_path: Path, format: str) -> None:
    media = check(write(tmp_path, f"x.{format}", HEADS[format]))
    assert (media.format, media.name) == (format, f"x.{format}")
    assert media.type.split("/")[0] == media.kind


@pytest.mark.parametrize(
    ("name", "head", "sent_as"),
    [
        ("photo.jpg", HEADS["png"], "photo.png"),
        ("photo.JPEG", HEADS["jpg"], "photo.JPEG"),
        ("noname", HEADS["gif"], "noname.gif"),
        ("clip.mp4", HEADS["mov"], "clip.mov"),
        ("song.m4a", HEADS["mp4"], "song.m4a"),
        ("old.mov", b"\0\0\0\x08wide\0\0\0\x08mdat", "old.mov"),
        ("song.mp3", bytes(600) + MP3, "song.mp3"),
        ("song.mp3", MP3, "song.mp3"),
        ("sound.aac", b"ID3\x03\0\0\0\0\0\0" + ADTS, "sound.aac"),
    ],
)
def test_the_bytes_decide_and_the_name_follows(
    tmp_path: Path, name: str, head: bytes, sent_as: str
) -> None:
    assert check(write(tmp_path, name, head)).name == sent_as


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.txt", b"just text", "of a kind that cannot be used. Supported: mp4, mov"),
        ("clip.mp4", b"just text", "is named mp4 but does not hold mp4"),
        ("page.png", b"<!doctype html>", "is named png but does not hold png"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "cannot be used"),
        ("book.aax", b"\0\0\0\x18ftypaax \0\0\0\0", "cannot be used"),
        ("empty.mp4", b"", "is empty"),
        ("song.mp3", bytes(5000), "does not hold mp3"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(UnsupportedFile, match=words) as caught:
        check(write(tmp_path, name, data))
    assert name in str(caught.value)
    assert caught.value.code == 4001


def test_the_size_limit(tmp_path: Path) -> None:
    path = write(tmp_path, "big.mp4", mp4(10))
    os.truncate(path, LIMIT)
    assert check(path).size == LIMIT
    os.truncate(path, LIMIT + 1)
    with pytest.raises(FileTooLarge, match="200 MB is the limit") as caught:
        check(path)
    assert caught.value.code == 4002


def test_no_file_and_no_plain_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no file missing\.mp4"):
        check(tmp_path / "missing.mp4")
    with pytest.raises(FileError, match="is a folder"):
        check(tmp_path)
    with pytest.raises(FileError):
        check("\0.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(FileError, match="not a file that can be sent"):
        check(tmp_path / "pipe.mp4")


def test_escapes_in_a_name_are_not_shown(tmp_path: Path) -> None:
    path = write(tmp_path, "a\x1b[31mb.txt", b"text")
    with pytest.raises(UnsupportedFile) as caught:
        check(path)
    assert "\x1b" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=64), st.sampled_from([*FORMATS, "", "txt"]))
def test_any_bytes_are_a_format_or_none(head: bytes, named: str) -> None:
    assert by_bytes(head, named) in (None, *FORMATS)


def test_a_wide_box_is_read_by_its_kind() -> None:
    assert by_bytes(struct.pack(">I", 1) + b"mdat", "mov") == "mov"


def test_a_file_of_somebody_unknown_is_not_there() -> None:
    with pytest.raises(FileError, match=r"There is no file clip\.mp4"):
        check("~no-such-user/clip.mp4")
