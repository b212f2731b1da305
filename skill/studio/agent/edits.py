"""The edits: what a message can ask for, as values. Times in ms, levels 0..1.

To add one: a dataclass here, a function in ``applying/``, a reader in
``reading/``, and its words in ``words/``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WHOLE, START, END, BEFORE, AFTER = "whole", "start", "end", "before", "after"


@dataclass(frozen=True)
class Wish:
    """Anything that a clause of a message asks for."""


@dataclass(frozen=True)
class Edit(Wish):
    """A wish that changes the timeline."""


@dataclass(frozen=True)
class Target:
    """What an edit is about, as it was said; ``targets.find`` looks it up on the timeline.

    ``kind``: clip, photo, video, title, music, sound, any. ``ordinal``: 1 is the
    first, -1 the last. ``words``: a name or what it shows. ``it``: what the talk
    was last about. ``all``: every one of the kind. ``own``: what the user sent.
    """

    kind: str = "any"
    ordinal: int | None = None
    words: str = ""
    it: bool = False
    all: bool = False
    own: bool = False

    @property
    def named(self) -> bool:
        """Whether it says which one, beyond the kind."""
        return bool(self.words or self.ordinal is not None)


@dataclass(frozen=True)
class Generate(Edit):
    """Make a clip of ``prompt`` ("" with ``earlier``: the prompt that was sent before).

    ``bare``: the prompt was the whole message, with no word of making anything.
    ``replace``: the clip to put it in place of. ``place`` and ``anchor``: start,
    end, before, after (the anchor). ``change``: the prompt only says what is to
    be different in the clip that is replaced.
    """

    prompt: str = ""
    length: int | None = None
    ratio: tuple[float, float] | None = None
    cinematic: bool = False
    earlier: bool = False
    bare: bool = False
    replace: Target | None = None
    place: str = END
    anchor: Target | None = None
    change: bool = False


@dataclass(frozen=True)
class Gather(Edit):
    """Put uploads on the timeline (again): those of ``kind``, or the named one; once each."""

    target: Target
    length: int | None = None


@dataclass(frozen=True)
class Moment:
    """When a title is there. ``at``: start, end or whole; ``start`` and ``end`` win over it.

    ``to_end``: until the picture ends. ``over``: with a clip; ``scale``: so many
    times as long as now. ``guessed``: where ``over`` names no clip, it does not count.
    """

    at: str | None = None
    start: int | None = None
    end: int | None = None
    length: int | None = None
    over: Target | None = None
    scale: float | None = None
    to_end: bool = False
    guessed: bool = False

    def __bool__(self) -> bool:
        return self != Moment()


@dataclass(frozen=True)
class Style:
    """How a title looks. ``size``: fraction of the canvas height; ``scale`` multiplies it."""

    position: str | None = None
    color: str | None = None
    size: float | None = None
    scale: float | None = None

    def __bool__(self) -> bool:
        return self != Style()


@dataclass(frozen=True)
class AddTitle(Edit):
    text: str
    moment: Moment = field(default_factory=Moment)
    style: Style = field(default_factory=Style)


@dataclass(frozen=True)
class ChangeTitle(Edit):
    target: Target
    text: str | None = None
    moment: Moment = field(default_factory=Moment)
    style: Style = field(default_factory=Style)


@dataclass(frozen=True)
class SetMusic(Edit):
    """A bed of music of a mood ("" : one that fits). ``other``: a different one than now.

    ``like``: the kind that was asked for, where the mood is only the nearest to it,
    or (with no mood) nothing is known of it.
    """

    mood: str = ""
    volume: float | None = None
    other: bool = False
    like: str = ""


@dataclass(frozen=True)
class SetVolume(Edit):
    """One of: ``level``, ``scale`` (times the level now), ``change`` (added to it)."""

    target: Target
    level: float | None = None
    scale: float | None = None
    change: float | None = None


@dataclass(frozen=True)
class SetFade(Edit):
    """A sound comes up or dies away: ``into``, ``out`` in ms; None leaves it, 0 takes it away."""

    target: Target
    into: int | None = None
    out: int | None = None


@dataclass(frozen=True)
class SetLength(Edit):
    """Of a clip, or (target None) of the whole. One of: ``length``, ``scale``, ``change``.

    ``each``: the length is that of every clip. How it was said: ``it``, with no
    word of what; ``way`` -1 or 1, as shorter or longer than now.
    """

    target: Target | None = None
    length: int | None = None
    scale: float | None = None
    change: int | None = None
    each: bool = False
    it: bool = field(default=False, compare=False)
    way: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Trim(Edit):
    """Keep ``keep`` (from, to; ms; None: the clip's end), or cut away ``head`` and ``tail``.

    ``last``: keep the last so many ms. ``hole``: cut away what lies in between.
    ``half``: keep the first (start) or the second one (end). ``middle``: cut so many
    ms away in the middle; ``core``: keep only those.
    """

    target: Target | None = None
    keep: tuple[int, int | None] | None = None
    last: int = 0
    head: int = 0
    tail: int = 0
    hole: tuple[int, int] | None = None
    half: str = ""
    middle: int = 0
    core: int = 0


@dataclass(frozen=True)
class SetRatio(Edit):
    ratio: tuple[float, float]


@dataclass(frozen=True)
class SetFit(Edit):
    """``cover`` fills the canvas, ``contain`` shows the whole picture."""

    fit: str
    target: Target | None = None


@dataclass(frozen=True)
class SetLook(Edit):
    """Film look. ``bars`` and ``grain``: on, off, or None to leave as it is."""

    bars: bool | None = None
    grain: bool | None = None
    target: Target | None = None


@dataclass(frozen=True)
class Move(Edit):
    """``place``: start, end, before, after (the anchor), or ``position`` (1 is the first)."""

    target: Target
    place: str = END
    anchor: Target | None = None
    position: int | None = None


@dataclass(frozen=True)
class Swap(Edit):
    """Two clips change places; None: the only two, or the last two."""

    first: Target | None = None
    second: Target | None = None


@dataclass(frozen=True)
class Reverse(Edit):
    """The clips in the opposite order."""


@dataclass(frozen=True)
class UseAsMusic(Edit):
    """An upload becomes the bed. ``sound_only``: its picture stays where it is."""

    target: Target
    volume: float | None = None
    sound_only: bool = False


@dataclass(frozen=True)
class Remove(Edit):
    """All ``targets`` are looked up before any of them goes."""

    targets: tuple[Target, ...]


@dataclass(frozen=True)
class KeepOnly(Edit):
    target: Target


@dataclass(frozen=True)
class Clear(Edit):
    pass


@dataclass(frozen=True)
class Undo(Edit):
    pass


@dataclass(frozen=True)
class Redo(Edit):
    pass


@dataclass(frozen=True)
class BringBack(Edit):
    """Undo, or redo where the last thing was an undo. ``kind``: what is to be there again."""

    kind: str = field(default="", compare=False)


@dataclass(frozen=True)
class Talk(Wish):
    """No edit, but an answer: ``topic`` is a key under "talk" of the sentences."""

    topic: str


@dataclass(frozen=True)
class Later(Wish):
    """A feature that is known, and not there yet (a key under "later" of the sentences)."""

    feature: str


@dataclass(frozen=True)
class Ask(Wish):
    """Something is missing: a key under "ask" of the sentences."""

    what: str


@dataclass(frozen=True)
class InPlace(Wish):
    """ "instead of the forest": where the clip that is wished for next goes."""

    target: Target


@dataclass(frozen=True)
class Unclear(Wish):
    """Words that were not understood."""

    text: str
