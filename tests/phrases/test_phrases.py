from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest

from skill import phrases
from skill.download import Missing
from skill.errors import NoCredits, SkillError
from skill.phrases import language_of, languages, listing, number, say
from skill.phrases.errors import explain

FOLDER = Path(phrases.__file__).parent


def _load(language: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{language}.json").read_text("utf-8")))


def _fields(form: Any) -> set[str]:
    forms = form.values() if isinstance(form, dict) else [form] if isinstance(form, str) else []
    return {name for text in forms for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages())
def test_a_language_fills_in_what_english_fills_in(language: str) -> None:
    english, own = _load("en"), _load(language)
    for key, form in own.items():
        if not key.startswith("error."):  # (those: test_error_words.py)
            assert _fields(form) == _fields(english[key]), key


@pytest.mark.parametrize("language", ["en", "zh"])
def test_english_and_chinese_are_complete(language: str) -> None:
    own = {key for key in _load(language) if not key.startswith("error.")}
    assert own == set(_load("en"))


def test_plurals_follow_the_count() -> None:
    assert say("timeline.head", n=1) == "Timeline (1 track):"
    assert say("timeline.head", n=2) == "Timeline (2 tracks):"


@pytest.mark.parametrize(
    ("language", "greeting"),
    [("zh-CN", "zh"), ("zh_TW", "zh"), ("EN", "en"), ("xx", "en"), ("", "en")],
)
def test_a_tag_finds_its_file_or_english(language: str, greeting: str) -> None:
    assert say("timeline.empty", language) == say("timeline.empty", greeting)


def test_a_language_tag_reads_no_other_file() -> None:
    assert say("timeline.empty", "../phrases/zh") == say("timeline.empty")


def test_a_new_language_is_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in FOLDER.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "xq.json").write_text('{"_decimal": ",", "seconds": "{n} sek"}', "utf-8")
    monkeypatch.setattr(phrases, "_HERE", tmp_path)
    phrases._sentences.cache_clear()
    assert say("seconds", "xq", n=number(2.5, "xq")) == "2,5 sek"
    assert say("timeline.empty", "xq") == say("timeline.empty")
    phrases._sentences.cache_clear()


def test_an_unknown_key_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        say("no such key")


def test_numbers_and_lists() -> None:
    assert [number(value) for value in (3, 2.50, 0.04, 2.25)] == ["3", "2.5", "0", "2.2"]
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing(["a", "b"], "zh") == "a和b"
    assert listing([]) == ""


@pytest.mark.parametrize(
    ("message", "known", "language"),
    [
        ("add a title", "en", "en"),
        ("加一个title", "en", "zh"),
        ("add a title “你好”", "en", "en"),
        ("add a title '夜' at the top", "en", "en"),
        ("put ‘夜’ on it", "en", "en"),
        ("l'été, l'ami", "en", "fr"),
        ("add a title please", "zh", "en"),
        ("export", "zh", "zh"),
        ("https://example.com/a.mp4", "zh", "zh"),
        ("", "zh", "zh"),
        ("音楽を追加して", "en", "ja"),
        ("añade música", "es", "es"),
        ("muéstrame cómo se ve", "ko", "es"),
        ("mostra como ficou", "en", "pt"),
        ("montre le résultat", "en", "fr"),
        ("zeig mir das Ergebnis", "en", "de"),
        ("tunjukkan hasilnya", "en", "id"),
    ],
)
def test_the_language_of_a_turn(message: str, known: str, language: str) -> None:
    assert language_of(message, known) == language


def test_an_error_speaks_the_users_language() -> None:
    link = "https://nemovideo.example/register?bind=1"
    error = NoCredits(f"No credits are left. Register to go on: {link}", link=link)
    assert explain(error) == str(error)
    assert explain(error, "zh") == f"积分已用完。注册后可以继续：{link}"
    assert explain(NoCredits("No credits."), "zh") == "积分已用完。请在您的账户中充值。"


def test_an_error_without_words_of_its_own_has_those_of_its_family() -> None:
    assert explain(Missing("no"), "zh") == say("error.DownloadError", "zh")
    assert explain(SkillError("as it is"), "zh") == "as it is"
