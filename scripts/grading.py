"""What came of a task of the evals, and how an assertion about it is judged.

An assertion is a sentence of ``evals/evals.json``. A check is a function with the pattern of its
sentence (``says``); a sentence that no check knows is an error, never a pass. Every verdict
carries its evidence: what was measured. The sentences stand in ``assertions.py`` and
``film_assertions.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, pstdev

import screening
from assistant import Turn
from screening import Film

from skill.draft import Draft

PICTURES = (".png", ".jpg", ".webp")


@dataclass(frozen=True)
class Verdict:
    passed: bool
    evidence: str


@dataclass(frozen=True)
class Run:
    """A task that was played: its turns, what was delivered, and the timeline at its end.

    ``sources`` are the files that the user sent, by name; ``changed`` those that are no longer as
    they were; ``early`` what there was of the skill's state before the first turn; ``pages`` maps
    each link to the HTTP status that it led to (0: none).
    """

    turns: Sequence[Turn]
    sources: Mapping[str, Path] = field(default_factory=dict)
    timeline: Draft = field(default_factory=Draft)
    changed: Sequence[str] = ()
    early: Sequence[str] = ()
    pages: Mapping[str, int] = field(default_factory=dict)
    films: dict[Path, Film] = field(default_factory=dict)

    @property
    def delivered(self) -> list[Path]:
        """The videos, in order; a preview is no video."""
        return [path for path in self._files if path.suffix not in PICTURES]

    @property
    def pictures(self) -> list[Path]:
        return [path for path in self._files if path.suffix in PICTURES]

    @property
    def _files(self) -> list[Path]:
        return [path for turn in self.turns for path in turn.delivered]

    def turn(self, number: str) -> Turn:
        """A turn by its number. Raises Missing."""
        if not 1 <= int(number) <= len(self.turns):
            raise Missing(f"there is no turn {number}")
        return self.turns[int(number) - 1]

    def film(self, number: str) -> Film:
        """A delivered video by its number. Raises Missing."""
        if int(number) > len(self.delivered):
            raise Missing(f"there is no video {number}: {len(self.delivered)} were delivered")
        return self._watched(self.delivered[int(number) - 1])

    def source(self, name: str) -> Film:
        return self._watched(self.sources[name])

    def _watched(self, path: Path) -> Film:
        if path not in self.films:
            try:
                self.films[path] = screening.watch(path)
            except (OSError, ValueError) as error:
                raise Missing(f"{path.name} cannot be played: {error}") from error
        return self.films[path]


class Missing(Exception):
    """What an assertion is about is not there; the text is its evidence."""


Check = Callable[..., Verdict]
CHECKS: list[tuple[re.Pattern[str], Check]] = []
"""Every check with the pattern of its sentence."""


def says(pattern: str) -> Callable[[Check], Check]:
    """The check of a sentence; what the pattern captures comes as text."""

    def keep(check: Check) -> Check:
        CHECKS.append((re.compile(pattern), check))
        return check

    return keep


def check(sentence: str, run: Run) -> Verdict:
    """Check an assertion. Raises ValueError where no pattern knows the sentence."""
    found, captured = _known(sentence)
    try:
        return found(run, *captured)
    except Missing as missing:
        return Verdict(False, str(missing))


def understood(sentence: str) -> None:
    """Raises ValueError where no pattern knows a sentence, or more than one does."""
    _known(sentence)


def _known(sentence: str) -> tuple[Check, tuple[str, ...]]:
    matches = [(c, m) for p, c in CHECKS if (m := p.fullmatch(sentence))]
    if len(matches) != 1:
        raise ValueError(f"{len(matches)} checks understand the assertion {sentence!r}, not one.")
    ((found, match),) = matches
    return found, match.groups("")


def report(results: Sequence[tuple[str, Verdict]]) -> str:
    """The grading of a task in the Agent Skills form, as JSON."""
    passed = sum(verdict.passed for _, verdict in results)
    counts = {
        "passed": passed,
        "failed": len(results) - passed,
        "total": len(results),
        "pass_rate": round(passed / len(results), 3) if results else 0.0,
    }
    graded = [{"text": s, "passed": v.passed, "evidence": v.evidence} for s, v in results]
    return json.dumps(
        {"assertion_results": graded, "summary": counts}, ensure_ascii=False, indent=1
    )


def summary(values: Sequence[float]) -> dict[str, float]:
    """Mean and standard deviation over the tasks, in the Agent Skills form."""
    return {"mean": round(fmean(values), 3), "stddev": round(pstdev(values), 3)}
