"""Numbers and times as people say them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.agent import message, numbers
from skill.studio.agent.lexicon import LANGUAGES, outermost


def found(text: str, language: str) -> dict[str, Any]:
    """The values of a text by concept; the last of each."""
    tags = outermost(numbers.tags(message.fold(text), language))
    return {tag.concept: tag.value for tag in tags}


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("three seconds", 3000),
        ("5s", 5000),
        ("a 5-second clip", 5000),
        ("0:30", 30_000),
        ("1:02:03", 3_723_000),
        ("0:03.5", 3500),
        ("1.5 s", 1500),
        ("1,5 s", 1500),
        ("500ms", 500),
        ("half a second", 500),
        ("half a minute", 30_000),
        ("a minute", 60_000),
        ("a minute and a half", 90_000),
        ("2 and a half seconds", 2500),
        ("1 min 30 s", 90_000),
        ("2 minutes and 5 seconds", 125_000),
        ("twenty-five seconds", 25_000),
        ("a couple of seconds", 2000),
        ("one hundred and twenty seconds", 120_000),
        ("the last second", 1000),
        ("２０ seconds", 20_000),
    ],
)
def test_english_time(text: str, ms: int) -> None:
    assert found(text, "en")["time"] == ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("10秒", 10_000),
        ("十秒钟", 10_000),
        ("两秒", 2000),
        ("二十五秒", 25_000),
        ("半分钟", 30_000),
        ("一分半", 90_000),
        ("1分30秒", 90_000),
        ("１５秒", 15_000),
        ("半秒", 500),
        ("两秒半", 2500),
        ("一百二十秒", 120_000),
    ],
)
def test_chinese_time(text: str, ms: int) -> None:
    assert found(text, "zh")["time"] == ms


@pytest.mark.parametrize(
    ("text", "language", "span"),
    [
        ("from 2s to 5s", "en", (2000, 5000)),
        ("from 2 to 5 seconds", "en", (2000, 5000)),
        ("between 2 and 5 seconds", "en", (2000, 5000)),
        ("2-5s", "en", (2000, 5000)),
        ("0:03 to 0:08", "en", (3000, 8000)),
        ("0:03–0:08", "en", (3000, 8000)),
        ("从2秒到5秒", "zh", (2000, 5000)),
        ("第2秒到第5秒", "zh", (2000, 5000)),
        ("2到5秒", "zh", (2000, 5000)),
        ("3秒～8秒", "zh", (3000, 8000)),
    ],
)
def test_range(text: str, language: str, span: tuple[int, int]) -> None:
    assert found(text, language)["range"] == span


@pytest.mark.parametrize(
    ("text", "language", "share"),
    [
        ("35%", "en", 0.35),
        ("at thirty percent", "en", 0.3),
        ("30 per cent", "en", 0.3),
        ("百分之三十五", "zh", 0.35),
        ("百分之30", "zh", 0.3),
        ("30％", "zh", 0.3),
    ],
)
def test_percent(text: str, language: str, share: float) -> None:
    assert found(text, language)["percent"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("9:16", (9, 16)), ("4:5", (4, 5)), ("2.39:1", (2.39, 1)), ("1080x1920", (1080, 1920)),
     ("16x9", (16, 9)), ("1920 × 1080", (1920, 1080))],
)  # fmt: skip
def test_a_shape_is_no_clock(text: str, shape: tuple[float, float]) -> None:
    assert found(text, "en") == {"shape": shape}


@pytest.mark.parametrize("text", ["the second clip", "a second clip", "十分美丽的风景", "sit 5"])
def test_no_time(text: str) -> None:
    language = "zh" if text[0] == "十" else "en"
    if language == "zh":
        # The compound is a word of its own: it hides the "ten minutes" in it.
        from skill.studio.agent.splitting import tag

        assert all(t.concept != "time" for t in tag(message.read(text), "zh"))
    else:
        assert "time" not in found(text, language)


def test_decibels_keep_their_sign() -> None:
    assert found("-6 dB", "en")["decibel"] == -6
    assert found("by 3 dB", "en")["decibel"] == 3


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.sampled_from(LANGUAGES))
def test_seconds_in_digits_are_read_in_every_language(seconds: int, language: str) -> None:
    from skill.studio.agent.lexicon import load

    unit = load(language).units["s"][0]
    space = "" if language in ("zh", "ja", "ko") else " "
    assert found(f"{seconds}{space}{unit}", language)["time"] == seconds * 1000


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789:.,-秒分s至到半 x%百", max_size=20), st.sampled_from(("en", "zh")))
def test_any_jumble_of_digits_is_read_without_error(text: str, language: str) -> None:
    for tag in numbers.tags(message.fold(text), language):
        assert 0 <= tag.start < tag.end <= len(text)
