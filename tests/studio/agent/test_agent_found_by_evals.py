"""Wishes that were lost without a word until the evals were played."""

from __future__ import annotations

import pytest
from agent_kit import paints

from skill.studio.agent.edits import (
    Gather,
    Remove,
    SetLength,
    SetMusic,
    SetRatio,
    SetVolume,
    Target,
    Trim,
    Undo,
    Wish,
)
from skill.studio.agent.understanding import understand

PHOTOS = Target("photo", all=True)


@pytest.mark.parametrize(
    ("language", "message", "wishes"),
    [
        (
            "en",
            "make a slideshow of these three photos with soft piano music, 2 seconds each",
            [Gather(PHOTOS), SetLength(None, 2000, each=True), SetMusic("piano")],
        ),
        (
            "en",
            "make a slideshow of my photos, 3 seconds per photo",
            [Gather(PHOTOS), SetLength(None, 3000, each=True)],
        ),
        ("en", "make a 10-second slideshow of my photos", [Gather(PHOTOS, 10_000)]),
        ("en", "mute the clip's own sound", [SetVolume(Target("clip"), level=0.0)]),
        ("en", "undo that, I liked the old one", [Undo()]),
        (
            "es",
            "quédate solo con los primeros 2 segundos, hazlo cuadrado",
            [Trim(keep=(0, 2000)), SetRatio((1, 1))],
        ),
        (
            "es",
            "quédate con lo que hay entre el segundo 2 y el 4, hazlo vertical",
            [Trim(keep=(2000, 4000)), SetRatio((9, 16))],
        ),
        ("es", "recorta del segundo 2 al segundo 4", [Trim(keep=(2000, 4000))]),
    ],
)
def test_every_wish_is_read(language: str, message: str, wishes: list[Wish]) -> None:
    read = understand(message, language=language, paints=paints, empty=False)
    assert list(read.wishes) == wishes


def test_a_wish_after_an_undoing_is_no_reason_for_it() -> None:
    read = understand("undo that, remove the title", paints=paints, empty=False)
    assert list(read.wishes) == [Undo(), Remove((Target("title"),))]
