"""Titles: "put a title 'Dawn' at the top", "标题改成红色"."""

from __future__ import annotations

from collections.abc import Sequence

from skill.studio.agent import targets
from skill.studio.agent.clause import BLANK, VERBS, Clause, past_blank
from skill.studio.agent.edits import AddTitle, Ask, ChangeTitle, Target, Wish
from skill.studio.agent.lexicon import load
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.when import moment, style

CHANGING = frozenset(
    {"change", "replace", "move", "bigger", "smaller", "longer", "shorter", "louder", "quieter"}
)
NOT_MINE = frozenset({"remove", "keep_strong", "undo", "redo", "back", "trim", "clear", "swap"})
# What may follow a title's words without belonging to them.
TRAILING = frozenset(
    {
        "position", "color", "size", "time", "range", "whole", "start", "end", "until", "from_then",
        "bigger", "smaller", "percent", "bit", "number", "ordinal", "twice", "half", "much", "hold",
    }
)  # fmt: skip
# Of what is said in passing, what may be the words of a title: "add a title hello".
GREETINGS = ("hello", "thanks", "bye")
SMALL = frozenset(
    {"particle", "the", "a", "of", "to", "it", "with", "filler", "and", "video", "hold"}
)


def read(clause: Clause, _: Context) -> Sequence[Wish] | None:
    noun = clause.noun()
    quotes = clause.quotes()
    called = clause.has("call")
    about = noun is not None and noun.concept in ("title", "caption")
    written = any(t.concept == "write" for t in clause.at(clause.lead))
    about = about or (written and (noun is None or noun.concept in ("video", "photo")))
    if clause.verbs & NOT_MINE and not clause.verbs & {"change", "replace"}:
        return None
    if not about and not called and not _quoted(clause):
        return _it(clause)
    if noun is not None and noun.concept == "caption" and not quotes and clause.has("later"):
        return None
    when, look = moment(clause), style(clause)
    making = "make" in clause.verbs and "add" not in clause.verbs
    changing = bool(clause.verbs & CHANGING) or (making and not _new(clause))
    if len(quotes) > 1 and changing:
        old, new = str(quotes[0].value), str(quotes[-1].value)
        return [ChangeTitle(Target("title", words=old), new, when, look)]
    text = str(quotes[-1].value) if quotes else _text(clause, called)
    which = _which(clause)
    if text and changing and quotes and not clause.has("says", "to") and (look or when):
        # "make 'Dawn' red": the quote says which title, not what it is to say.
        return [ChangeTitle(Target("title", words=text), None, when, look)]
    if text and (changing or _of_the_title(clause)):
        return [ChangeTitle(which, text, when, look)]
    if text:
        if noun is not None and noun.concept == "caption" and look.position is None:
            look = type(look)("bottom", look.color, look.size, look.scale)
        return [AddTitle(text, when, look)]
    if (
        _new(clause)
        or ("add" in clause.verbs and not look and not when)
        or ("generate" in clause.verbs and not look and not when)
    ):
        return [Ask("title")] if not clause.has("later") else None
    if look or when:
        return [ChangeTitle(which, None, when, look)]
    if clause.has("later") or not clause.verbs & {"add", "change", "make", "replace"}:
        return None
    return [Ask("title")]


def _quoted(clause: Clause) -> bool:
    """Whether a quote stands where a title would: "put 'Hello' on the video"."""
    if not clause.quotes() or clause.has("as_music"):
        return False
    alone = not clause.unknown() and not clause.verbs and clause.noun() is None
    if alone and (moment(clause) or style(clause)):
        return True  # "... then 'Day 2' at the end", "and underneath, smaller, 'Day 2'"
    noun = clause.noun()
    other = noun is not None and noun.concept not in ("video", "photo")
    first = clause.quotes()[0].start
    before = noun is not None and noun.start < first
    return not other and not before and bool(clause.verbs & (CHANGING | {"add", "make"}))


def _it(clause: Clause) -> Sequence[Wish] | None:
    """ "make it red", "move it to the top": a colour or a place on the screen is a title's."""
    if clause.has("later"):
        return None
    if (
        clause.noun() is None
        and not clause.unknown()
        and ("hold" in clause.verbs or (clause.has("hold") and clause.has("to_end")))
        and clause.has("it")
    ):
        when = moment(clause)  # "show it for the whole video"
        if when.at == "whole" or when.length is not None or when.to_end:
            return [ChangeTitle(Target("title", it=True), None, when)]
    look = style(clause)
    sized = clause.has("bigger", "smaller") and not clause.has("louder", "quieter")
    if not (look.color or look.position or sized) or clause.noun() is not None or clause.unknown():
        return None
    sized = sized and not clause.has("shorter", "longer")
    sizing = clause.verbs & {"bigger", "smaller"} and sized  # "smaller, please"
    if (
        sizing
        or clause.verbs & {"make", "change", "move", "add"}
        or clause.has("it")
        or clause.inherited
    ):
        return [ChangeTitle(Target("title", it=True), None, moment(clause), look)]
    return None


