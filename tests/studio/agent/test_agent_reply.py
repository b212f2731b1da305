"""Numbers, lengths and lists as each language writes them."""

from __future__ import annotations

import pytest
from test_agent_edits import talk

from skill import phrases
from skill.studio.agent import respond
from skill.studio.agent.lexicon import LANGUAGES
from skill.studio.agent.reply import say, seconds, sentences, span
from skill.studio.agent.understanding import understand

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("language", "length", "stretch"),
    [
        ("en", "2.5 s", "0-2.5s"),
        ("zh", "2.5秒", "0-2.5秒"),
        ("zh-Hant", "2.5秒", "0-2.5秒"),
        ("ja", "2.5秒", "0-2.5秒"),
        ("ko", "2.5초", "0-2.5초"),
        ("de", "2,5 s", "0-2,5 s"),
        ("fr", "2,5 s", "0-2,5 s"),
        ("es", "2,5 s", "0-2,5 s"),
        ("pt", "2,5 s", "0-2,5 s"),
        ("ru", "2,5 с", "0-2,5 с"),
        ("id", "2,5 dtk", "0-2,5 dtk"),
        ("hi", "2.5 सेकंड", "0-2.5 सेकंड"),
        ("ar", "2.5 ث", "0-2.5 ث"),
    ],
)
def test_seconds(language: str, length: str, stretch: str) -> None:
    assert seconds(2500, language).replace(SPACE, " ") == length
    assert span(0, 2500, language).replace(SPACE, " ") == stretch


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1 min 5 s"), ("de", "1 min 5 s"), ("zh", "1分5秒"), ("ru", "1 мин 5 с"),
     ("ko", "1분 5초")],
)  # fmt: skip
def test_minutes(language: str, text: str) -> None:
    assert seconds(65_000, language).replace(SPACE, " ") == text
    assert seconds(65_500, "de") == f"65,5{SPACE}s"


@pytest.mark.parametrize(
    ("language", "level"), [("en", "35%"), ("fr", "35 %"), ("de", "35 %"), ("ja", "35%")]
)
def test_a_share(language: str, level: str) -> None:
    text = say("note.volume_same", language, name="x", volume=0.35)
    assert level in text.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("language", "items"),
    [("en", "a, b and c"), ("zh", "a、b和c"), ("ja", "a、bとc"), ("ar", "a، b وc"),
     ("de", "a, b und c"), ("fr", "a, b et c"), ("ko", "a, b, c")],
)  # fmt: skip
def test_a_list(language: str, items: str) -> None:
    assert items in say("done.removed", language, what=["a", "b", "c"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_studio_writes_as_the_client_does(language: str) -> None:
    form = sentences(language)["format"]
    for own, theirs in (
        ("decimal", "_decimal"), ("comma", "_comma"), ("and", "_and"), ("percent", "percent"),
        ("span", "span"), ("quote", "quoted"),
    ):  # fmt: skip
        assert form[own] == phrases.find(theirs, language), own


@pytest.mark.parametrize(
    ("language", "message", "text"),
    [
        ("de", "mach es kinoreif", "2,39:1"),
        ("en", "make it cinematic", "2.39:1"),
        ("de", "was ist auf der Zeitleiste?", "forest scene (0-5 s)"),
        ("de", "mach es 0,5 Sekunden lang", "0,5 s"),
        ("fr", "fais-le durer 0,5 seconde", "0,5 s"),
    ],
)
def test_an_answer(language: str, message: str, text: str) -> None:
    answer = respond(message, talk("a forest"), language)
    assert text in answer.text.replace(SPACE, " ")


def test_a_shape_with_a_decimal_comma_is_read() -> None:
    assert understand("Format 2,39:1", [], "de") == understand("Format 2.39:1", [], "de")
