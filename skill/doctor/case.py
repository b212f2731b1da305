"""What all checks look at: the environment, the state folder, and who would answer a turn."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from skill.engine import obstacle, origin
from skill.errors import SettingsError, SkillError, StateError
from skill.home import Home
from skill.projects import Projects
from skill.settings import Settings

OURS = ("NEMO_", "AI_VIDEO_", "SKILL_SOURCE")

Choice = Literal["cloud", "studio"]


class LookedAt(Home):
    """The state folder for somebody who only looks: nothing in it is made, mended or locked."""

    def read(self, name: str) -> dict[str, Any]:
        return self.peek(name) or {}

    def prepare(self) -> Path:
        return self.path

    @contextmanager
    def lock(self, name: str, timeout: float = 0.0) -> Iterator[None]:  # noqa: ARG002 as Home has it
        raise StateError(f"{name} is only looked at.")
        yield


@dataclass(frozen=True)
class Case:
    """A machine, as the environment describes it.

    settings: without the variables that cannot be used, which are in ``wrong`` with the reason.
    out: where videos would go. offline: nothing but this machine may be spoken to.
    """

    settings: Settings
    wrong: Mapping[str, str]
    environ: Mapping[str, str]
    out: Path
    offline: bool = False

    @classmethod
    def read(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        backend: str | None = None,
        out: Path | None = None,
        offline: bool = False,
    ) -> Case:
        """The case of an environment. Raises SkillError where it names no home folder at all."""
        env = dict(os.environ if environ is None else environ)
        wrong: dict[str, str] = {}
        for name in [name for name in env if name.startswith(OURS)]:
            try:
                Settings.read({name: env[name]})
            except SettingsError as error:
                wrong[name] = str(error)
        try:
            settings = Settings.read({name: env[name] for name in env if name not in wrong})
        except RuntimeError:  # Path.home(): no HOME, and a user whom the system does not know
            raise StateError(
                "There is no home folder. Set HOME, or AI_VIDEO_HOME to a folder of yours."
            ) from None
        if backend:
            settings = replace(settings, backend=backend)
        return cls(settings, wrong, env, out or _here(), offline)

    @cached_property
    def home(self) -> LookedAt:
        return LookedAt(self.settings.home)

    @cached_property
    def latest(self) -> str:
        """The account whose project was worked on last; "" where there is none or it is unread."""
        try:
            return Projects(self.home).latest()
        except SkillError:
            return ""

    @cached_property
    def obstacle(self) -> str:
        """What keeps us from the cloud, "" where nothing does. Asks the network, unless offline."""
        return "not asked (--offline)" if self.offline else obstacle(self.settings.api_url)

    @cached_property
    def choice(self) -> Choice:
        """Who would answer a turn now, as ``skill.engine.choose`` would have it."""
        if self.settings.backend != "auto":
            return "cloud" if self.settings.backend == "cloud" else "studio"
        if self.latest == "studio":
            return "studio"
        if self.offline or not self.obstacle or self.project_in_cloud:
            return "cloud"
        return "studio"

    @property
    def project_in_cloud(self) -> bool:
        """Whether the last project lies in the cloud: then no other engine takes its turn."""
        return self.latest.split(" ")[0] == origin(self.settings.api_url)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the current folder was deleted
        return Path(os.curdir)


def command(*words: str | Path) -> str:
    """A command line as one would type it."""
    plain = [str(word) for word in words]
    return subprocess.list2cmdline(plain) if sys.platform == "win32" else shlex.join(plain)
