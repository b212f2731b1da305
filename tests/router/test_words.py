import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.router import Step, explain, languages, lexicon, route
from skill.router.text import plain

FILES = sorted(languages.WORDS.rglob("*.json"))
KEYS = {*lexicon.ROLES, "typed_right", "joined", "before", "after"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_words_stand_as_they_are_looked_up(file: Path) -> None:
    words = json.loads(file.read_bytes())
    assert set(words) <= KEYS
    assert [w for listed in words.values() for w in listed if w != plain(w).strip()] == []
    entries = [w for role, listed in words.items() if role in lexicon.BIT for w in listed]
    # What is written onto words begins with a hyphen.
    whole = [w.rstrip("*") for w in entries if not w.startswith("-")]
    assert [w for w in whole if " ".join(lexicon.split(w)) != w] == []


def test_a_language_is_added_by_adding_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "latin").mkdir()
    (tmp_path / "any.json").write_text("{}")
    (tmp_path / "latin" / "eo.json").write_text(
        json.dumps({"export": ["elsutu"], "determiner": ["la"], "deliverable": ["filmon"]})
    )
    monkeypatch.setattr(languages, "WORDS", tmp_path)
    languages.languages.cache_clear()
    try:
        assert route("elsutu la filmon") == ["export"]
    finally:
        languages.languages.cache_clear()


def test_explain_names_the_words_and_the_rule() -> None:
    reasons = explain("don't export yet").reasons
    assert len(reasons) == 1
    assert reasons[0].startswith("sse: “don't export yet” (en): negated or postponed (")


def test_explain_shows_what_stands_for_quotations_and_names() -> None:
    reasons = explain("delete b.mp4 and write 'Sale', then export").reasons
    assert [sign for sign in "\0\1" if sign in "".join(reasons)] == []
    assert reasons[0].startswith("sse: “delete … and write … …” (en)")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.lists(st.just("clip.mp4"), max_size=1))
def test_any_text_gives_steps_that_are_unique_and_upload_first(
    message: str, files: list[str]
) -> None:
    steps = route(message, files)
    assert steps
    assert len(set(steps)) == len(steps)
    if files:
        assert steps[0] is Step.UPLOAD
