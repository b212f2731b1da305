"""What is not about video: "write me a poem", "book a flight", "帮我翻译". It changes nothing.

Its words are the section "aside" of a language: "act" is what is never a wish for
a video, "text" what people have written for them, and "ask" verbs that ask for it
beyond "write" and "make".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skill.studio.agent.clause import NOUNS, VERBS, Clause, past_blank
from skill.studio.agent.edits import Talk, Wish
from skill.studio.agent.lexicon import Lexicon, load
from skill.studio.agent.reading.context import Context
from skill.studio.agent.reading.description import MAKING

ELSEWHERE = Talk("elsewhere")
COURTESY = ("hello", "thanks", "praise", "yes", "bye")
# So many other words may stand between the verb and what is to be written or made.
WRITTEN, MADE = 4, 1
Place = tuple[int, int]


def read(clause: Clause, _: Context) -> Sequence[Wish] | None:
    """A task for somebody else; a wish for a clip or a title about it is none."""
    for lexicon in _lexicons(clause):
        if any(_free(clause, place) for place in _acts(clause, lexicon)):
            return [ELSEWHERE]
        if not clause.quotes() and _asks_for_text(clause, lexicon):
            return [ELSEWHERE]
    return None


def stranger(clause: Clause) -> bool:
    """Whether a question is about nothing that is made or done here."""
    words = clause.unknown()
    many = len(words.split()) > 1 or (not clause.latin and len(words) > 2)
    if not many or not _free(clause):
        return False
    articles = {(t.start, t.end) for t in clause.all("the")}
    if any((t.start, t.end) not in articles for t in clause.all("it")):
        return False
    asked = [t.end for t in clause.at(clause.lead) if t.concept in ("question", "how_to")]
    after = past_blank(clause.plain, max(asked, default=clause.lead))
    return not {t.concept for t in clause.at(after)} & (VERBS - MAKING - {"hold", "use"})


def _lexicons(clause: Clause) -> list[Lexicon]:
    """Of its own language, and English in a script that is not Latin."""
    return [load(clause.language)] + ([] if clause.latin else [load("en")])


def _acts(clause: Clause, lexicon: Lexicon) -> Iterator[Place]:
    """Where a task stands: first, or last where verbs do."""
    anywhere = clause.postposed and clause.definite_object  # "把这个翻译成法语"
    for found in lexicon.pattern("aside", "act").finditer(clause.plain):
        first = found.start() <= clause.lead < found.end()  # "help me" may be courtesy, too
        last = lexicon.verb_last and not clause.unknown(found.end())
        if first or last or anywhere:
            yield found.span()


def _asks_for_text(clause: Clause, lexicon: Lexicon) -> bool:
    """ "write a short poem about bread", "写一首关于面包的诗", "a poem"."""
    found = next(lexicon.pattern("aside", "text").finditer(clause.plain), None)
    if found is None:
        return False
    place = found.span()
    if clause.after_article == place[0] and clause.unknown() == clause.unknown(*place):
        return _free(clause, place)  # the text and nothing else
    start, most = _verb_end(clause, lexicon)
    if start is None or place[0] < start:
        return False
    if clause.postposed:
        # What describes it stands before it: "关于面包的诗".
        counted = max((t.end for t in clause.at(start) if t.concept == "a"), default=start)
        ends = most == WRITTEN and not clause.unknown(place[1])
        return ends and _free(clause, (clause.lead, counted), place)  # "一首" may be a song
    between = clause.part(start, place[0])
    shown = most == MADE and lexicon.pattern("ongoing").search(between.plain)
    if len(between.unknown().split()) > most or shown:
        return False
    # "a 500-word essay", "a photo essay": what is written, and no title and no photo.
    return _free(clause, (start, place[1]) if most == WRITTEN else place)


def _verb_end(clause: Clause, lexicon: Lexicon) -> tuple[int | None, int]:
    """Where the verb that asks for it ends, and how many words may follow before it."""
    ask = lexicon.pattern("aside", "ask").match(clause.plain, clause.lead)
    if ask is not None:
        return past_blank(clause.plain, ask.end()), WRITTEN
    here = clause.at(clause.lead)
    for concept, most in (("write", WRITTEN), ("generate", MADE), ("make", MADE)):
        ends = [t.end for t in here if t.concept == concept]
        if ends:
            return past_blank(clause.plain, max(ends)), most
    return None, 0


def _free(clause: Clause, *places: Place) -> bool:
    """Whether nothing beside some stretches is about the video, its sound or this studio."""
    beside = [
        t for t in clause.tags if all(t.end <= start or t.start >= end for start, end in places)
    ]
    return not any(
        t.concept in NOUNS or (t.concept == "talk" and t.value not in COURTESY) for t in beside
    )
