"""What an instruction asks for: a step, an edit to say, a message to send."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skill.gui.clauses import Clause, lead_end, skipped
from skill.gui.lexicon import HIDDEN, LETTER, MARK, Lexicon
from skill.router.steps import Step

_EMPHASIS = re.compile(r"\*\*|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")
_LABEL = re.compile(rf"[\"“„‚「『«»`\[【']({HIDDEN}+)|{MARK}([{LETTER}][{LETTER} ]*)")
_CAPITALS = re.compile(r"\s*(?:on )?(?:the )?([A-Z]\w*(?: [A-Z]\w*){0,2})\b")


@dataclass(frozen=True)
class Meaning:
    """``step`` what is asked for; ``edit`` what can be said instead; ``message`` an edit that is
    asked for outright and says all that there is to say."""

    step: Step | None = None
    edit: str = ""
    message: str = ""


def meaning(
    clauses: list[Clause],
    number: int,
    sentence: str,
    masked: str,
    words: Lexicon,
    about: str = "",
) -> Meaning:
    """Understand the instruction in clauses[number]; ``about`` the thing told of before it."""
    clause = clauses[number]
    if clause.match is None:
        return Meaning()
    groups = clause.match.groupdict()
    start = clause.start
    span = clause.match.span("obj") if groups.get("obj") is not None else (0, 0)
    thing = masked[start + span[0] : start + span[1]]
    named = sentence[start + span[0] : start + span[1]]  # a button's name may stand in quotes
    why = ""
    if groups.get("why"):
        why = _slice(sentence, start, clause.match.span("why")) + _slice(
            sentence, start, clause.match.span("rest") if groups.get("rest") else (0, 0)
        )
    else:
        purpose = _purpose(clause, thing, words)
        if purpose:
            why = _slice(sentence, start + span[0], purpose.span("why"))
            thing, named = thing[: purpose.start("why")], named[: purpose.start("why")]
    why = why or _purpose_beside(clauses, number, sentence, masked, words)
    proviso = words.patterns["proviso"].search(thing)
    if proviso:
        thing, named = thing[: proviso.start()], named[: proviso.start()]
    cut = words.patterns["proviso"].search(words.mask(why))
    why = why[: cut.start()] if cut else why

    step = _step(clause.ask, thing, named, why, words)
    if step is not Step.SSE:
        return Meaning(step)
    noun = _noun(clauses, number, sentence, masked, words)
    if about and words.patterns["pronoun"].fullmatch(
        words.small(noun) or words.templates.get("it", "it")
    ):
        noun = about
    edit, message = _edit(clause, thing, named, why, noun, words)
    return Meaning(step, words.request(edit), words.request(message))


def _purpose(clause: Clause, thing: str, words: Lexicon) -> re.Match[str] | None:
    """What it is good for, said in the clause itself; its group is "why"."""
    if words.verb_last:
        return None  # it stands before or behind the clause, never between thing and verb
    found = words.patterns["purpose"].search(thing)
    if found is None and clause.ask in ("drag", "twice") and "inner" in words.patterns:
        return words.patterns["inner"].match(thing)  # "拖动片段重新排序": no word between
    return found


def _slice(sentence: str, start: int, span: tuple[int, int]) -> str:
    return sentence[start + span[0] : start + span[1]]


def _purpose_beside(
    clauses: list[Clause], number: int, sentence: str, masked: str, words: Lexicon
) -> str:
    """What it is good for, where the clauses beside say so: "To trim it, drag …"."""
    if number and clauses[number - 1].kind == "with ask":
        before = clauses[number - 1]
        text = masked[before.start : before.end]
        found = words.at_start("want", text, skipped(text))
        if found:
            return _slice(sentence, before.start, found.span("why"))
        lead = lead_end(text, 0, words)
        done = any(words.patterns[one].match(text, lead) for one in ("doing", "get"))
        if done and (words.at_start("imperative", text, lead) or lead > skipped(text)):
            return sentence[before.start + lead : before.end]
    for after in clauses[number + 1 :]:
        if after.kind != "follow-up":
            break
        text = masked[after.start : after.end]
        found = words.patterns["purpose"].search(text)
        if found:
            return _slice(sentence, after.start, found.span("why"))
        lead = lead_end(text, 0, words)
        if words.patterns["doing"].match(text, lead):
            return _chosen(sentence[after.start + lead : after.end], words)
    return ""


def _chosen(edit: str, words: Lexicon) -> str:
    """What an entry that is to be picked does: "choose Delete" -> "delete"."""
    picked = words.patterns["choosing"].match(words.small(edit))
    name = edit[picked.end() :].strip().strip(" *_`\"'“”「」.。") if picked else ""
    small = words.small(name)
    if any(words.patterns[one].match(small) for one in ("doing", "get", "upload")):
        return name[:1].lower() + name[1:]
    return "" if name.istitle() and " " not in name else edit


def _step(ask: str, thing: str, named: str, why: str, words: Lexicon) -> Step | None:
    """The step of an instruction: what it is done to decides first, then what for."""
    if ask == "drag":
        if words.meets("playhead", thing) or words.patterns["see"].match(words.mask(why)):
            return Step.STATUS  # the playhead, to look at a moment
        return Step.UPLOAD if _brings(thing, named, words) else Step.SSE
    if ask == "edit":
        return Step.UPLOAD if _brings(thing, named + why, words) else Step.SSE
    if ask == "did":
        return Step.STATUS
    if ask == "shut":
        return None
    if ask != "twice":
        if words.has("progress", thing):
            return Step.STATUS
        if ask == "account" or words.has("account", named):
            return Step.CREDITS
        if words.has("export", named):
            return Step.EXPORT
        if words.has("upload", named):
            return Step.UPLOAD
    hidden = words.mask(words.headed(why))
    if words.meets("keep", hidden):
        return None  # "save your project": nothing is ever unsaved here
    if words.has("upload", hidden):
        return Step.UPLOAD
    if words.patterns["doing"].match(hidden):
        return Step.SSE
    if words.has("account", hidden):
        return Step.CREDITS
    if words.patterns["get"].match(hidden) or words.has("export", hidden):
        return Step.EXPORT
    if ask == "tell":
        return Step.STATUS if words.has("seen", thing) else None
    if words.patterns["see"].match(hidden) or ask in ("see", "open", "screen"):
        return Step.STATUS
    label = _label(thing, named, words)
    if ask == "twice" or words.patterns["doing"].match(words.small(words.headed(label))):
        return Step.SSE
    if words.patterns["confirm"].match(words.small(label)) and why:
        return Step.SSE
    if words.patterns["see"].match(words.small(label)):
        return Step.STATUS
    return Step.STATUS if words.has("panel", thing) or words.has("place", thing) else None


def _brings(thing: str, named: str, words: Lexicon) -> bool:
    """Whether a file of the user's is what goes in."""
    stage = "stage" if "stage" in words.patterns else "place"
    return words.has("upload", named) or (words.has("bring", thing) and not words.has(stage, thing))


