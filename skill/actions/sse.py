"""A message to the agent: sent once, its answer in plain words, and what it changed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from skill.api import Session
from skill.draft import Draft, parse
from skill.errand import Errand
from skill.errors import AgentError, SkillError, StreamError
from skill.gui import Translation, Translator
from skill.phrases.errors import explain
from skill.preview import kept
from skill.router.steps import Step
from skill.stream import Turn
from skill.timeline import compare, summarize
from skill.timeline.names import name_of, span

MOST_CHANGES = 6  # lines; more of them are told by the timeline as it is

Wire = Mapping[str, Any]


def run(errand: Errand) -> None:
    """Send ``errand.message``. Raises SkillError where nothing came of it."""
    before = _before(errand)
    if before is not None and not parse(before).exportable:
        errand.line("sse.generating" if errand.api.engine.kind == "cloud" else "sse.working")
    else:
        errand.line("sse.working")
    answer = _Answer(errand)
    failure: SkillError | None = None
    errand.stage, errand.worked = "message", True
    try:
        turn = errand.in_session(lambda session: _send(errand, session, answer))
        answer.close()
        after = _after(errand)
        if turn.error:
            failure = AgentError(turn.error, turn.error_code)
    except StreamError as error:
        answer.close()
        after = _recover(errand, before, error)
    errand.stage = ""
    changes = [] if before is None or after is None else compare(before, after, errand.language)
    if failure is not None and not answer.said and not changes:
        raise failure
    if changes and before is not None and after is not None:
        kept.keep(errand.api.home, errand.session.id, before, after)
    _report(errand, answer, before, after, changes)
    if failure is not None:
        errand.tell(errand.say("sse.trouble", why=str(failure)), quoted=True)
    _follow(errand, answer.translation, after)


class _Answer:
    """The answer as it comes, without its screen."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._translator = Translator(errand.language)
        self._shown: list[str] = []
        self.translation = Translation("")

    @property
    def said(self) -> str:
        return "".join(self._shown)

    def take(self, piece: str) -> None:
        self._show(self._translator.feed(piece))

    def close(self) -> None:
        self._show(self._translator.close())
        if self.said:
            self._errand.quoted.append(self.said)
        self.translation = self._translator.translation(self.said)

    def _show(self, text: str) -> None:
        if text:
            if not self._shown:
                self._errand.begin_paragraph()
            self._shown.append(text)
            self._errand.stream(text)


def _send(errand: Errand, session: Session, answer: _Answer) -> Turn:
    def still_working() -> None:
        errand.line("sse.still_working")

    return errand.api.turn(session, errand.message, answer.take, still_working)


def _before(errand: Errand) -> Wire | None:
    """The timeline before the message; None where the backend does not tell it."""
    errand.session  # noqa: B018 without a project there is nobody to send a message to
    try:
        return errand.draft()
    except SkillError as error:
        if error.code in ("unreachable", 1001):
            raise
        return None


def _after(errand: Errand) -> Wire | None:
    try:
        return errand.api.state(errand.session.id).draft or {}
    except SkillError:
        return None


def _recover(errand: Errand, before: Wire | None, error: StreamError) -> Wire:
    """The timeline once it has changed. The message is never sent again: it may be at work.

    Raises the error, with what to do, where it stays as it was for as long as we look.
    """
    errand.line("sse.recovering")
    for wait in errand.api.settings.recovery_waits:
        errand.listener.progress("recovering", None)
        time.sleep(wait)
        after = _after(errand)
        if after is not None and before is not None and compare(before, after):
            errand.tell(errand.say("sse.recovered"))
            return after
    words = errand.say("sse.lost", why=explain(error, errand.language))
    raise SkillError(words, error.code, error.retry) from None


def _report(
    errand: Errand, answer: _Answer, before: Wire | None, after: Wire | None, changes: list[str]
) -> None:
    """What changed, where the answer has not told it."""
    if after is None or (before is None and not answer.said):
        if not answer.said:
            errand.tell(errand.say("sse.silent"))
        return
    draft = parse(after)
    first = before is not None and not parse(before).exportable and draft.exportable
    news = [change for change in changes if change.casefold() not in answer.said.casefold()]
    if not first and news and len(changes) <= MOST_CHANGES:
        errand.tell("\n".join(news), quoted=True)
    elif not answer.said and not changes:
        errand.tell(errand.say("sse.unchanged"))
    asks_for_it = Step.STATUS in answer.translation.actions
    if first and _told(answer.said, draft, errand.language):
        errand.told_timeline = True
    elif first or asks_for_it or len(changes) > MOST_CHANGES or not (answer.said or changes):
        errand.told_timeline = True
        errand.tell(summarize(after, errand.language), quoted=True)
    if changes:
        errand.next = draft


def _told(answer: str, draft: Draft, language: str) -> bool:
    """Whether an answer names everything on the timeline, with its times."""
    return all(
        name_of(segment, track, position, language) in answer and span(segment, language) in answer
        for track in draft.tracks
        for position, segment in enumerate(track.segments, 1)
    )


def _follow(errand: Errand, translation: Translation, after: Wire | None) -> None:
    """Note what the backend's screen words ask for; the conversation decides what is done."""
    errand.edit = translation.message
    errand.asked = [
        step
        for step in translation.actions
        if step is Step.CREDITS
        or (step is Step.STATUS and not errand.told_timeline)
        or (step is Step.EXPORT and translation.finishes and parse(after or {}).exportable)
    ]
