"""Screens in other scripts. ``screens/<language>.json``: content, and (words, left, steps)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skill.gui import Translation, Translator, translate
from skill.gui.lexicon import lexicon_for

SCREENS = Path(__file__).with_name("screens")
LANGUAGES = ("ja", "ko", "ru", "hi", "ar")
LISTS: dict[str, dict[str, list[Any]]] = {
    language: json.loads((SCREENS / f"{language}.json").read_text("utf-8"))
    for language in LANGUAGES
}


@pytest.mark.parametrize(
    ("language", "text"),
    [(language, text) for language in LANGUAGES for text in LISTS[language]["content"]],
)
def test_content_of_other_scripts_stays_as_it_is(language: str, text: str) -> None:
    assert translate(text, language) == Translation(text)


@pytest.mark.parametrize(
    ("language", "text", "left", "steps"),
    [(language, *case) for language in LANGUAGES for case in LISTS[language]["cases"]],
)
def test_the_screen_of_other_scripts_goes(
    language: str, text: str, left: str, steps: list[str]
) -> None:
    found = translate(text, language)
    assert (found.text, [step.value for step in found.actions]) == (left, steps)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [1, 5])
def test_other_scripts_come_out_in_pieces_as_whole(language: str, size: int) -> None:
    lists = LISTS[language]
    text = "\n\n".join([*(case[0] for case in lists["cases"]), *lists["content"]])
    translator = Translator(language)
    shown = [translator.feed(text[at : at + size]) for at in range(0, len(text), size)]
    shown.append(translator.close())
    assert translator.translation("".join(shown)) == translate(text, language)


@pytest.mark.parametrize(
    ("sentence", "session", "language"),
    [
        ("「書き出し」をクリック", "en", "ja"),
        ("完成。", "ja", "ja"),
        ("完成。", "ko", "zh"),
        ("点击导出。", "en", "zh"),
        ("내보내기(匯出) 버튼", "en", "ko"),
        ("Click Export.", "ja", "en"),
        ("Double-click the title 'Рассвет'.", "ru", "en"),
        ("Нажмите Export.", "en", "ru"),
        ("«Экспорт»", "en", "ru"),
        ("Export पर क्लिक करें।", "en", "hi"),
        ("انقر على Export.", "en", "ar"),
    ],
)
def test_the_script_outside_quotes_tells_the_language(
    sentence: str, session: str, language: str
) -> None:
    assert lexicon_for(sentence, session).language == language
