"""A linear model in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skill.linear import UNIT, ZERO, Model, hashed, owner

SIZE = 64


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """Two outputs; "yes" says 24 and -12, "more" 40 and 0."""
    owners, planes = bytearray(b" " * SIZE), [bytearray([ZERO] * SIZE) for _ in range(2)]
    for name, weights in {"yes": (24, -12), "more": (40, 0)}.items():
        (feature,) = hashed([name])
        owners[feature % SIZE] = owner(feature)
        for plane, weight in zip(planes, weights, strict=True):
            plane[feature % SIZE] = ZERO + weight
    file = tmp_path / "weights.txt"
    file.write_bytes(b"\n".join((owners, *planes)))
    return Model(file)


def test_weights_are_added_up(model: Model) -> None:
    assert model.scores(hashed(["yes", "more"])) == [64 * UNIT, -12 * UNIT]


@pytest.mark.parametrize(("known", "expected"), [("yes", [24, -12]), ("more", [40, 0])])
def test_one_feature_alone(model: Model, known: str, expected: list[int]) -> None:
    assert model.scores(hashed([known])) == [weight * UNIT for weight in expected]


def test_a_feature_that_nobody_learned_says_nothing(model: Model) -> None:
    strangers = [f"stranger {number}" for number in range(200)]
    kept = {feature for name in strangers for feature in hashed([name])}
    (yes,) = hashed(["yes"])
    kept = {one for one in kept if (one % SIZE, owner(one)) != (yes % SIZE, owner(yes))}
    (more,) = hashed(["more"])
    kept = {one for one in kept if (one % SIZE, owner(one)) != (more % SIZE, owner(more))}
    assert model.scores(kept) == [0, 0]


def test_nothing_says_nothing(model: Model) -> None:
    assert model.scores([]) == [0, 0]


def test_the_file_is_read_when_first_asked_and_after_forgetting(model: Model) -> None:
    before = model.scores(hashed(["yes"]))
    text = model.file.read_text()
    model.file.write_text(re.sub(r"\S", chr(ZERO), text))
    assert model.scores(hashed(["yes"])) == before
    model.forget()
    assert model.scores(hashed(["yes"])) == [0, 0]
