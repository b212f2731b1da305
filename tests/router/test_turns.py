"""The labelled turns: ``dev.jsonl`` is the policy's sample, the others are ours."""

from pathlib import Path

import labelled
import pytest

from skill.router import route

TURNS = Path(__file__).with_name("turns")
WORKING = {file.stem: labelled.read(file) for file in sorted(TURNS.glob("*.jsonl"))}


def _wrong(turns: list[dict]) -> dict[str, list[str]]:
    found = {turn["text"]: (turn["steps"], route(turn["text"], turn["files"])) for turn in turns}
    return {text: got for text, (steps, got) in found.items() if got != steps}


@pytest.mark.parametrize("file", ["dev", "suggested"])
def test_the_sample_and_what_we_suggest_are_read_without_a_fault(file: str) -> None:
    assert _wrong(WORKING[file]) == {}


@pytest.mark.parametrize(
    "language", sorted({turn["lang"] for turns in WORKING.values() for turn in turns})
)
def test_the_labelled_turns_of_a_language(language: str) -> None:
    turns = [turn for turns in WORKING.values() for turn in turns if turn["lang"] == language]
    assert len(_wrong(turns)) <= len(turns) // 50
