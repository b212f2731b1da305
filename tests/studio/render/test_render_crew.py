"""Runs of pieces: in order, complete, and of about the same length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from skill.studio.render.crew import shares
from skill.studio.render.plan import Piece


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 5))
def test_runs_are_neighbours_and_leave_nothing_out(lengths: list[int], count: int) -> None:
    pieces = [(str(n), Piece(n, 0, length)) for n, length in enumerate(lengths)]
    runs = shares(pieces, count)
    assert [piece for run in runs for piece in run] == pieces
    assert len(runs) <= count
    assert all(runs)
    mean = sum(lengths) / count
    assert all(sum(p.last for _, p in run) <= mean + 60 for run in runs)


def test_five_seconds_on_two_cores_are_split_where_it_takes_least() -> None:
    pieces = [("a", Piece(0, 0, 60)), ("b", Piece(1, 60, 120)), ("c", Piece(2, 120, 150))]
    assert [[key for key, _ in run] for run in shares(pieces, 2)] == [["a"], ["b", "c"]]
