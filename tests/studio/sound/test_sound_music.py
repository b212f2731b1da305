from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio import loudness
from skill.studio.generate import music
from skill.studio.generate.music import composer, performance
from skill.studio.generate.music.mood import load
from skill.studio.generate.music.score import Score

RATE = 24000  # half of what is used: these are about the music


def written(mood: str, seconds: float, seed: int = 1) -> Score:
    return composer.write(load(mood), seconds, seed)


@pytest.mark.parametrize("mood", music.MOODS)
def test_a_bed_is_loud_enough_and_clean(mood: str) -> None:
    sound = music.compose(mood, 5.0, 3, RATE)
    assert sound.shape == (5 * RATE, 2)
    assert sound.dtype == np.float32
    assert loudness.integrated(sound, RATE) == pytest.approx(-14, abs=0.5)
    assert loudness.true_peak(sound) <= -1.4
    assert abs(float(sound.mean())) < 1e-3  # no direct current
    assert np.abs(sound[0]).max() < 1e-3
    assert np.abs(sound[-1]).max() < 1e-3
    # Folded to mono it loses little: nothing cancels out.
    sides, middle = float(np.square(sound).mean()), float(np.square(sound.mean(axis=1)).mean())
    assert middle > 0.4 * sides


@pytest.mark.parametrize("seconds", [0.01, 0.4, 1.0, 2.7, 4.9, 14.3])
def test_every_length_is_met_to_the_sample(seconds: float) -> None:
    sound = music.compose("acoustic", seconds, 2, RATE)
    assert len(sound) == round(seconds * RATE)
    assert np.isfinite(sound).all()


def test_a_second_is_music_already() -> None:
    sound = music.compose("upbeat", 1.0, 5, RATE)
    assert loudness.integrated(sound, RATE) == pytest.approx(-14, abs=0.5)
    assert np.abs(sound[: RATE // 5]).max() > 0.05  # it begins at once
    assert np.abs(sound[-RATE // 100 :]).max() < 0.02  # and has rung out


def test_it_is_the_same_every_time() -> None:
    assert np.array_equal(music.compose("piano", 3, 9, RATE), music.compose("piano", 3, 9, RATE))


def test_another_seed_is_another_piece() -> None:
    pieces = [written("lo-fi", 30, seed) for seed in range(8)]
    tunes = {tuple(note.pitch for note in piece.notes[:40]) for piece in pieces}
    assert len(tunes) == 8
    assert len({piece.key for piece in pieces}) > 3
    assert len({tuple(over.symbol for _, over in piece.chords) for piece in pieces}) > 3


@pytest.mark.parametrize("mood", music.MOODS)
def test_another_length_keeps_key_and_instruments(mood: str) -> None:
    short, long = written(mood, 12), written(mood, 75)
    assert (short.key, short.instruments) == (long.key, long.instruments)


@pytest.mark.parametrize("mood", music.MOODS)
@settings(max_examples=8, deadline=None)
@given(seconds=st.floats(0.3, 200), seed=st.integers(0, 2**31))
def test_a_score_keeps_to_its_length_tempo_and_range(mood: str, seconds: float, seed: int) -> None:
    piece = written(mood, seconds, seed)
    low, high = load(mood).tempo
    if piece.beats > 4:
        assert low * 0.97 <= piece.tempo <= high * 1.1
    assert piece.clock[-1] < seconds
    for note in piece.notes:
        assert 0 <= note.start < seconds
        assert note.start + note.length <= seconds + 1e-6
        assert 20 <= note.pitch <= 110
        assert 0 < note.force <= 1


@pytest.mark.parametrize("mood", music.MOODS)
def test_a_piece_ends_at_home(mood: str) -> None:
    for seconds in (3, 20, 60):
        piece = written(mood, seconds)
        beat, last = piece.chords[-1]
        assert beat == piece.beats
        assert last.root == piece.key
        final = [note for note in piece.notes if note.start > piece.clock[-1] - 0.03]
        assert final
        held = {note.pitch % 12 for note in final if note.start + note.length > seconds - 0.01}
        assert held <= set(last.tones)


@pytest.mark.parametrize("mood", music.MOODS)
def test_nothing_grates(mood: str) -> None:
    """Time in which a note lies a semitone over a tone of the chord: passing notes only."""
    grating = total = 0.0
    for seed in range(4):
        piece = written(mood, 45, seed)
        times = [piece.at(beat) for beat, _ in piece.chords]
        for note in piece.notes:
            for time in np.arange(note.start + 0.03, note.start + note.length, 0.1):
                over = piece.chords[max(0, int(np.searchsorted(times, time + 0.03)) - 1)][1]
                total += 1
                grating += note.pitch % 12 in over.avoided()
    assert grating < 0.02 * total


def test_a_long_piece_builds_and_changes() -> None:
    piece = written("upbeat", 180)
    energies = [phrase.energy for phrase in piece.phrases]
    assert len(set(energies)) >= 3
    assert energies[-1] == 3
    assert {phrase.other for phrase in piece.phrases} == {True, False}
    busy = np.histogram([note.start for note in piece.notes], 12, (0, 180))[0]
    assert busy.max() > 1.3 * busy.min()


def test_swing_is_late_on_the_second_of_two() -> None:
    piece = written("jazz", 30)
    layer = next(n for n, b in enumerate(load("jazz").beats) if b.drum == "ride")
    step = piece.clock[9] - piece.clock[8]
    places = [(s.start / step) % 1 for s in piece.strokes if s.beat == layer and s.start < 20]
    late = [place for place in places if 0.3 < place < 0.9]
    assert np.mean(late) == pytest.approx(0.64, abs=0.04)


@pytest.mark.parametrize("mood", ["lo-fi", "electronic", "cinematic"])
def test_windows_leave_no_join(mood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = written(mood, 12)
    monkeypatch.setattr(performance, "_WINDOW", 100.0)
    whole = performance.play(load(mood), piece, RATE)
    monkeypatch.setattr(performance, "_WINDOW", 3.3)
    joined = performance.play(load(mood), piece, RATE)
    assert np.abs(whole - joined).max() < 1e-4 * np.abs(whole).max()


def test_an_unknown_mood_is_ambient() -> None:
    polka, ambient = (music.compose(mood, 1, 1, RATE) for mood in ("polka", "ambient"))
    assert np.array_equal(polka, ambient)
