"""Labelled turns, as ``tests/router`` and ``tests/gui`` keep them: a JSON object on each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Labelled = dict[str, Any]


def read(place: Path) -> list[Labelled]:
    """The turns of a file; those of a folder's ``*.jsonl``, in the order of the names."""
    if place.is_dir():
        return [turn for file in sorted(place.glob("*.jsonl")) for turn in read(file)]
    lines = place.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
