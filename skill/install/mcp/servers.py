"""Where each assistant keeps its MCP servers, and under which key (their own documentation).

    cursor       ~/.cursor/mcp.json      .cursor/mcp.json     mcpServers
    claude-code  ~/.claude.json          .mcp.json            mcpServers
    codex        ~/.codex/config.toml    .codex/config.toml   [mcp_servers.ai-video]
    vscode       its User/mcp.json       .vscode/mcp.json     servers

The assistants' own variables that move these folders are not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ENTRY = "ai-video"  # the server's name there

# Codex waits 10 s for a server and 60 s for a tool, where the file says nothing else. The first
# start may make the environment (a minute), a generation and its export take up to 7 minutes.
CODEX_WAITS = {"startup_timeout_sec": 180, "tool_timeout_sec": 1200}


@dataclass(frozen=True)
class Servers:
    """Where an assistant keeps its servers."""

    title: str
    user: Callable[[Path], Path]
    project: str
    keys: tuple[str, ...]
    typed: bool = False  # an entry says that it is "stdio"

    @property
    def is_toml(self) -> bool:
        return self.project.endswith(".toml")

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.keys, ENTRY)


def _vscode(home: Path) -> Path:
    if sys.platform == "win32":
        base = home / "AppData" / "Roaming"
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = home / ".config"
    return base / "Code" / "User" / "mcp.json"


PLACES: Mapping[str, Servers] = {
    "cursor": Servers(
        "Cursor", lambda home: home / ".cursor" / "mcp.json", ".cursor/mcp.json", ("mcpServers",)
    ),
    "claude-code": Servers(
        "Claude Code", lambda home: home / ".claude.json", ".mcp.json", ("mcpServers",), typed=True
    ),
    "codex": Servers(
        "Codex",
        lambda home: home / ".codex" / "config.toml",
        ".codex/config.toml",
        ("mcp_servers",),
    ),
    "vscode": Servers("VS Code", _vscode, ".vscode/mcp.json", ("servers",), typed=True),
}
