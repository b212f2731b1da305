"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["well", "note", "warning", "failure"]


@dataclass(frozen=True)
class Finding:
    """``name`` is what was looked at, ``found`` what it is like, with the value.

    grade: ``note`` is neither good nor bad, ``warning`` is worth mending, ``failure`` stops work.
    mend: the one command or action that mends it, "" where there is nothing to mend.
    """

    name: str
    grade: Grade
    found: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "grade": self.grade, "found": self.found, "mend": self.mend}