def _edit(
    clause: Clause, thing: str, named: str, why: str, noun: str, words: Lexicon
) -> tuple[str, str]:
    """(what can be said, a message that asks for all of it); each "" where there is none."""
    label = _label(thing, named, words)
    if words.patterns["confirm"].fullmatch(words.small(label)) and not words.has("spend", why):
        return "", words.headed(_plain(why, words))
    if words.patterns["doing"].match(words.mask(words.headed(why))):
        return _resolved(why, noun, words), ""
    if clause.ask == "drag":
        place = words.patterns["place_after"].search(thing)
        if place is None or not noun:
            slid = noun and words.has("control", thing)
            return _adjusted(noun, words) if slid else "", ""
        where = _plain(words.without_places(named), words)
        found = words.patterns["place_after"].search(words.mask(where))
        where = where[found.start("place") :] if found else named[place.start("place") :]
        slider = words.has("control", thing)
        if slider and not re.search(r"\d", where):
            return _adjusted(noun, words), ""
        moves = words.patterns["moves"].match(words.small(where))
        key = "set" if slider else "move" if moves else "put"
        return "", words.templates[key].format(object=noun, place=_plain(where, words))
    if words.patterns["doing"].match(words.small(words.headed(label))):
        return _resolved(label.lower() if label.istitle() else label, noun, words), ""
    return "", ""


def _adjusted(noun: str, words: Lexicon) -> str:
    """What a slider is for, where nobody says how far."""
    return words.templates["adjust"].format(object=noun) if "adjust" in words.templates else ""


def _label(thing: str, named: str, words: Lexicon) -> str:
    """The name on a button: quoted, emphasised, or in capitals right after the verb."""
    found = _LABEL.search(thing)
    if found:
        start, end = found.span(1) if found[1] else found.span(2)
        return named[start:end].strip().strip("*_`")
    found = words.patterns["shortcut"].search(thing) if "shortcut" in words.patterns else None
    if found and found.lastgroup:
        return words.templates[found.lastgroup]
    found = words.patterns.get("capitals", _CAPITALS).match(named)
    if found:
        return found[1]
    found = words.patterns["label"].match(thing)
    return named[found.start("label") : found.end("label")].strip() if found else ""


