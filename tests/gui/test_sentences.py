from __future__ import annotations

import re

import pytest

from skill.gui import sentences


@pytest.mark.parametrize("unit", ["  ", "x", 'a "', '" ', "1) ", "a. b", "(1. ", "!", "a!))"])
def test_a_line_without_an_end_is_looked_through_once(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    stop = sentences._STOP

    class Counting:
        def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
            nonlocal looked
            found = stop.search(text, start, end)
            looked += (found.end() if found else end) - start
            return found

    monkeypatch.setattr(sentences, "_STOP", Counting())
    text = f"word {unit * (6000 // len(unit))}"
    cutter = sentences.Cutter()
    for at in range(0, len(text), 5):
        list(cutter.feed(text[at : at + 5]))
    list(cutter.close())
    assert looked < 8 * len(text)
