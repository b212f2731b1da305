"""What a reader knows beyond the clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from skill.studio.agent.clause import Clause
from skill.studio.agent.edits import Wish


@dataclass(frozen=True)
class Context:
    """``paints``: whether words describe a scene that can be painted. ``empty``: no clip yet.

    ``last``: the verb of the last edit, where more of the same may be asked for.
    """

    paints: Callable[[str], bool]
    empty: bool = True
    last: str = ""


Reader = Callable[[Clause, Context], "Sequence[Wish] | None"]
