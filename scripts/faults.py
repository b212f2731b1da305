"""The long half of tests/faults: hours of them that the suite has no time for.

    python scripts/faults.py cuts [--every N]    an answer cut at every byte (N: every Nth)
    python scripts/faults.py downloads [...]     a download that breaks at every byte
    python scripts/faults.py kills [--every N]   a process killed at every line of ours that it
                                                 runs, in an export, an edit and the first turn

Each prints one line for what went wrong, and a count. Exit status 1 if anything did.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import environment

if __name__ == "__main__":
    environment.enter("studio")

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]

import fake_backend as fake  # type: ignore[import-not-found]  # noqa: E402
from fault import Fault  # type: ignore[import-not-found]  # noqa: E402
from killing import KILLS, lines  # type: ignore[import-not-found]  # noqa: E402
from render_faults import breaking, made  # type: ignore[import-not-found]  # noqa: E402
from stage import Nursery, stage  # type: ignore[import-not-found]  # noqa: E402

AT_ONCE = 6
Case = tuple[str, Callable[[], None]]


def _on_stage(nursery: Nursery, fault: Fault) -> None:
    with stage(nursery) as on:
        fault.run(on)


def cuts(nursery: Nursery, every: int) -> Iterator[Case]:
    """An edit that is carried out, its answer cut: what was whole is told, and the edit found."""
    first, second = fake.frame(fake.text("Café.")), fake.frame(fake.text("Zwölf."))
    recorded = b": hello\n\ndata: heartbeat\n\n" + first + b"data:\n\n" + second
    for at in range(0, len(recorded) + 1, every):
        whole = [words for words in ("Café.", "Zwölf.") if words.encode() in _events(recorded[:at])]
        parts = [words for words in ("Café.", "Zwölf.") if words not in whole]

        def do(on: stage, part: bytes = recorded[:at]) -> None:
            def answer(seen: fake.Seen) -> fake.Reply:
                on.backend._edit(seen)
                return fake.sse(part, fake.CUT)

            on.backend.script(fake.MESSAGE, answer)

        said = ("your request was carried out", "make it brighter", *whole)
        fault = Fault(f"an answer cut at {at}", do, says=said, never=tuple(parts), messages=1)
        yield fault.name, partial(_on_stage, nursery, fault)


def _events(data: bytes) -> bytes:
    """What of a stream is whole events."""
    return data.rpartition(b"\n\n")[0]


def downloads(nursery: Nursery, every: int) -> Iterator[Case]:
    for at in range(0, len(fake.mp4()), every):
        for ranges in (True, False):
            name = f"a download that breaks at {at}, {'with' if ranges else 'no'} Range"
            fault = made(name, breaking(at, ranges=ranges))
            yield name, partial(_on_stage, nursery, fault)


def kills(nursery: Nursery, every: int) -> Iterator[Case]:
    for name, (kill, call, primed) in KILLS.items():
        for at in range(1, lines(nursery, call, primed) + 1, every):
            yield f"{name}, killed at line {at}", partial(kill, nursery, at)


WHAT = {"cuts": cuts, "downloads": downloads, "kills": kills}


def main() -> int:
    parser = argparse.ArgumentParser(description="Faults that the suite has no time for.")
    parser.add_argument("what", choices=WHAT)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth")
    args = parser.parse_args()
    began, done, bad = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        nursery = Nursery(Path(folder))
        cases = list(WHAT[args.what](nursery, args.every))
        for (name, _), outcome in zip(cases, [pool.submit(run) for _, run in cases], strict=True):
            done += 1
            error = outcome.exception()
            if error is not None:
                bad += 1
                print(f"{name}: {str(error) or type(error).__name__}"[:600])
        nursery.close()
    print(f"{done} faults, {bad} went wrong, {time.monotonic() - began:.0f} s")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
