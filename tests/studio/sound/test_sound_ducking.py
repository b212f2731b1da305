from __future__ import annotations

import numpy as np
import pytest
from hearing import RATE, tone

from skill.studio.render import ducking


def test_the_level_of_speech_is_its_own() -> None:
    levels = ducking.speech(tone(1000, 2, -20), RATE)
    assert len(levels) == 200
    assert levels[20:180] == pytest.approx(-23, abs=0.3)  # RMS of a sine of -20
    assert ducking.speech(tone(60, 2, -20), RATE)[20:180].max() < -50


def test_a_steady_hum_is_not_speech() -> None:
    hum = np.random.default_rng(1).normal(0, 0.03, (6 * RATE, 2)).astype(np.float32)
    assert ducking.gains(ducking.speech(hum, RATE), -20).min() > 0.95


def test_the_music_is_down_before_a_word_and_back_after_it() -> None:
    levels = np.full(1000, -60.0)
    levels[400:500] = -20
    gain = 20 * np.log10(ducking.gains(levels, -20))
    assert gain[300] == pytest.approx(0, abs=0.1)
    assert gain[400:500].max() < -7
    assert gain[800] == pytest.approx(0, abs=0.1)
    assert np.abs(np.diff(gain)).max() < 1.2  # dB in 10 ms


def test_quiet_music_stays_where_it_is() -> None:
    levels = np.full(1000, -60.0)
    levels[400:500] = -20
    assert ducking.gains(levels, -40).min() > 0.99
