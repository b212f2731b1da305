"""A chat turn: route it, do each step in order, and answer in plain words.

reply = Skill().turn("put a title 'Dawn'", files=["clip.mp4"])
reply.text, reply.files, reply.steps, reply.links, reply.error
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skill import phrases
from skill.errand import Errand, Told
from skill.errors import EngineError, SettingsError, SkillError, StateError
from skill.home import Home
from skill.listener import Listener
from skill.memory import Memory
from skill.phrases.errors import explain
from skill.router import Step, links, route
from skill.settings import Settings
from skill.wish import to_say

# What a step needs of the ones before it: an export of an edit that failed is no help.
_NEEDS = {Step.SSE: {Step.UPLOAD}, Step.EXPORT: {Step.UPLOAD, Step.SSE}}
# After one of these nothing else of the turn can work either.
_FATAL = (EngineError, StateError, SettingsError)


@dataclass
class Reply:
    """The answer to a turn.

    ``steps`` are {"action", "ok"}, ``error`` is {"code", "message", "retry"} of the first step
    that failed, or None. ``files`` are absolute paths, ``session`` {"id", "task"}.
    """

    text: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    session: dict[str, str] = field(default_factory=lambda: {"id": "", "task": ""})
    error: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            "text": self.text,
            "steps": self.steps,
            "files": [str(path) for path in self.files],
            "links": self.links,
            "session": self.session,
            "error": self.error,
        }


class Skill:
    """The whole skill, for one user on one state folder.

    ``out`` is where finished videos go (default: the current folder at the time of the turn).
    Nothing is read, sent or made before the first turn.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        out: Path | str | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.settings = settings
        self.listener = listener or Listener()
        self.errand: Errand | None = None  # the turn under way, for who interrupts it
        self.language = "en"
        self._out = out

    def turn(self, message: str, files: Sequence[str | Path] = ()) -> Reply:
        """Answer a chat turn. Never raises SkillError: ``reply.error`` holds what went wrong."""
        given = [str(item) for item in files]
        plain = _bare(message)
        if not given and _is(plain, "_resume"):
            return self.resume()
        if not given and (not plain or _is(plain, "_hello")) and not links(message):
            return self._greet(message)
        return self._run(route(message, given), message, given)

    def do(self, steps: Sequence[Step], message: str = "", files: Sequence[str] = ()) -> Reply:
        """Do steps without routing: what ``ai-video export`` and the like are."""
        return self._run(list(steps), message, [str(item) for item in files])

    def begin(self) -> None:
        """Leave the current project and begin a new one. Raises SkillError."""
        from skill.api import Api
        from skill.engine import choose

        settings = self.settings or Settings.read()
        home = Home(settings.home)
        with Api(choose(settings, home), settings, home=home) as api:
            api.new_session(self.language)

    def resume(self) -> Reply:
        """Wait for the renders of earlier turns, and bring their files."""
        return self._run([Step.EXPORT], "", [], resuming=True)

    def _greet(self, message: str) -> Reply:
        from skill.suggestions import greeting_ideas

        reply = Reply(steps=[{"action": Step.SSE.value, "ok": True}])
        try:
            settings = self.settings or Settings.read()
            self.language = Memory(Home(settings.home)).language(message)
        except SkillError:
            self.language = phrases.language_of(message, self.language)
        text = phrases.say("greeting", self.language) + "\n\n" + greeting_ideas(self.language)
        self.listener.piece(text)
        reply.text = text
        return reply

    def _run(
        self, steps: list[Step], message: str, files: list[str], resuming: bool = False
    ) -> Reply:
        from skill.api import Api
        from skill.engine import choose

        reply = Reply()
        self.errand = None
        try:
            settings = self.settings or Settings.read()
            home = Home(settings.home)
            memory = Memory(home)
            self.language = memory.language(message)
            if memory.first_time:
                self.listener.line(phrases.say("setup", self.language))
            engine = choose(settings, home)
            api = Api(engine, settings, home=home)
        except SkillError as error:
            self._fail(reply, steps, error)
            return reply
        with api:
            linked = links(message)
            errand = self.errand = Errand(
                api=api,
                language=self.language,
                wish=message,
                message=_without_links(to_say(message, steps), linked),
                files=[*files, *linked],
                folder=Path(self._out or Path.cwd()).expanduser().absolute(),
                listener=self.listener,
                planned=list(steps),
            )
            if engine.notice and memory.is_news(engine.notice):
                errand.tell(engine.notice)
            try:
                if resuming:
                    _resume(errand, reply, Path(self._out) if self._out else None)
                else:
                    _Steps(errand, reply).run()
                memory.keep(self.language, engine.notice)
            except SkillError as error:
                _note(reply, error, self.language)
                errand.tell(explain(error, self.language))
            for notice in dict.fromkeys(api.notices):
                errand.tell(notice)
            self._finish(reply, errand)
        return reply

    def _finish(self, reply: Reply, errand: Errand) -> None:
        reply.text = "".join(errand.texts).strip()
        reply.files, reply.links = errand.delivered, errand.links
        if errand.begun is not None:
            reply.session = {"id": errand.begun.id, "task": errand.begun.task}
        errand.stage = ""

    def _fail(self, reply: Reply, steps: list[Step], error: SkillError) -> None:
        """A turn that could not even begin."""
        _note(reply, error, self.language)
        reply.text = explain(error, self.language)
        reply.steps = [{"action": step.value, "ok": False} for step in steps]
        self.listener.piece(reply.text)


