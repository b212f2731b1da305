"""A look at a project: what is drawn, where it is saved, and what the answer tells of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill.actions.export import file_name
from skill.draft import AUDIO, TEXT, VIDEO, Draft, parse
from skill.errand import Errand, Told
from skill.errors import SkillError
from skill.folder import cannot_save, check_folder, place, safe_name
from skill.phrases import listing
from skill.preview import bars, drawing, grid, kept
from skill.preview.change import shown_at
from skill.preview.look import Look, clock
from skill.preview.moments import hidden, moments
from skill.preview.pictures import Pictures
from skill.suggestions import greeting_ideas
from skill.timeline import compare, summarize

if TYPE_CHECKING:
    from skill.api import State

FRAME = 1600  # px of a single frame's longer side, at most
MOST_LINES = 6  # of a difference, on the picture

Wire = Mapping[str, Any]


def run(errand: Errand, look: Look) -> None:
    """Draw what is wanted, save it where exports go, and tell what is on it. Raises SkillError."""
    check_folder(errand.folder)
    state = _state(errand)
    wire: Wire = (state.draft if state else None) or {}
    draft = parse(wire)
    if state is None or not draft.exportable:
        error = SkillError(errand.say("preview.empty"), "empty-timeline")
        errand.tell(str(error))
        errand.tell(greeting_ideas(errand.language))
        raise Told(error)
    errand.line("preview.drawing")
    with tempfile.TemporaryDirectory(prefix="ai-video-", ignore_cleanup_errors=True) as folder:
        view = _View(errand, state, wire, draft, Path(folder))
        times = [view.time(at) for at in look.at]  # before anything is drawn
        if look.wants_sheet:
            view.sheet()
        for at in dict.fromkeys(times):
            view.frame(at)
        if look.before_after:
            view.before_after()


def _state(errand: Errand) -> State | None:
    """The project as it is; None where it was made just now and holds nothing."""
    if errand.session and errand.fresh and not errand.worked:
        return None
    return errand.state()


class _View:
    """One look at one project."""

    def __init__(
        self, errand: Errand, state: State, wire: Wire, draft: Draft, folder: Path
    ) -> None:
        self._errand, self._state = errand, state
        self._wire, self._draft, self._folder = wire, draft, folder
        self._pictures = Pictures(errand, state, folder)
        self._name = file_name(draft)

    def time(self, at: int | str) -> int:
        """A time of the video in ms. Raises SkillError beyond its end, and where nothing shows."""
        length = self._draft.duration
        if not _visible(self._draft):
            raise SkillError(self._errand.say("preview.sound_only"), "no-picture")
        if isinstance(at, str):
            return {"start": 0, "middle": length // 2}.get(at, max(0, length - 1))
        if at > length:
            words = self._errand.say("preview.beyond", time=clock(at), end=clock(length))
            raise SkillError(words, "beyond-end")
        return min(at, max(0, length - 1))

    def sheet(self) -> None:
        """The contact sheet: frames with their times, the tracks as bars below."""
        errand, draft = self._errand, self._draft
        ratio = draft.width / draft.height
        at = moments(draft, grid.wanted(draft.duration, ratio)) if _visible(draft) else []
        cells = grid.sheet(len(at), ratio)
        shown = self._pictures.of(self._wire, at, cells.width) if at else {}
        frames = [self._cell(draft, time, shown) for time in at] if shown else []
        board = self._board(bars.facts(draft))
        if frames:
            board |= {"frames": frames, "grid": cells.as_json()}
        board["timelines"] = [bars.timeline(draft, errand.language, at if frames else [])]
        path = self._save(drawing.draw(board, self._folder), f"{self._name}-preview.png")
        length = clock(draft.duration)
        if frames:
            errand.tell(errand.say("preview.sheet", n=len(frames), length=length))
        else:
            errand.tell(errand.say("preview.bars", length=length))
        if not errand.told_timeline and not errand.worked:
            errand.told_timeline = True
            errand.tell(summarize(self._wire, errand.language), quoted=True)
        self._tell_limits(at, shown)
        if frames and (count := hidden(draft, at)):
            errand.tell(errand.say("preview.more", n=count))
        self._deliver(path)

    def frame(self, at: int) -> None:
        """One frame, as large as the canvas up to FRAME px."""
        errand, draft = self._errand, self._draft
        scale = min(1.0, FRAME / max(draft.width, draft.height))
        shown = self._pictures.of(self._wire, [at], max(16, round(draft.width * scale)))
        if at not in shown:
            why = self._pictures.why(at)
            words = errand.say("preview.no_frame", time=clock(at))
            raise SkillError(f"{words} {why}".strip(), "no-picture")
        path = self._save(shown[at], f"{self._name}-at-{round(at / 1000, 2):g}s.png")
        names = bars.names_at(draft, at, errand.language)
        if names:
            told = errand.say(
                "preview.frame", time=clock(at), names=listing(names, errand.language)
            )
        else:
            told = errand.say("preview.frame_bare", time=clock(at))
        errand.tell(told, quoted=bool(names))
        if self._pictures.plain:
            errand.tell(errand.say("preview.clips_only"))
        self._deliver(path)

    def before_after(self) -> None:
        """The last edit: frames from before and after side by side, and both timelines."""
        errand, draft, language = self._errand, self._draft, self._errand.language
        earlier = kept.before(errand.api.home, errand.session.id, self._wire)
        if earlier is None or not (lines := compare(earlier, self._wire, language)):
            raise SkillError(errand.say("preview.no_edit"), "no-edit")
        old = parse(earlier)
        pairs = shown_at(old, draft) if _visible(draft) or _visible(old) else []
        cells = self._pair_cells(len(pairs), old, draft)
        before = self._side(earlier, [a for a, _ in pairs if a is not None], cells[0])
        after = self._side(self._wire, [b for _, b in pairs if b is not None], cells[1])
        board = self._board(bars.facts(draft), lines[:MOST_LINES])
        names = [errand.say("preview.before"), errand.say("preview.after")]
        if pairs and (before or after):
            board["pairs"] = [
                [self._cell(old, a, before), self._cell(draft, b, after)] for a, b in pairs
            ]
            board["grid"] = {**cells[0].as_json(), "after": cells[1].width}
            board["names"] = names
        board["timelines"] = self._timelines(old, names, [b for _, b in pairs if b is not None])
        path = self._save(drawing.draw(board, self._folder), f"{self._name}-before-after.png")
        errand.tell(errand.say("preview.compared"))
        if not errand.worked:  # else the edit has told it just now
            errand.tell("\n".join(lines), quoted=True)
        if pairs:
            self._tell_limits([b for _, b in pairs if b is not None], after)
        self._deliver(path)

    def _timelines(self, old: Draft, names: Sequence[str], at: list[int]) -> list[dict[str, Any]]:
        """The bars of both sides on one scale; once, where an edit left them as they were."""
        language = self._errand.language
        scale = max(bars.length(old), bars.length(self._draft))
        found = [bars.timeline(one, language, [], "", scale) for one in (old, self._draft)]
        if found[0] == found[1]:
            return [found[1] | {"marks": at}]
        named = [line | {"label": name} for line, name in zip(found, names, strict=True)]
        return named if old.exportable else named[1:]

    def _pair_cells(self, count: int, old: Draft, new: Draft) -> tuple[grid.Grid, grid.Grid]:
        ratio = new.width / new.height
        earlier = old.width / old.height if old.exportable else ratio
        if abs(earlier / ratio - 1) > 0.01:
            return grid.mixed(count, earlier, ratio)
        cells = grid.pairs(count, ratio)
        return cells, cells

    def _side(self, wire: Wire, times: Sequence[int], cells: grid.Grid) -> dict[int, Path]:
        return self._pictures.of(wire, times, cells.width) if times else {}

    def _board(self, facts: str, lines: Sequence[str] = ()) -> dict[str, Any]:
        language = self._errand.language
        return {
            "width": grid.WIDTH,
            "language": language,
            "title": bars.heading(self._draft, language),
            "facts": facts,
            "lines": list(lines),
        }

    def _cell(self, draft: Draft, at: int | None, shown: Mapping[int, Path]) -> dict[str, Any]:
        say = self._errand.say
        if at is None:
            return {"missing": say("preview.not_there")}
        return {
            "image": str(shown[at]) if at in shown else None,
            "missing": say("preview.no_picture"),
            "time": clock(at),
            "name": " · ".join(bars.names_at(draft, at, self._errand.language)),
        }

    def _tell_limits(self, at: Sequence[int], shown: Mapping[int, Path]) -> None:
        """What the pictures do not show, where they do not show all."""
        errand = self._errand
        if at and not shown:
            why = next(filter(None, map(self._pictures.why, at)), "")
            errand.tell(f"{errand.say('preview.no_pictures')} {why}".strip())
        elif self._pictures.plain:
            errand.tell(errand.say("preview.clips_only"))
        missing = [time for time in at if time not in shown]
        if shown and missing:
            times = listing([clock(time) for time in missing], errand.language)
            why = self._pictures.why(missing[0])
            errand.tell(f"{errand.say('preview.some_missing', times=times)} {why}".strip())

    def _save(self, made: Path, name: str) -> Path:
        folder = self._errand.folder
        try:
            part = folder / f".{made.stem}-{self._folder.name}.part"
            try:
                part.write_bytes(made.read_bytes())
                return place(part, folder, safe_name(name, "preview.png"))
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_save(folder, error) from None

    def _deliver(self, path: Path) -> None:
        self._errand.delivered.append(path)
        self._errand.tell(self._errand.say("export.saved", path=path))


def _visible(draft: Draft) -> bool:
    """Whether there is anything to see: sound alone has no frames."""
    kinds = {track.type for track in draft.tracks if track.segments}
    return bool(kinds & {VIDEO, TEXT}) or not kinds <= {AUDIO}
