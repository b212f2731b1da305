"""What the doctor's tests share: its findings, and a look at a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from skill.doctor import Finding
from skill.doctor.examination import CHECKS

# The checks that start processes are tried a few times only.
QUICK = [check for name, check in CHECKS if name not in ("studio", "render")]


def looked(check: Callable[..., Any], *given: Any) -> list[Finding]:
    return list(check(*given))


def found(findings: list[Finding], name: str, grade: str) -> Finding:
    """The one finding of a name and a grade."""
    (one,) = [item for item in findings if (item.name, item.grade) == (name, grade)]
    return one


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with size and time."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}
