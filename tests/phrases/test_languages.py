"""Every language's file: whole, in its own words, and recognised in a turn."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest

from skill import phrases
from skill.phrases import language_of, languages, number, say

FOLDER = Path(phrases.__file__).parent
OTHERS = ("es", "fr", "de", "pt", "ja", "ko", "ru", "hi", "ar", "id")

TURNS = {
    "en": [
        "add lo-fi music",
        "make it vertical",
        "put a title on the first 3 seconds",
        "how many credits do I have left?",
        "trim the clip to 5 seconds",
        "thanks, now remove the music",
        "a clip of Rio de Janeiro at night",
        "undo that",
    ],
    "zh": [
        "加一段音乐",
        "导出",
        "改成竖屏",
        "撤销",
        "生成一段5秒的海上日落",
        "还剩多少积分？",
        "把标题移到下面",
        "加个title",
    ],
    "es": [
        "hola",
        "exporta el video",
        "anade musica lo-fi",
        "hazlo más corto",
        "¿cuántos créditos me quedan?",
        "deshaz eso",
        "un atardecer en la playa",
        "pon el título “Dawn” en rojo",
    ],
    "fr": [
        "bonjour",
        "exporte la vidéo",
        "ajoute de la musique",
        "plus court s'il te plaît",
        "combien de crédits me reste-t-il ?",
        "annule ça",
        "un coucher de soleil sur la mer",
        "mets le titre “Dawn” en rouge",
    ],
    "de": [
        "hallo",
        "exportiere das Video",
        "füge Musik hinzu",
        "mach es kürzer",
        "wie viel Guthaben habe ich noch?",
        "mach das rückgängig",
        "ein Sonnenuntergang am Meer",
        "Musik leiser bitte",
    ],
    "pt": [
        "olá",
        "exporte o vídeo",
        "adicione música",
        "deixa mais curto",
        "quantos créditos eu tenho?",
        "desfaz isso",
        "um pôr do sol no mar",
        "coloque o título “Dawn” em vermelho",
    ],
    "ja": [
        "こんにちは",
        "書き出して",
        "音楽を追加",
        "もっと短くして",
        "クレジットはあといくつ？",
        "元に戻して",
        "海の夕日の動画",
        "動画作成",
    ],
    "ko": [
        "안녕",
        "내보내기",
        "음악 추가해줘",
        "더 짧게",
        "크레딧 얼마나 남았어?",
        "되돌려줘",
        "바다 노을 영상",
        "title 넣어줘",
    ],
    "ru": [
        "привет",
        "экспорт",
        "добавь музыку",
        "короче",
        "сколько кредитов осталось?",
        "отмени",
        "закат над морем",
        "добавь title",
    ],
    "hi": [
        "नमस्ते",
        "एक्सपोर्ट करो",
        "म्यूज़िक जोड़ो",
        "छोटा करो",
        "कितने क्रेडिट बचे हैं?",
        "पूर्ववत करो",
        "समुद्र पर सूर्यास्त",
        "title हटाओ",
    ],
    "ar": [
        "مرحبا",
        "تصدير",
        "أضف موسيقى",
        "أقصر",
        "كم بقي من الرصيد؟",
        "تراجع",
        "غروب الشمس فوق البحر",
        "احذف title",
    ],
    "id": [
        "halo",
        "ekspor videonya",
        "tambahkan musik",
        "buat lebih pendek",
        "berapa sisa kredit saya?",
        "batalkan",
        "matahari terbenam di laut",
        "beri judul “Dawn” di awal",
    ],
}

# Sentences that no language can share with English.
TRANSLATED = [
    "setup",
    "greeting",
    "try",
    "begun",
    "credits.free",
    "export.rendering",
    "export.ready",
    "upload.done",
    "sse.working",
    "sse.still_working",
    "sse.lost",
    "skipped",
    "internal",
    "interrupted",
    "interrupted.render",
    "gui.upload",
    "none",
    "timeline.empty",
    "change.added",
    "change.removed",
    "change.trimmed",
    "change.other",
    "property.fit",
    "property.speed",
    "color.white",
    "color.yellow",
    "next.music",
    "next.title",
    "next.vertical",
    "step.sse",
    "_and",
    "_or",
]


def _load(language: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{language}.json").read_text("utf-8")))


def _forms(form: Any) -> list[str]:
    values = form.values() if isinstance(form, dict) else form if isinstance(form, list) else [form]
    return [str(value) for value in values]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_are_twelve() -> None:
    assert set(languages()) == {"en", "zh", *OTHERS}


@pytest.mark.parametrize("language", OTHERS)
def test_a_file_has_the_keys_and_the_fields_of_english(language: str) -> None:
    english, own = _load("en"), _load(language)
    assert {key for key in own if not key.startswith("error.")} == set(english)
    for key, form in english.items():
        if not key.startswith("_"):
            wanted = set().union(*(_fields(text) for text in _forms(form)))
            assert set().union(*(_fields(text) for text in _forms(own[key]))) == wanted, key


@pytest.mark.parametrize("language", OTHERS)
def test_errors_are_told_in_every_language(language: str) -> None:
    chinese, own = _load("zh"), _load(language)
    for key in (key for key in chinese if key.startswith("error.")):
        assert _fields(own[key]) == _fields(chinese[key]), key


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_in_english(language: str) -> None:
    english, own = _load("en"), _load(language)
    assert [key for key in TRANSLATED if own[key] == english[key]] == []


@pytest.mark.parametrize("language", languages())
def test_every_count_has_its_form(language: str) -> None:
    for n in (0, 1, 2, 3, 5, 11, 21, 100):
        for key in ("timeline.head", "count.clips", "count.edits", "count.exports"):
            assert "{" not in say(key, language, n=n)


@pytest.mark.parametrize("language", languages())
def test_progress_keeps_its_signs(language: str) -> None:
    for key in ("sse.working", "sse.still_working", "export.rendering", "upload.sending"):
        assert _load(language)[key].startswith("⏳ ")
    assert _load(language)["export.ready"].startswith("✅ ")


@pytest.mark.parametrize("language", ["es", "fr", "de", "pt", "ru", "id"])
def test_decimals_have_a_comma(language: str) -> None:
    assert number(2.5, language) == "2,5"


@pytest.mark.parametrize(("language", "turn"), [(k, turn) for k, v in TURNS.items() for turn in v])
def test_a_turn_tells_its_language(language: str, turn: str) -> None:
    known = "es" if language == "en" else "en"
    assert language_of(turn, known) == language


@pytest.mark.parametrize("known", languages())
@pytest.mark.parametrize("turn", ["export", "ok", "lo-fi", "16:9", "clip.mp4", "TikTok", "", "👍"])
def test_what_every_language_says_changes_none(turn: str, known: str) -> None:
    assert language_of(turn, known) == known


@pytest.mark.parametrize(
    ("turn", "known"),
    [("exporta", "pt"), ("exporta", "es"), ("vertical", "de"), ("piano", "de"), ("編集", "ja")],
)
def test_a_short_turn_that_two_languages_say_keeps_the_sessions(turn: str, known: str) -> None:
    assert language_of(turn, known) == known


@pytest.mark.parametrize("unit", ["a", "a.", "a-", "://", "«", "“"])
def test_a_very_long_word_is_read_at_once(unit: str) -> None:
    # Where each letter starts a search of its own, this takes minutes.
    assert language_of(unit * 100_000 + " hello to you", "es") in languages()


@pytest.mark.parametrize(
    "name", ["a-b.mp4", "clip.mp4-clip.mp4", "把clip.mp4放", "see://the.and/of"]
)
def test_the_words_of_names_and_links_tell_no_language(name: str) -> None:
    assert language_of(f"añade {name} the.mp4", "en") == ("zh" if "把" in name else "es")
