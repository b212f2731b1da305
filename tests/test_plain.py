from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.plain import Plain, one_line, plain


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("a\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x9d52;c;ZXZpbA==\x9cb", "ab"),
        ("a\x1bP1;2qdata\x1b\\b", "ab"),
        ("a\x1b_apc\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d", "abcd"),
        ("a\x1b]0;no end\nnext line", "a\nnext line"),
        ("a\x1b(0b\x1bcc\x1b", "abc"),
        ("bell\x07 back\x08 nul\x00 del\x7f", "bell back nul del"),
        ("one\r\ntwo\rthree\x85four", "one\ntwo\nthree\nfour"),
        ("tab\tstays", "tab\tstays"),
        ("user\u202egnp.exe\u202c", "usergnp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("hi\U000e0068\U000e0069", "hi"),
        ("\u263a\ufe0f\ufe01\ufe02b", "\u263a\ufe0fb"),
        ("a\U000e0101b", "ab"),
        ("zero\u200bwidth\u2060", "zerowidth"),
        ("half \ud83d", "half \ufffd"),
        ("pass\u200dword p\u200cin", "password pin"),
        ("a\u200e\u200f\u200eb", "ab"),
        ("\u05d0\u200e\u200f\u200d\u200cb", "\u05d0\u200eb"),
        ("a\ufe0fb\ufe0e", "ab"),
        ("\u2764\u200d\u200d\u200d\U0001f525", "\u2764\u200d\U0001f525"),
        ("so\u00adft \u3164\uffa0\u115f.", "soft ."),
        ("\ufeff\ufff9a\ufffab\ufffb", "ab"),
        ("\U0001d173a", "a"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
    ],
)
def test_what_goes(dirty: str, clean: str) -> None:
    assert plain(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 ❤️ 🏳️‍🌈 ⏳ ✅",
        "می‌خواهم",
        "क्‍ष हिन्दी",
        "\u200fעברית\u200e abc",
        "雪の夜 — “quoted” café\u2028next",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    assert plain(text) == text


NASTY = st.text(
    st.sampled_from(
        "ab \n\r\t\x07\x1b[]\\;P8c0m\x9b\x9c\x9d\u202e\ufe0f\u2060\u200d\u200e\ufe0e1\U000e0041é"
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(NASTY, st.text(max_size=60)))
def test_nothing_that_drives_a_screen_is_left(text: str) -> None:
    clean = plain(text)
    for character in clean:
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
        assert not "\u202a" <= character <= "\u202e"
    assert plain(clean) == clean


@settings(max_examples=300, deadline=None)
@given(NASTY, st.lists(st.integers(0, 40), max_size=6))
def test_pieces_give_no_more_than_the_whole(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    stream = Plain()
    pieces = [stream.feed(text[a:b]) for a, b in itertools.pairwise(edges)]
    whole = "".join(pieces) + stream.end()
    assert whole == plain(text)


def test_a_held_escape_has_a_limit() -> None:
    stream = Plain()
    shown = stream.feed("\x1b]52;c;") + "".join(stream.feed("A" * 1000) for _ in range(20))
    assert "\x1b" not in shown + stream.feed("\x07end")


def test_one_line() -> None:
    assert one_line(" a\nb\x1b[2J  c ") == "a b c"
    assert one_line("word " * 100, 20) == "word word word word…"


@pytest.mark.parametrize("cut", range(14))
def test_marks_are_judged_by_what_is_kept_before_them(cut: int) -> None:
    text = "clip.mp4\u200d\x1b1\ufe0f\u20e3"  # the joiner goes, and the selector follows a digit
    stream = Plain()
    pieces = stream.feed(text[:cut]) + stream.feed(text[cut:]) + stream.end()
    assert pieces == plain(text) == "clip.mp4\ufe0f\u20e3"
