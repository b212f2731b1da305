"""One module for each row of the dispatch table: upload, credits, status, export, sse.

Each has ``run(errand)``: it does the step, adds what it found to the errand, and raises
SkillError where it could not.
"""

from __future__ import annotations

from importlib import import_module

from skill.errand import Errand
from skill.router.steps import Step


def run(step: Step, errand: Errand) -> None:
    """Do a step of a turn. Raises SkillError."""
    import_module(f"skill.actions.{step.value}").run(errand)
