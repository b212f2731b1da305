"""What the agent says: brief, plain, in the user's language.

Sentences are data, one file a language in ``sentences/``; one that a language
lacks is said in English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from skill.draft import Draft
from skill.studio.agent import timeline
from skill.studio.agent.apply import Fact
from skill.studio.generate.music import MOODS

FOLDER = Path(__file__).parent / "sentences"
TIMES = ("length", "before", "time")
MOST_ITEMS = 6  # of the timeline that are named; the rest is counted


@cache
def sentences(language: str) -> dict[str, dict[str, str]]:
    """All sentences of a language, English where it has none."""
    english: dict[str, dict[str, str]] = json.loads((FOLDER / "en.json").read_text("utf-8"))
    path = FOLDER / f"{language}.json"
    if language == "en" or not path.is_file():
        return english
    own: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return {group: {**english.get(group, {}), **own.get(group, {})} for group in {*english, *own}}


def say(key: str, language: str, **values: Any) -> str:
    """A sentence by its key ("done.title"), with values as the language writes them."""
    group, _, name = key.partition(".")
    texts = sentences(language)
    spoken = {key: _spoken(key, value, language) for key, value in values.items()}
    if "start" in values and "end" in values:
        spoken["span"] = span(values["start"], values["end"], language)
    template = texts.get(group, {}).get(name, "")
    return template.format_map({**dict.fromkeys(_NAMES, ""), **spoken})


_NAMES = (
    "name", "old", "text", "before", "length", "ratio", "size", "what", "mood", "volume", "span",
    "order", "prompt", "moods", "count", "time", "items", "start", "end", "n", "m", "s",
)  # fmt: skip


def facts(found: Sequence[Fact], language: str) -> str:
    """The facts of edits as running text; the same one is said once."""
    said = list(dict.fromkeys(say(fact.key, language, **fact.values) for fact in found))
    return join(said, language)


def join(parts: Sequence[str], language: str) -> str:
    return sentences(language)["format"]["join"].join(part for part in parts if part)


def seconds(ms: int, language: str) -> str:
    """ "2.5 s", "2,5 s", "2.5秒", "1 min 5 s"."""
    form = sentences(language)["format"]
    if ms >= 60_000 and ms % 1000 == 0:
        minutes, rest = divmod(ms // 1000, 60)
        return form["minutes" if rest else "minute"].format(m=minutes, s=rest)
    return form["seconds"].format(n=_number(ms, language))


def span(start: int, end: int, language: str) -> str:
    """ "0-3s"."""
    return sentences(language)["format"]["span"].format(
        start=_number(start, language), end=_number(end, language)
    )


def summary(draft: Draft, language: str) -> str:
    """What is on the timeline, in one sentence."""
    if not draft.exportable:
        return say("timeline.empty", language)
    items = [
        say("timeline.clip", language, name=timeline.name(s), start=s.start, end=s.end)
        for s in timeline.clips(draft)
    ]
    items += [
        say("timeline.sound", language, name=timeline.name(s), start=s.start, end=s.end,
            volume=s.meta.get("volume", 1.0))
        for s in timeline.audio(draft)
    ]  # fmt: skip
    items += [
        say("timeline.title", language, text=s.meta.get("text", ""), start=s.start, end=s.end)
        for s in timeline.titles(draft)
    ]
    comma = sentences(language)["format"]["comma"]
    shown = comma.join(items[:MOST_ITEMS])
    if len(items) > MOST_ITEMS:
        shown += f"{comma}+{len(items) - MOST_ITEMS}"
    return say("timeline.all", language, items=shown, length=draft.duration)


def unclear(texts: Sequence[str], anything_done: bool, language: str) -> str:
    """What was not understood, and what can be said instead."""
    if not anything_done:
        return say("unclear.all", language)
    shown = [text if len(text) <= 60 else text[:59] + "…" for text in texts]
    parts = [say("unclear.part", language, text=text) for text in shown]
    return join([*parts, say("unclear.instead", language)], language)


def later(features: Sequence[str], language: str) -> str:
    """What cannot be done yet."""
    names = [say(f"later.{feature}", language) for feature in dict.fromkeys(features)]
    return say("later.sentence", language, what=names) if names else ""


def _number(ms: int, language: str) -> str:
    """Seconds with at most two decimals, and the language's decimal mark."""
    mark = sentences(language)["format"]["decimal"]
    return f"{round(ms / 1000, 2):g}".replace(".", mark)


def _mood(name: str, language: str) -> str:
    return sentences(language).get("moods", {}).get(name, name)


def moods(language: str) -> list[str]:
    """The kinds of music, as the language calls them."""
    return [_mood(name, language) for name in MOODS]


def _spoken(key: str, value: Any, language: str) -> str:
    form = sentences(language)["format"]
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, (list, tuple)):
        words = [_mood(item, language) if key == "moods" else str(item) for item in value]
        if key == "order" or len(words) < 2:
            return form["comma"].join(words)
        return form["comma"].join(words[:-1]) + form["and"] + words[-1]
    if key == "volume":
        return form["percent"].format(n=round(float(value) * 100))
    if key == "mood":
        return _mood(str(value), language)
    if key in TIMES and isinstance(value, int):
        return seconds(value, language)
    if key in ("text", "before"):
        return form["quote"].format(text=value)
    return str(value)
