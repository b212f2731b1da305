"""The model: what decides where the rules alone cannot."""

from __future__ import annotations

from pathlib import Path

import labelled
import pytest

from skill.router import Step, explain, model, route, table

HERE = Path(__file__).parent


def _turns(folder: str) -> list[dict]:
    return labelled.read(HERE / folder)


def _share_right(turns: list[dict]) -> float:
    return sum(route(turn["text"], turn["files"]) == turn["steps"] for turn in turns) / len(turns)


def test_it_knows_what_it_learned() -> None:
    assert _share_right(_turns("learned")[::7]) > 0.97


def test_turns_that_it_never_saw_come_out_right() -> None:
    assert _share_right(_turns("measure")) > 0.93


def test_compound_turns_that_it_never_saw_come_out_right() -> None:
    assert _share_right(_turns("compound")) > 0.87


@pytest.mark.parametrize("aside", ["measure", "compound"])
def test_no_turn_is_both_learned_and_put_aside(aside: str) -> None:
    def texts(folder: str) -> set[tuple[str, str]]:
        return {(turn["text"].strip(), str(turn["files"])) for turn in _turns(folder)}

    both = texts(aside) & (texts("learned") | texts("turns"))
    assert {text for text, _ in both if text} == set()


def test_small_talk_beside_a_wish_is_no_wish() -> None:
    assert route("love it!! my boss is waiting, could you export the thing?") == [Step.EXPORT]


def test_the_order_is_that_of_the_words() -> None:
    assert route("how many credits are left? and then blur the background") == ["credits", "sse"]
    assert route("blur the background, and then tell me my credits") == ["sse", "credits"]


def test_explain_says_how_sure_it_is() -> None:
    reasons = explain("love it!! my boss is waiting, could you export the thing?").reasons
    assert len(reasons) == 1
    assert reasons[0].startswith("export: ")
    assert reasons[0].endswith("% sure)")


def test_the_weights_are_at_most_a_megabyte() -> None:
    assert model.MODEL.file.stat().st_size <= 1_000_000


@pytest.mark.parametrize("message", ["", "!!!", "🙂"])
def test_without_words_the_rules_decide(message: str) -> None:
    reading = table.reading_of(message, ["clip.mp4"])
    assert reading.ruled == [Step.UPLOAD]
    assert route(message, ["clip.mp4"]) == [Step.UPLOAD]
