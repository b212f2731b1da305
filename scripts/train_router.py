"""Train the router's model and write ``skill/router/weights.txt``.

    scripts/with-python scripts/train_router.py [--check]

``tests/router/learned`` are turns that no word of the router was ever written from, so what the
rules make of them is what they will make of a new turn: they teach the model how far to trust the
rules. From ``tests/router/turns``, which the words were written with, it learns letters and words
alone. ``--check`` trains on half of the learned turns instead, writes nothing and says how often
the other half comes out right.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import environment
from labelled import Labelled, read

TURNS = environment.ROOT / "tests" / "router"
SIZE = 166_000  # places; with a character for each output and one for its owner, 996 kB


def train(learned: Sequence[Labelled], known: Sequence[Labelled], file: Path) -> None:
    from linear_training import fit, write

    lessons = [lesson(turn, True) for turn in learned] + [lesson(turn, False) for turn in known]
    write(fit(lessons), file, SIZE)


def lesson(turn: Labelled, roles: bool) -> Any:
    from linear_training import Lesson

    from skill.linear import hashed
    from skill.router import model, table

    found = table.reading_of(turn["text"], turn["files"])
    beside = model.context(turn["text"], bool(turn["files"]), bool(found.links))
    whole = model.turn_features(found.segments, found.ruled, beside) if roles else ["turn"]
    segments = model.segment_features(found.segments, beside, roles)
    return Lesson(
        sorted(hashed(whole)),
        [sorted(hashed(features)) for features in segments],
        [float(step.value in turn["steps"]) for step in model.STEPS],
    )


def check(learned: Sequence[Labelled], known: Sequence[Labelled]) -> None:
    from skill.router import model, route

    with tempfile.TemporaryDirectory() as folder:
        model.MODEL.file = Path(folder) / "weights.txt"
        for half in (0, 1):
            train(learned[half::2], known, model.MODEL.file)
            model.MODEL.forget()
            rest = learned[1 - half :: 2]
            same = [route(turn["text"], turn["files"]) == turn["steps"] for turn in rest]
            print(f"{len(rest)} turns that it was not shown: {sum(same) / len(rest):.1%} right")


def main() -> None:
    from skill.router import model

    learned, known = read(TURNS / "learned"), read(TURNS / "turns")
    if "--check" in sys.argv:
        check(learned, known)
    else:
        train(learned, known, model.MODEL.file)


if __name__ == "__main__":
    environment.enter("studio")
    main()
