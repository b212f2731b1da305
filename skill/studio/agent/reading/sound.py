"""Music and loudness: "add lo-fi music at 30%", "小声一点", "use it as background music"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, CONTENT, NOUNS, Clause, past_blank
from skill.studio.agent.edits import (
    Later,
    Remove,
    SetFade,
    SetMusic,
    SetVolume,
    Target,
    UseAsMusic,
    Wish,
)  # fmt: skip
from skill.studio.agent.lexicon import Tag, load
from skill.studio.agent.message import fold
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.when import beside, grade
from skill.studio.generate import music

LOUDER, QUIETER = 1.5, 0.6
FADE = 2_000  # ms where nobody said how long
KIND_AFTER = ("es", "fr", "pt", "id", "ar")  # "música norteña"
LONGEST_KIND = 24  # characters
SOFT = 0.3  # of music that is to be quiet from the start
NOT_MINE = frozenset({"undo", "redo", "back", "clear", "trim"})


def read(clause: Clause, context: Context) -> Sequence[Wish] | None:
    if clause.verbs & NOT_MINE - {"trim"} or (
        clause.has("time", "range") and "trim" in clause.verbs
    ):
        return None
    if clause.has("half_of"):
        return None
    return (
        _use(clause)
        or _faded(clause)
        or _turned(clause)
        or _muted(clause)
        or _music(clause)
        or (_mood(clause) if clause.verbs & {"add", "generate", "use"} else None)
        or _loudness(clause)
        or _mood(clause)
        or _played(clause, context)
    )


def _use(clause: Clause) -> list[Wish] | None:
    """An upload as music."""
    purpose = clause.first("as_music")
    verbs = {"use", "make", "change", "add", "move", "hold", "keep"}
    if purpose is None or not (clause.verbs & verbs or clause.definite or clause.topic):
        return None
    level = _level(clause)
    if level is None and clause.has("quieter"):
        level = SOFT  # "use my song quietly in the background"
    said = targets.read(clause, clause.lead, purpose.start) if purpose.start > clause.lead else None
    if clause.language != "en" and said is None:
        said = targets.read(clause, purpose.end)
    sound_of = clause.has("sound_of")
    owned = clause.has("the", "it", "upload", "name")
    some = clause.has("something") and not owned  # "use some klezmer as background music"
    if clause.has("genre", "mood") or some or not (owned or (said and said.named)):
        return None  # "put chill music in the background" asks for music that is not there yet
    said = said or Target("upload")
    return [UseAsMusic(said, level, sound_of)]


def _turned(clause: Clause) -> list[Wish] | None:
    """ "make song.mp3 the background music", "use this for the music"."""
    noun = clause.noun()
    if noun is None or noun.concept != "music" or not clause.verbs & {"use", "make", "change"}:
        return None
    said = targets.read(clause, clause.lead, noun.start)
    if said is None or clause.has("genre", "mood", "other"):
        return None
    name = clause.has("name")
    return (
        [UseAsMusic(said, _level(clause), clause.has("sound_of"))] if name and said.words else None
    )


def _muted(clause: Clause) -> list[Wish] | None:
    if clause.has("mute") and not clause.has("unmute"):
        level = 0.0
        if clause.has("neg") and clause.all("neg")[0].end <= clause.all("mute")[0].start:
            return None
    elif clause.has("unmute"):
        level = 1.0
    else:
        return None
    return [SetVolume(_heard(clause), level=level)]


def _faded(clause: Clause) -> list[Wish] | None:
    """ "fade the music out over 3 seconds", "音乐淡入"."""
    ways = {str(tag.value) for tag in clause.all("fade")}
    about = clause.noun()
    named = clause.has("music") or (about is not None and about.concept in ("sound", "volume"))
    alone = clause.has("it") and about is None and not clause.unknown()
    if not ways or not (named or alone) or clause.has("title", "caption"):
        return None
    time = clause.first("time")
    length = int(time.value) if time is not None else FADE
    off = "remove" in clause.verbs or clause.has("neg")
    length = 0 if off else length
    if ways == {"in", "out"} and not clause.has("and"):
        # "fade the music out in the last seconds": the first of the two says how.
        words = clause.plain.replace("-", " ").split()
        ways = {min(ways, key=lambda way: words.index(way) if way in words else len(words))}
    into = length if ways & {"in", "both"} else None
    out = length if ways & {"out", "both"} else None
    timed = clause.has("music") and time is not None  # "in the last 3 seconds" is no last song
    return [SetFade(Target("music") if timed else _heard(clause), into, out)]


def _heard(clause: Clause) -> Target:
    """What a wish about sound is about: the music, a clip, or whatever there is."""
    noun = clause.noun()
    if clause.has("music"):
        said = targets.read(clause)
        return said if said and said.named and said.kind == "music" else Target("music")
    of = sound_of(clause)
    if of is not None:
        return of
    said = targets.read(clause)
    if said is not None and said.kind in ("clip", "photo", "upload", "any", "sound") and said.named:
        return Target("clip", said.ordinal, said.words)
    if clause.has("video", "photo"):
        return Target("clip", it=clause.has("it"))
    if clause.has("all"):
        return Target(all=True)
    if noun is not None and noun.concept == "sound":
        return Target("sound")
    return Target(it=True) if clause.has("it") else Target()


def sound_of(clause: Clause) -> Target | None:
    """The clip of "the sound of the storm"; None where none is named."""
    noun, of = clause.noun(), clause.first("sound_of")
    if clause.postposed:
        return None
    if of is None and noun is not None and noun.concept in ("sound", "volume"):
        after = past_blank(clause.plain, noun.end)
        of = next((t for t in clause.all("of") if t.start == after), None)
    said = targets.read(clause, of.end) if of is not None else None
    return Target("clip", said.ordinal, said.words) if said is not None and said.named else None


def _music(clause: Clause) -> list[Wish] | None:
    noun = clause.noun()
    if noun is None or noun.concept != "music":
        return None
    if clause.verbs & {"generate", "make", "add"} and _title_first(clause):
        return None
    said = targets.read(clause)
    change = _amount(clause)
    mood, like = _mood_of(clause, change is None)
    if "remove" in clause.verbs or clause.denied:
        target = said if said and said.named else Target("music")
        return [Remove((target,))]
    if (
        clause.verbs & {"keep", "move", "swap"}
        and not change
        and not clause.verbs & {"change", "replace"}
    ):
        return None
    existing = not clause.verbs & {"add", "generate"} or clause.definite_noun
    if mood is None and change is not None and existing:
        target = said if said and said.named and said.words else Target("music")
        return [SetVolume(target, *change)]
    other = clause.has("other", "replace", "again") or bool(clause.verbs & {"change", "replace"})
    owned = load(clause.language).pattern("own").search(clause.plain, clause.lead)
    placed = clause.verbs & {"add", "use"} and not clause.verbs & {"change", "replace"}
    if mood is None and owned and placed and not clause.unknown(owned.start(), noun.end):
        return [UseAsMusic(Target("music", own=True), _level(clause))]  # "put our song under it"
    if (
        mood is None
        and not other
        and not clause.verbs & {"add", "generate", "make", "change", "use"}
    ):
        bare = not clause.verbs and not clause.unknown()
        if not bare or clause.question:
            return None
    if clause.unknown() and mood is None and "make" in clause.verbs:
        return None
    if clause.has("later") and mood is None and not clause.verbs & {"add", "generate"}:
        return None
    like = like or (_unknown_kind(clause, noun) if mood is None else "")
    return [SetMusic(mood or "", _level(clause), other and mood is None, like)]


def _unknown_kind(clause: Clause, noun: Tag) -> str:
    """ "zydeco" of "add zydeco music": a word where a kind of music stands; "" where none does."""
    to = next((t for t in clause.all("to") if t.start >= noun.end), None)
    if clause.verbs & {"change", "replace"} and to is not None:
        words = clause.unknown(to.end)  # "change the music to ..."
    elif clause.language in KIND_AFTER:
        words = _run(clause, noun.end, len(clause.plain), 1)
    else:
        words = _run(clause, clause.lead, noun.start, -1)
    lexicon = load(clause.language)
    some = lexicon.pattern("any_kind").search(fold(words))
    return "" if some or len(words) > LONGEST_KIND else words


def _run(clause: Clause, start: int, end: int, step: int) -> str:
    """The unknown words that stand right at one end of a stretch (``step`` 1: its start)."""
    spaced = clause.language not in ("zh", "ja")
    word = rf"[^{re.escape(BLANK)}]{'+' if spaced else ''}"
    words = list(re.finditer(word, clause.plain[start:end]))[::step]
    run: list[str] = []
    for found in words:
        whole = clause.text[start + found.start() : start + found.end()]
        if whole == "的" and not run:
            continue
        if clause.unknown(start + found.start(), start + found.end()) != whole:
            break
        run.append(whole)
    return (" " if spaced else "").join(run[::step])


def _title_first(clause: Clause) -> bool:
    title, music = clause.first("title", "caption"), clause.first("music")
    return title is not None and music is not None and title.start < music.start


def _loudness(clause: Clause) -> list[Wish] | None:
    noun = clause.noun()
    about = noun.concept if noun else ""
    change = _amount(clause)
    if about in ("sound", "volume"):
        if "remove" in clause.verbs or clause.denied:
            return [SetVolume(_heard(clause), level=0.0)]
        if change is None:
            made = about == "sound" and "add" in clause.verbs and clause.unknown()
            return [Later("sounds")] if made else None  # "add rain sounds"
        return [SetVolume(_heard(clause), *change)]
    if change is None or about in ("title", "caption", "bars", "grain", "music"):
        return None
    # "the volume" is a measure ("half the volume"), and with a level it is what is set.
    measured = clause.has("loud") and change[0] is not None
    plain = measured or clause.has("louder", "quieter", "full", "decibel")
    if not plain and not (clause.has("half", "twice") and clause.has("loud")):
        return None
    if clause.has("time"):
        return None
    if not about and clause.has("bigger", "smaller") and change[1] is not None:
        return [SetVolume(Target(it=True), *change)]  # "大一点": of a title it is the size
    if about in ("video", "photo", "upload") or not clause.unknown():
        return [SetVolume(_heard(clause), *change)]
    return [SetVolume(_heard(clause), *change)] if clause.definite else None


def _mood(clause: Clause) -> list[Wish] | None:
    """ "something more upbeat", "add some lo-fi": a genre says that it is music."""
    if clause.noun() is not None:
        return None
    mood, like = clause.value("genre"), ""
    if mood is None and clause.has("something"):
        mood = clause.value("mood")
    if mood is None and clause.verbs and (clause.has("something") or not clause.has("a", "the")):
        near = _near(clause)
        mood, like = near if near and near[1] == clause.unknown() else (None, "")
    if mood is not None and not like:
        mood = music.read(_kept(clause, clause.all("genre", "mood"), True)) or mood
    played = clause.unknown()
    bare = not (like or clause.verbs or clause.question or clause.has("a", "the"))
    if bare and music.kind(clause.text) and music.kind(played) == fold(played):
        # "mellow guitar": an instrument says that it is music, too.
        return [SetMusic(str(music.read(clause.text)), _level(clause))]
    if mood is None or (not like and len(played.split()) > 1):
        return None
    if clause.verbs and not clause.verbs & {"add", "make", "change", "generate", "use", "replace"}:
        return None
    if played and not clause.verbs:
        return None
    level = _level(clause)
    if level is None and clause.has("quieter"):
        level = SOFT  # "add some mellow piano, not too loud"
    return [SetMusic(str(mood), level, like=like)]


def _played(clause: Clause, context: Context) -> list[Wish] | None:
    """ "play some zouk over it": what is played is music, of whatever kind."""
    play = load(clause.language).pattern("play").match(clause.plain, clause.lead)
    kind = clause.unknown()
    if play is None or clause.noun() is not None or not 0 < len(kind) <= LONGEST_KIND:
        return None
    return None if context.paints(kind) else [SetMusic(like=kind)]


def _mood_of(clause: Clause, plain: bool) -> tuple[str | None, str]:
    """The mood that words about music name, and the kind that it is only the nearest to.

    ``plain``: nothing is said of how loud it is, so that any word may be one of a mood.
    """
    denied = clause.first("neg", "less")
    tags = [
        t
        for t in sorted(clause.all("genre", "mood"), key=lambda tag: tag.start)
        if not (denied and denied.end <= t.start)
    ]
    changed = clause.has("change", "replace")
    to = max((t.end for t in clause.all("to") if changed), default=0)
    tags = [t for t in tags if t.start >= to] or tags
    named = music.read(_kept(clause, tags, plain)[to:])
    if named is None and tags:
        named = str(next((t for t in tags if t.concept == "genre"), tags[0]).value)
    if named is not None:
        return named, ""
    if clause.has("cinematic"):
        return "cinematic", ""
    if not plain:
        return None, ""
    # A word of a mood may look like something else in parts: "派对", "massive".
    things = (*NOUNS, *clause.verbs, "name", "quote", "mood", "genre")
    gone = [tag for tag in clause.tags if tag.concept in things]
    return _near(clause) or (music.read(_without(clause, gone)[to:]), "")


def _kept(clause: Clause, moods: Sequence[Tag], plain: bool) -> str:
    """The words of moods in a clause, and (``plain``) those that are no part of a command."""
    command = [t for t in clause.tags if t.concept not in CONTENT]
    words = list(_without(clause, command)) if plain else [" "] * len(clause.text)
    for tag in moods:
        words[tag.start : tag.end] = clause.text[tag.start : tag.end]
    return "".join(words)


def _without(clause: Clause, tags: Sequence[Tag]) -> str:
    """The text of a clause with blanks in place of some tags."""
    text = list(clause.text)
    for tag in tags:
        text[tag.start : tag.end] = " " * (tag.end - tag.start)
    return "".join(text)


def _near(clause: Clause) -> tuple[str, str] | None:
    """A kind of music that nobody composes here: the nearest mood, and the kind's own name."""
    found = [
        (match.end() - match.start(), mood, clause.text[match.start() : match.end()].strip())
        for mood, pattern in load(clause.language).values("near")
        for match in pattern.finditer(clause.plain)
    ]
    return max(found)[1:] if found else None


