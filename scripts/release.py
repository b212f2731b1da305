"""Build what is handed out, from the last commit: wheel, sdist, the skill as a zip, sums, an SBOM.

    scripts/release [FOLDER]      (default: dist)

Nothing is built from a folder with changes in it, from a version that stands in two places, or that
CHANGELOG.md does not tell of. All of it is built twice, in two folders, and must come out the same;
times are those of the last commit (SOURCE_DATE_EPOCH). Nothing is sent anywhere.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

import environment

PROJECT = "ai-video-generator"
EARLIEST = 315_532_800  # 1980: a zip knows no earlier time


class Refused(Exception):
    """Why there is no release; the text says what to do."""


def version(root: Path) -> str:
    """The version in SKILL.md, where it alone stands. Raises Refused."""
    text = (root / "SKILL.md").read_text("utf-8")
    frontmatter = text.split("---", 2)[1]
    found: list[str] = re.findall(r'^\s*version: *"?([^"\s]+)', frontmatter, re.MULTILINE)
    if len(found) != 1 or not re.search(r'^  version: "', frontmatter, re.MULTILINE):
        raise Refused(f"SKILL.md must say metadata.version once; it says {found or 'none'}.")
    if not re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", found[0]):
        raise Refused(f"{found[0]!r} is no version such as 1.2.3.")
    places = [
        path.relative_to(root).as_posix()
        for path in (root / "pyproject.toml", *sorted((root / "skill").rglob("*.py")))
        if re.search(
            rf'(?i)version\w* *= *["\']{re.escape(found[0])}["\']', path.read_text("utf-8")
        )
    ]
    if places:
        raise Refused(f"The version {found[0]} stands in {', '.join(places)} too. Take it out.")
    return found[0]


def told(root: Path, number: str) -> None:
    """CHANGELOG.md tells of this version, and of nothing that has none yet. Raises Refused."""
    text = (root / "CHANGELOG.md").read_text("utf-8")
    sections = dict(
        re.findall(r"^## (\S+)[^\n]*\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    )
    if not sections.get(number, "").strip():
        raise Refused(f"CHANGELOG.md has no section '## {number}' with something in it.")
    if sections.get("Unreleased", "").strip():
        raise Refused(
            "CHANGELOG.md has changes under 'Unreleased'. Give them a version, there and in "
            "SKILL.md."
        )


def clean(root: Path) -> None:
    """Everything is committed. Raises Refused."""
    changed = _git(root, "status", "--porcelain", "--untracked-files=all").decode().splitlines()
    if changed:
        shown = ", ".join(line[3:] for line in changed[:5])
        raise Refused(f"{len(changed)} files are not committed ({shown}). Commit them first.")


def export(root: Path, folder: Path) -> None:
    """Unpack the last commit, as git keeps it, in a folder."""
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "HEAD"))) as archive:
        archive.extractall(folder)  # noqa: S202 git made it of our own files


def build(source: Path, out: Path, epoch: int) -> list[Path]:
    """Wheel, sdist, zip and SBOM of a folder with the project in it, in ``out``."""
    from sbom import bill

    number = version(source)
    done = subprocess.run(  # noqa: S603 our own interpreter, a fixed command
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(out)],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"hatchling could not build: {done.stderr.strip()[-500:]}")
    pack(source, out, number, epoch)
    (out / f"{PROJECT}-{number}.cdx.json").write_bytes(bill(PROJECT, number, epoch, source))
    return sorted(out.iterdir())


def pack(source: Path, out: Path, number: str, epoch: int) -> Path:
    """The skill as a zip: one folder, named as the frontmatter says, with what is installed."""
    from skill.frontmatter import read
    from skill.install.contents import runs, sources

    name = read(source / "SKILL.md").name
    path = out / f"{name}-{number}.zip"
    moment = time.gmtime(max(epoch, EARLIEST))[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for inside, file in sorted(sources(source).items()):
            data = file.read_bytes()
            entry = zipfile.ZipInfo(f"{name}/{inside}", moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built: only so modes are kept
            entry.external_attr = (0o100755 if runs(data) else 0o100644) << 16
            archive.writestr(entry, data)
    return path


def sums(files: list[Path]) -> str:
    """Their SHA-256, as ``sha256sum --check`` reads them."""
    return "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files
    )


def release(root: Path, out: Path) -> list[Path]:
    """Build everything twice from the last commit; the files in ``out``. Raises Refused."""
    clean(root)
    told(root, version(root))
    epoch = int(_git(root, "log", "-1", "--format=%ct"))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        built = []
        for number, folder in enumerate(map(Path, (one, other))):
            source = folder / f"{PROJECT}-{number}"
            export(root, source)
            (folder / "out").mkdir()
            built.append(build(source, folder / "out", epoch))
        first, again = (sums(files) for files in built)
        if first != again:
            lines = set(first.splitlines()) ^ set(again.splitlines())
            names = sorted({line.split()[1] for line in lines})
            raise Refused(f"Two builds of the same commit differ in {', '.join(names)}.")
        out.mkdir(parents=True, exist_ok=True)
        files = [Path(shutil.copy(file, out)) for file in built[0]]
    (out / "SHA256SUMS").write_text(first, "ascii", newline="\n")
    return [*files, out / "SHA256SUMS"]


def _git(root: Path, *arguments: str) -> bytes:
    git = shutil.which("git") or "git"
    done = subprocess.run([git, *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603 fixed commands
    if done.returncode:
        raise Refused(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def main(arguments: list[str]) -> int:
    out = Path(arguments[0]) if arguments else environment.ROOT / "dist"
    try:
        files = release(environment.ROOT, out.absolute())
    except Refused as refused:
        print(f"No release: {refused}", file=sys.stderr)
        return 1
    for file in files:
        print(f"{file.stat().st_size:>12,}  {file}")
    return 0


if __name__ == "__main__":
    environment.enter("dev")
    sys.exit(main(sys.argv[1:]))
