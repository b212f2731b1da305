"""How long a render will take, as far as can be known: by what earlier ones took."""

from __future__ import annotations

import math
from typing import Literal

from skill.jobs import Ledger

# What the cloud's document says of it, in seconds.
CLOUD = (30, 90)
# The studio on two cores, seconds of work for a second of video: cut footage, painted oceans
# (``scripts/bench_render.py``); and what a short one takes at least.
STUDIO = (0.6, 4.0)
STUDIO_START = 2
_LAST = 5  # renders whose pace counts
_SPREAD = (0.7, 1.4)  # around the pace of one earlier render


def render_seconds(
    ledger: Ledger, account: str, kind: Literal["cloud", "studio"], length: int
) -> tuple[int, int]:
    """From how many to how many seconds the render of a video of ``length`` ms usually takes.

    ``account`` is the Engine.account that renders it; what it took to render there before counts
    most, then what is known of engines of its ``kind``.
    """
    seconds = length / 1000
    paces = [
        job.took / job.length * 1000
        for job in ledger.jobs()
        if job.engine == account and job.took > 0 and job.length > 0
    ][-_LAST:]
    if len(paces) == 1:
        low, high = (seconds * paces[0] * spread for spread in _SPREAD)
    elif paces:
        low, high = seconds * min(paces), seconds * max(paces)
    elif kind == "cloud":
        return CLOUD
    else:
        low, high = (STUDIO_START + seconds * pace for pace in STUDIO)
    first = _rounded(low)
    return first, max(_rounded(high), first + (1 if first < 10 else 5))


def _rounded(seconds: float) -> int:
    """Up to a number that one would say: 7, 25, 90."""
    step = 1 if seconds < 10 else 5 if seconds < 60 else 30
    return max(1, math.ceil(seconds / step) * step)
