"""Training of the models that ``skill/linear.py`` reads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from skill.linear import LARGEST, UNIT, ZERO, owner

EPOCHS = 16
RATE = 0.15  # of AdaGrad
DROPPED = 0.3  # the share of features that a lesson is shown without, so that none is all
SEEDS = (7, 8, 9, 10)  # of runs that differ in the order of lessons and in what is dropped


class Lesson(NamedTuple):
    """Hashed features of the whole and of its segments, and which outputs are right (0 or 1)."""

    whole: Sequence[int]
    segments: Sequence[Sequence[int]]
    right: Sequence[float]


class Table(NamedTuple):
    """Hashed features, the weights of each (features, outputs), and how often each was seen."""

    features: Any
    weights: Any
    counts: Any


def fit(lessons: Sequence[Lesson]) -> Table:
    """AdaGrad on the log loss, averaged over the later half of the epochs of several runs.

    An output's score is what the whole says and the mean of what the segments say, each weighed
    by its exponential.
    """
    import numpy as np

    parts = [np.array(part, np.int64) for one in lessons for part in (one.whole, *one.segments)]
    features, columns = np.unique(np.concatenate(parts), return_inverse=True)
    cut = iter(np.split(columns, np.cumsum([len(part) for part in parts])[:-1]))
    numbered = [
        (next(cut), [next(cut) for _ in one.segments], np.array(one.right)) for one in lessons
    ]
    weights = np.zeros((len(features), len(lessons[0].right)))
    for seed in SEEDS:
        weights += _run(numbered, len(features), seed)
    return Table(features, weights / len(SEEDS), np.bincount(columns, minlength=len(features)))


def _run(numbered: list[tuple[Any, list[Any], Any]], features: int, seed: int) -> Any:
    """The weights (features, outputs) of one run."""
    import numpy as np

    chance = np.random.default_rng(seed)
    order = list(numbered)
    shuffle = random.Random(seed).shuffle  # noqa: S311 no secret
    weights = np.zeros((features, len(numbered[0][2])))
    seen = np.full(features, 1e-2)
    mean = np.zeros_like(weights)

    def step(places: Any, gradient: Any) -> None:
        seen[places] += (gradient * gradient).mean()
        weights[places] -= RATE * gradient / np.sqrt(seen[places])[:, None]

    for epoch in range(EPOCHS):
        shuffle(order)
        for whole, segments, right in order:
            if not segments:
                continue
            shown = whole[chance.random(len(whole)) > DROPPED]
            parts = [places[chance.random(len(places)) > DROPPED] for places in segments]
            said = np.array([weights[places].sum(0) for places in parts])
            weighed = np.exp(said - said.max(0))
            weighed /= weighed.sum(0)
            score = weights[shown].sum(0) + (weighed * said).sum(0)
            error = 1 / (1 + np.exp(-np.clip(score, -30, 30))) - right
            step(shown, error)
            for places, share in zip(parts, weighed, strict=True):
                step(places, error * share)
        if epoch >= EPOCHS // 2:
            mean += weights
    return mean * ((1 - DROPPED) / (EPOCHS - EPOCHS // 2))


def write(table: Table, file: Path, size: int) -> None:
    """Give each place of the file to the feature that says most of those that could have it."""
    import numpy as np

    steps = (ZERO + np.clip(np.rint(table.weights / UNIT), -LARGEST, LARGEST)).astype(np.uint8)
    nobody = ord(" ")
    owners = np.full(size, nobody, np.uint8)
    planes = np.full((steps.shape[1], size), ZERO, np.uint8)
    worth = np.abs(table.weights).max(1) * np.sqrt(table.counts)
    for index in np.argsort(worth, kind="stable"):
        feature = int(table.features[index])
        owners[feature % size] = owner(feature)
        planes[:, feature % size] = steps[index]
    file.write_bytes(b"".join(line.tobytes() + b"\n" for line in (owners, *planes)))
    used = np.count_nonzero(owners != nobody)
    print(f"{len(table.features):,} features, {used:,} kept, {file.stat().st_size:,} bytes")
