"""Processes that die, are interrupted, or run side by side on one home."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_backend import (
    DOWNLOAD,
    GONE,
    MESSAGE,
    POLL,
    RENDER,
    SESSION,
    STATE,
    TOKEN,
    UPLOAD,
    Reply,
    Seen,
    empty,
    mp4,
    raw,
)
from killing import EDIT, EXPORT, KILLS, lines
from stage import Ended, Nursery, Stage, stage

if not hasattr(os, "fork"):
    pytest.skip("the processes of these tests are forked", allow_module_level=True)

POINTS = 30  # of a process's life at which it is killed; scripts/faults.py does them all
AT_ONCE = 6


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    running = Nursery(tmp_path_factory.mktemp("nursery"))
    yield running
    running.close()


@pytest.fixture
def on(nursery: Nursery) -> Iterator[Stage]:
    with stage(nursery) as made:
        yield made


# Death


@pytest.mark.parametrize("name", KILLS)
def test_death_at_many_points_loses_nothing_and_doubles_nothing(
    nursery: Nursery, name: str
) -> None:
    kill, call, primed = KILLS[name]
    total = lines(nursery, call, primed)
    points = [1 + total * number // POINTS for number in range(POINTS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in [pool.submit(kill, nursery, at) for at in points]:
            outcome.result()


def held(on: Stage, route: str) -> threading.Event:
    """The next request of a route is never answered; the event tells that it has come."""
    came = threading.Event()

    def wait(seen: Seen) -> Reply:
        if route in (MESSAGE, RENDER):  # it is at work on it
            on.backend._work(seen, f"{seen.method} {seen.path}")
        came.set()
        return raw(GONE)

    on.backend.script(route, wait)
    return came


@pytest.mark.parametrize("route", [STATE, RENDER, POLL, DOWNLOAD])
def test_a_render_outlives_a_process_that_is_killed_waiting(on: Stage, route: str) -> None:
    on.prime()
    came = held(on, route)
    on.env["AI_VIDEO_TURN_TIMEOUT"] = "60"
    child, *_ = on.start(*EXPORT)
    assert came.wait(15)
    child.signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    done = on.run("resume", "--json") if route != STATE else on.run(*EXPORT)
    assert done.status == 0, done
    assert [path.read_bytes() for path in on.videos()] == [on.backend.file]
    assert on.files() == [path.name for path in on.videos()]
    assert len(on.render_ids()) == 1


# Interruption


STAGES: list[tuple[str, tuple[str, ...], str]] = [
    (STATE, EDIT, "Stopped"),
    (MESSAGE, EDIT, "do not send it again"),
    (UPLOAD, ("upload", "--json", "../clip.mp4"), "send the file again"),
    (RENDER, EXPORT, "The render goes on"),
    (POLL, EXPORT, "The render goes on"),
    (DOWNLOAD, EXPORT, "The render goes on"),
]


@pytest.mark.parametrize(("route", "call", "says"), STAGES, ids=[s[0] + s[2] for s in STAGES])
@pytest.mark.parametrize("as_json", [True, False])
def test_an_interruption_says_what_goes_on_and_loses_nothing(
    on: Stage, route: str, call: tuple[str, ...], says: str, as_json: bool
) -> None:
    on.prime()
    (on.folder / "clip.mp4").write_bytes(mp4(100))
    came = held(on, route)
    on.env["AI_VIDEO_TURN_TIMEOUT"] = on.env["AI_VIDEO_IDLE_TIMEOUT"] = "60"
    child, out, err = on.start(*(word for word in call if as_json or word != "--json"))
    assert came.wait(15)
    child.signal(signal.SIGINT)
    assert child.wait() == 130
    assert "Traceback" not in out.read_text() + err.read_text()
    assert says in err.read_text()
    assert ('"interrupted"' in out.read_text()) == as_json
    assert not [name for name in on.files() if name.endswith(".mp4")]
    if call is EXPORT:
        assert on.run("resume", "--json").status == 0
        assert [path.read_bytes() for path in on.videos()] == [on.backend.file]
        assert len(on.render_ids()) == 1
    else:
        assert on.run("status", "--json").status == 0
        assert on.messages == (route == MESSAGE)


# Many at once


def crowd(on: Stage, size: int, *calls: tuple[str, ...]) -> list[Ended]:
    """So many processes at the same time, each with one of the calls in turn."""
    with ThreadPoolExecutor(size) as pool:
        runs = [pool.submit(on.run, *calls[number % len(calls)]) for number in range(size)]
        return [run.result() for run in runs]


def good(ended: list[Ended]) -> None:
    for one in ended:
        assert one.status == 0, one
        assert "Traceback" not in one.err, one


@pytest.mark.parametrize("size", [2, 8])
def test_many_first_turns_ask_for_one_token_and_one_project(on: Stage, size: int) -> None:
    good(crowd(on, size, ("chat", "--json", "a sunset over the ocean"), ("credits", "--json")))
    assert (on.tokens, on.sessions, on.messages) == (1, 1, size // 2)
    on.check_home()


def test_many_exports_of_one_timeline_are_one_render(on: Stage) -> None:
    on.prime()
    on.backend.polls_until_done = 40  # it goes on for as long as they need to begin
    on.env["AI_VIDEO_RENDER_POLLS"] = "100"
    ended = crowd(on, 6, EXPORT)
    good(ended)
    assert len(on.render_ids()) == on.renders == 1
    assert [path.read_bytes() for path in on.videos()] == [on.backend.file]
    assert {tuple(one.reply["files"]) for one in ended} == {(str(on.videos()[0]),)}


def test_an_expired_token_is_renewed_once_by_all(on: Stage) -> None:
    on.prime()
    on.backend.tokens = {f"used-{number}" for number in range(50)}  # none of those that we have
    good(crowd(on, 8, ("credits", "--json"), ("status", "--json")))
    assert on.tokens == 1


def test_a_refusal_of_tokens_is_asked_for_by_one_and_told_to_all(on: Stage) -> None:
    def refuse(_: Seen) -> Reply:
        """Only once all have begun: who comes later may ask as well."""
        on.until(lambda: all(path.stat().st_size for path in on.folder.glob("*.err")))
        return empty(429)

    on.backend.always(TOKEN, refuse)
    ended = crowd(on, 6, EDIT)
    assert {one.status for one in ended} == {1}
    assert {one.reply["error"]["code"] for one in ended} == {429}
    assert on.tokens <= 4  # one asks, waits, and asks once more
    assert on.messages == 0


@pytest.mark.parametrize("name", ["tokens.json", "sessions.json", "conversation.json"])
def test_a_damaged_file_is_set_aside_once_by_many(on: Stage, name: str) -> None:
    on.prime()
    (on.home / name).write_bytes(b"{oops")
    good(crowd(on, 6, ("credits", "--json"), ("status", "--json")))
    assert (on.home / f"{name}.corrupt").read_bytes() == b"{oops"
    assert on.tokens == (name == "tokens.json")
    assert on.sessions == (name == "sessions.json")


@pytest.mark.parametrize("route", [TOKEN, SESSION])
def test_a_lock_is_released_by_death(on: Stage, route: str) -> None:
    came = held(on, route)
    on.env["AI_VIDEO_TURN_TIMEOUT"] = "60"
    child, *_ = on.start(*EDIT)
    assert came.wait(15)
    waiting, out, err = on.start(*EDIT)
    child.signal(signal.SIGKILL)
    child.wait()
    assert on.ended(waiting.wait(), out, err, as_json=True).status == 0
    assert on.messages == 1


def test_many_turns_beside_a_render_bring_it_once(on: Stage) -> None:
    on.prime()
    on.backend.polls_until_done = 40
    on.env["AI_VIDEO_RENDER_POLLS"] = "100"
    came = held(on, POLL)
    child, *_ = on.start(*EXPORT)
    assert came.wait(15)
    child.signal(signal.SIGKILL)
    child.wait()
    good(crowd(on, 6, ("resume", "--json"), ("credits", "--json"), EXPORT))
    assert [path.read_bytes() for path in on.videos()] == [on.backend.file]
    assert len(on.render_ids()) == 1
