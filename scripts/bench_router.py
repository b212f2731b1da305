"""How often the router is right, and how fast: prints Markdown for BENCHMARKS.md.

    scripts/with-python scripts/bench_router.py

The peer is a plain search for the dispatch table's own words. ``tests/router/turns`` is the half
that the words were written with, ``tests/router/measure`` the half that is only measured, and
``tests/router/compound`` turns of several sentences, file names and near misses, only measured.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable

import environment
from labelled import Labelled, read

TABLE = {
    "export": ("export", "导出", "download", "send me the video"),
    "credits": ("credits", "积分", "balance", "余额"),
    "status": ("status", "状态", "show tracks"),
    "upload": ("upload", "上传"),
}
STEPS = (*TABLE, "sse")
Route = Callable[[str, list[str]], list[str]]


def keywords(message: str, files: list[str]) -> list[str]:
    """The peer: the first row of the table with a word that stands in the message."""
    if files:
        return ["upload"]
    lowered = message.lower()
    found = [step for step, words in TABLE.items() if any(word in lowered for word in words)]
    return found[:1] or ["sse"]


def accuracy(turns: list[Labelled], route: Route) -> dict[str, tuple[int, int]]:
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for turn in turns:
        of[turn["lang"]] += 1
        right[turn["lang"]] += route(turn["text"], turn["files"]) == turn["steps"]
    return {language: (right[language], of[language]) for language in sorted(of)}


def microseconds(turns: list[Labelled], route: Route) -> float:
    """Median over the turns, each the best of five."""
    best = []
    for turn in turns:
        times = []
        for _ in range(5):
            began = time.perf_counter()
            route(turn["text"], turn["files"])
            times.append(time.perf_counter() - began)
        best.append(min(times))
    return statistics.median(best) * 1e6


def report(name: str, turns: list[Labelled], route: Route) -> None:
    ours, theirs = accuracy(turns, route), accuracy(turns, keywords)
    print(f"\n### {name}: {len(turns)} turns\n")
    print("| language | turns | router | keyword search |\n|---|---|---|---|")
    for language, (right, of) in ours.items():
        print(f"| {language} | {of} | {right / of:.1%} | {theirs[language][0] / of:.1%} |")
    total = len(turns)
    print(
        f"| all | {total} | {sum(r for r, _ in ours.values()) / total:.1%} "
        f"| {sum(r for r, _ in theirs.values()) / total:.1%} |"
    )


def confusion(turns: list[Labelled], route: Route) -> None:
    """Rows: what a turn of one step asked for; columns: what it got."""
    cells: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if len(turn["steps"]) == 1:
            got = route(turn["text"], turn["files"])
            cells[turn["steps"][0], got[0] if len(got) == 1 else "several"] += 1
    columns = (*STEPS, "several")
    print("\n| asked for | " + " | ".join(columns) + " |\n|---" * 1 + "|---" * len(columns) + "|")
    for step in STEPS:
        print(f"| {step} | " + " | ".join(str(cells[step, column]) for column in columns) + " |")


def main() -> None:
    from skill.router import route as router

    def route(message: str, files: list[str]) -> list[str]:
        return [step.value for step in router(message, files)]

    tests = environment.ROOT / "tests" / "router"
    sets = {"Measured half": "measure", "Compound turns": "compound", "Working half": "turns"}
    for name, folder in sets.items():
        turns = read(tests / folder)
        if not turns:
            continue
        report(name, turns, route)
        confusion(turns, route)
        wrong = [turn for turn in turns if route(turn["text"], turn["files"]) != turn["steps"]]
        if "--wrong" in sys.argv:
            for turn in wrong:
                print(
                    turn["id"],
                    repr(turn["text"]),
                    turn["steps"],
                    route(turn["text"], turn["files"]),
                )
        ours, theirs = microseconds(turns, route), microseconds(turns, keywords)
        print(f"\nMedian time of a turn: {ours:.0f} µs; keyword search {theirs:.1f} µs.")


if __name__ == "__main__":
    environment.enter("studio")
    main()
