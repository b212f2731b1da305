"""A message made ready: folded, with what is quoted covered up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.agent import message
from skill.studio.agent.language import detect


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a title 'Dawn'", ["Dawn"]),
        ('a title "Dawn"', ["Dawn"]),
        ("a title “Dawn”", ["Dawn"]),
        ("ein Titel „Morgen“", ["Morgen"]),
        ("標題「夜航」", ["夜航"]),
        ("标题《夜航》", ["夜航"]),
        ("un titre « L'aube »", ["L'aube"]),
        ("'Don't stop' at the top", ["Don't stop"]),
        ("change 'A b' to \"C\"", ["A b", "C"]),
        ("don't add it, it's mine", []),
        ("the dogs' toy", []),
        ('a 5" disc', []),
        ("two ' lone ' marks", ["lone"]),
        ("title ''", []),
    ],
)
def test_quotes(text: str, quoted: list[str]) -> None:
    assert [s.text for s in message.read(text).spans if s.kind == "quote"] == quoted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("trim beach.mp4 please", ["beach.mp4"]),
        ("用b.mp4当背景音乐", ["b.mp4"]),
        ("put a.jpg and b.jpg first", ["a.jpg", "b.jpg"]),
        ("use my holiday film.mov here", ["my holiday film.mov"]),
        ("https://media.example.com/song.mp3 as music", ["https://media.example.com/song.mp3"]),
    ],
)
def test_names_of_files(text: str, names: list[str]) -> None:
    found = message.read(text, ["b.mp4", "my holiday film.mov"]).spans
    assert [span.text for span in found] == names


def test_what_is_covered_cannot_be_a_command() -> None:
    plain = message.read("a title 'remove the music' now").plain
    assert "remove" not in plain
    assert plain.endswith("now")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_folding_keeps_every_place(text: str) -> None:
    read = message.read(text)
    assert len(read.text) == len(read.plain)
    for span in read.spans:
        assert read.text[span.start : span.end].count(span.text) >= 1


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert message.fold("標題寫「夜航」") == "标题写「夜航」"
    assert message.traditional("標題")
    assert not message.traditional("标题")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("make it vertical", "en"),
        ("改成竖屏", "zh"),
        ("音楽を小さくして", "ja"),
        ("음악 소리 줄여줘", "ko"),
        ("сделай музыку тише", "ru"),
        ("म्यूज़िक धीमा करो", "hi"),
        ("اخفض صوت الموسيقى", "ar"),
        ("añade música relajante", "es"),
        ("ajoute de la musique", "fr"),
        ("mach die Musik leiser", "de"),
        ("adiciona uma música calma", "pt"),
        ("kecilkan musiknya", "id"),
        ("加个BGM", "zh"),
        ("title 'こんにちは'", "en"),
    ],
)
def test_language_of_a_message(text: str, language: str) -> None:
    assert detect(message.read(text), "en") == language
