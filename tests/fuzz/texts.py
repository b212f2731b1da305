"""What people and the backend's agent say: router, screen, languages, plain text, names, agent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from hypothesis import strategies as st

from skill import phrases
from skill.draft import to_wire
from skill.folder import safe_name
from skill.formats import FORMATS
from skill.gui import Translator, translate
from skill.plain import Plain, one_line, plain, said
from skill.router import Step, explain, links, route
from skill.router.slots import export_slots
from skill.studio.agent import Project, place, respond
from skill.studio.server.uploads import plain_name
from skill.wish import to_say
from tests.fuzz.target import Target, check_plain, cut
from tests.fuzz.words import LANGUAGE, SIGN, SIZES, TALK, TEXT
from tests.studio.agent import agent_kit


def _check_router(given: tuple[str, list[str]]) -> None:
    message, files = given
    steps = route(message, files)
    assert steps
    assert len(set(steps)) == len(steps)
    if files or links(message):
        assert steps[0] is Step.UPLOAD
    found = explain(message, files)
    assert found.steps == steps
    assert len(found.reasons) == len(steps)
    assert to_say(message, steps) or not message
    for name, value in export_slots(message).items():
        assert name in ("format", "height", "quality", "max_bytes")
        assert value == 0 or value


def _check_gui(given: tuple[str, str, list[int]]) -> None:
    text, language, sizes = given
    whole = translate(text, language)
    check_plain(whole.text)
    assert "\n\n\n" not in whole.text or "\n\n\n" not in plain(text)
    translator = Translator(language)
    shown = "".join(translator.feed(piece) for piece in cut(plain(text), sizes))
    assert translator.translation(shown + translator.close()) == whole
    assert len(set(whole.actions)) == len(whole.actions)


def _check_language(given: tuple[str, str]) -> None:
    message, known = given
    assert phrases.language_of(message, known) in (known, *phrases.languages())


def _check_plain(given: tuple[str, list[int]]) -> None:
    text, sizes = given
    clean = plain(text)
    check_plain(clean)
    assert plain(clean) == clean
    stream = Plain()
    pieces = [stream.feed(piece) for piece in cut(text, sizes)]
    for piece in pieces:
        check_plain(piece)
    assert "".join(pieces) + stream.end() == clean
    check_plain(one_line(text))
    assert "\n" not in one_line(text)
    check_plain(said(text))


_DEVICES = {
    *("con", "prn", "aux", "nul"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


def _check_name(name: str) -> None:
    for safe in (safe_name(name), plain_name(name)):
        assert safe.strip()
        assert safe == PurePosixPath(safe).name == PureWindowsPath(safe).name
        assert safe not in (".", "..")
        assert len(safe.encode("utf-8", "surrogatepass")) <= 400
    safe = safe_name(name)
    check_plain(safe)
    assert len(safe.encode()) <= 140
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert safe.rpartition(".")[2] in FORMATS
    assert safe.partition(".")[0].strip().lower() not in _DEVICES


def _check_agent(given: tuple[list[str], str, int]) -> None:
    messages, language, seed = given
    project = Project(seed=seed, media=agent_kit.UPLOADS)
    project = replace(project, draft=place(agent_kit.UPLOADS[: seed % 6], project))
    for message in messages:
        answer = respond(message, project, language)
        assert answer.text or answer.draft is not None or answer.move
        assert isinstance(json.dumps(dict(answer.arguments)), str)
        if answer.draft is not None:
            before = project.draft
            project = replace(project, draft=answer.draft, previous=before)
            agent_kit.check(project)
            json.dumps(to_wire(answer.draft))


TEXTS = {
    "router": Target(
        st.tuples(TEXT, st.sampled_from([[], [], ["clip.mp4"], ["\ud83d/..", ""]])), _check_router
    ),
    "gui": Target(st.tuples(TEXT, LANGUAGE, SIZES), _check_gui),
    "language": Target(st.tuples(TEXT, LANGUAGE), _check_language),
    "plain": Target(
        st.tuples(st.one_of(st.lists(SIGN, max_size=40).map("".join), TEXT), SIZES), _check_plain
    ),
    "name": Target(TEXT, _check_name),
    "agent": Target(
        st.tuples(st.lists(TALK, min_size=1, max_size=4), LANGUAGE, st.integers(0, 11)),
        _check_agent,
    ),
}
