"""The lock files pin every package by hash, and name no place to fetch it from."""

import re
from pathlib import Path

import pytest

LOCKS = sorted((Path(__file__).resolve().parent.parent / "requirements").glob("*.lock.conf"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_pinned_with_hashes(lock: Path) -> None:
    listed = re.sub(r"^#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    packages = re.split(r"\n(?=\S)", listed.strip())
    assert len(packages) > 10
    loose = [p.splitlines()[0] for p in packages if "==" not in p or "--hash=sha256:" not in p]
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_host_is_named(lock: Path) -> None:
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links", lock.read_text("utf-8"))


def test_the_two_locks_agree() -> None:
    studio, dev = (
        {*re.findall(r"^\S+==\S+", p.read_text("utf-8"), re.M)}
        for p in (LOCKS[0].with_name("studio.lock.conf"), LOCKS[0].with_name("dev.lock.conf"))
    )
    assert studio <= dev
