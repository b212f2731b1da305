"""Play the evals against the studio, as an assistant that does what SKILL.md tells it.

    scripts/with-python scripts/run_evals.py   # all ten tasks, and the trigger sentences
    ... --only title --out DIR                 # one task; gradings and videos into DIR
    ... --write                                # the table into BENCHMARKS.md as well
    ... --make-files                           # what the tasks send, into evals/files

No model is asked for anything: whether an assistant's model picks the skill, and what it makes of
SKILL.md, is not measured here. Every task has a state folder of its own, which goes with the run.
``--out`` gets, in the Agent Skills form, a folder a task with its videos (``outputs``),
``grading.json`` and ``timing.json``, and ``benchmark.json`` over all. Exit status 1 where an
assertion fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    import environment

    environment.enter("studio")

import assertions
import triggers
from assistant import Assistant, Manual, ManualError, read_manual
from example import make
from grading import Run, Verdict, report, summary

from skill.draft import Draft, parse

ROOT = Path(__file__).resolve().parent.parent
EVALS = ROOT / "evals" / "evals.json"
BEGIN, END = "<!-- evals: begin -->", "<!-- evals: end -->"
OURS = ("NEMO_", "AI_VIDEO_", "SKILL_SOURCE")


@dataclass(frozen=True)
class Eval:
    """A task: what the user says and sends turn by turn, and what is asserted of the result."""

    id: int
    name: str
    turns: Sequence[tuple[str, Sequence[str]]]
    assertions: Sequence[str]


@dataclass(frozen=True)
class Graded:
    """A task that was played and judged. ``seconds`` are those of its turns alone."""

    eval: Eval
    results: Sequence[tuple[str, Verdict]]
    seconds: float

    @property
    def passed(self) -> int:
        return sum(verdict.passed for _, verdict in self.results)


def read_evals(path: Path = EVALS) -> tuple[list[Eval], Mapping[str, Any]]:
    """The tasks, and how to make the files that they send. Raises ValueError for an unknown
    sentence, before anything is played."""
    loaded = json.loads(path.read_text("utf-8"))
    evals = []
    for item in loaded["evals"]:
        turns = [(turn["prompt"], turn.get("files", ())) for turn in (item, *item.get("then", ()))]
        asserted = [*item["assertions"], *loaded["every"]]
        for sentence in asserted:
            assertions.understood(sentence)
        named = [(said, [Path(file).name for file in files]) for said, files in turns]
        evals.append(Eval(item["id"], item["name"], named, asserted))
    return evals, loaded["material"]


def play(task: Eval, material: Mapping[str, Any], manual: Manual, folder: Path) -> Run:
    """Hold a task's conversation in a folder of its own; what came of it, links looked at."""
    home, out, sent = folder / "home", folder / "outputs", folder / "files"
    for needed in (out, sent):
        needed.mkdir(parents=True)
    sources = {
        name: Path(make({**material[name], "name": name}, sent))
        for _, names in task.turns
        for name in names
    }
    before = {name: _digest(path) for name, path in sources.items()}
    assistant = Assistant(manual, out, _environ(home))
    pages: dict[str, int] = {}
    with _studio_of(home):
        assistant.open()
        early = [str(path.relative_to(folder)) for path in (home, *out.iterdir()) if path.exists()]
        for said, names in task.turns:
            turn = assistant.turn(said, [sources[name] for name in names])
            pages.update({link: _status(link) for link in turn.links})
        timeline = _timeline(home, assistant)
    return Run(
        turns=assistant.turns,
        sources=sources,
        timeline=timeline,
        changed=[name for name, path in sources.items() if _digest(path) != before[name]],
        early=early,
        pages=pages,
    )


def grade(task: Eval, run: Run) -> Graded:
    """Check every assertion of a task."""
    results = [(sentence, assertions.check(sentence, run)) for sentence in task.assertions]
    return Graded(task, results, sum(turn.seconds for turn in run.turns))


def transcript(run: Run) -> str:
    """What the user said and read."""
    lines = []
    for turn in run.turns:
        sent = "".join(f" [{path.name}]" for path in turn.files)
        lines += [f"You: {turn.said}{sent}", f"AI:  {turn.shown}", ""]
    return "\n".join(lines)


def table(graded: Sequence[Graded], found: triggers.Separation) -> str:
    """The section of BENCHMARKS.md between its marks."""
    asserted = sum(len(item.results) for item in graded)
    passed = sum(item.passed for item in graded)
    lines = [
        BEGIN,
        "",
        "| task | turns | assertions passed | seconds |",
        "|---|---|---|---|",
        *(
            f"| {item.eval.name} | {len(item.eval.turns)} | {item.passed} of {len(item.results)} "
            f"| {item.seconds:.0f} |"
            for item in graded
        ),
        f"| all | {sum(len(item.eval.turns) for item in graded)} | {passed} of {asserted} "
        f"| {sum(item.seconds for item in graded):.0f} |",
        "",
        *triggers.table(found),
        "",
        END,
    ]
    return "\n".join(lines)


