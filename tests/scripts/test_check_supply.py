"""The project passes its own checks, and each of them finds what it is there for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import check_supply as supply
import locks

ROOT = Path(__file__).resolve().parents[2]
in_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")


def test_the_locks_are_good() -> None:
    assert locks.problems() == []


@in_git
@pytest.mark.parametrize("check", [supply.secrets, supply.places, supply.silenced])
def test_the_files_are_good(check: supply.Check) -> None:
    assert check(list(supply.tree())) == []


HASH = "    --hash=sha256:" + "0" * 64
GOOD = f"requests==2.34.2 \\\n{HASH}\nav==19.0.2 ; python_full_version >= '3.12' \\\n{HASH}\n"
PROJECT = '\ndependencies = [\n  "requests>=2.32",\n]\n\n[tool.x]\n  "RUF001",\n'


def project(folder: Path, studio: str, dev: str, asked: str = PROJECT) -> Path:
    (folder / "requirements").mkdir()
    (folder / "requirements" / "studio.lock.conf").write_text(studio)
    (folder / "requirements" / "dev.lock.conf").write_text(dev)
    (folder / "pyproject.toml").write_text(asked)
    return folder


def test_a_good_lock_passes(tmp_path: Path) -> None:
    assert locks.problems(project(tmp_path, GOOD, GOOD)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--extra-index-url https://example.com/", "neither a pin nor a hash"),
        ("pip @ https://example.com/pip.whl", "neither a pin nor a hash"),
        ("-r other.txt", "neither a pin nor a hash"),
        ("rich>=1", "neither a pin nor a hash"),
        ("    --hash=md5:00", "neither a pin nor a hash"),
        ("rich==1.0", "rich 1.0 has no hash"),
        (f"rich==1.0\n{HASH}\n{HASH}", "rich 1.0 has a hash twice"),
        (f"rich==1.0\n{HASH}", "dev.lock.conf lacks rich 1.0"),
    ],
)
def test_a_loose_lock_is_told(tmp_path: Path, line: str, words: str) -> None:
    told = locks.problems(project(tmp_path, f"{GOOD}{line}\n", GOOD))
    assert any(words in problem for problem in told)


@pytest.mark.parametrize(
    ("asked", "words"),
    [("rich>=1", "dev.lock.conf lacks rich"), ("requests>=2.40", "requests is locked at 2.34.2")],
)
def test_a_lock_that_misses_what_is_asked_for_is_told(
    tmp_path: Path, asked: str, words: str
) -> None:
    text = PROJECT.replace("requests>=2.32", asked)
    (problem,) = locks.problems(project(tmp_path, GOOD, GOOD, text))
    assert words in problem


# In two parts, so that this file is not found to hold them.
@pytest.mark.parametrize(
    ("first", "rest", "what"),
    [
        ("-----BEGIN RSA", " PRIVATE KEY-----", "a private key"),
        ("nmv_", "usr_8f3a9c1d2e", "a token of this backend"),
        ("AKI", "A0123456789ABCDEF", "a cloud key"),
        ("gh", "p_" + "a1" * 18, "a token of a code host"),
        ("xox", "b-1234567890-abc", "a token of a chat"),
        ("sk", "-proj-" + "a1" * 12, "an API key"),
        ("ey", "J" + "a" * 20 + ".ey" + "J" + "b" * 20 + "." + "c" * 20, "a signed token"),
        ("https://me:", "hunter2hunter2@example.com", "a password in an address"),
    ],
)
def test_a_secret_is_told_and_not_shown(first: str, rest: str, what: str) -> None:
    assert supply.secrets([("a.py", f"# x\nKEY = '{first}{rest}'\n")]) == [f"a.py:2: {what}"]


@pytest.mark.parametrize(
    "text",
    [
        "files.pytho" + "nhosted.org",
        "/roo" + "t/.cache",
        "/ho" + "me/ann/x",
        "a\u202eb",
        "a\U000e0041b",
    ],
)
def test_a_host_a_machine_and_a_hidden_character_are_told(text: str) -> None:
    assert len(supply.places([("a.md", text)])) == 1


@pytest.mark.parametrize(
    ("comment", "problems"),
    [
        ("noqa: S603", 1),
        ("noqa: S603 our own command", 0),
        ("noqa: E501", 0),
        ("noqa", 1),
        ("type: ignore", 1),
        ("type: ignore[attr-defined]", 0),
        ("nosec", 1),
    ],
)
def test_a_silenced_warning_needs_its_name_and_why(comment: str, problems: int) -> None:
    assert len(supply.silenced([("a.py", f"run()  # {comment}\n")])) == problems


def test_what_was_once_committed_is_looked_at(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        line = [shutil.which("git") or "git", *identity, *command]
        subprocess.run(line, cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "key.txt").write_text("AKI" + "A0123456789ABCDEF")
    git("add", ".")
    git("commit", "-m", "a key")
    git("rm", "key.txt")
    git("commit", "-m", "no key")
    assert list(supply.tree(tmp_path)) == []
    (problem,) = supply.secrets(supply.history(tmp_path))
    assert problem.startswith("key.txt (")
    assert problem.endswith("a cloud key")
