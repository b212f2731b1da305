"""What THIRD-PARTY.md says of the parts that others made, and whether it is all of them."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path, PurePosixPath

from locks import pins

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("studio", "mcp")  # of what users get; nobody is handed the tools of dev.lock.conf

_LINE = re.compile(r"^\| (?P<part>[^|]+?) \| (?P<licence>[^|]+?) \|(?: (?P<where>[^|]+?) \|)?$")


def packages(root: Path = ROOT) -> dict[str, tuple[str, set[str]]]:
    """Package -> its licence, as an SPDX expression, and the locks that it stands in."""
    return {
        part: (licence, set(where.split(", ")))
        for part, licence, where in _table(root, "| Package ")
    }


def libraries(root: Path = ROOT) -> dict[str, str]:
    """Library inside a wheel (``libx264``) -> its licence."""
    return {
        name: licence
        for part, licence, _ in _table(root, "| Library ")
        for name in re.findall(r"lib\w+(?:-[a-z]+)?", part.partition(" (")[0])
    }


def fonts(root: Path = ROOT) -> list[str]:
    """Patterns of the files of others in the skill's folder."""
    return re.findall(r"`([^`]+)`", "".join(part for part, _, _ in _table(root, "| Part ")))


def problems(root: Path = ROOT) -> list[str]:
    """What the list lacks, and what it has too much of."""
    found: list[str] = []
    locked = {name: {pin for pin, _, _ in _locked(root, name)} for name in LOCKS}
    told = packages(root)
    for name in sorted(set().union(*locked.values()) - told.keys()):
        found.append(f"THIRD-PARTY.md lacks {name}, which is locked")
    for name, (_, where) in told.items():
        is_in = {lock for lock, names in locked.items() if name in names}
        if is_in != where:
            found.append(
                f"THIRD-PARTY.md: {name} stands in {', '.join(sorted(is_in)) or 'no lock'}"
            )
    folder = root / "skill" / "studio" / "render" / "fonts"
    files = [path.relative_to(root).as_posix() for path in sorted(folder.glob("*.?tf"))]
    patterns = fonts(root)
    for file in files:
        if not any(PurePosixPath(file).match(pattern) for pattern in patterns):
            found.append(f"THIRD-PARTY.md lacks {file}")
        if not (root / file).with_suffix(".LICENSE.txt").is_file():
            found.append(f"{file} has no licence beside it")
    return found


def bundled(site: Path) -> set[str]:
    """The libraries that wheels brought with them (``*.libs``, on Linux), by their bare names."""
    return {
        re.split(r"-(?:[0-9a-f]{8}|r0)|\.so|-?\d+\.", path.name)[0].rstrip("-")
        for path in site.glob("*.libs/*.so*")
    }


# Words of licences that let anyone use the package beside code of any licence. MPL and LGPL bind
# their own files alone, which are not changed here.
_FREE = re.compile(
    r"\b(?:MIT|MIT-CMU|BSD|0BSD|Apache|MPL|Mozilla|ISC|PSF|Python Software|Zlib|CC0|Unlicense|HPND"
    r"|LGPL|Lesser General Public)",
    re.IGNORECASE,
)
_BOUND = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public|proprietary|commercial", re.IGNORECASE)


def licences(root: Path = ROOT) -> list[str]:
    """What is wrong with the licences of the locked packages that are installed here.

    Each must be free, and be the one that THIRD-PARTY.md tells.
    """
    wrong: list[str] = []
    told = packages(root)
    names = {pin for name in (*LOCKS, "dev") for pin, _, _ in _locked(root, name)}
    for name in sorted(names):
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        classes = [
            line.rpartition("::")[2].strip()
            for line in about.get_all("Classifier") or []
            if line.startswith("License")
        ]
        # The whole text of a licence may stand there: its first line names it.
        said = [about["License-Expression"], (about["License"] or "").split("\n")[0], *classes]
        words = "; ".join(filter(None, said))
        if not _FREE.search(words) or _BOUND.search(words.replace("Lesser General Public", "")):
            wrong.append(f"{name}: licence {words or 'not told'}")
        if name in told:
            families = re.findall(r"\b(?!AND|OR|WITH)[A-Z0-9][A-Za-z0-9]*", told[name][0])
            if about["License-Expression"] not in (None, told[name][0]) or not any(
                family.lower() in words.lower() for family in families
            ):
                wrong.append(f"THIRD-PARTY.md: {name} says of itself: {words}")
    return wrong


def _locked(root: Path, name: str) -> set[tuple[str, str, str]]:
    return set(pins((root / "requirements" / f"{name}.lock.conf").read_text("utf-8")))


def _table(root: Path, head: str) -> list[tuple[str, str, str]]:
    lines = (root / "THIRD-PARTY.md").read_text("utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(head)) + 2
    rows = []
    for line in lines[begin:]:
        row = _LINE.match(line)
        if row is None:
            break
        rows.append((row["part"], row["licence"], row["where"] or ""))
    return rows
