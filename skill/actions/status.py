"""What is on the timeline, and which renders are under way."""

from __future__ import annotations

from skill.draft import parse
from skill.errand import Errand
from skill.jobs import Ledger
from skill.timeline import summarize


def run(errand: Errand) -> None:
    draft = errand.draft()
    if not errand.told_timeline:
        errand.told_timeline = True
        errand.tell(summarize(draft, errand.language), quoted=True)
    waiting = Ledger(errand.api.home).open(errand.api.engine.account)
    if waiting:
        names = errand.say("_comma").join(job.name for job in waiting)
        errand.tell(errand.say("status.renders", n=len(waiting), names=names))
    else:
        errand.next = parse(draft)
