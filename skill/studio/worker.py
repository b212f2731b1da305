"""Work on media in a process of its own: what crashes there does not end the server.

``python -m skill.studio.worker`` reads one line of JSON, the job, and writes
lines of JSON. It ends when its standard input closes, so no worker outlives the
server that started it.

    {"probe": [{"path": …, "name": …}, …]}
        -> for each file {"media": {…}} or {"error": …, "code": 4001}
    {"render": draft, "output": {…}, "media": folder, "out": path, "cache": folder}
        -> {"progress": 0.4} …, then {"done": true} or {"error": …}
    {"stills": draft, "times": [ms, …], "width": px, "media": folder, "cache": folder, "version": …}
        -> for each time {"at": ms, "path": …} or {"at": ms, "error": …}; or {"error": …}
    {"draw": board, "out": path}
        -> {"done": true} or {"error": …}
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from skill.studio import media as media_
from skill.studio.media import Media, MediaError

PROBE_SECONDS = 60.0  # for one file
PROBE_BYTES = 3 << 30  # of address space: an 8192x8192 picture takes 0.5 GB, libraries 1 GB
PROBES = 2  # workers at once that look at files
RENDER_BYTES = 6 << 30  # of data: two scenes with music at 1080p take 1.2 GB on two cores
STILLS_SECONDS = 120.0  # for all of one job
DRAW_SECONDS = 60.0
ERROR_BYTES = 16 << 20  # that a probing worker may write, to its log above all
GRACE = 3.0  # seconds to end by itself after its input was closed


TOO_MUCH = (
    f"This video needs more memory than a render may take ({RENDER_BYTES >> 30} GB). "
    "Make it shorter, or use smaller pictures and fewer clips at once, then export again."
)

_looking = threading.BoundedSemaphore(PROBES)


class WorkerError(Exception):
    """The worker ended without an answer; the text is what it last said, for the log.

    ``slow``: it was ended because it took too long.
    """

    def __init__(self, message: str, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of this package, for ``subprocess``."""
    return [sys.executable, "-m", module, *arguments]