class _Steps:
    """The steps of a turn, and what the backend's answers add to them."""

    def __init__(self, errand: Errand, reply: Reply) -> None:
        self._errand = errand
        self._reply = reply
        self._failed: set[Step] = set()
        self._fatal = False
        self._done: set[Step] = set()
        self._edited = False

    def run(self) -> None:
        from skill.suggestions import next_steps

        errand = self._errand
        skipped: list[Step] = []
        early = Step.STATUS in errand.planned and Step.EXPORT not in errand.planned
        if early:  # "is it done?" is best answered by the file
            _look(errand)
        while errand.planned:
            step = errand.planned.pop(0)
            if self._fatal or self._failed & _NEEDS.get(step, set()):
                skipped.append(step)
                self._reply.steps.append({"action": step.value, "ok": False})
                continue
            self._do(step)
        if skipped and not self._fatal:
            names = [errand.say(f"step.{step.value}") for step in skipped]
            errand.tell(errand.say("skipped", steps=phrases.listing(names, errand.language)))
        if not early and Step.EXPORT not in self._failed and not self._fatal:
            _look(errand)
        if errand.next is not None and not self._failed and not errand.delivered:
            errand.tell(next_steps(errand.next, errand.language))

    def _do(self, step: Step) -> None:
        from skill import actions

        errand = self._errand
        self._done.add(step)
        entry = {"action": step.value, "ok": True}
        self._reply.steps.append(entry)
        try:
            actions.run(step, errand)
        except SkillError as error:
            entry["ok"] = False
            self._failed.add(step)
            cause = error.error if isinstance(error, Told) else error
            self._fatal = isinstance(cause, _FATAL)
            if not isinstance(error, Told):
                errand.tell(explain(error, errand.language))
            _note(self._reply, cause, errand.language)
            errand.stage = ""
            errand.asked, errand.edit = [], ""
            return
        if step is Step.SSE:
            self._follow()

    def _follow(self) -> None:
        """What the backend's screen words ask for: an edit once, readings and an export once."""
        errand = self._errand
        asked, errand.asked = errand.asked, []
        edit, errand.edit = errand.edit, ""
        if edit and not self._edited:
            self._edited = True
            errand.message = edit
            self._more(Step.SSE)
            asked = [*asked, *errand.asked]
            errand.asked, errand.edit = [], ""
        for step in dict.fromkeys(asked):
            if step not in self._done and step not in errand.planned:
                self._done.add(step)
                self._more(step)

    def _more(self, step: Step) -> None:
        """A step that the user did not ask for: if it fails, it is told, and that is all."""
        from skill import actions

        errand = self._errand
        try:
            actions.run(step, errand)
        except SkillError as error:
            errand.stage = ""
            errand.tell(explain(error, errand.language))
        else:
            self._reply.steps.append({"action": step.value, "ok": True})


def _look(errand: Errand) -> None:
    """One quick look at renders of earlier turns; what is finished is fetched and told."""
    from skill.jobs import Ledger

    if Ledger(errand.api.home).open(errand.api.engine.account):
        from skill.actions.resume import look

        look(errand)


def _resume(errand: Errand, reply: Reply, folder: Path | None) -> None:
    from skill.actions.resume import finish

    errand.planned = []
    error = finish(errand, folder)
    reply.steps.append({"action": Step.EXPORT.value, "ok": error is None})
    if error is not None:
        _note(reply, error, errand.language)


def _note(reply: Reply, error: SkillError, language: str) -> None:
    """The first error is the one that the reply carries."""
    if reply.error is None:
        reply.error = {
            "code": error.code,
            "message": explain(error, language),
            "retry": error.retry,
        }


def _bare(message: str) -> str:
    """The words of a message alone, small, for comparing with greetings."""
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", message.casefold()))


def _is(plain: str, key: str) -> bool:
    return any(plain in phrases.words(key, name) for name in phrases.languages())


def _without_links(message: str, linked: Sequence[str]) -> str:
    """The message with each link called by its file's name, and without one at its edge."""
    from skill.actions.upload import name_of

    for link in linked:
        text = message.strip()
        alone = text.startswith(link) or text.endswith(link)
        message = message.replace(link, " " if alone else name_of(link), 1)
    return re.sub(r"[ \t]{2,}", " ", message).strip() if linked else message
