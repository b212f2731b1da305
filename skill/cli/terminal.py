"""How a turn looks while it runs: the answer on stdout as it comes, the work on stderr."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

from skill.listener import Listener

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_BAR = 24  # characters
_TICK = 0.1  # s


class Terminal(Listener):
    """Prints pieces of the answer where ``stream``, and lines of work to stderr.

    On a terminal long work has a spinner, or a bar where it is known how far it is. Anywhere
    else stderr has lines only.
    """

    def __init__(
        self, stream: bool = True, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._stream = stream
        self._open = False  # the answer's last line has no end yet
        self._broken = False  # the answer's line was ended in the middle, for a spinner below it
        self._spinner = Spinner(self._err) if _lively(self._err) else None

    def line(self, text: str) -> None:
        if self._spinner:
            if self._open and self._out.isatty():
                self._open, self._broken = False, True
                self._out.write("\n")
                self._out.flush()
            self._spinner.show(text)
        else:
            print(text, file=self._err, flush=True)

    def piece(self, text: str) -> None:
        if not self._stream:
            return
        if self._spinner:
            self._spinner.hide()
        if self._broken:
            self._broken = False
            text = text[1:] if text[:1].isspace() else text
        self._out.write(text)
        self._out.flush()
        self._open = not text.endswith("\n")

    def progress(self, stage: str, fraction: float | None) -> None:  # noqa: ARG002 the line says it
        if self._spinner:
            self._spinner.progress(fraction)

    def end(self) -> None:
        """The turn is over: close the line of the answer."""
        if self._spinner:
            self._spinner.reset()
        if self._open:
            self._out.write("\n")
            self._out.flush()
        self._open = self._broken = False


@contextlib.contextmanager
def watching() -> Iterator[Terminal]:
    """A terminal to listen with for some turns; whatever happens, its line is closed."""
    terminal = Terminal()
    try:
        yield terminal
    finally:
        terminal.end()


class Spinner:
    """One line at the bottom that moves while work goes on, and leaves nothing behind."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._text = ""
        self._fraction: float | None = None
        self._began: float | None = None  # when this turn's work did
        self._lock = threading.Lock()
        self._running = False

    def show(self, text: str) -> None:
        """Spin beside a text, from now on."""
        with self._lock:
            self._text, self._fraction = text, None
            self._began = time.monotonic() if self._began is None else self._began
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="spinner", daemon=True).start()

    def progress(self, fraction: float | None) -> None:
        with self._lock:
            self._fraction = fraction

    def hide(self) -> None:
        """Take the line away until the next ``show``."""
        with self._lock:
            if self._text:
                self._text = ""
                self._err.write("\r\x1b[2K")
                self._err.flush()

    def reset(self) -> None:
        """The next ``show`` counts its time anew."""
        self.hide()
        self._began = None

    def _run(self) -> None:
        turn = 0
        while True:
            with self._lock:
                if self._text:
                    self._err.write("\r\x1b[2K" + self._frame(turn))
                    self._err.flush()
                else:
                    self._running = False
                    return
            turn += 1
            time.sleep(_TICK)

    def _frame(self, turn: int) -> str:
        seconds = int(time.monotonic() - (self._began or time.monotonic()))
        if self._fraction is None:
            sign = _FRAMES[turn % len(_FRAMES)]
        else:
            full = round(max(0.0, min(1.0, self._fraction)) * _BAR)
            sign = f"{'█' * full}{'░' * (_BAR - full)} {self._fraction:4.0%}"
        line = f"{sign} {self._text} {seconds // 60}:{seconds % 60:02}"
        # (Of a terminal that does not tell its size Python 3.10 says 0.)
        return line[: max(10, (shutil.get_terminal_size().columns or 80) - 2)]


def _lively(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can move its cursor."""
    import os

    return stream.isatty() and os.environ.get("TERM", "xterm") != "dumb"
