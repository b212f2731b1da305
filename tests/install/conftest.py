"""A small skill to install: the real one has four hundred files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.install.assistants import ASSISTANTS
from skill.install.contents import NEEDED, sources
from skill.install.installed import digests
from skill.install.steps import Product

NAME = "small-skill"


def lay(root: Path, version: str = "1.0.0", body: str = "body") -> Path:
    """A checkout of a small skill."""
    for name in NEEDED:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        launcher = name.startswith("scripts/") and not path.suffix
        path.write_text(f"#!/bin/sh\necho {name}\n" if launcher else f"{name} {body}\n")
    (root / "SKILL.md").write_text(
        f'---\nname: {NAME}\nmetadata:\n  version: "{version}"\n---\n# {body}\n'
    )
    for name in ("references/api.md", "skill/__init__.py", "skill/words/zh.json"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} 视频\n", "utf-8")
    return root


@pytest.fixture
def product(tmp_path: Path) -> Callable[..., Product]:
    """A small skill as it is installed: product(version, body)."""

    def make(version: str = "1.0.0", body: str = "body") -> Product:
        root = lay(tmp_path / f"source-{version}-{body}", version, body)
        files = sources(root)
        return Product(root, NAME, version, files, digests(files))

    return make


@pytest.fixture(autouse=True)
def _empty_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No assistant on PATH, no configuration folder moved; and a disk that is quick."""
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no test cuts the power
    monkeypatch.setenv("PATH", str(home / "no-programs"))
    for assistant in ASSISTANTS:
        if assistant.variable:
            monkeypatch.delenv(assistant.variable, raising=False)
