"""The labelled answers: what stays, what goes and the steps of each. ``turns`` is the working half;
``measure`` is only measured (``scripts/bench_gui.py``), and here held to what it reached."""

from pathlib import Path

import bench_gui
import labelled
import pytest

from skill.gui import Translator, translate

HERE = Path(__file__).parent
TURNS = labelled.read(HERE / "turns")
MEASURE = labelled.read(HERE / "measure")


@pytest.mark.parametrize("language", sorted({record["lang"] for record in TURNS}))
def test_every_labelled_answer_of_a_language(language: str) -> None:
    wrong = {
        record["text"]: (translate(record["text"], record["language"]), found)
        for record in TURNS
        if record["lang"] == language and (found := bench_gui.faults(record))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", sorted({record["lang"] for record in MEASURE}))
def test_the_measured_half_is_mostly_right(language: str) -> None:
    records = [record for record in MEASURE if record["lang"] == language]
    wrong = sum(bool(bench_gui.faults(record)) for record in records)
    assert wrong <= len(records) // 5


@pytest.mark.parametrize("record", TURNS[::7], ids=lambda record: record["id"])
def test_an_answer_in_pieces_is_read_like_the_whole(record: dict) -> None:
    text = record["text"].replace("\r\n", "\n")
    translator = Translator(record["language"])
    shown = [translator.feed(text[at : at + 5]) for at in range(0, len(text), 5)]
    shown.append(translator.close())
    assert translator.translation("".join(shown)) == translate(text, record["language"])
