"""Turns with files and links: each is sent first, and its fate is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fake_backend import UPLOAD, FakeBackend, mp4
from turn_kit import actions, said

from skill import Reply


def test_files_are_sent_first_and_each_ones_fate_is_told(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    files = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    for file in files:
        file.write_bytes(mp4(100))
    reply = turn("trim them to 5 seconds", *files)
    assert reply.text.startswith("Uploaded one.mp4 (5s).\nUploaded two.mp4 (5s).\n\nDone.")
    assert actions(reply) == [("upload", True), ("sse", True)]
    assert said(backend) == ["trim them to 5 seconds"]


def test_links_are_fetched_by_the_backend_and_named_in_the_message(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    link = "https://media.example.com/x/song.mp3?sig=1"
    reply = turn(f"use {link} as the soundtrack")
    assert backend.calls(UPLOAD)[0].json == {"urls": [link], "source_type": "url"}
    assert said(backend) == ["use song.mp3 as the soundtrack"]
    assert reply.text.startswith("Uploaded song.mp3 (5s).")


def test_a_file_that_cannot_be_used_is_refused_before_a_byte_is_sent(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("hello")
    reply = turn("make a video of this, then export", notes)
    assert "Not uploaded: notes.txt is of a kind" in reply.text
    assert "Supported: mp4, mov" in reply.text
    assert "I left out the edit and the export" in reply.text
    assert actions(reply) == [("upload", False), ("sse", False), ("export", False)]
    assert reply.error is not None
    assert reply.error["code"] == 4001
    assert backend.calls(UPLOAD) == []
    assert said(backend) == []


def test_the_good_files_of_a_turn_are_kept(
    turn: Callable[..., Reply], backend: FakeBackend, tmp_path: Path
) -> None:
    good = tmp_path / "good.mp4"
    good.write_bytes(mp4(100))
    reply = turn("join them", tmp_path / "missing.mp4", good)
    assert "Not uploaded: There is no file missing.mp4." in reply.text
    assert "Uploaded good.mp4 (5s)." in reply.text
    assert len(backend.uploads) == 1
    assert said(backend) == []


def test_asking_how_to_upload_sends_nothing(
    turn: Callable[..., Reply], backend: FakeBackend
) -> None:
    reply = turn("I'd like to upload my footage")
    assert "200 MB" in reply.text
    assert backend.seen == []