def _level(clause: Clause) -> float | None:
    """A volume that is named: 35%, "volume 40", half, full."""
    percent = clause.value("percent")
    if percent is not None:
        return float(percent)
    if clause.has("full"):
        return 1.0
    half = clause.first("half")
    if half is not None and (clause.has("volume") or beside(clause, half, "to")):
        return 0.5
    number = clause.value("number")
    if number is not None and clause.has("volume"):
        return float(number) / 100 if number > 1 else float(number)
    return None


def _amount(clause: Clause) -> tuple[float | None, float | None, float | None] | None:
    """(level, scale, change) of a volume; None where nothing is said of it."""
    up, down = clause.has("louder"), clause.has("quieter")
    decibel = clause.value("decibel")
    if decibel is not None:
        sign = -1 if down and decibel > 0 else 1
        return None, round(10 ** (sign * min(60.0, max(-60.0, decibel)) / 20), 4), None
    percent = clause.first("percent")
    by = percent is not None and (
        beside(clause, percent, "by") or _before(clause, percent, up or down)
    )
    if percent is not None and by and (up or down):
        return None, 1 + percent.value if up else max(0.0, 1 - percent.value), None
    level = _level(clause)
    if level is not None:
        return level, None, None
    if clause.has("twice"):
        return None, 2.0, None
    if clause.has("half"):
        return None, 0.5, None
    if up:
        return None, grade(clause, 1.2, LOUDER, 2.0), None
    if down:
        return None, grade(clause, 0.8, QUIETER, 0.4), None
    return None


def _before(clause: Clause, percent: Tag, changing: bool) -> bool:
    """ "20% louder", "降低20%": the share stands right beside the comparison."""
    if not changing:
        return False
    end = percent.end
    head = len(clause.plain[: percent.start].rstrip())
    if any(t.concept in ("louder", "quieter") and t.end == head for t in clause.tags):
        return True
    gap = end + len(clause.plain[end:]) - len(clause.plain[end:].lstrip())
    return any(t.concept in ("louder", "quieter") for t in clause.at(gap))