def environment() -> dict[str, str]:
    """The environment of a child: it finds this package, and none of the cloud's keys."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("NEMO_")}
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [known.get("PYTHONPATH")])]
    return {**known, "PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}


class Worker:
    """A running worker. Iterate over its answers; ``stop`` it from any thread."""

    def __init__(self, job: Mapping[str, Any], folder: Path) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 closed in ``answers``
        self._process = subprocess.Popen(  # noqa: S603 our own module, by our own interpreter
            python("skill.studio.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(),
            cwd=folder,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._ended = threading.Event()
        self._slow = False
        assert self._process.stdin is not None  # noqa: S101 piped above
        with contextlib.suppress(OSError):  # it has died: its answer says so
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self, patience: float, longest: float = math.inf) -> Iterator[dict[str, Any]]:
        """What the worker says; it has ended afterwards.

        Raises WorkerError where it failed, said nothing for ``patience`` seconds, or took
        more than ``longest`` seconds in all.
        """
        assert self._process.stdout is not None  # noqa: S101 piped above
        began = heard = time.monotonic()

        def watch() -> None:
            while not self._ended.wait(min(5.0, patience / 4)):
                now = time.monotonic()
                if now - heard > patience or now - began > longest:
                    self._slow = True
                    self.stop()

        threading.Thread(target=watch, daemon=True).start()
        try:
            for line in self._process.stdout:
                heard = time.monotonic()
                yield json.loads(line)
            if self._process.wait() != 0:
                self._errors.seek(0, os.SEEK_END)
                self._errors.seek(max(0, self._errors.tell() - 4000))
                said = self._errors.read().decode("utf-8", "replace").strip()
                words = f"the worker ended with {self._process.returncode}: {said}"
                raise WorkerError(words, self._slow)
        finally:
            self.stop()
            self._process.stdout.close()
            self._errors.close()

    def stop(self) -> None:
        """End the process: politely, then for certain. Safe to call twice."""
        if self._ended.is_set():
            return
        self._ended.set()
        assert self._process.stdin is not None  # noqa: S101 piped above
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def probe(files: Sequence[tuple[Path, str]]) -> list[Media | MediaError]:
    """``media.probe`` for each (path, name), apart; what breaks the worker counts as damaged."""
    with _looking:
        return _probed(files)


def _probed(files: Sequence[tuple[Path, str]]) -> list[Media | MediaError]:
    found: list[Media | MediaError] = []
    while len(found) < len(files):
        left = files[len(found) :]
        job = {"probe": [{"path": str(path), "name": name} for path, name in left]}
        worker = Worker(job, left[0][0].parent)
        slow = False
        try:
            for answer in worker.answers(PROBE_SECONDS):
                found.append(
                    Media(**answer["media"])
                    if "media" in answer
                    else MediaError(answer["code"], answer["error"])
                )
        except WorkerError as error:
            slow = error.slow
        if len(found) < len(files):
            name = files[len(found)][1]
            found.append(
                media_.too_big(name, "it takes too long to read") if slow else media_.damaged(name)
            )
    return found


def main() -> None:
    """The worker's side: read the job, answer it, end."""
    job = json.loads(_line())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    cancelled = threading.Event()
    with contextlib.suppress(OSError):  # Linux: where memory runs out, this one goes first
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")

    def answer(value: Mapping[str, Any]) -> None:
        try:
            answers.write(json.dumps(value) + "\n")
            answers.flush()
        except OSError:  # the server is gone
            os._exit(1)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        cancelled.set()
        threading.Event().wait(GRACE - 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if "probe" in job:
        _probe(job, answer)
    elif "stills" in job:
        _stills(job, answer)
    elif "draw" in job:
        _draw(job, answer)
    else:
        _render(job, answer, cancelled.is_set)
    answers.close()
    os._exit(0)  # at once: tearing down the decoders of a crafted file may crash


def _line() -> bytes:
    # Not through sys.stdin: its lock, held by a waiting thread, breaks the interpreter's exit.
    line = b""
    while not line.endswith(b"\n"):
        data = os.read(0, 1 << 16)
        if not data:
            os._exit(1)
        line += data
    return line


def _probe(job: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
    seconds = int(PROBE_SECONDS) * len(job["probe"])
    _limit(AS=PROBE_BYTES, CPU=seconds, FSIZE=ERROR_BYTES)
    for file in job["probe"]:
        try:
            answer({"media": asdict(media_.probe(Path(file["path"]), file["name"]))})
        except MediaError as error:
            answer({"error": str(error), "code": error.code})


def _limit(**limits: int) -> None:
    """Set limits of the system on this process, as far as it knows them (on Windows: none)."""
    with contextlib.suppress(ImportError):
        import resource

        for name, most in {"CORE": 0, **limits}.items():
            with contextlib.suppress(ValueError, OSError):  # a lower one is set
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _render(
    job: Mapping[str, Any],
    answer: Callable[[Mapping[str, Any]], None],
    cancelled: Callable[[], bool],
) -> None:
    from skill.draft import parse
    from skill.studio.render import Cancelled, RenderError, render

    # Of data, not of addresses: threads reserve many of those, and use few.
    _limit(DATA=RENDER_BYTES)
    files = Path(job["media"])
    try:
        render(
            parse(job["render"]),
            lambda content_hash: files / content_hash[:2] / content_hash,
            Path(job["out"]),
            output=job["output"],
            cache=Path(job["cache"]),
            progress=lambda share: answer({"progress": share}),
            cancelled=cancelled,
        )
    except RenderError as error:
        answer({"error": str(error)})
    except MemoryError:
        answer({"error": TOO_MUCH})
    except Cancelled:
        os._exit(1)
    else:
        answer({"done": True})


def _stills(job: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
    from skill.draft import parse
    from skill.studio.render import RenderError
    from skill.studio.render.cache import Cache
    from skill.studio.render.stills import stills

    _limit(DATA=RENDER_BYTES, CPU=int(STILLS_SECONDS) * (os.cpu_count() or 1))
    files, cache = Path(job["media"]), Path(job["cache"])
    try:
        for at, made in stills(
            parse(job["stills"]),
            lambda content_hash: files / content_hash[:2] / content_hash,
            job["times"],
            job["width"],
            cache,
            job["version"],
        ):
            answer({"at": at, "error" if isinstance(made, str) else "path": str(made)})
        Cache(cache).prune()
    except RenderError as error:
        answer({"error": str(error)})
    except MemoryError:
        answer({"error": TOO_MUCH})


def _draw(job: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
    from skill.studio.board import draw

    _limit(DATA=RENDER_BYTES, CPU=int(DRAW_SECONDS) * (os.cpu_count() or 1))
    try:
        draw(job["draw"], Path(job["out"]))
    except OSError as error:
        answer({"error": error.strerror or type(error).__name__})
    except MemoryError:
        answer({"error": TOO_MUCH})
    else:
        answer({"done": True})


if __name__ == "__main__":
    main()
