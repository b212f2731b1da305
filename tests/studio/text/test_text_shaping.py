"""Scripts that join, reorder and run to the left come out as their readers write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.render.text import clusters
from skill.studio.render.text.fonts import ARABIC, DEVANAGARI, HAN, LATIN, Font
from skill.studio.render.text.layout import Paragraph, read, wrap
from skill.studio.render.text.shaping import Line, glyphs_of, levels, runs, shape


def line(text: str, language: str = "") -> Line:
    paragraph = read(text, language)
    return shape(paragraph.clusters, language, paragraph.base)


def nominal(font: Font, character: str) -> int:
    return int(font.shaper.get_nominal_glyph(ord(character)))


def ids(text: str, language: str = "") -> list[int]:
    return [glyph.id for glyph in line(text, language).glyphs]


def lines(text: str, width: float, cut: bool = False) -> list[str]:
    paragraph = read(text, "")
    ranges = wrap(paragraph, width, cut)
    assert ranges is not None
    return ["".join(c.text for c in paragraph.clusters[a:b]) for a, b in ranges]


def test_arabic_letters_take_their_joined_forms() -> None:
    joined = set(ids("ببب"))
    assert nominal(ARABIC, "ب") not in joined
    assert len(joined) >= 3  # initial, medial and final differ


def test_arabic_letters_stay_apart_across_a_non_joiner() -> None:
    assert ids("ب‌ب") != ids("بب")


def test_arabic_runs_from_right_to_left() -> None:
    (run,) = runs(read("سلام", "").clusters)
    order = [cluster for _, _, cluster in glyphs_of(run, "")]
    assert order == sorted(order, reverse=True)
    assert order[0] != order[-1]


def test_lam_and_alef_make_a_ligature() -> None:
    assert nominal(ARABIC, "ا") not in ids("لا")
    assert nominal(ARABIC, "ل") not in ids("لا")


def test_numbers_in_arabic_run_to_the_right() -> None:
    glyphs = line("صيف 2024").glyphs
    digits = [glyph for glyph in glyphs if glyph.id in {nominal(ARABIC, d) for d in "024"}]
    assert [g.id for g in sorted(digits, key=lambda g: g.x)] == [nominal(ARABIC, d) for d in "2024"]
    assert max(g.x for g in digits) < max(g.x for g in glyphs)  # the word stands to the right


def test_a_latin_word_in_arabic_keeps_its_order() -> None:
    latin = [g for g in line("برنامج Photo جديد").glyphs if g.font is LATIN and g.font]
    letters = [nominal(LATIN, c) for c in "Photo"]
    assert [g.id for g in sorted(latin, key=lambda g: g.x) if g.id in letters] == letters


def test_brackets_belong_to_the_paragraph_that_they_stand_in() -> None:
    text = "Film (فيلم) 2"
    assert levels(text)[text.index(")")] == 0


def test_brackets_are_mirrored_where_text_runs_left() -> None:
    mirrored = ids("(سلام)")
    assert mirrored[0] == nominal(ARABIC, "(")
    assert mirrored[-1] == nominal(ARABIC, ")")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", [0, 0, 0]),
        ("אבג", [1, 1, 1]),
        ("a אב", [0, 0, 1, 1]),
        ("אב a", [1, 1, 1, 2]),
        ("אב 12", [1, 1, 1, 2, 2]),
        ("12", [0, 0]),
    ],
)
def test_levels(text: str, expected: list[int]) -> None:
    assert levels(text) == expected


def test_a_devanagari_i_is_drawn_before_its_consonant() -> None:
    order = ids("हि")
    assert order.index(nominal(DEVANAGARI, "ह")) == 1
    assert len(order) == 2


def test_devanagari_consonants_make_a_conjunct() -> None:
    assert len(ids("क्ष")) == 1
    assert ids("क्ष")[0] not in {nominal(DEVANAGARI, c) for c in "कष"}
    assert nominal(DEVANAGARI, "्") not in ids("हिन्दी क्षत्रिय शक्ति")


def test_a_devanagari_reph_moves_behind_its_syllable() -> None:
    order = ids("कर्म")
    assert nominal(DEVANAGARI, "र") not in order
    assert order[:2] == [nominal(DEVANAGARI, "क"), nominal(DEVANAGARI, "म")]


def test_ideographs_take_the_forms_of_their_region() -> None:
    forms = {language: ids("骨", language)[0] for language in ("ja", "zh-hans", "zh-hant")}
    assert forms["zh-hans"] != forms["ja"]
    assert forms["zh-hans"] != forms["zh-hant"]


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("夕焼けの海", "", "ja"),
        ("바다", "zh", "ko"),
        ("海上日落的美丽时刻", "", "zh-hans"),
        ("海上日落的美麗時刻", "", "zh-hant"),
        ("東京駅", "", "ja"),
        ("日出", "", "zh-hans"),
        ("日出", "zh-TW", "zh-hant"),
        ("日出", "ja-JP", "ja"),
        ("Dawn", "ja", ""),
    ],
)
def test_the_language_follows_from_the_characters(text: str, hint: str, expected: str) -> None:
    assert clusters.language(text, hint) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("e\u0323\u0301", 1),
        ("नि", 1),
        ("क्षत्रिय", 3),
        ("ที่", 1),
        ("한국", 2),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", 2),  # jamo
        ("👨‍👩‍👧", 1),
        ("👍🏽👍", 2),
        ("🇫🇷🇩🇪", 2),
        ("1️⃣", 1),
        ("a b", 3),
    ],
)
def test_clusters_are_what_a_reader_counts(text: str, count: int) -> None:
    assert len(clusters.clusters(text)) == count


def test_words_are_kept_whole() -> None:
    assert lines("the quick brown fox", 6) == ["the quick ", "brown fox"]


def test_lines_are_made_equal() -> None:
    assert lines("one two three four", 8) == ["one two ", "three four"]


def test_korean_breaks_at_spaces() -> None:
    assert lines("아름다운 여름 바다", 6) == ["아름다운 ", "여름 바다"]


def test_japanese_keeps_okurigana_with_their_kanji() -> None:
    assert all(not part.startswith("き") for part in lines("海辺の町を歩き続けた", 6))


@given(
    st.text("春天来了我们去看海「」（）、。！ーっゃ", min_size=1, max_size=40), st.integers(5, 12)
)
@settings(max_examples=60, deadline=None)
def test_no_line_begins_or_ends_where_kinsoku_forbids(text: str, width: int) -> None:
    paragraph = read(text, "ja")
    ranges = wrap(paragraph, float(width), False)
    if ranges is None:
        return  # one unbreakable stretch is wider than the line: the caller shrinks it
    parts = ["".join(c.text for c in paragraph.clusters[a:b]) for a, b in ranges]
    assert "".join(parts) == text
    assert not any(part[0] in "」）、。！ーっゃ" for part in parts[1:])
    assert not any(part[-1] in "「（" for part in parts[:-1])


def test_only_a_word_wider_than_the_line_is_cut() -> None:
    assert wrap(read("Donaudampfschifffahrt", ""), 6, False) is None
    parts = lines("die Donaudampfschifffahrt am See", 6, cut=True)
    assert parts[0].startswith("die")
    assert parts[-1].endswith("am See")
    assert len(parts) > 2


def test_full_width_punctuation_hangs_out_of_a_line() -> None:
    assert line("海。").width < line("海").width + 0.6
    assert line("「海」").width < line("海海海").width - 0.6


def test_adjacent_full_width_punctuation_closes_up() -> None:
    assert line("海」。海").width < line("海海海海").width - 0.4 * HAN.scale


def test_latin_beside_ideographs_gets_air() -> None:
    apart = line("日出Dawn").width - line("日出").width - line("Dawn").width
    assert 0.1 < apart < 0.2


def test_an_empty_paragraph_is_one_empty_line() -> None:
    assert wrap(Paragraph((), (), (), 0), 5, False) == [(0, 0)]
