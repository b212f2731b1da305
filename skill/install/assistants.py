"""The assistants that read skills: their folders, and how it is seen that one is there.

The folders are those of each assistant's own documentation, as of November 2026. What several of
them read (``.agents/skills``) is installed once. Only ``ai-video install``, ``uninstall`` and
``doctor`` look for them, when the user calls these: no chat turn does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

SHARED = ".agents/skills"


@dataclass(frozen=True)
class Assistant:
    """One assistant. Folders are relative: ``user`` to the home, ``project`` to a project.

    signs: paths below the home that only this assistant makes.
    marks: paths below a project that say that its people use it.
    commands: its programs on PATH.
    variable: the environment variable that moves its configuration folder, which is the first
    part of ``user`` or the first sign; "" where there is none.
    """

    name: str
    title: str
    user: str
    project: str
    signs: tuple[str, ...]
    marks: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    variable: str = ""
    aliases: tuple[str, ...] = ()

    def skills(self, base: Path, project: bool = False) -> Path:
        """Its folder of skills, below a home or (``project``) below a project."""
        if project:
            return base / self.project
        moved = os.environ.get(self.variable, "").strip() if self.variable else ""
        if moved and self.user.startswith(f"{self.signs[0]}/"):
            return Path(moved).expanduser() / self.user.removeprefix(f"{self.signs[0]}/")
        return base / self.user

    def there(self, home: Path, path: str | None = None) -> str:
        """What shows that it is on this machine: a path or a command; "" where nothing does."""
        moved = os.environ.get(self.variable, "").strip() if self.variable else ""
        if moved and Path(moved).expanduser().is_dir():
            return moved
        for sign in self.signs:
            if (home / sign).exists():
                return f"~/{sign}"
        return next((name for name in self.commands if shutil.which(name, path=path)), "")

    def used_in(self, project: Path) -> bool:
        """Whether the people of this project use it."""
        return any((project / mark).exists() for mark in self.marks)


ASSISTANTS: tuple[Assistant, ...] = (
    Assistant(
        "cursor",
        "Cursor",
        ".cursor/skills",
        ".cursor/skills",
        signs=(".cursor",),
        marks=(".cursor", ".cursorrules"),
        commands=("cursor", "cursor-agent"),
    ),
    Assistant(
        "claude-code",
        "Claude Code",
        ".claude/skills",
        ".claude/skills",
        signs=(".claude",),
        marks=(".claude", "CLAUDE.md"),
        commands=("claude",),
        variable="CLAUDE_CONFIG_DIR",
        aliases=("claude",),
    ),
    Assistant(
        "openclaw",
        "OpenClaw",
        ".openclaw/skills",
        SHARED,
        signs=(".openclaw",),
        commands=("openclaw",),
    ),
    Assistant(
        "clawhub",
        "ClawHub",
        ".clawhub/skills",
        SHARED,
        signs=(".clawhub",),
        commands=("clawhub",),
    ),
    Assistant(
        "windsurf",
        "Windsurf",
        ".codeium/windsurf/skills",
        ".windsurf/skills",
        signs=(".codeium/windsurf",),
        marks=(".windsurf", ".windsurfrules"),
        commands=("windsurf",),
    ),
    Assistant(
        "codex",
        "Codex",
        SHARED,
        SHARED,
        signs=(".codex",),
        marks=(".codex",),
        commands=("codex",),
        variable="CODEX_HOME",
    ),
    Assistant(
        "gemini-cli",
        "Gemini CLI",
        SHARED,
        SHARED,
        signs=(".gemini",),
        marks=(".gemini", "GEMINI.md"),
        commands=("gemini",),
        aliases=("gemini",),
    ),
    # A .github folder alone says nothing: every repository with a workflow has one.
    Assistant(
        "copilot",
        "GitHub Copilot",
        SHARED,
        ".github/skills",
        signs=(".copilot",),
        marks=(".github/skills", ".github/copilot-instructions.md", ".github/instructions"),
        commands=("copilot",),
        aliases=("github-copilot",),
    ),
    Assistant(
        "vscode",
        "VS Code",
        SHARED,
        ".github/skills",
        signs=(".vscode",),
        marks=(".vscode/mcp.json",),
        commands=("code",),
        aliases=("vs-code", "code"),
    ),
    Assistant(
        "opencode",
        "OpenCode",
        SHARED,
        SHARED,
        signs=(".config/opencode",),
        marks=(".opencode", "opencode.json"),
        commands=("opencode",),
    ),
    Assistant(
        "agents",
        "the shared folder",
        SHARED,
        SHARED,
        signs=(SHARED,),
        marks=(SHARED,),
        aliases=("shared", "universal"),
    ),
)

BY_NAME: Mapping[str, Assistant] = {
    name: assistant for assistant in ASSISTANTS for name in (assistant.name, *assistant.aliases)
}


def find(name: str) -> Assistant | None:
    """The assistant of that name, however it is spelled ("Claude Code", "claude")."""
    return BY_NAME.get("-".join(name.lower().split()).replace("_", "-"))


def near(name: str) -> str:
    """The name that was probably meant, or ""."""
    close = get_close_matches("-".join(name.lower().split()), BY_NAME, 1)
    return BY_NAME[close[0]].name if close else ""


def detect(home: Path, path: str | None = None) -> list[Assistant]:
    """The assistants that are on this machine. ``path`` replaces PATH."""
    return [assistant for assistant in ASSISTANTS if assistant.there(home, path)]


def detect_project(project: Path) -> list[Assistant]:
    """The assistants that are used in a project."""
    return [assistant for assistant in ASSISTANTS if assistant.used_in(project)]


def titles(assistants: Sequence[Assistant]) -> str:
    """ "Cursor, Codex": who reads a folder."""
    return ", ".join(assistant.title for assistant in assistants)