def _new(clause: Clause) -> bool:
    """Whether it says "a title", "another title"."""
    noun = clause.first("title", "caption")
    if noun is None:
        return False
    if clause.postposed and not clause.definite_object and "add" in clause.verbs:
        # "加个红色标题": described before it is named.
        looks = clause.all("color", "size")
        if any(v.end <= t.start and t.end <= noun.start for v in clause.all("add") for t in looks):
            return True
    return any(
        t.concept in ("a", "another") and t.end <= noun.start
        and not clause.unknown(t.end, noun.start)
        for t in clause.tags
    )  # fmt: skip


def _of_the_title(clause: Clause) -> bool:
    """ "the title should be 'X'": about the one that is there."""
    noun = clause.first("title", "caption")
    first = clause.after_article
    return noun is not None and noun.start == first and clause.definite and clause.has("says")


def _which(clause: Clause) -> Target:
    noun = clause.first("title", "caption")
    if noun is None:
        return Target("title", it=True)
    if clause.has("all"):
        return Target("title", all=True)
    said = targets.read(clause, 0, noun.end)
    ordinal = said.ordinal if said is not None else None
    return Target("title", ordinal=ordinal, it=ordinal is None)


def _text(clause: Clause, called: bool) -> str:
    """Words of a title that stand without quotes; "" where there are none."""
    noun = clause.first("title", "caption")
    says = clause.first("call") if called else clause.first("says")
    if noun is None and says is None:
        says = next((t for t in clause.at(clause.lead) if t.concept == "write"), None)
        called = says is not None
    if noun is not None and says is None and clause.verbs & {"change", "replace"}:
        says = next((t for t in clause.all("to") if t.start >= noun.end), None)
    if says is not None and (noun is None or says.start >= noun.start or called):
        start, sure = says.end, True
    elif noun is not None:
        start, sure = noun.end, False
    else:
        return ""
    colon = clause.plain[start:].lstrip(" ")[:1] in (":", "=")
    end = _before_trailing(clause, start)
    text = clause.text[start:end].strip(BLANK)
    if not text:
        return ""
    known = not clause.unknown(start, end) and not text[0].isupper()
    if not sure and not colon:
        gap = start + len(clause.plain[start:]) - len(clause.plain[start:].lstrip(BLANK))
        # A particle is a word where words stand apart: "로" is none of "로마".
        apart = clause.language not in ("zh", "ja")
        led = {
            t.concept
            for t in clause.at(gap)
            if not (apart and clause.plain[t.end : t.end + 1].isalnum())
        }
        if _adding(clause) and _greets(clause, start):
            return text
        if _new(clause):
            led -= {"the"}  # "a title our summer"
        if known or led & {"particle", "of", "to", "it", "the", "with", "from_then", "hold"}:
            return ""
    # "make the title say red" has a text; "change the title to red" has a colour.
    plainly = "says" in {t.concept for t in clause.tags} or colon or called
    if known and not plainly and (style(clause) or moment(clause)):
        return ""
    return text


def _adding(clause: Clause) -> bool:
    """Whether a title is to be put there: "add a title ...", "title ..."."""
    return bool(clause.verbs & {"add", "generate"}) or _new(clause) or not clause.verbs


def _greets(clause: Clause, start: int) -> bool:
    """Whether a greeting follows at once, with no comma: words of a title, and no courtesy."""
    gap = past_blank(clause.plain, start)
    spoken = any(t.concept == "talk" and t.value in GREETINGS for t in clause.at(gap))
    return spoken and not clause.plain[start:gap].strip()


def _verb_cut(clause: Clause, start: int) -> int:
    """Where the words end, before a verb that stands last: "... を追加して", "... hinzu"."""
    end = len(clause.plain.rstrip(BLANK))
    if not load(clause.language).verb_last:
        return end
    first = past_blank(clause.plain, start) if _greets(clause, start) else -1
    while True:
        here = [
            t for t in clause.tags
            if t.end == end and t.start >= start and t.concept in VERBS | {"filler"}
            and t.start != first
        ]  # fmt: skip
        if not here:
            break
        end = len(clause.plain[: min(t.start for t in here)].rstrip(BLANK))
    whole = len(clause.plain.rstrip(BLANK))
    object_mark = load(clause.language).pattern("object")
    marks = [m for m in object_mark.finditer(clause.plain, start, end) if m.end() == end]
    return marks[0].start() if marks and end < whole else end


def _before_trailing(clause: Clause, start: int) -> int:
    """Where the words end and "at the top in red for 3 seconds" begins."""
    end = cut = _verb_cut(clause, start)
    whole, first = end, past_blank(clause.plain, start) if _greets(clause, start) else -1
    while True:
        here = [
            t for t in clause.tags
            if t.end == end and t.start > start and t.concept in TRAILING | SMALL
            and not clause.text[t.start].isupper() and t.start != first
        ]  # fmt: skip
        if not here:
            return cut
        tag = min(here, key=lambda t: t.start)
        # "at the bottom left" is "at the bottom" and "bottom left".
        over = [t for t in clause.all("position") if start < t.start < tag.start < t.end]
        tag = min([tag, *over], key=lambda t: t.start)
        end = len(clause.plain[: tag.start].rstrip(BLANK))
        placed = any(t.concept in ("it", "video") for t in here) and any(
            t.concept == "particle" and t.end == end for t in clause.tags
        )  # "on it", "on the video"
        trailing = placed or cut < whole
        if any(t.concept in TRAILING for t in here):
            trailing = True
        if trailing:
            cut = end
