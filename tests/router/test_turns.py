"""The labelled turns: ``dev.jsonl`` is the policy's sample, the others are ours."""

import json
from pathlib import Path

import pytest

from skill.router import route

TURNS = Path(__file__).with_name("turns")


def _turns() -> list[dict]:
    return [json.loads(line) for file in sorted(TURNS.glob("*.jsonl")) for line in file.open()]


@pytest.mark.parametrize("language", sorted({turn["lang"] for turn in _turns()}))
def test_every_labelled_turn_of_a_language(language: str) -> None:
    wrong = {
        turn["text"]: route(turn["text"], turn["files"])
        for turn in _turns()
        if turn["lang"] == language and route(turn["text"], turn["files"]) != turn["steps"]
    }
    assert wrong == {}
