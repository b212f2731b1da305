"""The lock files: every package pinned, with the hashes of what may be fetched for it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[0-9][0-9a-z.+!]*)"
    r"(?: ; (?P<marker>{0}(?: (?:and|or) {0})*))?".format(r"[a-z_]+ (?:==|!=|<|>=|<=|>) '[\w.*]+'")
)
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})")
_DIRECT = re.compile(r'^  "([A-Za-z0-9._-]+)(?:>=([0-9.]+))?[^"]*",$', re.MULTILINE)


def pins(lock: str) -> dict[tuple[str, str, str], list[str]]:
    """(name, version, marker) -> its hashes. Raises ValueError at a line that is neither."""
    found: dict[tuple[str, str, str], list[str]] = {}
    last: list[str] = []
    for number, line in enumerate(lock.splitlines(), 1):
        bare = line.removesuffix("\\").rstrip()
        if not bare or bare.lstrip().startswith("#"):
            continue
        if digest := _HASH.fullmatch(bare):
            last.append(digest[1])
        elif pin := _PIN.fullmatch(bare):
            last = found.setdefault((pin["name"], pin["version"], pin["marker"] or ""), [])
        else:
            raise ValueError(f"line {number} is neither a pin nor a hash: {bare[:80]}")
    return found


def problems(root: Path = ROOT) -> list[str]:
    """Every package pinned, with hashes, under what the project asks for; no host is named."""
    wrong: list[str] = []
    read: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for path in sorted((root / "requirements").glob("*.lock.conf")):
        try:
            found = read[path.name.partition(".")[0]] = pins(path.read_text("utf-8"))
        except ValueError as error:
            wrong.append(f"{path.name}: {error}")
            continue
        for (name, version, _), hashes in found.items():
            if not hashes:
                wrong.append(f"{path.name}: {name} {version} has no hash")
            if len(set(hashes)) < len(hashes):
                wrong.append(f"{path.name}: {name} {version} has a hash twice")
    dev = read.get("dev", {})
    both = {key[:2]: hashes for key, hashes in dev.items()}  # markers differ with who else asks
    for part in sorted(read.keys() - {"dev"}):
        for (name, version, _), hashes in read[part].items():
            if (name, version) not in both:
                wrong.append(f"dev.lock.conf lacks {name} {version} of {part}.lock.conf")
            elif hashes != both[name, version]:
                wrong.append(f"the locks differ over the hashes of {name} {version}")
    project = (root / "pyproject.toml").read_text("utf-8")
    asked = project.partition("\ndependencies")[2].partition("\n[tool")[0]
    own = re.search(r'^name = "(.+)"', project, re.MULTILINE)
    for name, least in _DIRECT.findall(asked):
        if own and name == own[1]:  # one extra holds another
            continue
        known = [version for pinned, version, _ in dev if pinned == normal(name)]
        if not known:
            wrong.append(f"dev.lock.conf lacks {name}, which pyproject.toml asks for")
        for version in known:
            if least and numbers(version) < numbers(least):
                wrong.append(f"{name} is locked at {version}; pyproject.toml asks for {least}")
    return wrong


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
