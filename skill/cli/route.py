"""``ai-video route MESSAGE``: the steps of a turn, one a line; nothing is sent or done."""

from __future__ import annotations

import argparse

DESCRIPTION = """\
Show the steps that a turn asks for, one a line, and do nothing. Nothing is sent or kept.
"""

EXAMPLES = """\
examples:
  ai-video route "add a title, then export"            sse, export
  ai-video route --explain "export as webm in 720p"    with the reasons, and what was asked for
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.epilog = EXAMPLES
    parser.add_argument("message", metavar="MESSAGE", nargs="+", help="the turn, in words")
    parser.add_argument(
        "--file", dest="files", metavar="PATH_OR_URL", action="append", default=[],
        help="a file that comes with the turn",
    )  # fmt: skip
    parser.add_argument("--explain", action="store_true", help="say which words led there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    from skill.router import Step, explain
    from skill.router.slots import export_slots

    message = " ".join(args.message)
    found = explain(message, args.files)
    slots = export_slots(message) if args.explain and Step.EXPORT in found.steps else {}
    if args.json:
        import json

        shown: dict[str, object] = {"steps": [step.value for step in found.steps]}
        if args.explain:
            shown |= {"reasons": found.reasons, "links": found.links, "slots": slots}
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    for step in found.steps:
        print(step.value)
    if args.explain:
        for reason in found.reasons:
            print(f"  {reason}")
        for name, value in slots.items():
            print(f"  {name}: {value}")
    return 0
