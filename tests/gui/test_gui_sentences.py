"""Labelled sentences of authors who never saw the code: ``sentences/working`` and ``measure``."""

from __future__ import annotations

from pathlib import Path

import labelled
import pytest

from skill.gui import translate

HERE = Path(__file__).with_name("sentences")
LANGUAGES = sorted(file.stem for file in (HERE / "measure").glob("*.jsonl"))
# The share of sentences for a screen that is seen at least.
SEEN = {"en": 0.7, "zh": 0.7}
SEEN_ELSEWHERE = 0.15


def _sentences(half: str, language: str) -> list[dict]:
    return labelled.read(HERE / half / f"{language}.jsonl")


def _stays(sentence: dict) -> bool:
    """Whether a sentence is left as it is, and asks for nothing."""
    found = translate(sentence["text"], sentence["lang"])
    same = found.text.strip() == sentence["text"].strip()
    return same and not found.actions and not found.message


@pytest.mark.parametrize("half", ["working", "measure"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_content_stays(half: str, language: str) -> None:
    content = [one for one in _sentences(half, language) if one["label"] == "content"]
    cut = [one["text"] for one in content if not _stays(one)]
    assert len(cut) <= len(content) * 0.04, cut


@pytest.mark.parametrize("half", ["working", "measure"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_needs_a_screen_is_seen(half: str, language: str) -> None:
    screen = [one for one in _sentences(half, language) if one["label"] != "content"]
    seen = sum(not _stays(one) for one in screen)
    assert seen >= len(screen) * SEEN.get(language, SEEN_ELSEWHERE)
