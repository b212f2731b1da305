"""Runs ``ai-video`` many times quickly, each time in a process of its own.

``python nursery.py SOCKET`` imports the client once, waits for calls on a Unix socket and forks
for each: the child has its own environment, folder and output files, and ends as ``python -m
skill`` does. A call is one JSON object (``argv, env, cwd, out, err`` and perhaps ``cut``, ``size``,
``waits``); answered are two lines, the child's process id and, later, its exit status.

    cut    the line of code of our package at which the child kills itself (SIGKILL); 0: none.
           The number of lines that ran is appended to ``err`` where it is -1.
    size   the largest file in bytes that the child may write; 0: any
    waits  seconds before the first repeat of a request
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
PACKAGE = os.path.join(ROOT, "skill")  # noqa: PTH118 as frames name their files


def serve(path: str) -> None:
    """Take calls until standard input ends, with the process that started this one."""
    _import_all()
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a call is not waited for
    print("ready", flush=True)
    while 0 not in select.select([0, door], [], [])[0]:
        line, _ = door.accept()
        if os.fork() == 0:
            door.close()
            _answer(line)
        line.close()


def _import_all() -> None:
    sys.path.insert(0, ROOT)
    for name in _NEEDED:
        import_module(name)
    from skill.frontmatter import read
    from skill.gui import Translator
    from skill.router import route

    # What is made when it is first needed is made once.
    read()
    route("a sunset, then export it")
    translator = Translator("en")
    said = translator.feed("Done. Click Export to see it.") + translator.close()
    translator.translation(said)


# The modules that calls load when they need them.
_COMMANDS = ("credits", "export", "resume", "status", "upload")
_NEEDED = (
    "sseclient",
    "skill.delivery",
    *(f"skill.actions.{name}" for name in (*_COMMANDS, "sse")),
    *(f"skill.cli.{name}" for name in (*_COMMANDS, "chat")),
)


def _answer(line: socket.socket) -> NoReturn:
    """Fork the child of one call, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line.makefile("r") as words:
        call = json.loads(words.readline())
    pipes = [os.pipe(), os.pipe()]  # (a file would fall under ``size``)
    child = os.fork()
    if child == 0:
        line.close()
        _become(call, [write for _, write in pipes])
    with contextlib.suppress(OSError):  # whoever called may have left
        line.sendall(b"%d\n" % child)
    _drain({read: call[name] for (read, _), name in zip(pipes, ("out", "err"), strict=True)}, pipes)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _drain(files: dict[int, str], pipes: list[tuple[int, int]]) -> None:
    """Write to files what comes out of pipes, as it comes, until the child has left."""
    for _, write in pipes:
        os.close(write)
    ends = {pipe: os.open(name, os.O_WRONLY | os.O_APPEND) for pipe, name in files.items()}
    while ends:
        for pipe in select.select(list(ends), [], [])[0]:
            if data := os.read(pipe, 65536):
                os.write(ends[pipe], data)
            else:
                os.close(ends.pop(pipe))


def _become(call: dict[str, Any], ends: list[int]) -> NoReturn:
    """The rest of this process is the call."""
    os.environ.clear()
    os.environ.update(call["env"])
    os.chdir(call["cwd"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, end in enumerate(ends, 1):
        os.dup2(end, number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 for all its life
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if call.get("size"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (call["size"], call["size"]))
    import skill.api.client
    from skill.cli import main

    skill.api.client.FIRST_WAIT = call.get("waits", 0.01)
    total = _count(call["cut"]) if call.get("cut") else None
    try:
        status = main(call["argv"])
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    finally:
        sys.settrace(None)
    if total is not None:
        print(total(), file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _count(cut: int) -> Callable[[], int]:
    """Count the lines of our package that run from here, in all threads; die at ``cut``."""
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            lines += 1
            if lines == cut:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    return lambda: lines


if __name__ == "__main__":
    serve(sys.argv[1])
