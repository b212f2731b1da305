from __future__ import annotations

import json
from pathlib import Path

import pytest

from skill.studio.generate import music
from skill.studio.generate.music import wish


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("add lo-fi background music", "lo-fi"),
        ("LOFI beats please", "lo-fi"),
        ("some smooth jazz", "jazz"),
        ("something upbeat and happy", "upbeat"),
        ("calm, relaxing music", "ambient"),
        ("gentle piano", "piano"),
        ("a sad piano piece", "sad"),
        ("an epic orchestral trailer", "cinematic"),
        ("欢快一点的音乐", "upbeat"),
        ("加一段鋼琴曲", "piano"),
        ("史诗感的配乐", "epic"),
        ("música relajante", "ambient"),
        ("une musique joyeuse", "upbeat"),
        ("musique d’entreprise", "corporate"),
        ("fröhliche Musik", "upbeat"),
        ("música triste", "sad"),
        ("悲しい曲", "sad"),
        ("슬픈 음악", "sad"),
        ("весёлую музыку", "upbeat"),
        ("शांत संगीत", "ambient"),
        ("موسيقى هادئة", "ambient"),
        ("musik yang ceria", "upbeat"),
        ("add some music", None),
        ("a funny housekeeper", None),  # neither "fun" nor "house"
        ("", None),
    ],
)
def test_a_wish_names_a_mood(text: str, mood: str | None) -> None:
    assert music.read(text) == mood


def test_every_mood_has_words_in_every_language() -> None:
    words = json.loads(Path(wish.__file__).with_name("words.json").read_text(encoding="utf-8"))
    assert set(words) == set(music.MOODS)
    languages = {"en", "zh", "es", "fr", "de", "pt", "ja", "ko", "ru", "hi", "ar", "id"}
    seen: dict[tuple[str, str], str] = {}
    for mood, by_language in words.items():
        assert set(by_language) == languages
        for language, several in by_language.items():
            assert len(several) >= 4
            for word in several:
                assert seen.setdefault((language, word), mood) == mood
