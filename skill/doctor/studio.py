"""The studio: whether it runs or starts, and what it can draw, encode and write."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skill.doctor.case import Case
from skill.doctor.finding import Finding, Grade
from skill.doctor.installation import STUDIO, again, compared, mended

STARTS = 15.0  # s that a start may take
CHECKUP = 40.0  # s; about two on an idle machine

# What is looked at in a process of its own -> what it is called here.
_NAMES = {"import": "studio packages", "encoder": "encoders", "font": "fonts", "render": "render"}


def process(case: Case) -> Iterator[Finding]:
    """Whether a studio runs for this state folder, or else one starts (in a folder of its own)."""
    from skill.studio import process as studio

    running = studio.running(case.home.path)
    if running is not None:
        yield Finding("studio", "well", f"runs at {running.url}")
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ai-video-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "state"
        try:
            studio.ensure(home, STARTS)
        except (studio.StudioError, ImportError, OSError) as error:
            words = str(error).replace(f" Its log: {home / 'studio' / 'studio.log'}", "")
            words = words.partition(" Install ")[0].rstrip(".")
            yield Finding("studio", _grade(case), words, mended())
            return
        finally:
            took = time.monotonic() - began
            with contextlib.suppress(studio.StudioError, ImportError, OSError):
                studio.stop(home)  # one that was too slow may be there by now
    yield Finding("studio", "well", f"does not run now; starts in {took:.1f} s")


def checkup(case: Case) -> Iterator[Finding]:
    """Packages imported, every format encoded, every font drawn: ``skill.studio.checkup``."""
    from skill.studio.worker import environment, python

    with tempfile.TemporaryDirectory(prefix="ai-video-", ignore_cleanup_errors=True) as folder:
        try:
            done = subprocess.run(  # noqa: S603 our own module, by our own interpreter
                python("skill.studio.checkup", folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd=folder,
                timeout=CHECKUP,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            yield from _told(case, _lines(error.stdout))
            words = f"the look at it hung for {CHECKUP:.0f} s"
            yield Finding("render", _grade(case), words, mended())
            return
    lines = _lines(done.stdout)
    yield from _told(case, lines)
    if done.returncode != 0:
        last = f" after {lines[-1]['what']}" if lines else ""
        yield Finding("render", _grade(case), f"{_end(done.returncode)}{last}", mended(broken=True))


def _told(case: Case, lines: list[Mapping[str, Any]]) -> Iterator[Finding]:
    """A finding for each kind of thing: all that is wrong, or a word on all that is well."""
    for kind, name in _NAMES.items():
        those = [line for line in lines if line["kind"] == kind]
        wrong = [f"{line['what']}: {line['wrong']}" for line in those if line["wrong"]]
        if kind == "import" and compared(STUDIO)[0]:
            continue  # told already, as packages that are missing
        if wrong:
            more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
            mend = again() if kind == "font" else mended(broken=True)
            yield Finding(name, _grade(case), "; ".join(wrong[:3]) + more, mend)
        elif kind == "encoder" and those:
            yield Finding(name, "well", ", ".join(line["what"] for line in those))
        elif kind == "font" and those:
            yield Finding(name, "well", f"{len(those)}, each draws its script")
        elif kind == "render" and those:
            yield Finding(name, "well", f"{those[0]['what']} in {those[0]['seconds']:.1f} s")


def _lines(output: bytes | None) -> list[Mapping[str, Any]]:
    found = []
    for line in (output or b"").splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return [line for line in found if isinstance(line, dict) and {"kind", "what"} <= line.keys()]


def _end(status: int) -> str:
    """How a process ended, in words."""
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"the look at it crashed ({signal.Signals(-status).name})"
    return f"the look at it ended with status {status}"


def _grade(case: Case) -> Grade:
    """What is wrong with the studio stops work only where the studio does it."""
    return "failure" if case.choice == "studio" else "warning"
