"""What can go wrong, told in the language of the user with the names and the reasons in it."""

from __future__ import annotations

import ast
import errno
import json
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import skill
from skill import errors, phrases
from skill.api.envelope import refusal
from skill.engine import kept_client_id
from skill.errors import FileError, SkillError
from skill.formats import check
from skill.home import REASONS, Home, reason
from skill.phrases import find, languages, say
from skill.phrases.errors import explain

ROOT = Path(skill.__file__).parent
OTHERS = [language for language in languages() if language != "en"]

# Their text is the backend's own words, or they are only the name of a family.
SPEAK_FOR_THEMSELVES = {"SkillError", "AgentError", "StreamError", "RenderError"}


@cache
def calls() -> list[tuple[str, frozenset[str]]]:
    """Every ``.told("key", name=...)`` in the package: the key and the names of its values."""
    found = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            told = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if told and node.func.attr == "told":
                assert isinstance(node.args[0], ast.Constant), f"{path}: a key that is no text"
                names = frozenset(word.arg or "**" for word in node.keywords)
                found.append((str(node.args[0].value), names))
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def kinds() -> Iterator[type[SkillError]]:
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, SkillError):
            yield value


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_that_an_error_names_is_there(language: str) -> None:
    assert len(calls()) > 20
    for key, names in calls():
        words = find(f"error.{key}", language)
        assert words is not None, key
        assert fields(words) == names, key


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_of_error_has_a_sentence(language: str) -> None:
    missing = {
        kind.__name__ for kind in kinds() if find(f"error.{kind.__name__}", language) is None
    }
    assert missing == SPEAK_FOR_THEMSELVES


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_of_the_disk_has_words(language: str) -> None:
    for words in {*REASONS.values(), "its path is not valid"}:
        own = find(f"error.why.{words.replace(' ', '_')}", language)
        assert own is not None, words
        assert own != words


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_no_sentence_that_nobody_says(language: str) -> None:
    said = {key for key, _ in calls()} | {kind.__name__ for kind in kinds()}
    said |= {f"{kind.__name__}.link" for kind in kinds()} | {"then.kept", "then.fetch"}
    own = json.loads((ROOT / "phrases" / f"{language}.json").read_text("utf-8"))
    keys = {key.removeprefix("error.") for key in own if key.startswith("error.")}
    assert {key for key in keys if not key.startswith("why.")} <= said


@pytest.mark.parametrize("language", languages())
def test_a_file_that_is_not_there_is_named(language: str, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        check(tmp_path / "beach.mp4")
    words = explain(caught.value, language)
    assert "beach.mp4" in words
    assert (words == str(caught.value)) == (language == "en")


@pytest.mark.parametrize("language", OTHERS)
def test_the_reason_is_told_in_the_same_language(language: str) -> None:
    why = reason(OSError(errno.ENOSPC, "No space left on device"))
    error = FileError("no").told("FileError.unsaved", path=Path("/videos"), why=why)
    words = explain(error, language)
    assert "/videos" in words
    assert say("error.why.the_disk_is_full", language) in words
    assert "disk is full" not in words


def test_a_reason_of_the_system_that_we_do_not_know_stays_as_it_is() -> None:
    why = reason(OSError(errno.EIO, "Input/output error"))
    error = FileError("no").told("FileError.unreadable", name="a.mp4", why=why)
    assert explain(error, "de") == "a.mp4 kann nicht gelesen werden: input/output error."


def test_what_the_backend_says_stays_beside_our_words() -> None:
    error = refusal(7003, "the moon is full")
    assert explain(error, "es") == "El servidor lo ha rechazado (código 7003). (the moon is full)"


def test_what_to_do_next_comes_after_the_reason() -> None:
    error = FileError("no").told("FileError.shorter", name="a.mp4")
    error.then = "kept"
    assert explain(error, "zh").endswith("（或运行 ai-video resume）。")


@pytest.mark.parametrize("language", languages())
def test_a_damaged_file_of_ours_is_told_in_words(language: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "tokens.json").write_text("{")
    home.read("tokens.json")
    (line,) = [say(notice.key, language, name=notice.name) for notice in home.notices]
    assert "tokens.json.corrupt" in line
    assert ("damaged" in line) == (language == "en")


@pytest.mark.parametrize("language", languages())
def test_a_client_id_of_no_use_is_told_in_words(language: str, home: Path) -> None:
    shared = home / ".config" / "nemovideo" / "client_id"
    shared.parent.mkdir(parents=True)
    shared.write_text("not a header\x00")
    state = Home(home / "state")
    kept_client_id(state)
    (line,) = [say(notice.key, language, name=notice.name) for notice in state.notices]
    assert str(shared) in line
    assert ("could not be used" in line) == (language == "en")


def test_no_sentence_of_an_error_is_left_in_english() -> None:
    english = {str(kind("x")) for kind in kinds()} | set(REASONS.values())
    for language in OTHERS:
        own = phrases._sentences(language)
        assert not [
            key for key, words in own.items() if isinstance(words, str) and words in english
        ]
