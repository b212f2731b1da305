"""What newcomers said that was misread at first, by class, in all languages."""

from __future__ import annotations

import pytest
from agent_kit import MUSIC, THE_TITLE, THIS_CLIP, paints

from skill.studio.agent.edits import (
    ChangeTitle,
    Generate,
    Later,
    Move,
    Remove,
    SetLength,
    SetLook,
    SetMusic,
    SetRatio,
    SetVolume,
    Style,
    Swap,
    Talk,
    Target,
    Trim,
    UseAsMusic,
    Wish,
)
from skill.studio.agent.understanding import understand

THIS = SetLength(THIS_CLIP, length=4000)
SECOND = SetLength(Target("clip", ordinal=2), length=4000)
LOWER_LEFT = ChangeTitle(THE_TITLE, style=Style("bottom-left"))
DARK = Later("filters")

# fmt: off
MESSAGES: list[tuple[str, str, Wish]] = [
    # One of several clips, pointed at or counted.
    ("en", "make that one 4 seconds", THIS), ("en", "make the second one 4 seconds", SECOND),
    ("en", "make the second 4 seconds", SECOND), ("zh", "这个改成4秒", THIS),
    ("es", "que esa dure 4 segundos", THIS), ("fr", "mets celle-là à 4 secondes", THIS),
    ("de", "mach das zweite 4 Sekunden lang", SECOND), ("ru", "сделай второй 4 секунды", SECOND),
    ("ja", "2つ目を4秒にして", SECOND), ("id", "jadikan yang kedua 4 detik", SECOND),
    ("ar", "اجعل الثاني 4 ثوان", SECOND), ("hi", "दूसरा 4 सेकंड का करो", SECOND),
    ("ko", "두 번째를 4초로 해줘", SECOND),
    # Corners.
    ("ru", "перемести его вниз влево", LOWER_LEFT), ("ar", "انقله إلى أسفل اليسار", LOWER_LEFT),
    ("pt", "move para baixo à esquerda", LOWER_LEFT), ("ko", "그걸 왼쪽 아래로 옮겨줘", LOWER_LEFT),
    # What is too much of something is no picture.
    ("en", "too dark", DARK), ("zh", "太暗了", DARK), ("es", "demasiado oscuro", DARK),
    ("fr", "c'est trop sombre", DARK), ("de", "zu dunkel", DARK), ("pt", "muito escuro", DARK),
    ("ja", "暗すぎる", DARK), ("ko", "너무 어두워", DARK), ("ru", "слишком темно", DARK),
    ("id", "terlalu gelap", DARK), ("es", "está muy fuerte", SetVolume(Target(), scale=0.6)),
    # Wishes in the form of a question.
    ("en", "can it be a bit bigger?",
     ChangeTitle(THE_TITLE, style=Style(scale=1.15))),
    ("en", "is it possible to crop it square?", SetRatio((1, 1))),
    ("en", "which songs can I pick from?", Talk("moods")),
    ("pt", "que músicas você tem?", Talk("moods")),
    # Places, looks and sounds.
    ("zh", "两段换个位置", Swap()),
    ("zh", "第二张放前面", Move(Target("clip", ordinal=2), "start")),
    ("en", "give me something cheerful", SetMusic("upbeat")),
    ("en", "nah, jazz please", SetMusic("jazz")),
    ("en", "title off", Remove((Target("title"),))),
    ("en", "recommend me a movie", Talk("elsewhere")),
    ("en", "tell me a bedtime story", Talk("elsewhere")),
    ("en", "put my clip last", Move(Target("clip", own=True), "end")),
    ("en", "and a desert after", Generate("a desert")),
    ("en", "give it that old movie feel", SetLook(True, True)),
    ("en", "keep just the first half", Trim(half="start")),
    ("en", "keep only the last half", Trim(half="end")),
    ("en", "add rain sounds", Later("sounds")),
    ("en", "bring back its sound", SetVolume(Target(), level=1.0)),
    ("en", "use my song quietly in the background", UseAsMusic(MUSIC, 0.3)),
]
# fmt: on


@pytest.mark.parametrize(("language", "message", "wish"), MESSAGES)
def test_a_newcomer_is_understood(language: str, message: str, wish: Wish) -> None:
    (found,) = understand(message, [], language, paints, empty=False).wishes
    if isinstance(found, Generate):
        found = Generate(found.prompt, found.length)
    assert found == wish


def test_the_end_of_a_korean_noun_is_no_particle() -> None:
    (found,) = understand("새벽 바다 6초 보여줘", [], "ko", lambda _: True).wishes
    assert isinstance(found, Generate)
    assert (found.prompt, found.length) == ("새벽 바다", 6000)
