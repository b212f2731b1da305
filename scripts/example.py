"""Run the conversations of ``examples/`` against either backend, as a person would see them.

    scripts/example --list
    scripts/example quick-edit chinese
    scripts/example --backend cloud quick-edit

The studio gets a state folder of its own, which goes with the run; finished videos stay in
``--out``. On the cloud an example works in the user's own account and spends its credits. Exit
status 1 where an answer is not what the example says that it must lead to.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    import environment

    environment.enter("studio")

import yaml

if TYPE_CHECKING:
    from skill import Reply, Skill

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@dataclasses.dataclass(frozen=True)
class Example:
    """A conversation: its turns, each with what is said, what is sent, and what must come of it."""

    name: str
    title: str
    about: str
    turns: Sequence[Mapping[str, Any]]


def read(name: str) -> Example:
    """An example by its name. Raises FileNotFoundError with the names that there are."""
    path = EXAMPLES / f"{name}.yaml"
    if not path.is_file():
        raise FileNotFoundError(f"There is no example {name!r}. There are: {', '.join(names())}.")
    loaded = yaml.safe_load(path.read_text("utf-8"))
    return Example(name, loaded["name"], loaded["about"], loaded["turns"])


def names() -> list[str]:
    return sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def play(example: Example, skill: Skill, material: Path, show: bool = True) -> list[str]:
    """Hold the conversation. Returns what went otherwise than the example says, in sentences."""
    wrong: list[str] = []
    for number, turn in enumerate(example.turns, 1):
        files = [make(item, material) for item in turn.get("files", ())]
        if show:
            sent = "".join(f" [{Path(file).name}]" for file in files)
            print(f"\nYou: {turn['say']}{sent}", flush=True)
        reply = skill.turn(turn["say"], files)
        if show:
            print("AI:  " + reply.text.replace("\n", "\n     "), flush=True)
            for file in reply.files:
                print(f"     [{file}]", flush=True)
        expected = turn.get("expect", {})
        wrong += [f"turn {number} ({turn['say']!r}): {line}" for line in _differs(expected, reply)]
        if "timeline" in expected:
            summary = skill.turn("status").text.partition("\n")[0]
            wrong += [
                f"turn {number} ({turn['say']!r}): {words!r} is not in the timeline: {summary}"
                for words in expected["timeline"]
                if words not in summary
            ]
    return wrong


def _differs(expected: Mapping[str, Any], reply: Reply) -> list[str]:
    steps = [step["action"] for step in reply.steps]
    found: list[str] = []
    if "steps" in expected and steps != expected["steps"]:
        found.append(f"the steps were {steps}, not {expected['steps']}")
    failed = reply.error is not None
    if failed != expected.get("error", False):
        found.append(f"the error was {reply.error}")
    for words in expected.get("says", ()):
        if words.lower() not in reply.text.lower():
            found.append(f"it did not say {words!r} but: {reply.text}")
    for words in expected.get("says_not", ()):
        if words.lower() in reply.text.lower():
            found.append(f"it said {words!r}: {reply.text}")
    for what in ("files", "links"):
        if what in expected and len(getattr(reply, what)) != expected[what]:
            found.append(f"there were {len(getattr(reply, what))} {what}, not {expected[what]}")
    if reply.files and ("length" in expected or "size" in expected):
        found += _differs_in_file(expected, reply.files[0])
    return found


def _differs_in_file(expected: Mapping[str, Any], path: Path) -> list[str]:
    import av

    with av.open(str(path)) as container:
        picture = container.streams.video[0]
        size = f"{picture.width}x{picture.height}"
        frames = sum(1 for _ in container.decode(picture))
    rate = picture.average_rate
    seconds = frames / float(rate) if rate else 0
    found = []
    if "length" in expected and abs(seconds - expected["length"]) > 0.05:
        found.append(f"the video is {seconds:.2f} s long, not {expected['length']} s")
    if "size" in expected and size != expected["size"]:
        found.append(f"the video is {size}, not {expected['size']}")
    return found


def make(item: Mapping[str, Any], folder: Path) -> str:
    """A file that a turn sends, made when the turn is held."""
    import sample_media

    if "missing" in item:
        return str(folder / item["missing"])
    path = folder / item["name"]
    width, _, height = str(item.get("size", "640x360")).partition("x")
    if item["make"] == "video":
        sample_media.video(path, item.get("seconds", 4), int(width), int(height))
    elif item["make"] == "song":
        sample_media.song(path, item.get("seconds", 6))
    elif item["make"] == "photo":
        sample_media.photo(path, hue=item.get("hue", 20))
    else:
        path.write_text("These are notes, and no video.\n", encoding="utf-8")
    return str(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/example", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="examples to run; all by default")
    parser.add_argument("--list", action="store_true", help="list the examples")
    parser.add_argument("--backend", choices=("studio", "cloud", "auto"), default="studio")
    parser.add_argument("--out", type=Path, default=Path.cwd(), help="folder of finished videos")
    given = parser.parse_args(arguments)
    if given.list:
        for name in names():
            print(f"{name:16} {read(name).about}")
        return 0
    try:
        examples = [read(name) for name in given.names or names()]
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    wrong = [line for example in examples for line in _run(example, given.backend, given.out)]
    for line in wrong:
        print(f"\nNot as it must be: {line}", file=sys.stderr)
    return 1 if wrong else 0


def _run(example: Example, backend: str, out: Path) -> list[str]:
    from skill import Skill
    from skill.settings import Settings
    from skill.studio import process

    settings = dataclasses.replace(Settings.read(), backend=backend)
    print(f"\n=== {example.title}: {example.about}")
    with tempfile.TemporaryDirectory() as folder:
        material = Path(folder)
        if backend != "studio":
            skill = Skill(settings, out=out)
            skill.begin()
            return [f"{example.name}, {line}" for line in play(example, skill, material)]
        home = material / "home"
        try:
            skill = Skill(dataclasses.replace(settings, home=home), out=out)
            return [f"{example.name}, {line}" for line in play(example, skill, material)]
        finally:
            process.stop(home)


if __name__ == "__main__":
    sys.exit(main())
