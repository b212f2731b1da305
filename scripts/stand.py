"""A place to try the skill for real: a home of its own, and a copy of what is committed.

Used by check_install.py. The packages come from the package index; nothing of the user's own
home, settings or caches takes part.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TURN = "a 1 second clip of the sea"
PATIENCE = 900  # s, for one command


class Failed(Exception):
    """A way that does not work; the text says where."""


class NotChecked(Exception):
    """A way that cannot be tried here; the text says what is missing."""


class Common:
    """What the ways share: the wheel, and the tools that are not the skill's."""

    def __init__(self, folder: Path) -> None:
        sys.path.insert(0, str(ROOT))
        from skill.install.contents import contents
        from skill.install.installed import labelled

        self.folder = folder
        self.contents = contents
        self.name, _ = labelled(ROOT / "SKILL.md") or ("", "")
        self._tools: Path | None = None
        self._wheel: Path | None = None

    def tools(self) -> Path:
        """The bin folder of a virtual environment with build, pipx and uv."""
        if self._tools is None:
            folder = self.folder / "tools"
            _run(sys.executable, "-m", "venv", folder)
            python = folder / "bin" / "python"
            _run(python, "-m", "pip", "install", "--quiet", "build", "pipx", "uv")
            self._tools = folder / "bin"
        return self._tools

    def wheel(self) -> Path:
        """A wheel, built from the sdist as for a release."""
        if self._wheel is None:
            out = self.folder / "dist"
            _run(self.tools() / "python", "-m", "build", "--outdir", out, self.source())
            self._wheel = next(out.glob("*.whl"))
        return self._wheel

    def source(self) -> Path:
        """What is committed, as a clone would give it; made once."""
        folder = self.folder / "source"
        if not folder.exists():
            archive = self.folder / "source.tar"
            _run("git", "-C", ROOT, "archive", "--output", archive, "HEAD")
            folder.mkdir()
            _run("tar", "-C", folder, "-xf", archive)
        return folder

    def clone(self, name: str) -> Path:
        """Another such copy."""
        return Path(shutil.copytree(self.source(), self.folder / name))


class Stand:
    """One way's own home, folders and environment variables, below a temporary folder."""

    def __init__(self, common: Common, name: str) -> None:
        self.common = common
        self.folder = common.folder / name
        self.home = self.folder / "home"
        self.home.mkdir(parents=True)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        # A Python by its own path: what manages versions in a home does not know this one.
        (self.bin / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        self.path = [str(self.bin), "/usr/bin", "/bin"]

    def environment(self) -> dict[str, str]:
        ours = ("NEMO_", "AI_VIDEO_", "SKILL_", "XDG_", "VIRTUAL_ENV", "PYTHON", "PIPX_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": os.pathsep.join(self.path),
            "AI_VIDEO_BACKEND": "studio",
            # What was downloaded for one way need not be for the next.
            "PIP_CACHE_DIR": str(self.common.folder / "downloads" / "pip"),
            "UV_CACHE_DIR": str(self.common.folder / "downloads" / "uv"),
            "npm_config_cache": str(self.common.folder / "downloads" / "npm"),
            "DO_NOT_TRACK": "1",
        }

    def run(
        self, *command: str | Path, status: int = 0, cwd: Path | None = None, text: str = ""
    ) -> str:
        """What a command says on stdout. Raises Failed where it ends otherwise than it should."""
        words = [str(word) for word in command]
        try:
            done = subprocess.run(  # noqa: S603 - what this script is for
                words,
                env=self.environment(),
                cwd=cwd or self.home,
                input=text,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except FileNotFoundError as error:
            raise Failed(f"{words[0]} was not found") from error
        if done.returncode != status:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
            raise Failed(f"{' '.join(words)[:120]}: status {done.returncode}: {' / '.join(said)}")
        return done.stdout

    def first_turn(self, *command: str | Path) -> None:
        """Hold the first turn by a command. Raises Failed where no clip comes of it."""
        out = self.folder / "videos"
        out.mkdir(exist_ok=True)
        text = self.run(*command, "--json", "--out", out, "--", TURN)
        try:
            reply = json.loads(text)
        except ValueError:
            raise Failed(f"stdout is no JSON: {text[:120]!r}") from None
        done = [step["action"] for step in reply["steps"] if step["ok"]]
        if reply["error"] or done != ["sse"] or "Video" not in reply["text"]:
            raise Failed(f"the turn came to {text[:200]}")

    def skill(self, assistant: str) -> Path:
        return self.home / assistant / "skills" / self.common.name

    def same(self, folder: Path) -> None:
        """Raises Failed where an installed folder is not what a checkout gives."""
        source = self.common.source()
        wanted = {str(path) for path in self.common.contents(source)}
        there = {
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        }
        odd = sorted((wanted ^ there) - {"installed.json"})
        odd += [path for path in wanted & there if _differ(source / path, folder / path)]
        if odd:
            raise Failed(f"{folder} differs in {len(odd)} files, such as {odd[0]}")


def _differ(one: Path, other: Path) -> bool:
    return one.read_bytes() != other.read_bytes() or (
        one.parent.name == "scripts" and os.access(one, os.X_OK) != os.access(other, os.X_OK)
    )


def _run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - what this script is for
        [str(word) for word in command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise Failed(f"{command[0]}: {' / '.join(said)}")
    return done.stdout
