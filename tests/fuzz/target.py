"""A target: where its inputs come from, and what must hold of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

# Bidirectional overrides, embeddings and isolates; tags.
_DECEIVING = (("\u202a", "\u202e"), ("\u2066", "\u2069"), ("\U000e0000", "\U000e0fff"))


@dataclass(frozen=True)
class Target:
    """``check`` raises for an input that is handled wrongly. Inputs are JSON values, or bytes.

    ``around`` is entered while inputs are checked: a server that runs, a folder.
    """

    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]
    around: Callable[[], AbstractContextManager[object]] = nullcontext


def cut(whole: Any, sizes: Sequence[int]) -> list[Any]:
    """A text or bytes in pieces of those sizes, and the rest."""
    pieces = []
    for size in sizes:
        pieces.append(whole[:size])
        whole = whole[size:]
    return [*pieces, whole]


def check_plain(text: str) -> None:
    """Nothing in a text drives or deceives a terminal."""
    for character in text:
        kind = unicodedata.category(character)
        if character not in "\n\t":
            assert kind not in ("Cc", "Cs"), f"{character!r} in {text!r}"
        hidden = any(first <= character <= last for first, last in _DECEIVING)
        assert not hidden, f"{character!r} in {text!r}"
