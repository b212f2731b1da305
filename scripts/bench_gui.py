"""How often the screen goes and the content stays, and how fast: prints Markdown for BENCHMARKS.md.

    scripts/with-python scripts/bench_gui.py [--wrong] [HALF...]

The peer drops every sentence with a word for a button in it. ``tests/gui/turns`` is the half that
the words were written with, ``tests/gui/measure`` the half that is only measured. A record is right
if everything in ``keep`` is left, nothing in ``gone`` is, the steps are the same, ``finishes`` is
where it stands, and what is left is clean (``flaws``).
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import environment
from labelled import Labelled, read

KINDS = ("screen", "mixed", "content")
Judge = Callable[[Labelled], bool]

_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+|\n|$)")
_SCREEN = re.compile("click|button|panel|点击|按钮", re.IGNORECASE)
_FLAWS = {
    "doubled spaces": re.compile(r"\S {2,}\S"),
    "an empty bullet": re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)、])\s*$", re.MULTILINE),
    "a line of punctuation": re.compile(r"^[^\w\n]*[^\w\s][^\w\n]*$", re.MULTILINE),
    "a conjunction at a start": re.compile(
        r"^(?:(?:then|and|or|but|so)\b[ ,]|[,;:，；：、]|然后|接着|並且|并且|或者)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "a conjunction at an end": re.compile(
        r"(?:\b(?:then|and|or|but|so)|[,;，；、]|然后|接着|并且|或者)[.。]?\s*$",
        re.IGNORECASE | re.MULTILINE,
    ),
    "doubled stops": re.compile(r"(?<![.!?])[.!?,;]{2}(?![.!?])|[。！？，；]{2}(?<!！！)"),
    "a space at an end": re.compile(r"[ \t]$", re.MULTILINE),
    "three line breaks": re.compile(r"\n{3}"),
}


def flaws(text: str, original: str) -> list[str]:
    """What a person would not have written so, unless the original already has it."""
    original = original.replace("\r\n", "\n")
    return [
        name
        for name, pattern in _FLAWS.items()
        if any(found.group() not in original for found in pattern.finditer(text))
        or len(pattern.findall(text)) > len(pattern.findall(original))
    ]


def faults(record: Labelled) -> list[str]:
    """What is wrong with our translation of a record."""
    from skill.gui import translate

    found = translate(record["text"], record["language"])
    steps = [step.value for step in found.actions]
    wrong = [f"lost {keep!r}" for keep in record["keep"] if _lf(keep) not in found.text]
    wrong += [f"left {gone!r}" for gone in record["gone"] if gone in found.text]
    if steps != record["steps"]:
        wrong.append(f"steps {steps}")
    if "finishes" in record and found.finishes is not record["finishes"]:
        wrong.append(f"finishes {found.finishes}")
    return wrong + flaws(found.text, record["text"])


def plain_regex(text: str) -> str:
    """The peer."""
    sentences = _SENTENCE.findall(text)
    return "".join(one for one in sentences if not _SCREEN.search(one)).strip()


def peer_faults(record: Labelled) -> list[str]:
    """The same of the peer, which knows no steps: only its words are judged."""
    left = plain_regex(record["text"])
    wrong = [keep for keep in record["keep"] if keep.strip() not in left]
    return wrong + [gone for gone in record["gone"] if gone in left]


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").strip("\n")


def _kind(record: Labelled) -> str:
    named = next((kind for kind in KINDS if f"-{kind}-" in record["id"]), None)
    if named:
        return named
    if not record["steps"] and not record["gone"]:
        return "content"
    return "mixed" if record["keep"] else "screen"


def report(name: str, records: list[Labelled]) -> None:
    """A table of one half: a row for each language, a column for each kind."""
    ours: dict[tuple[str, str], list[bool]] = defaultdict(list)
    theirs: dict[str, list[bool]] = defaultdict(list)
    for record in records:
        right = not faults(record)
        for kind in (_kind(record), "all"):
            ours[record["lang"], kind].append(right)
            ours["all", kind].append(right)
        peer = not peer_faults(record)
        theirs[record["lang"]].append(peer)
        theirs["all"].append(peer)
    print(f"\n### {name}: {len(records)} answers\n")
    print("| language | answers | all | " + " | ".join(KINDS) + " | plain regex (words alone) |")
    print("|---" * (len(KINDS) + 4) + "|")
    for language in sorted(theirs, key=lambda one: (one == "all", one)):
        cells = " | ".join(_share(ours[language, kind]) for kind in ("all", *KINDS))
        of = len(theirs[language])
        print(f"| {language} | {of} | {cells} | {_share(theirs[language])} |")


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.1%}" if right else "-"


def microseconds(records: list[Labelled], work: Callable[[str], object]) -> float:
    """Per KB of UTF-8: the median over the answers, each the best of five."""
    rates = []
    for record in records:
        best = float("inf")
        for _ in range(5):
            began = time.perf_counter()
            work(record["text"])
            best = min(best, time.perf_counter() - began)
        rates.append(best * 1e6 * 1024 / len(record["text"].encode()))
    return statistics.median(rates)


def main() -> None:
    from skill.gui import translate

    tests = environment.ROOT / "tests" / "gui"
    chosen = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    halves = {"measure": "Measured half", "turns": "Working half"}
    for folder in chosen or halves:
        records = read(tests / folder)
        if not records:
            continue
        report(halves.get(folder, folder), records)
        ours, theirs = microseconds(records, translate), microseconds(records, plain_regex)
        print(f"\nTime of a KB (median): {ours:.0f} µs; plain regex {theirs:.0f} µs.")
        if "--wrong" in sys.argv:
            for record in records:
                if wrong := faults(record):
                    print(f"\n{record['id']} {record['text']!r}\n  -> {_shown(record)}\n  {wrong}")


def _shown(record: Labelled) -> str:
    from skill.gui import translate

    return repr(translate(record["text"], record["language"]))


if __name__ == "__main__":
    environment.enter("studio")
    main()
