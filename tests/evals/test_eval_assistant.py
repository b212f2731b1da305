"""The assistant's part is played as SKILL.md tells it, and only so."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from assistant import Assistant, ManualError, read_manual

ROOT = Path(__file__).resolve().parents[2]
SKILL_MD = (ROOT / "SKILL.md").read_text("utf-8")
# What stands in for the skill: it writes its arguments down, and answers as it is told.
STUB = """\
import json, pathlib, sys
calls = pathlib.Path(sys.argv[0]).parent / "calls"
calls.open("a", encoding="utf-8").write(json.dumps(sys.argv[1:]) + "\\n")
reply = {"text": "done", "steps": [], "files": [], "links": [], "session": {}, "error": None}
"""

Make = Callable[..., Assistant]


@pytest.fixture
def skill(tmp_path: Path) -> Make:
    """A skill whose SKILL.md is ours, or changed, and whose command runs a few lines."""

    def make(lines: str = "print(json.dumps(reply))", manual: str = SKILL_MD) -> Assistant:
        folder = tmp_path / "skill"
        (folder / "scripts").mkdir(parents=True)
        (folder / "SKILL.md").write_text(manual, "utf-8")
        (folder / "scripts" / "chat.py").write_text(STUB + lines, "utf-8")
        command = folder / "scripts" / "chat"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$0.py" "$@"\n', "utf-8")
        command.chmod(0o755)
        return Assistant(read_manual(folder), tmp_path, dict(os.environ))

    return make


def _calls(assistant: Assistant) -> list[str]:
    return (assistant.manual.folder / "scripts" / "calls").read_text("utf-8").splitlines()


def test_a_turn_is_one_call_with_the_words_unchanged(skill: Make, tmp_path: Path) -> None:
    assistant = skill()
    turn = assistant.turn("- \"añade\" 'música',\nthen export", [Path("a b.mp4"), Path("c.mp3")])
    expected = ["--json", "--out", str(tmp_path), "--file", "a b.mp4", "--file", "c.mp3", "--"]
    (call,) = _calls(assistant)
    import json

    assert json.loads(call) == [*expected, "- \"añade\" 'música',\nthen export"]
    assert (turn.status, turn.problem, turn.shown) == (0, "", "done")


def test_the_skill_is_opened_with_its_greeting_and_nothing_is_run(skill: Make) -> None:
    assistant = skill()
    assert assistant.open().startswith("Ready when you are.")
    assert not (assistant.manual.folder / "scripts" / "calls").exists()


def test_an_interrupted_turn_is_looked_after_as_the_table_says(skill: Make) -> None:
    assistant = skill('print(json.dumps(reply)); sys.exit(0 if sys.argv[-1] == "status" else 130)')
    turn = assistant.turn("export")
    assert len(_calls(assistant)) == 2
    assert _calls(assistant)[1].endswith('"--", "status"]')
    assert (turn.status, turn.text) == (130, "done")


def test_a_failed_turn_is_shown_and_not_said_again(skill: Make) -> None:
    assistant = skill("print(json.dumps(reply)); sys.exit(1)")
    turn = assistant.turn("export")
    assert (turn.status, turn.shown, len(_calls(assistant))) == (1, "done", 1)


def test_what_is_given_is_shown_once(skill: Make) -> None:
    lines = 'reply |= {"text": "Saved as /v.mp4", "files": ["/v.mp4"], "links": ["http://x/1"]}\n'
    turn = skill(lines + "print(json.dumps(reply))").turn("export")
    assert turn.shown == "Saved as /v.mp4\nhttp://x/1"
    assert turn.delivered == (Path("/v.mp4"),)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('print("hello")', r"stdout is not one JSON object: hello"),
        ("print(json.dumps(reply)); print(json.dumps(reply))", r"stdout is not one JSON object"),
        ("print(json.dumps([reply]))", r"stdout is not one JSON object"),
        ('del reply["links"]; print(json.dumps(reply))', r"the answer has no links"),
        ('print("bad option", file=sys.stderr); sys.exit(2)', r"exit status 2, .*: bad option"),
        ("sys.exit(3)", r"no row for exit status 3"),
    ],
)
def test_what_skill_md_does_not_promise_is_a_problem(skill: Make, lines: str, problem: str) -> None:
    assert re.search(problem, skill(lines).turn("export").problem)


def test_no_answer_in_time_is_a_problem(skill: Make) -> None:
    manual = SKILL_MD.replace("at least 15 minutes", "at least 0 minutes")
    assert skill("print(json.dumps(reply))", manual).turn("hi").problem == (
        "no answer within 0 minutes"
    )


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("```bash\nscripts/chat --json --out DIR", "```text\nscripts/chat", "no command"),
        (' -- "add lo-fi music, then export"', "", "no command"),
        ("--out DIR ", "", "no command"),
        ("scripts/chat --json --file", "scripts/talk --json --file", "two commands"),
        ("| Exit status |", "| Status |", "by exit status"),
        ("at least 15 minutes", "some time", "how long to wait"),
        ("\n> Ready when", "\nReady when", "how to greet"),
        ("```json", "```", "no JSON object"),
    ],
)
def test_a_skill_md_that_does_not_tell_is_said_to(
    skill: Make, old: str, new: str, missing: str
) -> None:
    assert old in SKILL_MD
    with pytest.raises(ManualError, match=missing):
        skill(manual=SKILL_MD.replace(old, new))


def test_a_command_that_is_wrong_in_skill_md_fails_the_turn(skill: Make) -> None:
    assistant = skill('print("usage" if "--jsn" in sys.argv else json.dumps(reply))',
                      SKILL_MD.replace("chat --json", "chat --json --jsn"))  # fmt: skip
    assert assistant.turn("export").problem == "stdout is not one JSON object: usage"
