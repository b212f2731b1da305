"""How this package came to this machine, and the one command that adds to it or removes it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path

from skill.install.contents import BESIDE

PACKAGE = "ai-video-generator"  # as pyproject.toml names it
_ROOT = Path(__file__).parent.parent.parent


def in_folder() -> bool:
    """Whether this is a skill folder or a checkout, whose launchers make their own environment."""
    return not (_ROOT / "skill" / BESIDE).is_dir()


def add(extra: str) -> str:
    """The command that gives this installation an extra: "studio" or "mcp".

    In a folder that is its launcher, which sets up what is missing.
    """
    if in_folder():
        launcher = _ROOT / "scripts" / "ai-video"
        if sys.platform == "win32":
            return f"{subprocess.list2cmdline(['python', f'{launcher}.py'])} --version"
        return f"sh {shlex.quote(str(launcher))} --version"
    wanted = _quoted(f"{PACKAGE}[{extra}]{_source()}")
    if manager() == "pipx":
        return f"pipx install --force {wanted}"
    if manager() == "uv":
        return f"uv tool install --force {wanted}"
    if util.find_spec("pip") is None:
        return f"uv pip install --python {_quoted(sys.executable)} {wanted}"
    return f"{_quoted(sys.executable)} -m pip install {wanted}"


def remove() -> str:
    """The command that removes the package; "" where it is only a folder."""
    if in_folder():
        return ""
    if manager() == "pipx":
        return f"pipx uninstall {PACKAGE}"
    if manager() == "uv":
        return f"uv tool uninstall {PACKAGE}"
    if util.find_spec("pip") is None:
        return f"uv pip uninstall --python {_quoted(sys.executable)} {PACKAGE}"
    return f"{_quoted(sys.executable)} -m pip uninstall {PACKAGE}"


def manager() -> str:
    """Whose environment this is: "pipx", "uv", or ""."""
    prefix = Path(sys.prefix)
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx"
    return "uv" if (prefix / "uv-receipt.toml").is_file() else ""


def _source() -> str:
    """Where it was installed from, unless that was an index (PEP 610)."""
    try:
        told = json.loads(metadata.distribution(PACKAGE).read_text("direct_url.json") or "{}")
        url = str(told["url"])
        system = told.get("vcs_info", {}).get("vcs", "")
    except (metadata.PackageNotFoundError, ValueError, KeyError, AttributeError, OSError):
        return ""
    return f" @ {system}+{url}" if system else f" @ {url}"


def _quoted(word: str) -> str:
    if sys.platform == "win32":
        return f'"{word}"' if set(word) & set(' []"') else word
    return shlex.quote(word)
