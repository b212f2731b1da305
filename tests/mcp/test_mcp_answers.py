"""Replies as results: pictures, links and words."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from PIL import Image

from skill.mcp import answers
from skill.reply import Reply


def reply(text: str, *files: Path, **more: object) -> dict[str, object]:
    return {**Reply(text, files=list(files)).as_json(), **more}


def test_a_large_picture_is_packed_until_clients_take_it(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    Image.frombytes("RGB", (1600, 900), os.urandom(1600 * 900 * 3)).save(path)
    assert path.stat().st_size > answers.LARGEST_PICTURE
    result = answers.result(reply("A sheet.", path), {})
    (picture,) = [block for block in result.content if block.type == "image"]
    assert picture.mime_type == "image/jpeg"
    assert len(base64.b64decode(picture.data)) <= answers.LARGEST_PICTURE
    assert result.structured_content["files"] == [str(path)]


def test_what_is_passing_is_shown_and_not_named(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    Image.new("RGB", (16, 9)).save(path)
    text = f"Preview: 6 frames.\n\nSaved as {path}\n\nThe end."
    result = answers.result(reply(text, path), {}, passing=str(tmp_path))
    assert [block.type for block in result.content] == ["text", "image"]
    assert result.structured_content["text"] == "Preview: 6 frames.\n\nThe end."
    assert result.structured_content["files"] == []


def test_files_have_their_resource_or_their_path(tmp_path: Path) -> None:
    known, other = tmp_path / "known.mp4", tmp_path / "a b.mp4"
    known.write_bytes(b"1234")
    other.write_bytes(b"12")
    gone = tmp_path / "gone.mp4"
    result = answers.result(reply("x", known, other, gone), {str(known): "ai-video://files/1"})
    links = [(b.uri, b.size) for b in result.content if b.type == "resource_link"]
    assert links == [("ai-video://files/1", 4), (other.as_uri(), 2)]


def test_a_video_that_is_a_gif_is_a_link_and_no_still_of_it(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    frames = [Image.new("RGB", (16, 9), color) for color in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    link = answers.result(reply("x", path), {}).content[-1]
    assert (link.type, link.mime_type, link.uri) == ("resource_link", "image/gif", path.as_uri())


def test_the_words_of_an_error_are_there_where_the_text_has_none() -> None:
    error = {"code": "x", "message": "It broke. Do this.", "retry": False}
    result = answers.result(reply("", error=error), {})
    assert result.is_error
    assert getattr(result.content[0], "text", "") == "It broke. Do this."
