"""``ai-video doctor``: what works here, what does not, and what mends it."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from skill.cli import DONE, FAILED
from skill.settings import BACKENDS

if TYPE_CHECKING:
    from skill.doctor import Finding

DESCRIPTION = """\
Look whether everything works here, and say what mends it. Nothing is changed, spent or made: no
token is asked for, and the studio that is started for a look lives in a folder of its own. The
cloud is asked whether it is there, and with a token that is there already, for the credits.
"""

EXAMPLES = """\
examples:
  ai-video doctor
  ai-video doctor --offline        ask nobody but this machine
  ai-video doctor --json           for a report of a problem; it holds no token and no id

Exit status: 0 all well (warnings may stand), 1 something stops work.
"""

_SIGNS = {"well": "✓", "note": "·", "warning": "!", "failure": "✗"}
_PLAIN = {"well": "ok", "note": "--", "warning": "!!", "failure": "XX"}
_NAME = 15  # characters
_WIDE = 100


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EXAMPLES
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--offline", action="store_true", help="ask nobody but this machine")
    parser.add_argument("--out", metavar="DIR", help="where videos would go (default: here)")
    parser.add_argument("--backend", choices=BACKENDS, help="instead of AI_VIDEO_BACKEND")


def run(args: argparse.Namespace) -> int:
    from skill.doctor import Case, examine
    from skill.errors import SkillError
    from skill.home import expanded

    try:
        case = Case.read(
            backend=args.backend,
            out=expanded(args.out) if args.out else None,
            offline=args.offline,
        )
    except SkillError as error:
        print(error, file=sys.stderr)
        return FAILED
    found: list[Finding] = []
    for finding in examine(case):
        found.append(finding)
        if not args.json:
            _show(finding)
    status = FAILED if any(finding.grade == "failure" for finding in found) else DONE
    if args.json:
        shown = {"ok": status == DONE, "findings": [finding.as_json() for finding in found]}
        print(json.dumps(shown, ensure_ascii=not _utf8()))
    else:
        print(f"\n{_sum(found)}")
    return status


def _show(finding: Finding) -> None:
    """A line, wrapped under itself; below it what mends it, whole, for copying."""
    sign = (_SIGNS if _utf8() else _PLAIN)[finding.grade]
    lead = f"{sign:<2} {finding.name:<{_NAME}} "
    print(
        textwrap.fill(
            finding.found,
            _WIDE,
            initial_indent=lead,
            subsequent_indent=" " * len(lead),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
    if finding.mend:
        print(f"{'':<{len(lead)}}{'→' if _utf8() else '->'} {finding.mend}", flush=True)


def _sum(found: Sequence[Finding]) -> str:
    """The last line."""
    failures = [finding.name for finding in found if finding.grade == "failure"]
    warnings = [finding.name for finding in found if finding.grade == "warning"]
    worth = f"{_count(len(warnings), 'warning')}: {', '.join(dict.fromkeys(warnings))}."
    if failures:
        names = ", ".join(dict.fromkeys(failures))
        also = f" Also {worth}" if warnings else ""
        return f"{_count(len(failures), 'thing')} to mend before it works: {names}.{also}"
    return f"It works. {worth}" if warnings else "All is well."


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _utf8() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().startswith("utf")
