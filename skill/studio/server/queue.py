"""The queue of renders: one at a time, each in a worker process, resumed after a restart."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from skill.draft import to_wire
from skill.studio.server.envelope import failure
from skill.studio.store import Store
from skill.studio.store.files import sync_folder
from skill.studio.store.renders import COMPLETED, FAILED, Render
from skill.studio.worker import Worker, WorkerError

PATIENCE = 600.0  # seconds without progress, after which a render counts as stuck
ATTEMPTS = 20  # a job that so many studios died over is not begun again

STARTING, EACH = (
    1800.0,
    60.0,
)  # seconds a render may take in all: at least, and more for each of video

_STUCK = (
    "The render got stuck, so it was ended. Export again; if it gets stuck again, "
    "take out the clip that came in last."
)
_FAILED = "The render stopped unexpectedly. Export again; if it stops again, the log says why."

_log = logging.getLogger(__name__)


class Queue:
    """Renders what the store holds unfinished, oldest first, on a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = threading.Condition()
        self._waiting: list[str] = store.renders.unfinished()
        self._current: str | None = None
        self._progress = 0.0
        self._worker: Worker | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="renders", daemon=True)

    @property
    def busy(self) -> bool:
        return bool(self._waiting) or self._current is not None

    def start(self) -> None:
        self._thread.start()

    def add(self, render_id: str) -> None:
        """Queue a render that the store has taken."""
        with self._changed:
            if render_id != self._current and render_id not in self._waiting:
                self._waiting.append(render_id)
                self._changed.notify()

    def progress(self, render_id: str) -> float:
        """From 0 to 1; 0 for one that waits."""
        with self._changed:
            return self._progress if render_id == self._current else 0.0

    def stop(self) -> None:
        """End the render under way; the store keeps it unfinished for the next start."""
        with self._changed:
            self._ending = True
            worker = self._worker
            self._changed.notify()
        if worker is not None:
            worker.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._current = None
                self._changed.wait_for(lambda: self._ending or bool(self._waiting))
                if self._ending:
                    return
                render_id = self._current = self._waiting.pop(0)
                self._progress = 0.0
            try:
                self._render(render_id)
            except Exception as error:
                _log.exception("render %s failed", render_id)
                if not self._ending:
                    self._store.renders.fail(render_id, failure(error))

    def _render(self, render_id: str) -> None:
        render = self._store.renders.find(render_id)
        if render is None or render.status in (COMPLETED, FAILED):
            return
        if render.attempts >= ATTEMPTS:
            self._store.renders.fail(render_id, _FAILED)
            return
        self._store.renders.start(render_id)
        path = self._store.renders.file(render)
        part = path.with_name(f"{path.stem}.part{path.suffix}")
        error = self._work(render, part)
        if self._ending:
            part.unlink(missing_ok=True)
            self._store.renders.put_back(render_id)
        elif error:
            self._store.renders.fail(render_id, error)
            part.unlink(missing_ok=True)
        else:
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
            sync_folder(path.parent)
            self._store.renders.complete(render_id)

    def _work(self, render: Render, part: Path) -> str:
        """Run the worker; its error in words for the user, "" where there was none."""
        job = {
            "render": to_wire(render.draft),
            "output": dict(render.output),
            "media": str(self._store.files.folder),
            "out": str(part),
            "cache": str(self._store.cache),
        }
        with self._changed:
            if self._ending:
                return ""
            self._worker = worker = Worker(job, self._store.renders.folder)
        try:
            longest = STARTING + EACH * render.draft.duration / 1000
            for answer in worker.answers(PATIENCE, longest):
                if "error" in answer:
                    return str(answer["error"])
                if "progress" in answer:
                    with self._changed:
                        self._progress = min(1.0, max(self._progress, float(answer["progress"])))
                if answer.get("done"):
                    return ""
        except WorkerError as error:
            if not self._ending:
                _log.error("render %s: %s", render.id, error)
            if error.slow:
                return _STUCK
        finally:
            self._worker = None
        return _FAILED
