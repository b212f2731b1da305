"""``ai-video jobs``: the renders that were asked for, the newest last."""

from __future__ import annotations

import argparse
import json
import sys
import time

from skill.cli import DONE, FAILED
from skill.errors import SkillError
from skill.home import Home
from skill.jobs import Job, Ledger
from skill.settings import Settings

EXAMPLES = """\
examples:
  ai-video jobs
  ai-video jobs --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    try:
        jobs = Ledger(Home(Settings.read().home)).jobs()
    except SkillError as error:
        print(error, file=sys.stderr)
        return FAILED
    if args.json:
        print(json.dumps({"jobs": [_plain(job) for job in jobs]}, ensure_ascii=False))
    elif not jobs:
        print("No renders yet.")
    else:
        for job in jobs:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created))
            print(f"{when}  {_state(job):<12} {job.file or job.name}")
    return DONE


def _state(job: Job) -> str:
    if job.open and job.state != "delivered":
        return "under way"
    return {"delivered": "delivered", "failed": "failed"}.get(job.state, "given up")


def _plain(job: Job) -> dict[str, object]:
    """What of a job is for others to see."""
    return {
        "id": job.id,
        "state": job.state,
        "open": job.open,
        "name": job.name,
        "file": job.file,
        "folder": job.folder,
        "error": job.error,
        "created": job.created,
    }
