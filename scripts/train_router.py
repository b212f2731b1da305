"""Train the router's model and write ``skill/router/weights.bin``.

    scripts/with-python scripts/train_router.py [--check]

``tests/router/learned`` are turns that no word of the router was ever written from, so what the
rules make of them is what they will make of a new turn: they teach the model how far to trust the
rules. From ``tests/router/turns``, which the words were written with, it learns letters and words
alone. ``--check`` trains on half of the learned turns instead, writes nothing and says how often
the other half comes out right.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import environment

TURNS = environment.ROOT / "tests" / "router"
EPOCHS = 16
RATE = 0.15  # of AdaGrad
DROPPED = 0.3  # the share of features that a turn is shown without, so that none is all
SEED = 7


class Lesson(NamedTuple):
    """A turn as the model sees it: hashed features, and which steps are right."""

    whole: Any
    segments: list[Any]
    steps: Any
    turn: dict[str, Any]


def lessons(folder: Path, roles: bool) -> list[Lesson]:
    return [
        lesson(json.loads(line), roles)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.open(encoding="utf-8")
        if line.strip()
    ]


def lesson(turn: dict[str, Any], roles: bool) -> Lesson:
    import numpy as np

    from skill.router import model, table

    found = table.reading_of(turn["text"], turn["files"])
    beside = model.context(turn["text"], bool(turn["files"]), bool(found.links))
    whole = model.turn_features(found.segments, found.ruled, beside) if roles else ["turn"]
    segments = model.segment_features(found.segments, beside, roles)
    return Lesson(
        np.array(sorted(model.hashed(whole))),
        [np.array(sorted(model.hashed(features))) for features in segments],
        np.array([step.value in turn["steps"] for step in model.STEPS], float),
        turn,
    )


def fit(data: Sequence[Lesson]) -> Table:
    """AdaGrad on the log loss, averaged over the later half of the epochs."""
    import random

    import numpy as np

    from skill.router.model import STEPS

    lengths = [len(part) for one in data for part in (one.whole, *one.segments)]
    parts = [part for one in data for part in (one.whole, *one.segments)]
    features, columns = np.unique(np.concatenate(parts), return_inverse=True)
    cut = iter(np.split(columns, np.cumsum(lengths)[:-1]))
    numbered = [(next(cut), [next(cut) for _ in one.segments], one.steps) for one in data]

    chance = np.random.default_rng(SEED)
    shuffle = random.Random(SEED).shuffle  # noqa: S311 no secret
    weights = np.zeros((len(features), len(STEPS)))
    seen = np.full(len(features), 1e-2)
    mean = np.zeros_like(weights)

    def step(places: Any, gradient: Any) -> None:
        seen[places] += (gradient * gradient).mean()
        weights[places] -= RATE * gradient / np.sqrt(seen[places])[:, None]

    for epoch in range(EPOCHS):
        shuffle(numbered)
        for whole, segments, right in numbered:
            if not segments:
                continue
            whole = whole[chance.random(len(whole)) > DROPPED]
            segments = [places[chance.random(len(places)) > DROPPED] for places in segments]
            said = np.array([weights[places].sum(0) for places in segments])
            weighed = np.exp(said - said.max(0))
            weighed /= weighed.sum(0)
            score = weights[whole].sum(0) + (weighed * said).sum(0)
            error = 1 / (1 + np.exp(-np.clip(score, -30, 30))) - right
            step(whole, error)
            for places, share in zip(segments, weighed, strict=True):
                step(places, error * share)
        if epoch >= EPOCHS // 2:
            mean += weights
    mean *= (1 - DROPPED) / (EPOCHS - EPOCHS // 2)
    return Table(features, mean, np.bincount(columns, minlength=len(features)))


class Table(NamedTuple):
    """Hashed features, the weights of each (features, steps), and how often each was seen."""

    features: Any
    weights: Any
    counts: Any


def write(table: Table, file: Path) -> None:
    """Give each place of the file to the feature that says most of those that could have it."""
    import numpy as np

    from skill.router.model import SIZE, STEPS, UNIT, owner

    steps = np.clip(np.rint(table.weights / UNIT), -127, 127).astype(np.int8)
    owners = np.zeros(SIZE, np.uint8)
    planes = np.zeros((len(STEPS), SIZE), np.int8)
    worth = np.abs(table.weights).max(1) * np.sqrt(table.counts)
    for index in np.argsort(worth, kind="stable"):
        feature = int(table.features[index])
        owners[feature % SIZE] = owner(feature)
        planes[:, feature % SIZE] = steps[index]
    file.write_bytes(owners.tobytes() + planes.tobytes())
    used = np.count_nonzero(owners)
    print(f"{len(table.features):,} features, {used:,} kept, {file.stat().st_size:,} bytes")


def right(turns: Sequence[dict[str, Any]]) -> float:
    from skill.router import model, route

    model._weights.cache_clear()
    found = [route(turn["text"], turn["files"]) for turn in turns]
    same = [got == turn["steps"] for got, turn in zip(found, turns, strict=True)]
    return same.count(True) / len(turns)


def main() -> None:
    import tempfile

    from skill.router import model

    learned = lessons(TURNS / "learned", roles=True)
    known = lessons(TURNS / "turns", roles=False)
    if "--check" not in sys.argv:
        write(fit(learned + known), model.WEIGHTS)
        return
    with tempfile.TemporaryDirectory() as folder:
        model.WEIGHTS = Path(folder) / "weights.bin"
        for half in (0, 1):
            write(fit(learned[half::2] + known), model.WEIGHTS)
            turns = [one.turn for one in learned[1 - half :: 2]]
            print(f"{len(turns)} turns that it was not shown: {right(turns):.1%} right")


if __name__ == "__main__":
    environment.enter("studio")
    main()