def _noun(clauses: list[Clause], number: int, sentence: str, masked: str, words: Lexicon) -> str:
    """What the hands are to be laid on: "the title", from this clause or the ones before."""
    for clause in reversed(clauses[: number + 1]):
        if clause.match is not None and clause.match.groupdict().get("obj") is not None:
            begin, end = clause.match.span("obj")
            begin, end = clause.start + begin, clause.start + end
        elif clause.kind == "with ask":
            begin, end = clause.start, clause.end
            imperative = words.patterns["soft"].search(masked, begin, end)
            if imperative is None:
                continue
            if words.verb_last:
                end = imperative.start()
            else:
                begin = imperative.end()
        else:
            break
        thing = masked[begin:end]
        purpose = _purpose(clause, thing, words)
        thing = thing[: purpose.start("why")] if purpose else thing
        at = skipped(thing)
        found = words.patterns["noun"].match(thing[at:])
        if not found:
            continue
        whole = sentence[begin + at + found.start("noun") :][: len(found["noun"])].strip()
        named = words.thing(whole)
        if named != whole:  # "el control de volumen" is "el volumen", "el botón Exportar" nothing
            if named:
                return named
            continue
        if words.meets("pane", found["noun"]):
            continue
        noun = _without_control(found["noun"], words)
        if noun == found["noun"] and (words.has("panel", noun) or _is_part(noun, words)):
            continue
        button = noun != found["noun"] and HIDDEN in noun and clause.ask != "drag"
        bare = words.articles and " " not in noun and not _stands_alone(noun, words)
        if noun and not button and not bare and MARK not in noun and not words.has("edit", noun):
            return words.name(whole[: len(noun)].strip())
    return ""


def _stands_alone(noun: str, words: Lexicon) -> bool:
    """Whether one word is enough of a name: "it", "clips"."""
    return any(words.patterns[name].fullmatch(noun) for name in ("pronoun", "object"))


def _is_part(noun: str, words: Lexicon) -> bool:
    """Whether it is only an edge or a corner of something."""
    parts = words.patterns["part"].finditer(noun) if "part" in words.patterns else ()
    return any(part.end() == len(noun.rstrip()) for part in parts)


def _without_control(noun: str, words: Lexicon) -> str:
    """ "the volume slider" -> "the volume"."""
    for name in ("control", "panel"):
        for last in words.patterns[name].finditer(noun):
            if last.end() == len(noun.rstrip()):
                noun = noun[: last.start()].rstrip()
    return noun


def _resolved(why: str, noun: str, words: Lexicon) -> str:
    """An edit in words that stand alone: "change it to …" -> "change the title to …"."""
    why = _plain(words.without_places(why), words)
    if words.common is not None and words.common.match(words.small(why)):
        why = why[:1].lower() + why[1:]  # "Die Farbe ändern"
    why = words.headed(why)
    why = why if why[1:2].isupper() else why[:1].lower() + why[1:]  # "BGM" stays
    hidden = words.mask(why)
    named = noun if not words.patterns["pronoun"].fullmatch(words.small(noun)) else ""
    if words.patterns["edit"].fullmatch(hidden):
        if words.patterns["alone"].fullmatch(hidden):
            return why
        return words.templates["join"].format(edit=why, object=named) if named else ""
    if named and "become" in words.patterns and words.patterns["become"].match(hidden):
        return words.templates["become"].format(edit=why, object=named)
    own = words.patterns["own"].match(hidden) if named and "own" in words.patterns else None
    if own:  # "change their order" -> "change the order of the clips"
        parts = {name: why[slice(*own.span(name))] for name in own.groupdict()}
        return words.templates["own"].format(object=words.owner(named), **parts)
    verb = words.patterns["edit"].match(hidden)
    if verb and not named and words.patterns["pronoun"].fullmatch(hidden[verb.end() :].strip()):
        # "Undo that" is clear; "lower it", and nobody knows what.
        return verb.group() if words.patterns["alone"].fullmatch(verb.group()) else ""
    found = words.patterns["pronoun"].search(hidden) if named else None
    return f"{why[: found.start()]}{named}{why[found.end() :]}" if found else why


def _plain(text: str, words: Lexicon) -> str:
    text = _EMPHASIS.sub("", text)
    text = " ".join(text.split()) if words.spaced else text.strip()
    return text.rstrip(" ,;:.!。，、；：！)）،؛।")
