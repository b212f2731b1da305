"""A process that dies at a line of our code, and what the next one makes of it."""

from __future__ import annotations

import signal
from collections.abc import Callable

from stage import Nursery, Stage, stage

EXPORT = ("export", "--json")
EDIT = ("chat", "--json", "make it brighter")
# What may come next: somebody who asks for it, and turns about something else.
NEXT = (
    ("resume", "--json"),
    ("chat", "--json", "how many credits do I have?"),
    ("export", "--json"),
    ("status", "--json"),
    ("chat", "--json", "resume"),
)


def lines(nursery: Nursery, call: tuple[str, ...], primed: bool = True) -> int:
    """How many lines of our code such a call runs."""
    with stage(nursery) as on:
        if primed:
            on.prime()
        done = on.run(*call, cut=-1)
        assert done.status == 0, done
        return int(done.err.splitlines()[-1])


def cut(on: Stage, call: tuple[str, ...], at: int) -> None:
    status = on.run(*call, cut=at).status
    assert status in (-signal.SIGKILL, 0), status


def export(nursery: Nursery, at: int, slow: bool = False) -> None:
    """Killed while it exports: one whole file in the end, and one render."""
    with stage(nursery) as on:
        on.prime()
        if slow:
            on.backend.polls_until_done = 5
        cut(on, EXPORT, at)
        after = NEXT[at % len(NEXT)]
        if on.videos() and b'"told": true' in (on.home / "renders.jsonl").read_bytes():
            after = NEXT[0]  # it had said so: to export once more would be another wish
        done = on.run(*after)
        assert done.status == 0, (at, after, done)
        if not on.videos():  # it had not come to asking for the render
            assert on.renders == 0, (at, after, done)
            assert on.run(*EXPORT).status == 0
        names = on.files()
        assert len(names) == 1, (at, after, names)
        assert on.videos()[0].read_bytes() == on.backend.file, (at, after)
        assert len(on.render_ids()) == 1, (at, after, on.render_ids())
        again = on.run("resume", "--json")
        assert "No render is waiting" in again.reply["text"], (at, after, again)
        assert on.files() == names


def edit(nursery: Nursery, at: int) -> None:
    """Killed while it waits for an edit: the message was sent once at most, ever."""
    with stage(nursery) as on:
        on.prime()
        cut(on, EDIT, at)
        done = on.run("status", "--json")
        assert done.status == 0, (at, done)
        assert on.messages <= 1, at
        assert on.tokens == on.sessions == 0, at


def beginning(nursery: Nursery, at: int) -> None:
    """Killed in the first turn of all: the next one begins, or goes on."""
    with stage(nursery) as on:
        cut(on, EDIT, at)
        done = on.run("credits", "--json")
        assert done.status == 0, (at, done)
        assert on.messages <= 1, at
        # An answer that nobody was left to keep is asked for again.
        assert on.tokens <= 2, at
        assert on.sessions <= 2, at


KILLS: dict[str, tuple[Callable[[Nursery, int], None], tuple[str, ...], bool]] = {
    "an export": (export, EXPORT, True),
    "an edit": (edit, EDIT, True),
    "the first turn": (beginning, EDIT, False),
}
