"""The assistant's part of a conversation, played by the letter of SKILL.md and by no model.

What to run, what to do with each exit status and how long to wait is read from SKILL.md itself,
so that a SKILL.md that tells it wrongly leads to a conversation that goes wrong.

    assistant = Assistant(read_manual(folder), out, environ)
    assistant.turn("trim it to 2 seconds", [clip]).shown    # what the user reads
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ManualError(Exception):
    """SKILL.md does not tell what an assistant needs to know; the text says what is missing."""


@dataclass(frozen=True)
class Manual:
    """What SKILL.md tells an assistant.

    ``flags`` stand between the command and the options of a turn; ``out`` and ``file`` are option
    names, ``fields`` the keys of the answer, ``statuses`` what to do by exit status; ``wait`` is
    in seconds.
    """

    folder: Path
    greeting: str
    command: str
    flags: tuple[str, ...]
    out: str
    file: str
    fields: frozenset[str]
    statuses: Mapping[int, str]
    wait: float

    @property
    def program(self) -> list[str]:
        """The command as this system starts it; on Windows by Python, as SKILL.md says."""
        if os.name == "nt":
            return [sys.executable, f"{self.command}.py"]
        return [str(self.folder / self.command)]


@dataclass(frozen=True)
class Turn:
    """A turn of the user and what came of it. ``problem``: why SKILL.md could not be followed."""

    said: str
    files: tuple[Path, ...]
    status: int
    reply: Mapping[str, Any]
    delivered: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    progress: str = ""
    seconds: float = 0.0
    problem: str = ""

    @property
    def text(self) -> str:
        return str(self.reply.get("text", ""))

    @property
    def shown(self) -> str:
        """What the user reads: the text, the files, the links that the text does not hold."""
        given = [*map(str, self.delivered), *self.links]
        return "\n".join([self.text, *(item for item in given if item not in self.text)])

    @property
    def steps(self) -> list[str]:
        return [str(step.get("action")) for step in self.reply.get("steps", ())]


def read_manual(folder: Path) -> Manual:
    """Read SKILL.md as an assistant does. Raises ManualError."""
    text = (folder / "SKILL.md").read_text("utf-8")
    answer = next((b for b in _blocks(text, "json") if '"text"' in b), None)
    if answer is None:
        raise ManualError("SKILL.md shows no JSON object of an answer with its text.")
    waits = re.search(r"[Gg]ive the command at least (\d+) minutes", text)
    if waits is None:
        raise ManualError("SKILL.md does not say how long to wait for the command.")
    (command, *flags), out, file = _command(text)
    return Manual(
        folder=folder,
        greeting=_greeting(text),
        command=command,
        flags=tuple(flags),
        out=out,
        file=file,
        fields=frozenset(_keys(answer)),
        statuses=_statuses(text),
        wait=int(waits[1]) * 60,
    )


@dataclass
class Assistant:
    """One conversation. ``out`` is where finished videos go, ``environ`` what the command sees."""

    manual: Manual
    out: Path
    environ: Mapping[str, str]
    turns: list[Turn] = field(default_factory=list)

    def open(self) -> str:
        """The skill is opened without a request: what the user reads. Nothing is run."""
        return self.manual.greeting

    def turn(self, said: str, files: Sequence[Path] = ()) -> Turn:
        """Hand a turn over, unchanged, and do with the answer what the table says."""
        manual = self.manual
        options = [*manual.flags, manual.out, str(self.out)]
        for file in files:
            options += [manual.file, str(file)]
        began = time.monotonic()
        done = self._run([*manual.program, *options, "--", said])
        turn = self._read(said, tuple(files), done, time.monotonic() - began)
        self.turns.append(turn)
        return turn

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
        """The command's end; None where it took longer than SKILL.md allows."""
        try:
            return subprocess.run(  # noqa: S603 - the command that SKILL.md names
                command,
                cwd=self.manual.folder,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                timeout=self.manual.wait,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None

    def _read(
        self,
        said: str,
        files: tuple[Path, ...],
        done: subprocess.CompletedProcess[str] | None,
        seconds: float,
    ) -> Turn:
        if done is None:
            late = f"no answer within {self.manual.wait / 60:.0f} minutes"
            return Turn(said, files, -1, {}, seconds=seconds, problem=late)
        status = done.returncode
        todo = self.manual.statuses.get(status)
        if todo is None:
            problem = f"SKILL.md's table has no row for exit status {status}: {_end(done.stderr)}"
            return Turn(said, files, status, {}, progress=done.stderr, problem=problem)
        then = next(self._commands(todo), None)
        if then is not None:  # "nothing is lost: `scripts/chat --json -- "status"`"
            again = self._run(then)
            if again is not None and again.returncode in self.manual.statuses:
                done = again
        if "`text`" not in todo and then is None:
            problem = f"exit status {status}, {todo}: {_end(done.stderr)}"
            return Turn(said, files, status, {}, progress=done.stderr, problem=problem)
        reply, problem = self._object(done.stdout)
        return Turn(
            said,
            files,
            status,
            reply,
            delivered=tuple(Path(str(path)) for path in reply.get("files", ())),
            links=tuple(str(link) for link in reply.get("links", ())),
            progress=done.stderr,
            seconds=seconds,
            problem=problem,
        )

    def _object(self, stdout: str) -> tuple[Mapping[str, Any], str]:
        """The one JSON object on stdout, and what is wrong with it."""
        try:
            reply = json.loads(stdout)
        except ValueError:
            return {}, f"stdout is not one JSON object: {_end(stdout)}"
        if not isinstance(reply, dict):
            return {}, f"stdout is not one JSON object: {_end(stdout)}"
        missing = sorted(self.manual.fields - set(reply))
        return reply, f"the answer has no {', '.join(missing)}" if missing else ""

    def _commands(self, todo: str) -> Iterator[list[str]]:
        """Commands that a row of the table tells to run."""
        for quoted in re.findall(r"`([^`]+)`", todo):
            words = shlex.split(quoted)
            if words and words[0] == self.manual.command:
                yield [*self.manual.program, *words[1:]]


def _command(text: str) -> tuple[tuple[str, ...], str, str]:
    """The command of a turn with its plain flags, the option of the folder, that of a file."""
    command: tuple[str, ...] = ()
    out = file = ""
    for line in "\n".join(_blocks(text, "bash")).splitlines():
        words = shlex.split(line)
        if "--json" not in words or words[-2:-1] != ["--"]:
            continue
        flags, options = [words[0]], words[1:-2]
        while options:
            option = options.pop(0)
            if not options or options[0].startswith("-"):
                flags.append(option)
            elif options.pop(0).isupper():
                out = option
            else:
                file = option
        command = command or tuple(flags)
        if tuple(flags) != command:
            told = f"{shlex.join(command)} and {shlex.join(flags)}"
            raise ManualError(f"SKILL.md names two commands for a turn: {told}.")
    if not (command and out and file):
        raise ManualError(
            'SKILL.md shows no command for a turn such as: COMMAND --json --out DIR -- "words", '
            'and with a file: COMMAND --json --file clip.mp4 -- "words".'
        )
    return command, out, file


def _statuses(text: str) -> dict[int, str]:
    """Exit status -> what to do, by the table that begins with "Exit status"."""
    table = re.search(r"^\| Exit status \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = [row.strip("|").split("|") for row in table[1].splitlines()] if table else []
    statuses = {int(row[0]): row[-1].strip() for row in rows if row[0].strip().isdigit()}
    if 0 not in statuses:
        raise ManualError("SKILL.md has no table that tells what to do by exit status.")
    return statuses


def _greeting(text: str) -> str:
    part = re.search(r"^## Greeting\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^> (.*)$", part[1], re.MULTILINE) if part else []
    if not lines:
        raise ManualError("SKILL.md does not say how to greet (a quotation under 'Greeting').")
    return " ".join(lines)


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _keys(block: str) -> list[str]:
    """The keys of the outermost object of a block, which may be no strict JSON ("…")."""
    keys, depth = [], 0
    for sign in re.finditer(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', block):
        if sign[0] in ("{", "["):
            depth += 1
        elif sign[0] in ("}", "]"):
            depth -= 1
        elif sign[2] and depth == 1:
            keys.append(sign[1])
    return keys


def _end(text: str) -> str:
    """The last line, for a sentence about it."""
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "nothing was said"
