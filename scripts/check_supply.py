"""What the project is made of: locks, licences, secrets, names of machines, what scanners say.

    scripts/with-python scripts/check_supply.py

Standard library only, and no network: prints a line for each check, and what is wrong. The
licences are those of the packages that are installed where it runs. ``skills-ref`` and
``skill-scanner`` (PyPI cisco-ai-skill-scanner, a minute) are asked where they are installed.
Known vulnerabilities stand in databases on the network: ``pip-audit -r requirements/dev.lock
--no-deps --disable-pip`` asks them.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "ai-video-generator-free-luma"  # of the skill: the folder that it is installed in

Problems = list[str]
Text = tuple[str, str]  # where it stands, and what it says

_PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[0-9][0-9a-z.+!]*)"
    r"(?: ; (?P<marker>{0}(?: (?:and|or) {0})*))?".format(r"[a-z_]+ (?:==|!=|<|>=|<=|>) '[\w.*]+'")
)
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})")
_DIRECT = re.compile(r'^  "([A-Za-z0-9._-]+)(?:>=([0-9.]+))?[^"]*",$', re.MULTILINE)

# -- locks -----------------------------------------------------------------------------------


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


def locks(root: Path = ROOT) -> Problems:
    """Every package pinned, with hashes, under what the project asks for; no host is named."""
    problems: Problems = []
    read: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for path in sorted((root / "requirements").glob("*.lock")):
        try:
            found = read[path.stem] = pins(_read(path))
        except ValueError as error:
            problems.append(f"{path.name}: {error}")
            continue
        for (name, version, _), hashes in found.items():
            if not hashes:
                problems.append(f"{path.name}: {name} {version} has no hash")
            if len(set(hashes)) < len(hashes):
                problems.append(f"{path.name}: {name} {version} has a hash twice")
    dev = read.get("dev", {})
    both = {key[:2]: hashes for key, hashes in dev.items()}  # markers differ with who else asks
    for part in sorted(read.keys() - {"dev"}):
        for (name, version, _), hashes in read[part].items():
            if (name, version) not in both:
                problems.append(f"dev.lock lacks {name} {version} of {part}.lock")
            elif hashes != both[name, version]:
                problems.append(f"the locks differ over the hashes of {name} {version}")
    asked = _read(root / "pyproject.toml").partition("\ndependencies")[2].partition("\n[tool")[0]
    own = re.search(r'^name = "(.+)"', _read(root / "pyproject.toml"), re.MULTILINE)
    for name, least in _DIRECT.findall(asked):
        if own and name == own[1]:  # one extra holds another
            continue
        known = [version for pinned, version, _ in dev if pinned == normal(name)]
        if not known:
            problems.append(f"dev.lock lacks {name}, which pyproject.toml asks for")
        for version in known:
            if least and numbers(version) < numbers(least):
                problems.append(f"{name} is locked at {version}; pyproject.toml asks for {least}")
    return problems


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


# -- licences --------------------------------------------------------------------------------

# Words of licences that let anyone use the package beside code of any licence. MPL and LGPL bind
# their own files alone, which are not changed here.
_FREE = re.compile(
    r"\b(?:MIT|MIT-CMU|BSD|0BSD|Apache|MPL|Mozilla|ISC|PSF|Python Software|Zlib|CC0|Unlicense|HPND"
    r"|LGPL|Lesser General Public)",
    re.IGNORECASE,
)
_BOUND = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public|proprietary|commercial", re.IGNORECASE)


def licences(root: Path = ROOT) -> Problems:
    """The licences of the locked packages that are installed here."""
    problems: Problems = []
    for name in sorted({name for name, _, _ in pins(_read(root / "requirements" / "dev.lock"))}):
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
        told = "; ".join(filter(None, said))
        if not _FREE.search(told) or _BOUND.search(told.replace("Lesser General Public", "")):
            problems.append(f"{name}: licence {told or 'not told'}")
    return problems


# -- what stands in files --------------------------------------------------------------------

_SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY"),
    "a token of this backend": re.compile(r"\b(?:nmv_usr|clm)_(?!dummy|nmv)[A-Za-z0-9]{6,}"),
    "a cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "a token of a code host": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{20,}"),
    "a token of a chat": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    "an API key": re.compile(r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}|\bhf_[A-Za-z0-9]{30,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"\bhttps?://[^\s/:@\"'<>{}]+:(?!dummy|pass|secret)[^\s/@\"'<>{}]{6,}@"),
}  # fmt: skip
# Written so that this file does not name what it looks for.
_PLACES = {
    "the host of a package index": re.compile(
        r"\b(?:test\.)?py[p]i\.org|pyth[o]nhosted\.org|registry\.np[m]js|registry\.yarn[p]kg"
        r"|conda\.ana[c]onda\.org|mirrors\.[a-z]+\.(?:edu|com)"
    ),
    "a path of one machine": re.compile(
        r"/roo[t]/|(?<![\w.])/wor[k]/|/ho[m]e/(?!me/)[a-z]\w*/"
        r"|/Use[r]s/(?!me/)\w+/|[A-Z]:\\+Use[r]s\\+(?!me\b)\w+"
    ),
    "a character that shows nothing or turns the text": re.compile(
        "[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\U000e0000-\U000e007f]"
    ),
}
_SILENCED = re.compile(r"#\s*noqa:\s*(?P<rules>[A-Z]+[0-9]+(?:[, ]+[A-Z]+[0-9]+)*)(?P<why>.*)$")
_BARE = re.compile(r"#\s*(?:noqa(?!:)|nosec|type:\s*ignore(?!\[)|pragma: allowlist)")


def secrets(texts: Iterable[Text]) -> Problems:
    """Keys, tokens and passwords, told by where they stand and never by what they are."""
    return _found(texts, _SECRETS)


def places(texts: Iterable[Text]) -> Problems:
    """Names of package indexes and machines; characters that hide what is written."""
    return _found(texts, _PLACES)


def _found(texts: Iterable[Text], patterns: dict[str, re.Pattern[str]]) -> Problems:
    return [
        f"{where}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for where, text in texts
        for what, pattern in patterns.items()
        for match in pattern.finditer(text)
    ]


def silenced(texts: Iterable[Text]) -> Problems:
    """Security rules that are switched off without a reason beside it."""
    problems: Problems = []
    for where, text in texts:
        if not where.endswith(".py"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = _SILENCED.search(line)
            rules = re.split(r"[, ]+", found["rules"]) if found else []
            if found and any(rule[0] == "S" and rule[1].isdigit() for rule in rules):
                if len(found["why"].strip(" -")) < 4:
                    problems.append(f"{where}:{number}: {found['rules']} is silenced without why")
            elif _BARE.search(line):
                problems.append(f"{where}:{number}: a warning is silenced without its name")
    return problems


def tree(root: Path = ROOT) -> Iterator[Text]:
    """The texts of the files that git keeps, or would keep."""
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        path = root / name
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if b"\0" not in data[:8000]:
                yield name, data.decode("utf-8", "replace")


def history(root: Path = ROOT) -> Iterator[Text]:
    """Every text that git ever kept, and what was said with it."""
    yield "the log", _git(root, "log", "--all", "--format=%an %ae %s %b").decode("utf-8", "replace")
    named = _git(root, "rev-list", "--all", "--objects").decode("utf-8", "replace").splitlines()
    names = dict(line.split(" ", 1) for line in named if " " in line)
    data = _git(root, "cat-file", "--batch", given="\n".join(names).encode())
    at = 0
    while at < len(data):
        head, _, _ = data[at : at + 200].partition(b"\n")
        digest, kind, size = head.decode().split()
        at += len(head) + 1
        blob = data[at : at + int(size)]
        at += int(size) + 1
        if kind == "blob" and b"\0" not in blob[:8000]:
            yield f"{names[digest]} ({digest[:8]})", blob.decode("utf-8", "replace")


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    git = shutil.which("git") or "git"
    return subprocess.run(  # noqa: S603 fixed commands
        [git, *arguments], cwd=root, input=given, capture_output=True, check=True
    ).stdout


def _read(path: Path) -> str:
    return path.read_text("utf-8")


# -- what others say -------------------------------------------------------------------------


def specification(root: Path = ROOT) -> Problems:
    """What the reference validator of the Agent Skills format says."""
    validate = importlib.import_module("skills_ref").validate
    with tempfile.TemporaryDirectory() as folder:
        skill = Path(folder) / NAME
        skill.mkdir()
        shutil.copy(root / "SKILL.md", skill)
        return [str(problem) for problem in validate(skill)]


def scanner(root: Path = ROOT) -> Problems:
    """What skill-scanner says of the last commit as it is handed out, at HIGH and above."""
    program = shutil.which("skill-scanner") or "skill-scanner"
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "skill.tar"
        # Without what .gitattributes keeps out of what is handed out.
        packed.write_bytes(_git(root, "archive", f"--prefix={NAME}/", "HEAD"))
        with tarfile.open(packed) as archive:
            archive.extractall(folder)  # noqa: S202 git made it of our own files
        told = Path(folder) / "told.json"
        done = subprocess.run(  # noqa: S603 a fixed command
            [
                *(program, "scan", str(Path(folder) / NAME), "--use-behavioral"),
                *("--fail-on-severity", "high", "--format", "json", "--output-json", str(told)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if not told.is_file():
            return [f"skill-scanner gave no report: {done.stderr.strip()[-300:]}"]
        found = json.loads(told.read_text("utf-8"))["findings"]
    return [
        f"{item['severity']} {item['rule_id']} {item.get('file_path')}:{item.get('line_number')}"
        for item in found
        if item["severity"] in ("HIGH", "CRITICAL")
    ]


# -- all of it -------------------------------------------------------------------------------

Check = Callable[[], Problems]


def checks() -> Iterator[tuple[str, Check | str]]:
    """Each check by what it is about; a text instead tells why it cannot be made here."""
    texts = list(tree())
    yield "locks", locks
    yield "licences of what is installed", licences
    yield "secrets in the files", lambda: secrets(texts)
    yield "secrets in the history", lambda: secrets(history())
    yield "hosts, machines, hidden characters", lambda: places(texts)
    yield "silenced warnings", lambda: silenced(texts)
    known = importlib.util.find_spec("skills_ref") is not None
    yield "agentskills validate", specification if known else "skills-ref is not installed"
    known = shutil.which("skill-scanner") is not None
    yield "skill-scanner", scanner if known else "it is not installed"


def main() -> int:
    wrong = 0
    for about, check in checks():
        if isinstance(check, str):
            print(f"not checked  {about}: {check}")
            continue
        problems = check()
        wrong += len(problems)
        print(f"{'wrong' if problems else 'good':<12} {about}")
        for problem in problems:
            print(f"             {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
