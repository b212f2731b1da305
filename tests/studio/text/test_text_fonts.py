"""The fonts of the package: what they cover, what they weigh, and their licenses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from skill.studio.render.errors import RenderError
from skill.studio.render.text import covers, fonts
from skill.studio.render.text.clusters import language
from skill.studio.render.text.fonts import FOLDER, FONTS
from skill.studio.render.text.layout import read
from skill.studio.render.text.shaping import shape

SENTENCES = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))
LANGUAGES = ["en", "zh", "es", "fr", "de", "pt", "ja", "ko", "ru", "hi", "ar", "id"]
ALL = [(tag, sentence) for tag, group in SENTENCES.items() for sentence in group]


def encoded(codec: str) -> str:
    """Every ideograph of a two-byte encoding."""
    pairs = (bytes([a, b]) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF))
    characters = (pair.decode(codec, "ignore") for pair in pairs)
    return "".join(c for c in characters if len(c) == 1 and "\u3400" <= c <= "\u9fff")


@pytest.mark.parametrize(("tag", "sentence"), ALL, ids=[f"{t}-{i}" for i, (t, _) in enumerate(ALL)])
def test_a_sentence_is_drawn_whole(tag: str, sentence: str) -> None:
    assert covers(sentence) == []
    name = language(sentence, tag)
    paragraph = read(sentence, name)
    assert "".join(c.text for c in paragraph.clusters) == sentence
    line = shape(paragraph.clusters, name, paragraph.base)
    assert line.glyphs
    assert all(glyph.id != 0 for glyph in line.glyphs), "a box"


def test_the_corpus_has_twelve_languages() -> None:
    assert set(SENTENCES) == set(LANGUAGES)
    assert all(len(group) >= 3 for group in SENTENCES.values())


@pytest.mark.parametrize(
    ("codec", "count"), [("gb2312", 6763), ("gbk", 20902), ("big5", 13053), ("shift_jis", 6355)]
)
def test_every_ideograph_of_an_encoding_is_there(codec: str, count: int) -> None:
    characters = encoded(codec)
    assert len(characters) >= count
    assert [c for c in characters if not any(font.has(c) for font in FONTS)] == []


def test_every_hangul_syllable_is_there() -> None:
    assert [c for c in map(chr, range(0xAC00, 0xD7A4)) if not any(f.has(c) for f in FONTS)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Ñandú Łódź İstanbul ẞß Đặng Thị Ngọc Hiếu ằẳẵặ Țară",
        "Ηλιοβασίλεμα ἀρχή ᾧ",
        "Їжак Ґанок Ўзбек Қазақ ђљњћџ",
        "שָׁלוֹם עולם ₪",
        "พระอาทิตย์ตกที่ทะเล ๒๐๒๔ ฿",
        "বাংলা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଆ සිංහල",
        "ភាសាខ្មែរ ພາສາລາວ မြန်မာ ქართული Հայոց አማርኛ اردو ٹھیک فارسی گچپژ",
        "←↑→↓↔⇒ ♥♡❤ ★☆ ✓✔✗ € £ ¥ ₹ ₽ ₩ ₺ ₫ ₦ ₿ © ® ™ ° § ¶ • … ∞ ≠ ≤ ≥ ± × ÷ √ ♪ ♫ ☀ ⚡",
        "😀😂🥰😎🎉🎂🚀🔥✨💡📷🎬🎵🌅🌊🌸🐱🐶🍕☕👍🏽🙏👨‍👩‍👧🇫🇷1️⃣❤️",
        "嚟啲咗 𠮟る 𠮷野家 𩸽 榊 辻 髙 﨑",
    ],
)
def test_other_scripts_and_symbols_are_covered(text: str) -> None:
    assert covers(text) == []


def test_what_no_font_has_is_told_once_and_in_order() -> None:
    assert covers("a\U00013000b\ue000\U00013000 c") == ["\U00013000", "\ue000"]


def test_every_font_is_in_use_and_has_its_license() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".ttf", ".otf")}
    assert files == {font.file for font in FONTS}
    for font in FONTS:
        text = font.path.with_suffix(".LICENSE.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert "opyright" in text.splitlines()[0] or "©" in text.splitlines()[0]


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 12_000_000


def test_the_readme_names_every_source() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for source in ("inter-ui", "fonts-noto-cjk", "noto-emoji", "noto-sans-<script>"):
        assert source in readme


def test_a_missing_font_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    font = replace(fonts.LATIN)  # nothing of it is loaded yet
    with pytest.raises(RenderError, match=r"InterDisplay-SemiBold.ttf is missing.*Install"):
        font.has("a")
