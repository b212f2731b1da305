"""How long a render is said to take."""

from __future__ import annotations

from pathlib import Path

import pytest

from skill.estimate import CLOUD, render_seconds
from skill.home import Home
from skill.jobs import Job, Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Home(tmp_path))


def _rendered(ledger: Ledger, length: int, took: float, engine: str = "studio") -> None:
    job, _ = ledger.take(Job("", engine=engine, draft={"n": length, "t": took}, length=length))
    ledger.note(job, state="delivered", took=took)


def test_without_history_the_cloud_s_own_word_counts(ledger: Ledger) -> None:
    assert render_seconds(ledger, "https://cloud.example", "cloud", 5000) == CLOUD


def test_without_history_a_longer_video_takes_the_studio_longer(ledger: Ledger) -> None:
    short = render_seconds(ledger, "studio", "studio", 5000)
    long = render_seconds(ledger, "studio", "studio", 60_000)
    assert short[0] < short[1] < long[1]
    assert short[0] < long[0]


def test_the_pace_of_earlier_renders_counts(ledger: Ledger) -> None:
    _rendered(ledger, 5000, 10.0)
    _rendered(ledger, 10_000, 40.0)
    assert render_seconds(ledger, "studio", "studio", 10_000) == (20, 40)


def test_renders_of_another_engine_tell_nothing(ledger: Ledger) -> None:
    _rendered(ledger, 5000, 500.0, engine="elsewhere")
    assert render_seconds(ledger, "https://cloud.example", "cloud", 5000) == CLOUD


def test_a_render_that_nobody_watched_tells_nothing(ledger: Ledger) -> None:
    _rendered(ledger, 5000, 0.0)
    assert render_seconds(ledger, "https://cloud.example", "cloud", 5000) == CLOUD


def test_the_last_renders_count_most(ledger: Ledger) -> None:
    _rendered(ledger, 1000, 100.0)
    for took in (2.0, 2.1, 2.2, 2.3, 2.4):
        _rendered(ledger, 1000, took)
    assert render_seconds(ledger, "studio", "studio", 10_000)[1] <= 25


@pytest.mark.parametrize("length", [1, 40, 1000, 100_000, 3_600_000])
def test_it_is_a_range(ledger: Ledger, length: int) -> None:
    _rendered(ledger, 1000, 1.0)
    low, high = render_seconds(ledger, "studio", "studio", length)
    assert 0 < low < high
