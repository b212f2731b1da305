"""What the agent remembers between messages, kept in the draft's own metadata.

``draft.meta["studio"]``: "prompt" (the last description and the clip it became),
"focus" (id of the segment that was talked of last), "last" (the verb
that "and the music too" goes on with), "ratio" ("user" where it was
asked for), "next" (the next number of each kind of id).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from skill.draft import Draft

KEY = "studio"


def recall(draft: Draft, key: str) -> Any:
    memory = draft.meta.get(KEY)
    return memory.get(key) if isinstance(memory, Mapping) else None


def remember(draft: Draft, **values: Any) -> Draft:
    """The draft with things noted; a value of None forgets the key."""
    memory = draft.meta.get(KEY)
    noted = {**(memory if isinstance(memory, Mapping) else {}), **values}
    kept = {key: value for key, value in noted.items() if value is not None}
    return replace(draft, meta={**draft.meta, KEY: kept})


def focus(draft: Draft) -> str:
    """The id of what the talk was last about; "" where there is none."""
    return str(recall(draft, "focus") or "")


def new_id(draft: Draft, letter: str) -> tuple[Draft, str]:
    """A fresh id ("v3"), never one that was there before, and the draft that knows of it."""
    counters = recall(draft, "next")
    known = dict(counters) if isinstance(counters, Mapping) else {}
    number = int(known.get(letter, 1)) if isinstance(known.get(letter, 1), int) else 1
    while draft.find(f"{letter}{number}") is not None:
        number += 1
    return remember(draft, next={**known, letter: number + 1}), f"{letter}{number}"
