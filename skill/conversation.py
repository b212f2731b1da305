"""A chat turn: route it, do each step in order, and answer in plain words.

    reply = Skill().turn("put a title 'Dawn'", files=["clip.mp4"])
    reply.text, reply.files, reply.steps, reply.links, reply.error

A turn may be a process of its own: what is to be remembered lies in the state folder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from skill import phrases
from skill.errand import Errand, Told
from skill.errors import SkillError
from skill.home import Home, expanded
from skill.listener import Listener
from skill.memory import Memory
from skill.phrases.errors import explain
from skill.plain import plain
from skill.preview.look import Look, milliseconds
from skill.preview.wish import looked_for
from skill.reply import Reply
from skill.router import Step, links, route
from skill.settings import Settings
from skill.steps import Steps
from skill.veil import hide
from skill.wish import to_say

__all__ = ["Reply", "Skill"]


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
        words = _bare(message)
        if not given and _is(words, "_resume"):
            return self.resume()
        if not given and (not words or _is(words, "_hello")) and not links(message):
            return self._greet(message)
        wish = looked_for(message)
        if wish is not None:
            steps = route(wish.rest, given) if wish.rest or given else []
            return self._run(steps, wish.rest, given, view=wish.look, said=message)
        return self._run(route(message, given), message, given)

    def do(
        self,
        steps: Sequence[Step],
        message: str = "",
        files: Sequence[str] = (),
        *,
        look: bool = True,
    ) -> Reply:
        """Do steps without routing: what ``ai-video export`` and the like are.

        Without ``look`` finished renders of earlier turns are left where they are, so that
        reading (status, credits) writes no file.
        """
        return self._run(list(steps), message, [str(item) for item in files], look=look)

    def preview(
        self,
        at: float | Sequence[float] | None = None,
        *,
        sheet: bool = False,
        before_after: bool = False,
    ) -> Reply:
        """Show the project without rendering it: PNG files in ``out``, and what is on them.

        ``at``: the frame at that second, or at several; ``before_after``: the last edit. With
        neither, or with ``sheet``: the contact sheet. Never raises SkillError.
        """
        times = [] if at is None else [at] if isinstance(at, (int, float)) else list(at)
        view = Look(tuple(map(milliseconds, times)), sheet, before_after)
        return self._run([], "", [], look=False, view=view)

    def begin(self) -> None:
        """Leave the current project and begin a new one. Raises SkillError."""
        from skill.api import Api
        from skill.engine import choose

        settings = self.settings or Settings.read()
        home = Home(settings.home)
        with Api(choose(settings, home, self.language), settings, home=home) as api:
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
        self,
        steps: list[Step],
        message: str,
        files: list[str],
        resuming: bool = False,
        look: bool = True,
        view: Look | None = None,
        said: str = "",
    ) -> Reply:
        """``said``: the whole turn, where ``message`` is only what is left of it."""
        from skill.api import Api
        from skill.engine import choose

        reply = Reply()
        self.errand = None
        try:
            settings = self.settings or Settings.read()
            home = Home(settings.home)
            memory = Memory(home)
            self.language = memory.language(said or message)
            if memory.first_time:
                self.listener.line(phrases.say("setup", self.language))
            engine = choose(settings, home, self.language)
            api = Api(engine, settings, home=home)
        except SkillError as error:
            self._fail(reply, [*steps, *([Step.STATUS] if view else [])], error)
            return reply
        with api:
            linked = links(message)
            errand = self.errand = Errand(
                api=api,
                language=self.language,
                wish=message,
                message=_without_links(to_say(message, steps), linked),
                files=[*files, *linked],
                folder=expanded(self._out or Path.cwd()).absolute(),
                listener=self.listener,
                planned=list(steps),
            )
            if engine.notice and memory.is_news(engine.notice):
                errand.tell(engine.notice)
            try:
                if resuming:
                    _resume(errand, reply, Path(self._out) if self._out else None)
                else:
                    see = partial(_see, errand, reply, view) if view else None
                    Steps(errand, reply, look).run(see)
                memory.keep(self.language, engine.notice)
            except SkillError as error:
                words = explain(error, self.language)
                if reply.error is None or reply.error["message"] != words:
                    errand.tell(words)
                reply.fail(error, self.language)
            for notice in dict.fromkeys(api.notices):
                errand.tell(phrases.say(notice.key, self.language, name=notice.name))
            self._finish(reply, errand)
        return reply

    def _finish(self, reply: Reply, errand: Errand) -> None:
        errand.flush()
        reply.text = "".join(errand.texts).strip()
        reply.files, reply.links = errand.delivered, errand.links
        if errand.begun is not None:
            reply.session = {"id": plain(errand.begun.id), "task": plain(errand.begun.task)}
        secrets = errand.api.secrets
        if reply.error is not None:
            reply.error["message"] = hide(reply.error["message"], secrets)
        said = [*errand.quoted, *reply.backend_said]
        reply.backend_said = list(dict.fromkeys(hide(text, secrets) for text in said))
        errand.stage = ""

    def _fail(self, reply: Reply, steps: list[Step], error: SkillError) -> None:
        """A turn that could not even begin."""
        reply.fail(error, self.language)
        reply.text = explain(error, self.language)
        reply.steps = [{"action": step.value, "ok": False} for step in steps]
        self.listener.piece(reply.text)


def _resume(errand: Errand, reply: Reply, folder: Path | None) -> None:
    from skill.actions.resume import finish

    errand.planned = []
    error = finish(errand, folder)
    reply.steps.append({"action": Step.EXPORT.value, "ok": error is None})
    if error is not None:
        reply.fail(error, errand.language)


def _see(errand: Errand, reply: Reply, view: Look) -> None:
    """Show the project after the steps of a turn, unless they failed."""
    entry = {"action": Step.STATUS.value, "ok": reply.error is None}
    reply.steps.append(entry)
    if reply.error is not None:
        errand.tell(errand.say("skipped", steps=errand.say("step.preview")))
        return
    from skill.preview.view import run

    try:
        run(errand, view)
    except SkillError as error:
        entry["ok"] = False
        if not isinstance(error, Told):
            errand.tell(explain(error, errand.language))
        reply.fail(error.error if isinstance(error, Told) else error, errand.language)


def _bare(message: str) -> str:
    """The words of a message alone, small, for comparing with greetings."""
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", message.casefold()))


def _is(bare: str, key: str) -> bool:
    return any(
        bare == _bare(word) for name in phrases.languages() for word in phrases.words(key, name)
    )


def _without_links(message: str, linked: Sequence[str]) -> str:
    """The message with each link called by its file's name, and without one at its edge."""
    from skill.actions.upload import name_of

    for link in linked:
        text = message.strip()
        alone = text.startswith(link) or text.endswith(link)
        message = message.replace(link, " " if alone else name_of(link), 1)
    return re.sub(r"[ \t]{2,}", " ", message).strip() if linked else message
