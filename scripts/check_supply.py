"""What the project is made of: locks, licences, secrets, names of machines.

    scripts/with-python scripts/check_supply.py

Standard library only, and no network: prints a line for each check, and what is wrong. The
licences are those of the packages that are installed where it runs. ``scripts/check_skill.py``
asks what others say of the skill as it is installed.
Known vulnerabilities stand in databases on the network: ``pip-audit -r requirements/dev.lock.conf
--no-deps --disable-pip`` asks them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import locks
import third_party

ROOT = Path(__file__).resolve().parent.parent

Problems = list[str]
Text = tuple[str, str]  # where it stands, and what it says

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


# -- all of it -------------------------------------------------------------------------------

Check = Callable[[], Problems]


def checks() -> Iterator[tuple[str, Check]]:
    """Each check by what it is about."""
    texts = list(tree())
    yield "locks", locks.problems
    yield "third parties and their licences", third_party.problems
    yield "licences of what is installed", third_party.licences
    yield "secrets in the files", lambda: secrets(texts)
    yield "secrets in the history", lambda: secrets(history())
    yield "hosts, machines, hidden characters", lambda: places(texts)
    yield "silenced warnings", lambda: silenced(texts)


def main() -> int:
    wrong = 0
    for about, check in checks():
        problems = check()
        wrong += len(problems)
        print(f"{'wrong' if problems else 'good':<12} {about}")
        for problem in problems:
            print(f"             {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
