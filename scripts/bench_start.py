"""What a turn costs before it does anything: start-up against its peers, as ratios.

    scripts/with-python scripts/bench_start.py

Every command is a process of its own; the commands take turns, so that a busy moment of the
machine hits them all. Medians of wall time, and the median of the ratios pair by pair.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import environment

RUNS = 21
PEER = "python -c 'import requests, yaml'"
INSIDE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from skill.cli import main; main()"


def commands() -> dict[str, list[str]]:
    root = str(environment.ROOT)
    python = [sys.executable, "-X", f"pycache_prefix={environment.bytecode(Path(sys.prefix))}"]
    return {
        PEER: [*python, "-c", "import requests, yaml"],
        "python -c pass": [*python, "-c", "pass"],
        'ai-video route "export"': [*python, "-c", INSIDE, root, "route", "export"],
        "ai-video route, a sentence in Chinese": [
            *python, "-c", INSIDE, root, "route", "加个标题，然后把视频导出来",
        ],
        "ai-video --help": [*python, "-c", INSIDE, root, "--help"],
    }  # fmt: skip


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in commands()}
    for _ in range(RUNS + 1):  # the first round fills the caches and does not count
        for name, command in commands().items():
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 ours
            times[name].append(time.perf_counter() - began)
    print("| command | median, ms | x the peer |\n|---|---|---|")
    for name, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(taken[1:], times[PEER][1:], strict=True))
        print(f"| `{name}` | {statistics.median(taken[1:]) * 1000:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    environment.enter("studio")
    main()
