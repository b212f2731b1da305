"""An edit and a project -> a new draft, and what is to be said of it. Pure.

``apply`` finds the function of an edit's type; they register themselves in
``applying/``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from skill.draft import Draft
from skill.studio.agent.edits import Edit
from skill.studio.agent.project import Project


@dataclass(frozen=True)
class Fact:
    """A sentence to say: its key in ``sentences/`` and the values in it."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A draft, and what to say that its difference does not."""

    draft: Draft
    facts: tuple[Fact, ...] = ()


class Refusal(Exception):
    """An edit that cannot be done; ``fact`` says why and what to do."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.fact = Fact(key, values)


E = TypeVar("E")
Applier = Callable[[E, Project], Outcome]
_functions: dict[type, Callable[[Any, Project], Outcome]] = {}


def applies(kind: type[E]) -> Callable[[Applier[E]], Applier[E]]:
    """Registers the function that applies edits of a type."""

    def register(function: Applier[E]) -> Applier[E]:
        _functions[kind] = function
        return function

    return register


def apply(edit: Edit, project: Project) -> Outcome:
    """The project's draft after an edit. Raises Refusal where it cannot be done."""
    return _functions[type(edit)](edit, project)


def done(draft: Draft, key: str, **values: Any) -> Outcome:
    """An outcome with one fact."""
    return Outcome(draft, (Fact(key, values),))
