"""Try every parser on inputs that nobody would write, for longer than the tests do.

    scripts/with-python scripts/fuzz.py [--minutes N] [--only NAME]...
    scripts/with-python scripts/fuzz.py --replay FILE

Every run has a fresh seed. An input that is handled wrongly is made as small as it goes, and
kept in the cache folder; --replay tries it again. Prints a Markdown table; the exit status is 1
where anything failed.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import environment

if TYPE_CHECKING:
    from tests.fuzz.target import Target

BATCH = 300  # inputs for one seed; more of them than that come from near each other
PATIENCE = 60.0  # seconds that a failing input may be made smaller


@dataclass
class Result:
    """What became of a target: ``slowest`` in seconds, ``failures`` as (what, file)."""

    name: str
    tried: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    failures: list[tuple[str, Path]] | None = None


class _Failed(Exception):
    """An input failed; the batch has ended."""


def run(name: str, target: Target, seconds: float, kept: Path) -> Result:
    """Try a target for so long, or until it fails."""
    result = Result(name, failures=[])
    end = time.monotonic() + seconds
    try:
        with target.around():
            while time.monotonic() < end:
                _batch(target, end, result, kept)
    except _Failed:
        pass
    except Exception as error:
        _note(result, error, None, kept)
    return result


def _batch(target: Target, end: float, result: Result, kept: Path) -> None:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    last: list[tuple[Any, Exception]] = []
    failed_at = 0.0

    @seed(secrets.randbits(64))
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(target.inputs)
    def tries(value: Any) -> None:
        nonlocal failed_at
        now = time.monotonic()
        if (now > end and not failed_at) or (failed_at and now > failed_at + PATIENCE):
            return  # what is left of the batch passes unseen
        result.tried += 1
        # A copy of its own: a check may change what it is given.
        copy = decoded(json.loads(encoded(value)))
        try:
            target.check(copy)
        except Exception as error:
            failed_at = failed_at or now
            last[:] = [(value, error)]
            raise
        finally:
            took = time.monotonic() - now
            if took > result.slowest and not failed_at:
                result.slowest, result.slowest_input = took, encoded(value)

    try:
        tries()
    except Exception as error:
        # (An input that was not tried again in time counts as flaky there.)
        value, reason = last[0] if last else (None, error)
        _note(result, reason, value, kept)
        raise _Failed from None


def _note(result: Result, error: Exception, value: Any, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"{result.name}-{secrets.token_hex(4)}.json"
    file.write_text(f'{{"target": "{result.name}", "input": {encoded(value)}}}\n', "utf-8")
    traceback.print_exception(error, limit=-8)
    words = str(error).strip() or type(error).__name__
    assert result.failures is not None  # noqa: S101 made with a list
    result.failures.append((f"{type(error).__name__}: {words.splitlines()[0][:200]}", file))


def encoded(value: Any) -> str:
    """A value as JSON; bytes and tuples too."""
    return json.dumps(value, default=_bytes)


def _bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    raise TypeError(type(value).__name__)


def decoded(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"bytes"} and isinstance(value["bytes"], str):
            return bytes.fromhex(value["bytes"])
        return {key: decoded(inner) for key, inner in value.items()}
    return [decoded(inner) for inner in value] if isinstance(value, list) else value


def replay(file: Path) -> int:
    from tests.fuzz.targets import TARGETS

    found = json.loads(file.read_text("utf-8"))
    target = TARGETS[found["target"]]
    with target.around():
        target.check(decoded(found["input"]))
    print(f"{found['target']}: passes now.")
    return 0


def report(results: list[Result]) -> int:
    print("\n| target | inputs | failures | slowest | what was slowest |\n|---|---|---|---|---|")
    for result in results:
        shown = result.slowest_input[:60].replace("|", "\\|")
        failed = len(result.failures or [])
        print(f"| {result.name} | {result.tried} | {failed} | {result.slowest:.2f} s | `{shown}` |")
    failures = [failure for result in results for failure in result.failures or []]
    for what, file in failures:
        print(f"\n{what}\n    scripts/with-python scripts/fuzz.py --replay {file}")
    return 1 if failures else 0


def main() -> int:
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description="Try every parser on inputs nobody would write.")
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together")
    parser.add_argument("--only", action="append", choices=[*TARGETS], help="one target")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try a kept input again")
    asked = parser.parse_args()
    if asked.replay:
        return replay(asked.replay)
    names = asked.only or [*TARGETS]
    results = []
    for name in names:
        seconds = asked.minutes * 60 / len(names)
        print(f"{name}: {seconds:.0f} s", file=sys.stderr, flush=True)
        results.append(run(name, TARGETS[name], seconds, environment.cache() / "fuzz"))
    return report(results)


if __name__ == "__main__":
    environment.enter("dev")
    sys.exit(main())
