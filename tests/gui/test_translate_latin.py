"""Answers in the other languages of the Latin script: ``latin/<language>.json``.

``screen`` and ``later`` hold [its words, what is left, the steps], ``content`` and
``later content`` what stays as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skill.gui import Translation, Translator, translate

_FILES = sorted(Path(__file__).with_name("latin").glob("*.json"))
_DATA: dict[str, dict[str, list[Any]]] = {
    file.stem: json.loads(file.read_text("utf-8")) for file in _FILES
}
CASES = [
    (language, *case)
    for language, data in _DATA.items()
    for part in ("screen", "later")
    for case in data.get(part, [])
]
CONTENT = [
    (language, text)
    for language, data in _DATA.items()
    for part in ("content", "later content")
    for text in data.get(part, [])
]


@pytest.mark.parametrize(("language", "text"), CONTENT)
def test_content_stays_as_it_is(language: str, text: str) -> None:
    assert translate(text, language) == Translation(text)


@pytest.mark.parametrize(("language", "text", "left", "steps"), CASES)
def test_the_screen_goes(language: str, text: str, left: str, steps: list[str]) -> None:
    found = translate(text, language)
    assert (found.text, [step.value for step in found.actions]) == (left, steps)


@pytest.mark.parametrize("language", _DATA)
@pytest.mark.parametrize("size", [1, 7])
def test_pieces_come_out_as_the_whole_does(language: str, size: int) -> None:
    text = "\n\n".join(case[1] for case in CASES if case[0] == language)
    text += "\n" + "\n".join(case[1] for case in CONTENT if case[0] == language)
    translator = Translator(language)
    shown = [translator.feed(text[at : at + size]) for at in range(0, len(text), size)]
    shown.append(translator.close())
    assert translator.translation("".join(shown)) == translate(text, language)


@pytest.mark.parametrize("language", _DATA)
def test_an_english_sentence_is_read_as_english(language: str) -> None:
    found = translate("Click the Export button to save your video.", language)
    assert (found.text, [step.value for step in found.actions]) == ("", ["export"])
    kept = "The clip shows the end of the day."
    assert translate(kept, language) == Translation(kept)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "ajusta en el panel de la "),
        ("fr", "réglez la dans le panneau de l'"),
        ("de", "die in den auf im unter der "),
        ("pt", "ajuste o no painel de um "),
        ("id", "atur di panel ke dari "),
    ],
)
def test_a_sentence_that_never_comes_to_its_point_is_kept(language: str, words: str) -> None:
    text = (f"Title {words * 13}, " * 5).strip(", ") + ". "
    assert len(translate(text * 40, language).text) > len(text) * 30
