"""Frames of a project as files: from the backend's own path for them, else out of its media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill.draft import parse
from skill.errand import Errand
from skill.errors import ApiError, NotFound

if TYPE_CHECKING:
    from skill.api import State


class Pictures:
    """The frames of one project. ``plain``: they are the clips alone, without titles and looks."""

    def __init__(self, errand: Errand, state: State, folder: Path) -> None:
        self._errand, self._state, self._folder = errand, state, folder
        self._why: dict[int, str] = {}
        self._jobs = 0
        self.plain = False

    def of(self, wire: Mapping[str, Any], times: Sequence[int], width: int) -> dict[int, Path]:
        """The picture of each time (ms) that can be had, ``width`` px wide, as PNG files.

        Raises SkillError where the backend cannot be asked, or the packages are missing.
        """
        self._jobs += 1
        folder = self._folder / str(self._jobs)
        folder.mkdir()
        if self._state.stills:
            return self._asked(wire, times, width, folder)
        from skill.preview import media

        found = media.frames(self._errand, self._state, parse(wire), times, width, folder)
        self.plain = self.plain or bool(found)
        return found

    def why(self, at: int) -> str:
        """Why there is no picture of a time, in the backend's words; "" where nobody said."""
        why = self._why.get(at, "")
        return why if not why or why.endswith((".", "!", "?", "。")) else f"{why}."

    def _asked(
        self, wire: Mapping[str, Any], times: Sequence[int], width: int, folder: Path
    ) -> dict[int, Path]:
        found: dict[int, Path] = {}
        try:
            answered = self._errand.api.stills(self._state.stills, wire, times, width)
        except NotFound:
            return {}
        except ApiError as error:
            if error.retry:
                raise
            self._why.update(dict.fromkeys(times, str(error)))  # the timeline is seen all the same
            return {}
        for at, made in answered:
            if isinstance(made, bytes):
                path = folder / f"{at}.png"
                path.write_bytes(made)
                found[at] = path
            elif made:
                self._why[at] = made
        return found
