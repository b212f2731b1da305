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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "クリップをタイムラインの先頭にドラッグしてください。",
            "クリップをタイムラインの先頭に移動して",
        ),
        ("音量スライダーを35%にドラッグしてください。", "音量を35%にして"),
        ("クリップを先頭にドラッグできます。", ""),
        ("클립을 타임라인의 맨 앞으로 드래그하세요.", "클립을 타임라인의 맨 앞으로 옮겨줘"),
        ("클립을 맨 앞으로 드래그할 수 있습니다.", ""),
        ("'적용'을 클릭하여 변경 사항을 적용하세요.", "변경 사항을 적용해줘"),
        ("'생성'을 클릭해 다른 버전을 만드세요.", ""),
        ("Перетащите клип в начало таймлайна.", "перемести клип в начало таймлайна"),
        ("Вы можете перетащить клип в начало.", ""),
        ("Нажмите «Создать», чтобы создать другую версию.", ""),
        ("क्लिप को टाइमलाइन की शुरुआत में खींचें।", "क्लिप को टाइमलाइन की शुरुआत में ले जाओ"),
        ("आप क्लिप को शुरुआत में खींच सकते हैं।", ""),
        ("اسحب المقطع إلى بداية المخطط الزمني.", "انقل المقطع إلى بداية المخطط الزمني"),
        ("يمكنك سحب المقطع إلى البداية.", ""),
        ("انقر على «إنشاء» لإنشاء نسخة أخرى.", ""),
    ],
)
def test_an_edit_that_is_asked_for_in_another_script_is_a_message(text: str, message: str) -> None:
    assert translate(text).message == message


@pytest.mark.parametrize(
    ("text", "finishes"),
    [
        ("動画が完成しました！「書き出し」ボタンをクリックしてください。", True),
        ("準備ができたら、「書き出し」ボタンをクリックしてください。", False),
        ("영상이 완성되었습니다! 내보내기 버튼을 클릭하세요.", True),
        ("내보내기를 클릭할 수 있습니다.", False),
        ("Видео готово! Нажмите кнопку «Экспорт».", True),
        ("Когда будете готовы, нажмите «Экспорт».", False),
        ("वीडियो तैयार है! एक्सपोर्ट बटन पर क्लिक करें।", True),
        ("आप एक्सपोर्ट पर क्लिक कर सकते हैं।", False),
        ("الفيديو جاهز! انقر على زر التصدير.", True),
        ("عندما تكون جاهزًا، انقر على تصدير.", False),
    ],
)
def test_an_export_for_later_in_another_script_is_told_apart(text: str, finishes: bool) -> None:
    found = translate(text)
    assert [step.value for step in found.actions] == ["export"]
    assert found.finishes is finishes


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
