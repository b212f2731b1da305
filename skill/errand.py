"""One chat turn on its way: what its steps work with, and what they have found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from skill import phrases
from skill.draft import Draft
from skill.errors import SessionLost, SkillError
from skill.listener import Listener
from skill.projects import Projects
from skill.router.steps import Step
from skill.veil import Veil, hide

if TYPE_CHECKING:
    from skill.api import Api, Session, State

T = TypeVar("T")


@dataclass
class Errand:
    """A turn under way.

    ``message`` is what is left to say to the backend, ``wish`` the whole turn as it was said.
    ``stage`` is what would be interrupted now: "", "message", "upload" or "render".
    """

    api: Api
    language: str
    wish: str
    message: str
    files: list[str]
    folder: Path
    listener: Listener = field(default_factory=Listener)
    planned: list[Step] = field(default_factory=list)  # steps of the turn still to come
    asked: list[Step] = field(default_factory=list)  # what the backend's answer asks for
    edit: str = ""  # an edit that it asks for, as a message
    texts: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)  # what of the texts are the backend's words
    delivered: list[Path] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    stage: str = ""
    told_timeline: bool = False
    next: Draft | None = None  # the timeline that the next steps are to fit, where some are due
    worked: bool = False  # something was sent to the project in this turn
    fresh: bool = False  # the project was made in this turn: there is nothing in it yet
    _session: Session | None = None
    _veil: Veil = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._veil = Veil(lambda: self.api.secrets)

    def say(self, key: str, **values: Any) -> str:
        """A sentence of ours in the user's language."""
        return phrases.say(key, self.language, **values)

    def tell(self, text: str, quoted: bool = False) -> None:
        """Add a paragraph to the answer; its line ends, for what may be told beside the answer.

        ``quoted``: it holds words of the backend.
        """
        if text:
            if quoted:
                self.quoted.append(text)
            self.begin_paragraph()
            self.stream(f"{text}\n")

    def begin_paragraph(self) -> None:
        """The next piece of the answer stands apart from what there is."""
        self.flush()
        if self.texts:
            self.stream("\n" if self.texts[-1].endswith("\n") else "\n\n")

    def stream(self, piece: str) -> None:
        """Add a piece to the answer as it is, without our own secrets."""
        self._show(self._veil.feed(piece))

    def flush(self) -> None:
        """Show what is held back of the answer because a secret might begin there."""
        self._show(self._veil.end())

    def _show(self, text: str) -> None:
        if text:
            self.texts.append(text)
            self.listener.piece(text)

    def line(self, key: str, **values: Any) -> None:
        """A line about the work itself, not in the answer."""
        self.listener.line(hide(self.say(key, **values), self.api.secrets))

    @property
    def session(self) -> Session:
        """The project of this turn, made where there is none."""
        if self._session is None:
            kept = Projects(self.api.home).current(self.api.engine.account)
            self._session = self.api.session(self.language)
            self.fresh = kept is None
        return self._session

    @property
    def begun(self) -> Session | None:
        """The project as far as this turn needed one."""
        return self._session

    def in_session(self, ask: Callable[[Session], T]) -> T:
        """What ``ask`` gives; where the backend has lost the project, once more with a new one."""
        lost = self.session
        try:
            return ask(lost)
        except SessionLost:
            self._session = self.api.renew(lost, self.language)
            self.fresh = True
            self.tell(self.say("session.renewed"))
            return ask(self._session)

    def state(self) -> State:
        """The project as it is now."""
        return self.in_session(lambda session: self.api.state(session.id))

    def draft(self) -> Mapping[str, Any]:
        """The timeline as it is now, empty where there is none yet."""
        if self.session and self.fresh and not self.worked:
            return {}
        return self.state().draft or {}


class Told(SkillError):
    """A failure that the answer has told already."""

    def __init__(self, error: SkillError) -> None:
        super().__init__(str(error), error.code, error.retry)
        self.error = error