def write_table(text: str, path: Path) -> None:
    """Put the table between its marks. Raises ValueError where they are missing."""
    old = path.read_text("utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(old):
        raise ValueError(f"{path.name} has no lines {BEGIN} and {END} to write between.")
    path.write_text(pattern.sub(lambda _: text, old, count=1), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/run_evals.py", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--only", metavar="NAME", action="append", help="a task (may be repeated)")
    parser.add_argument("--out", type=Path, help="folder for gradings, videos and transcripts")
    parser.add_argument("--write", action="store_true", help="write the table into BENCHMARKS.md")
    parser.add_argument("--make-files", action="store_true", help="make evals/files, and stop")
    given = parser.parse_args(arguments)
    evals, material = read_evals()
    if given.make_files:
        return _make_files(material)
    names = [task.name for task in evals]
    wrong = [name for name in given.only or () if name not in names]
    if wrong or (given.only and given.write):
        told = f"There is no task {wrong[0]!r}. There are: {', '.join(names)}." if wrong else ""
        print(told or "--write needs all tasks; leave --only out.", file=sys.stderr)
        return 2
    try:
        manual = read_manual(ROOT)
    except ManualError as error:
        print(f"Nothing could be played. {error}", file=sys.stderr)
        return 1
    chosen = [task for task in evals if task.name in (given.only or names)]
    with tempfile.TemporaryDirectory() as temporary:
        out = given.out.absolute() if given.out else Path(temporary)
        graded = [_run(task, material, manual, out) for task in chosen]
        (out / "benchmark.json").write_text(_benchmark(graded), "utf-8")
    text = table(graded, triggers.measure())
    print(f"\n{text}")
    if given.write:
        write_table(text, ROOT / "BENCHMARKS.md")
    return 0 if all(item.passed == len(item.results) for item in graded) else 1


def _run(task: Eval, material: Mapping[str, Any], manual: Manual, out: Path) -> Graded:
    """Play and judge a task, with its files in a folder that is new."""
    folder = out / f"eval-{task.name}" / "with_skill"
    number = 1
    while folder.exists():  # an earlier run's files are kept
        number += 1
        folder = folder.with_name(f"with_skill-{number}")
    print(f"\n=== {task.id}. {task.name}", flush=True)
    run = play(task, material, manual, folder)
    graded = grade(task, run)
    print(transcript(run))
    for sentence, verdict in graded.results:
        print(f"{'pass' if verdict.passed else 'FAIL'}  {sentence}  [{verdict.evidence}]")
    (folder / "transcript.txt").write_text(transcript(run), "utf-8")
    (folder / "grading.json").write_text(report(graded.results), "utf-8")
    # No model, so no tokens.
    timing = {"total_tokens": 0, "duration_ms": round(graded.seconds * 1000)}
    (folder / "timing.json").write_text(json.dumps(timing), "utf-8")
    return graded


def _benchmark(graded: Sequence[Graded]) -> str:
    rates = [item.passed / len(item.results) for item in graded]
    seconds = [item.seconds for item in graded]
    return json.dumps(
        {"run_summary": {"with_skill": {
            "pass_rate": summary(rates),
            "time_seconds": summary(seconds),
            "tokens": summary([0.0 for _ in graded]),
        }}},
        indent=1,
    )  # fmt: skip


def _make_files(material: Mapping[str, Any]) -> int:
    """What the tasks send, for another runner of the same evals. Nothing is overwritten."""
    folder = EVALS.parent / "files"
    folder.mkdir(exist_ok=True)
    for name, recipe in material.items():
        if not (folder / name).exists():
            make({**recipe, "name": name}, folder)
    print(f"{len(material)} files are in {folder}")
    return 0


def _environ(home: Path) -> dict[str, str]:
    """The user's environment with nothing of ours in it but the studio and a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "AI_VIDEO_HOME": str(home), "AI_VIDEO_BACKEND": "studio"}


@contextmanager
def _studio_of(home: Path) -> Iterator[None]:
    """The studio that the turns start is ended with them."""
    from skill.studio import process

    try:
        yield
    finally:
        if home.exists():
            process.stop(home)


def _timeline(home: Path, assistant: Assistant) -> Draft:
    """The timeline of the last turn's project, as the backend has it."""
    from skill.api import Api
    from skill.engine import choose
    from skill.home import Home
    from skill.settings import Settings

    session = dict(assistant.turns[-1].reply.get("session") or {}).get("id")
    if not session:
        return Draft()
    settings = Settings.read(_environ(home))
    kept = Home(settings.home)
    with Api(choose(settings, kept), settings, home=kept) as api:
        return parse(api.state(session).draft or {})


def _status(link: str) -> int:
    """The HTTP status of a link of the studio; 0 where nobody answers."""
    if not link.startswith("http://127.0.0.1:"):
        return 0
    try:
        with urllib.request.urlopen(link, timeout=10) as answer:  # noqa: S310 - on loopback, above
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
