"""What is to be looked at: the sheet, single frames, the last edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# A place that is said instead of a time.
Place = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Look:
    """A wish to see the project. ``at`` are times in ms, or places; no wish at all is the sheet."""

    at: tuple[int | Place, ...] = ()
    sheet: bool = False
    before_after: bool = False

    @property
    def wants_sheet(self) -> bool:
        return self.sheet or not (self.at or self.before_after)


def milliseconds(seconds: float) -> int:
    """A time in ms; 0 for what is before the beginning or no number."""
    return round(min(seconds, 1e9) * 1000) if seconds > 0 else 0


def clock(ms: int) -> str:
    """A time as it stands on the sheet: "0:03.5", "1:02:03.0"."""
    seconds, tenths = divmod(round(ms / 100), 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{whole}.{tenths}"
