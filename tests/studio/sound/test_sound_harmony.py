from __future__ import annotations

import pytest

from skill.studio.generate.music.drums import KIT
from skill.studio.generate.music.harmony import chord, nearest, scale, voicing
from skill.studio.generate.music.instruments import INSTRUMENTS
from skill.studio.generate.music.mood import MOODS, load
from skill.studio.generate.music.parts import PLAYERS


@pytest.mark.parametrize(
    ("symbol", "key", "name", "tones"),
    [
        ("I", 0, "C", {0, 4, 7}),
        ("IIm9", 0, "Dm9", {2, 5, 9, 0, 4}),
        ("bVIImaj7", 2, "Cmaj7", {0, 4, 7, 11}),
        ("V/VII", 0, "G/B", {7, 11, 2}),
        ("IVm69", 7, "Cm69", {0, 3, 7, 9, 2}),
    ],
)
def test_a_symbol_is_read_in_its_key(symbol: str, key: int, name: str, tones: set[int]) -> None:
    read = chord(symbol, key)
    assert read.name == name
    assert set(read.tones) == tones


@pytest.mark.parametrize("symbol", ["", "VIII", "Ifoo", "H7", "I/"])
def test_what_is_no_chord_is_refused(symbol: str) -> None:
    with pytest.raises(ValueError, match="no chord"):
        chord(symbol, 0)


def test_voices_move_little_and_stay_in_range() -> None:
    before: tuple[int, ...] = ()
    for symbol in ("IIm9", "V13", "Imaj9", "VIm9", "IIm9"):
        voices = voicing(chord(symbol, 3).tones, before, 52, 74, 4)
        assert len(voices) == 4
        assert 52 <= voices[0] < voices[-1] <= 74
        if before:
            assert sum(abs(a - b) for a, b in zip(voices, before, strict=True)) <= 10
        before = voices


def test_what_grates_is_a_semitone_over_a_tone() -> None:
    assert chord("I", 0).avoided() == {1, 5, 8}
    assert chord("V7b9", 0).avoided().isdisjoint(chord("V7b9", 0).tones)


def test_nearest_leans_where_it_is_told_to() -> None:
    assert nearest([60, 64], 62, lean=1) == 64
    assert nearest([60, 64], 62, lean=-1) == 60


@pytest.mark.parametrize("name", MOODS)
def test_the_data_of_a_mood_is_whole(name: str) -> None:
    mood = load(name)
    assert mood.name == name
    for progression in mood.progressions:
        mode, chords = progression.split(":")
        assert len(scale(mode, 0)) == 7
        assert [chord(symbol.strip(), 0) for symbol in chords.split("|")]
        assert mode in mood.cadences
    for cadence in mood.cadences.values():
        assert len([chord(symbol.strip(), 5) for symbol in cadence.split("|")]) == 3
    for layer in mood.layers:
        assert layer.part in PLAYERS
        assert set(layer.instruments) <= set(INSTRUMENTS)
        for pattern in layer.patterns:
            assert pattern == "held" or all(len(bar) == 16 for bar in pattern.split("|"))
    for beat in mood.beats:
        assert beat.drum in KIT
        for bar in "|".join((*beat.patterns, beat.head, beat.turn)).split("|"):
            assert len(bar) in (0, 16)
            assert set(bar) <= set("Xxo.>")
