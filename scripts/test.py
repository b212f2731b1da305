"""Everything that must pass: lint, types, and the tests. Arguments go to pytest."""

import subprocess
import sys

import environment

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)

if __name__ == "__main__":
    environment.enter("dev")
    failed = [
        " ".join(check)
        for check in CHECKS
        if subprocess.call([sys.executable, "-m", *check], cwd=environment.ROOT)  # noqa: S603 ours
    ]
    status = subprocess.call(  # noqa: S603 pytest
        [sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=environment.ROOT
    )
    for check in failed:
        print(f"failed: {check}", file=sys.stderr)
    sys.exit(status or bool(failed))
