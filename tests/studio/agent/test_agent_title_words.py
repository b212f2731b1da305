"""Words of a title that stand without quotes."""

from __future__ import annotations

import pytest
from agent_kit import paints

from skill.studio.agent.edits import AddTitle, Ask, ChangeTitle, Moment, Style, Target, Wish
from skill.studio.agent.understanding import understand

AT_START = Moment(at="start")
ASK = Ask("title")

# fmt: off
MESSAGES: list[tuple[str, str, Wish]] = [
    ("en", "add a title hello", AddTitle("hello")),
    ("en", "title: hello world", AddTitle("hello world")),
    ("en", "title hello", AddTitle("hello")),
    ("en", "add the title Summer in Rome at the start", AddTitle("Summer in Rome", AT_START)),
    ("en", "add title hello for 3 seconds", AddTitle("hello", Moment(length=3000))),
    ("en", "put a title my summer vacation in the center",
     AddTitle("my summer vacation", style=Style("center"))),
    ("en", "Title: The End, at the end", AddTitle("The End", Moment(at="end"))),
    ("en", "change the title to hello", ChangeTitle(Target("title", it=True), "hello")),
    ("en", "add a title", ASK), ("en", "add a title please", ASK),
    ("en", "add a title, thanks", ASK),
    ("en", "add a title in red", ASK), ("en", "add a title to my video", ASK),
    ("en", "hello, add a title", ASK),
    ("zh", "加标题你好", AddTitle("你好")), ("zh", "标题：你好世界", AddTitle("你好世界")),
    ("zh", "在开头加标题罗马的夏天", AddTitle("罗马的夏天", AT_START)), ("zh", "加个标题", ASK),
    ("zh", "加个红色标题", ASK),
    ("es", "añade un título hola", AddTitle("hola")),
    ("es", "añade el título Verano en Roma al principio", AddTitle("Verano en Roma", AT_START)),
    ("es", "añade un título", ASK),
    ("fr", "ajoute un titre bonjour", AddTitle("bonjour")),
    ("fr", "titre : bonjour le monde", AddTitle("bonjour le monde")),
    ("fr", "ajoute le titre Été à Rome au début", AddTitle("Été à Rome", AT_START)),
    ("fr", "ajoute un titre", ASK),
    ("de", "füge einen Titel Hallo hinzu", AddTitle("Hallo")),
    ("de", "setze den Titel Sommer in Rom an den Anfang", AddTitle("Sommer in Rom", AT_START)),
    ("de", "füge einen Titel hinzu", ASK),
    ("pt", "adiciona um título olá", AddTitle("olá")),
    ("pt", "adiciona o título Verão em Roma no início", AddTitle("Verão em Roma", AT_START)),
    ("pt", "adiciona um título", ASK),
    ("ja", "タイトルこんにちはを追加して", AddTitle("こんにちは")),
    ("ja", "最初にタイトル ローマの夏 を追加して", AddTitle("ローマの夏", AT_START)),
    ("ja", "タイトルを追加して", ASK),
    ("ko", "제목 안녕 추가해줘", AddTitle("안녕")),
    ("ko", "처음에 제목 로마의 여름 넣어줘", AddTitle("로마의 여름", AT_START)),
    ("ko", "제목 추가해줘", ASK),
    ("ru", "добавь заголовок привет", AddTitle("привет")),
    ("ru", "добавь заголовок Лето в Риме в начале", AddTitle("Лето в Риме", AT_START)),
    ("ru", "добавь заголовок", ASK),
    ("hi", "शीर्षक नमस्ते जोड़ो", AddTitle("नमस्ते")),
    ("hi", "शुरुआत में शीर्षक रोम की गर्मी जोड़ो", AddTitle("रोम की गर्मी", AT_START)),
    ("hi", "शीर्षक जोड़ो", ASK),
    ("ar", "أضف عنوان مرحبا", AddTitle("مرحبا")),
    ("ar", "أضف العنوان صيف في روما في البداية", AddTitle("صيف في روما", AT_START)),
    ("ar", "أضف عنوانا", ASK),
    ("id", "tambahkan judul halo", AddTitle("halo")),
    ("id", "tambahkan judul Musim Panas di Roma di awal",
     AddTitle("Musim Panas di Roma", AT_START)),
    ("id", "tambahkan judul", ASK),
]
# fmt: on


@pytest.mark.parametrize(("language", "message", "wish"), MESSAGES)
def test_a_title_takes_the_words_that_are_left(language: str, message: str, wish: Wish) -> None:
    assert understand(message, [], language, paints, False).wishes == (wish,)
