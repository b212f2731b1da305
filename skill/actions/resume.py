"""Renders of earlier turns: a quick look at them, or waiting until they are files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from skill import delivery
from skill.actions.export import announce, deliver_job
from skill.api import Api
from skill.delivery import Delivery
from skill.errand import Errand
from skill.errors import RenderPending, SkillError, StateError
from skill.jobs import Ledger
from skill.phrases.errors import explain

# Seconds that a turn about something else waits for a render of an earlier one.
_GLANCE = 5.0


def look(errand: Errand) -> None:
    """See to every open render, without waiting long; what is done is fetched and told."""
    api = errand.api
    for job in Ledger(api.home).open(api.engine.account):
        try:
            with api.home.lock(job.lock, timeout=0):
                pass
        except StateError:
            return  # another process waits for it, and will tell
    lengths = _lengths(errand)
    poll = min(api.settings.render_poll, _GLANCE)
    polls = min(api.settings.render_polls, int(_GLANCE / poll)) if poll else 1
    hasty = replace(api.settings, render_poll=poll, render_polls=polls)
    with Api(api.engine, hasty, home=api.home) as quick:
        for result in delivery.resume(quick):
            if isinstance(result, Delivery) and result.fresh:
                deliver_job(errand, result.path, result.job, lengths.get(result.job.id, 0))
            elif isinstance(result, SkillError) and not isinstance(result, RenderPending):
                errand.tell(explain(result, errand.language))


def finish(errand: Errand, folder: Path | None = None) -> SkillError | None:
    """Wait for every open render, at whichever backend it is. Returns the first failure.

    Files go to ``folder``, else to where they were to go when they were asked for.
    """
    if not Ledger(errand.api.home).open():
        errand.tell(errand.say("resume.nothing"))
        return None
    lengths = _lengths(errand)
    announce(errand, max(lengths.values()))
    errand.stage = "render"
    failed: SkillError | None = None
    results = delivery.resume_all(errand.api.settings, folder, errand.listener.progress)
    for result in results:
        if isinstance(result, Delivery):
            deliver_job(errand, result.path, result.job, lengths.get(result.job.id, 0))
        else:
            failed = failed or result
            errand.tell(explain(result, errand.language))
    if not results:
        errand.tell(errand.say("resume.nothing"))
    return failed


def _lengths(errand: Errand) -> dict[str, int]:
    """How long (ms) each open render is."""
    return {job.id: job.length for job in Ledger(errand.api.home).open()}
