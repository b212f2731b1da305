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


def launch(*words: str) -> str:
    """The command line, as typed into a shell, of the folder's own launcher."""
    launcher = _ROOT / "scripts" / "ai-video"
    if sys.platform == "win32":
        return subprocess.list2cmdline(["python", f"{launcher}.py", *words])
    return shlex.join(["sh", str(launcher), *words])


def add(extra: str) -> str:
    """The command that gives this installation an extra: "studio" or "mcp".

    In a folder that is its launcher, which sets up what is missing.
    """
    if in_folder():
        return launch("--version")
    return f"{_command('install')} {_quoted(f'{PACKAGE}[{extra}]{_source()}')}"


def remove() -> str:
    """The command that removes the package; "" where it is only a folder."""
    return "" if in_folder() else f"{_command('uninstall')} {PACKAGE}"


def _command(verb: str) -> str:
    """The program that put the package here, told to "install" or "uninstall" one."""
    by = manager()
    if by:
        force = " --force" if verb == "install" else ""  # it is there, and is to get an extra
        return f"{'pipx' if by == 'pipx' else 'uv tool'} {verb}{force}"
    if util.find_spec("pip") is None:
        return f"uv pip {verb} --python {_quoted(sys.executable)}"
    return f"{_quoted(sys.executable)} -m pip {verb}"


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
