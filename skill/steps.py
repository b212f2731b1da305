"""The steps of a turn, one after the other, and what the backend's answers add to them."""

from __future__ import annotations

from collections.abc import Callable

from skill import actions, phrases
from skill.errand import Errand, Told
from skill.errors import EngineError, SettingsError, SkillError, StateError
from skill.jobs import Ledger
from skill.phrases.errors import explain
from skill.reply import Reply
from skill.router import Step
from skill.suggestions import next_steps

# What a step needs of the ones before it: an export of an edit that failed is no help.
_NEEDS = {Step.SSE: {Step.UPLOAD}, Step.EXPORT: {Step.UPLOAD, Step.SSE}}
# After one of these nothing else of the turn can work either.
_FATAL = (EngineError, StateError, SettingsError)


class Steps:
    """The steps of a turn, and what the backend's answers add to them."""

    def __init__(self, errand: Errand, reply: Reply, look: bool = True) -> None:
        self._errand = errand
        self._looks = look
        self._reply = reply
        self._failed: set[Step] = set()
        self._fatal = False
        self._done: set[Step] = set()
        self._edited = False

    def run(self, then: Callable[[], None] | None = None) -> None:
        """Do the steps, and ``then`` what shows the outcome; what could be said next comes last."""
        errand = self._errand
        skipped: list[Step] = []
        early = Step.STATUS in errand.planned and Step.EXPORT not in errand.planned
        if early and self._looks:  # "is it done?" is best answered by the file
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
        late = not early and Step.EXPORT not in self._failed and not self._fatal
        if late and self._looks:
            _look(errand)
        exported = bool(errand.delivered)
        if then is not None:
            then()
        if errand.next is not None and not self._failed and not exported:
            errand.tell(next_steps(errand.next, errand.language))

    def _do(self, step: Step) -> None:
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
            self._reply.fail(cause, errand.language)
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
    if Ledger(errand.api.home).open(errand.api.engine.account):
        from skill.actions.resume import look

        look(errand)
