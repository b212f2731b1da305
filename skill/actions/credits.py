"""What is left, what is reserved, and whether this backend costs anything at all."""

from __future__ import annotations

from skill.api import Credits
from skill.errand import Errand
from skill.phrases import listing, number

_COUNTED = ("clips", "edits", "exports")


def run(errand: Errand) -> None:
    # A first turn makes its project, so that there is something to ask.
    found = errand.in_session(lambda _: errand.api.credits())
    errand.tell(_free(errand, found) if found.free else _paid(errand, found))


def _paid(errand: Errand, found: Credits) -> str:
    values = {
        name: number(getattr(found, name), errand.language)
        for name in ("available", "frozen", "total")
    }
    lines = [errand.say("credits.frozen" if found.frozen else "credits.all", **values)]
    if found.available <= 0:
        lines.append(errand.say("credits.none"))
    return " ".join(lines)


def _free(errand: Errand, found: Credits) -> str:
    counts = [(name, found.used.get(name)) for name in _COUNTED]
    made = [
        errand.say(f"count.{name}", n=count)
        for name, count in counts
        if isinstance(count, int) and count > 0
    ]
    text = errand.say("credits.free")
    if made:
        text += " " + errand.say("credits.made", made=listing(made, errand.language))
    return text
