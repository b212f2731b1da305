"""The timeline before and after the last edit of each project, for looking at the difference."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from skill.errors import StateError
from skill.home import Home
from skill.phrases import say
from skill.timeline import compare

FILE = "edits.json"
PROJECTS = 4  # of which the last edit is known
BYTES = 1_000_000  # of a timeline; a larger one is not kept

Wire = Mapping[str, Any]


def keep(home: Home, session: str, before: Wire, after: Wire) -> None:
    """Note an edit. Where that cannot be written, there is nothing to compare with later."""
    if len(json.dumps([before, after])) > BYTES:
        return
    with contextlib.suppress(StateError), home.update(FILE) as data:
        data.pop(session, None)
        data[session] = {"before": dict(before), "after": dict(after)}
        for old in list(data)[:-PROJECTS]:
            del data[old]


def before(home: Home, session: str, now: Wire) -> Wire | None:
    """The timeline before the last edit that led to ``now``; None where none is known.

    What was changed by other ways than a message (an upload) counts as an edit too: then it
    is the timeline as the last message left it.
    """
    try:
        entry = home.read(FILE).get(session)
    except StateError:
        return None
    if not isinstance(entry, Mapping):
        return None
    earlier, later = entry.get("before"), entry.get("after")
    if not isinstance(earlier, Mapping) or not isinstance(later, Mapping):
        return None
    return earlier if _alike(later, now) else later


def _alike(later: Wire, now: Wire) -> bool:
    """Whether two timelines are the same to a user, whatever else a backend writes into them."""
    return later == now or compare(later, now) in ([], [say("change.other")])
