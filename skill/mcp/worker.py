"""One call of the server in a process of its own, because only a process can be interrupted.

It reads one line of JSON, the call, and writes lines of JSON. When its standard input ends
(the client has cancelled, or the server is gone) it is interrupted as by Ctrl-C: the waiting
stops, a render goes on and stays in the ledger, and the reply says how to pick it up.

    {"do": "chat", "message": …, "files": […], "out": folder, "backend": …}
        -> {"line": …} and {"stage": …, "progress": 0..1 or null} …, then {"reply": {…}}
    {"do": "draft"}  -> {"reply": {"draft": {…}, "words": …}}
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from skill.conversation import Reply, Skill
from skill.errors import SkillError, StateError
from skill.home import Home
from skill.listener import Listener
from skill.phrases import say
from skill.phrases.errors import explain
from skill.router import Step
from skill.settings import Settings

Call = Mapping[str, Any]
Tell = Callable[[Mapping[str, Any]], None]

WAITING = "⏳ Waiting for another turn to end"

_LEAST = 0.01  # of a stage, between two tellings


def main() -> None:
    """Do the call that standard input holds."""
    tell = _to_parent()
    with contextlib.suppress(KeyboardInterrupt):  # a second one, or one before there was work
        call = json.loads(sys.stdin.buffer.readline() or b"{}")
        threading.Thread(target=_interrupt_at_end, name="parent", daemon=True).start()
        reply = answer(call, tell)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to interrupt
        tell({"reply": reply})


def answer(call: Call, tell: Tell) -> dict[str, Any]:
    """The reply to a call, as JSON. Raises nothing that the user has no words for."""
    skill = Skill(out=call.get("out"), listener=Told(tell))
    try:
        settings = Settings.read()
        skill.settings = replace(settings, backend=call.get("backend") or settings.backend)
        if call["do"] == "draft":
            return _draft(skill.settings)
        with _alone(skill.settings, tell) if call["do"] in _EDITS else contextlib.nullcontext():
            return _DO[call["do"]](skill, call).as_json()
    except SkillError as error:
        return failed(explain(error, skill.language), error.code, error.retry)
    except KeyboardInterrupt:
        from skill.cli.turn import what_goes_on

        return failed(what_goes_on(skill), "interrupted", True)
    except Exception as error:  # a mistake of ours is told in plain words too
        what = type(error).__name__
        return failed(say("internal", skill.language, what=what), "internal", False)


_DO: Mapping[str, Callable[[Skill, Call], Reply]] = {
    "chat": lambda skill, call: skill.turn(call["message"], call["files"]),
    "upload": lambda skill, call: skill.do([Step.UPLOAD], files=call["files"]),
    # Reading is reading: a finished render is left to export, resume and chat, which save it.
    "status": lambda skill, _: skill.do([Step.STATUS], look=False),
    "credits": lambda skill, _: skill.do([Step.CREDITS], look=False),
    "export": lambda skill, _: skill.do([Step.EXPORT]),
    "resume": lambda skill, _: skill.resume(),
    "undo": lambda skill, _: skill.turn("undo"),
    "preview": lambda skill, call: skill.preview(
        call["at"], sheet=call["sheet"], before_after=call["before_after"]
    ),
}


# What changes the project is done one after the other, whichever assistant asks for it.
_EDITS = ("chat", "upload", "export", "resume", "undo")
_PATIENCE = 3600.0  # s; an hour is longer than any two turns


@contextlib.contextmanager
def _alone(settings: Settings, tell: Tell) -> Iterator[None]:
    """Hold the turn of this state folder, between the servers of all assistants."""
    home = Home(settings.home)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(home.lock("turn", timeout=0))
        except StateError as error:
            if error.code != "busy":
                raise
            tell({"line": WAITING})
            stack.enter_context(home.lock("turn", timeout=_PATIENCE))
        yield


class Told(Listener):
    """Tells the parent what happens: lines as they are, progress where it moved."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._last: tuple[str, float | None] = ("", None)

    def line(self, text: str) -> None:
        self._tell({"line": text})

    def progress(self, stage: str, fraction: float | None) -> None:
        last_stage, last = self._last
        still = fraction is None or (last is not None and abs(fraction - last) < _LEAST)
        if stage == last_stage and still:
            return
        self._last = (stage, fraction)
        self._tell({"stage": stage, "progress": fraction})


def _draft(settings: Settings) -> dict[str, Any]:
    """The timeline of the project under way, without making one."""
    from skill.api import Api
    from skill.engine import choose
    from skill.memory import Memory
    from skill.projects import Projects
    from skill.timeline import summarize

    home = Home(settings.home)
    language = Memory(home).language("")
    draft: Mapping[str, Any] = {}
    if Projects(home).latest():  # else nobody has begun, and nothing is asked of any host
        engine = choose(settings, home, language)
        project = Projects(home).current(engine.account)
        if project is not None:
            with Api(engine, settings, home=home) as api:
                draft = api.state(project.id).draft or {}
    return {"draft": draft, "words": summarize(draft, language)}


def failed(text: str, code: object, retry: bool = False) -> dict[str, Any]:
    """A reply that is nothing but an error."""
    return Reply(text, error={"code": code, "message": text, "retry": retry}).as_json()


def _to_parent() -> Tell:
    """What writes to the parent; anything else that is printed goes to standard error."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lock = threading.Lock()

    def tell(event: Mapping[str, Any]) -> None:
        # A parent that is gone reads no more; its end interrupts us anyway.
        with lock, contextlib.suppress(OSError, ValueError):
            wire.write(json.dumps(event).encode() + b"\n")
            wire.flush()

    return tell


def _interrupt_at_end() -> None:
    """Wait for the end of standard input, then interrupt the main thread.

    A system call is interrupted by a signal alone, and on Windows by none: there waits are
    short (skill/follow.py), and the parent ends a process that does not leave.
    """
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 4096):
            pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
