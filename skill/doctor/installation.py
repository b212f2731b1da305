"""Python, how the skill came here, and the packages that it needs."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from skill import frontmatter
from skill.doctor.case import command
from skill.doctor.finding import Finding, Grade
from skill.errors import SkillError
from skill.install import contents, origin
from skill.install.assistants import ASSISTANTS

OLDEST = (3, 10)
ROOT = Path(frontmatter.__file__).parent.parent

# The oldest versions that the code works with, as in pyproject.toml.
CLIENT = {"requests": "2.32", "sseclient-py": "1.9", "pyyaml": "6.0"}
STUDIO = {
    "av": "15",
    "freetype-py": "2.5",
    "numpy": "2",
    "opencv-python-headless": "4.10",
    "pillow": "12",
    "python-bidi": "0.6",
    "python-multipart": "0.0.20",
    "starlette": "0.46",
    "uharfbuzz": "0.50",
    "uvicorn": "0.34",
}
MCP = {"mcp": "2"}


def python() -> Iterator[Finding]:
    """Which Python runs this."""
    version = sys.version_info
    bits = 64 if sys.maxsize > 2**32 else 32
    found = f"{platform.python_version()}, {bits} bit, {sys.executable or 'embedded'}"
    if version < OLDEST:
        need = f"{OLDEST[0]}.{OLDEST[1]}"
        yield Finding("python", "failure", f"{found}; {need} is needed", f"Install Python {need}.")
    elif bits == 32:
        words = f"{found}; the studio's packages are made for 64 bit"
        yield Finding("python", "warning", words, "Install a 64 bit Python.")
    else:
        yield Finding("python", "well", found)


def skill() -> Iterator[Finding]:
    """SKILL.md, and how it got to where it is."""
    try:
        manifest = frontmatter.read()
    except SkillError as error:
        yield Finding("skill", "failure", str(error), again())
    except ImportError:
        pass  # the parser of YAML: told among the packages
    else:
        found = f"{manifest.name} {manifest.version}"
        yield Finding("skill", "well", f"{found}, {manifest.path}")
    try:
        contents.contents()
    except SkillError as error:
        what = str(error).partition(" Install the skill again")[0]
        yield Finding("installed", "warning", f"{way()}; {what}", again())
    else:
        yield Finding("installed", "well", way())


def way() -> str:
    """How the skill is installed, in words."""
    if not origin.in_folder():
        manager = {"pipx": "with pipx", "uv": "with uv tool"}.get(origin.manager(), "with pip")
        return f"{manager}, in {ROOT}"
    if (ROOT / ".git").exists():
        return f"a checkout, {ROOT}"
    for assistant in ASSISTANTS:
        for folder in {ROOT.absolute().parent, ROOT.resolve().parent}:
            if folder == assistant.skills(Path.home()):
                return f"a skill folder of {assistant.title}, {ROOT}"
    return f"a folder, {ROOT}"


def again() -> str:
    """The command that installs the skill anew."""
    if not origin.in_folder():
        return origin.add("studio")
    if (ROOT / ".git").exists():
        shown = command("git", "-C", ROOT, "status")
        return f"{shown} (it shows what is gone, and the command that brings a file back)"
    return "Install the skill again, by the way that you installed it."


def packages() -> Iterator[Finding]:
    """The client's packages, the studio's, and those of the MCP server."""
    for name, needed in (("client", CLIENT), ("studio packages", STUDIO)):
        wrong, there = compared(needed)
        if wrong:
            # (Without the studio's, a turn goes on in the cloud: ``skill.doctor.studio`` tells.)
            grade: Grade = "failure" if needed is CLIENT else "warning"
            yield Finding(name, grade, "; ".join(wrong), mended())
        else:
            yield Finding(name, "well", ", ".join(there))
    wrong, there = compared(MCP)
    if not wrong:
        yield Finding("mcp package", "well", ", ".join(there))
    elif origin.in_folder():
        words = "not here; `scripts/ai-video mcp` has an environment of its own"
        yield Finding("mcp package", "note", words)
    else:
        words = f"{wrong[0]} (only `ai-video mcp` needs it)"
        yield Finding("mcp package", "note", words, origin.add("mcp"))


def compared(needed: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """What is missing or too old of some packages, and what is there, in words."""
    wrong, there = [], []
    for name, least in needed.items():
        try:
            version = str(metadata.version(name))
        except Exception:  # what stands in the metadata of a damaged package is anything
            wrong.append(f"{name} is missing")
            continue
        if numbers(version) < numbers(least):
            wrong.append(f"{name} {version} is older than {least}")
        else:
            there.append(f"{name} {version}")
    return wrong, there


def mended(broken: bool = False) -> str:
    """What to do where a package is missing or too old, or (``broken``) there and of no use."""
    prefix = Path(sys.prefix)
    if origin.in_folder() and (prefix / "ready").is_file():
        # Made by the launcher, which takes it for whole; without it, it makes another.
        if sys.platform == "win32":
            return f'rmdir /s "{prefix}" (the next turn makes it again)'
        return f"{command('rm', '-r', prefix)} (the next turn makes it again)"
    again = " install --force-reinstall " if broken else " install "
    return origin.add("studio").replace(" install ", again, 1)


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
