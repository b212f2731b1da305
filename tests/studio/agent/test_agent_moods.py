"""Every kind of music that is composed is understood and offered; others get the nearest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from agent_kit import paints, segments
from test_agent_edits import talk

from skill.draft import AUDIO
from skill.studio.agent import Project, respond
from skill.studio.agent.edits import SetMusic
from skill.studio.agent.lexicon import LANGUAGES, load
from skill.studio.agent.reply import moods, say
from skill.studio.agent.understanding import understand
from skill.studio.generate import music
from skill.studio.generate.music import wish

WORDS = json.loads(Path(wish.__file__).with_name("words.json").read_text(encoding="utf-8"))
# How each language asks for music of a kind.
FORMS = {
    "en": "add {} music", "zh": "加{}的音乐", "es": "añade música {}",
    "fr": "ajoute une musique {}",
    "de": "füge {} Musik hinzu", "pt": "adiciona música {}", "ja": "{}の音楽を追加して",
    "ko": "{} 음악 추가해줘", "ru": "добавь музыку {}", "hi": "{} संगीत जोड़ो",
    "ar": "أضف موسيقى {}", "id": "tambahkan musik {}",
}  # fmt: skip
# What is the music itself, the film that it is for, or a sound of it ("里的音乐").
NOUNS = {
    "soundtrack", "score", "movie", "学习音乐", "學習音樂", "环境音乐", "環境音樂", "游戏音乐",
    "遊戲音樂", "原声", "原聲", "영화", "尤克里里", "de película",
    "de film", "de filme", "film", "映画", "環境音楽", "電子音楽",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agent_reads_a_mood_as_the_composer_does(language: str) -> None:
    read = {}
    for mood in music.MOODS:
        for word in WORDS[mood][language]:
            wishes = understand(FORMS[language].format(word), [], language, paints, False).wishes
            read[word] = [getattr(wish, "mood", wish) for wish in wishes]
    expected = {word: [mood] for mood in music.MOODS for word in WORDS[mood][language]}
    assert {w: read[w] for w in read if w not in NOUNS and read[w] != expected[w]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_for_two_moods(language: str) -> None:
    lexicon = load(language)
    for mood, pattern in lexicon.values("mood"):
        for other in music.MOODS:
            for word in WORDS[other][language]:
                assert other == mood or not pattern.fullmatch(word), (word, mood, other)


@pytest.mark.parametrize("language", [*LANGUAGES, "zh-Hant"])
def test_what_is_offered_is_understood(language: str) -> None:
    assert [music.read(name) for name in moods(language)] == list(music.MOODS)
    for topic in ("moods", "how_music"):
        offer = say(f"talk.{topic}", language, moods=moods(language))
        assert all(name in offer for name in moods(language))


@pytest.mark.parametrize(
    ("language", "message", "mood", "like"),
    [
        ("en", "add reggae music", "upbeat", "reggae"),
        ("en", "add some heavy metal", "epic", "heavy metal"),
        ("en", "change the music to rock", "upbeat", "rock"),
        ("zh", "加摇滚音乐", "upbeat", "摇滚"),
        ("es", "añade música de ópera", "cinematic", "ópera"),
        ("fr", "ajoute du rap en musique", "lo-fi", "rap"),
        ("de", "füge Schlager-Musik hinzu", "upbeat", "Schlager"),
        ("pt", "adiciona música sertaneja", "acoustic", "sertaneja"),
        ("ja", "ロックの音楽を追加して", "upbeat", "ロック"),
        ("ko", "메탈 음악 추가해줘", "epic", "메탈"),
        ("ru", "добавь рэп музыку", "lo-fi", "рэп"),
        ("hi", "रॉक संगीत जोड़ो", "upbeat", "रॉक"),
        ("ar", "أضف موسيقى روك", "upbeat", "روك"),
        ("id", "tambahkan musik dangdut", "upbeat", "dangdut"),
    ],
)
def test_music_that_nobody_composes_gets_the_nearest(
    language: str, message: str, mood: str, like: str
) -> None:
    understood = understand(message, [], language, paints, False)
    assert understood.wishes == (SetMusic(mood, like=like),)


def test_the_nearest_is_owned_up_to() -> None:
    answer = respond("add reggae music", talk("a forest"))
    assert "I do not compose reggae music; upbeat is the nearest I have." in answer.text
    assert answer.draft is not None
    assert segments(answer.draft, AUDIO)[0].meta["source"]["mood"] == "upbeat"


@pytest.mark.parametrize(
    ("message", "mood"),
    [
        ("add smooth jazz", "jazz"), ("add sad piano music", "sad"),
        ("change the music from epic to acoustic", "acoustic"), ("something jazzier", "jazz"),
        ("switch the music to techno", "electronic"), ("less epic music", ""),
        ("add background music", ""), ("add corporate music at 20%", "corporate"),
        ("add music to the second clip", ""), ("put some bossa nova under it", "jazz"),
    ],
)  # fmt: skip
def test_the_mood_of_a_wish(message: str, mood: str) -> None:
    (wish,) = understand(message, [], "en", paints, False).wishes
    assert isinstance(wish, SetMusic)
    assert wish.mood == mood


def test_every_mood_can_be_added_by_its_name() -> None:
    for mood in music.MOODS:
        draft = respond(f"add {mood} music", Project()).draft
        assert draft is not None
        assert segments(draft, AUDIO)[0].meta["source"]["mood"] == mood


def test_understanding_a_message_imports_no_media_library() -> None:
    code = (
        "import sys; from skill.studio.agent import Project, respond;"
        "respond('add jazz music', Project());"
        "sys.exit(bool({'numpy', 'av', 'cv2', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
