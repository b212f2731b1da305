"""How one language talks of a screen: ``words/<language>.json``, compiled.

A file holds lists of words, and patterns over them: ``<name>`` in a pattern is any word of that
list, ``<LABEL>`` what is in quotes or emphasised, ``<W>`` one word, a space any run of space; in
a list ``*`` is any ending ("кнопк*"), ``~ar`` one of the endings of that name. ``forms`` makes an
edit something to say ("変更" -> "変更して"), ``ends`` a clause a sentence ("完了したので"),
``heads`` brings its verb to the front of an edit ("den Titel zu ändern" -> "ändern den Titel"),
``things`` makes the name of a control the name of what it controls, ``names`` and ``owners`` give
it the case that it has there. ``parts`` are patterns to use in patterns, ``loose`` what of a
spelling may be missing. ``common`` are words that tell the language. Adding a language is adding
a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from skill.gui.sentences import quotes

_HERE = Path(__file__).with_name("words")

# In a masked sentence: what is quoted, and where an emphasis (**, *, __, `) begins.
HIDDEN, MARK = "\x00", "\x02"
# The signs of a word: \\w, and the vowels of Devanagari and Arabic that are written as marks.
LETTER = r"\w\u0900-\u0963\u064b-\u0652"
_LABEL = f"(?:[\"'“„‘‚「『«»《`\\[【]{HIDDEN}|{MARK}[{LETTER}])"
_WORD = rf"[{LETTER}'’&%{MARK}-]+"
_WORD_OR_LABEL = rf"(?:{_WORD}|[\"“‘«`\[]{HIDDEN}+[\"”’»`\]])"
_SPACE = rf"[\s{MARK}]+"
_OPENING = r"\"'“„‘‚「『«»《`\[【"
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)|(?<=\S)([*_]{1,3})(?!\w)")
_BOLD = re.compile(r"\*\*(?=\S)[^*\n]+?(?<=\S)\*\*")  # also inside a text without spaces
_ENDING = re.compile(r"\\?~(\w+)")
_NAMED = re.compile(r"(?<!\?P)<(\w+)>")
# Who writes so; Japanese has Han letters too, and Korean may.
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u3096\u30a1-\u30fa]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("hi", re.compile("[\u0904-\u0939]")),
    ("ar", re.compile("[\u0620-\u064a]")),
)


class Patterns(Mapping[str, re.Pattern[str]]):
    """Patterns by name, each compiled when it is first looked for: most texts need few."""

    def __init__(self, sources: dict[str, str], compiled: Callable[[str], re.Pattern[str]]) -> None:
        self._sources = sources
        self._compiled = compiled
        self._ready: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        if name not in self._ready:
            self._ready[name] = self._compiled(self._sources[name])
        return self._ready[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, name: object) -> bool:
        return name in self._sources


@dataclass(frozen=True)
class Lexicon:
    """The compiled patterns of a language. ``asks`` are (kind, pattern, only_first)."""

    language: str
    spaced: bool
    articles: bool  # whether a noun has one, so that a word alone is no name of a thing
    verb_last: bool
    stop: str
    fold: dict[int, str]
    lead: re.Pattern[str]
    asks: tuple[tuple[str, re.Pattern[str], bool], ...]
    patterns: Patterns
    templates: dict[str, str]
    forms: tuple[tuple[re.Pattern[str], str], ...]
    ends: tuple[tuple[re.Pattern[str], str], ...]
    names: tuple[tuple[re.Pattern[str], str], ...]
    owners: tuple[tuple[re.Pattern[str], str], ...]
    heads: tuple[tuple[re.Pattern[str], str], ...]
    things: tuple[tuple[re.Pattern[str], str], ...]
    common: re.Pattern[str] | None

    def has(self, name: str, text: str) -> bool:
        """Whether a word of that list stands in the text."""
        return self.patterns[name].search(self.small(text)) is not None

    def meets(self, name: str, text: str) -> bool:
        """Whether a pattern that not every language has begins somewhere in the text."""
        return name in self.patterns and self.patterns[name].search(text) is not None

    def is_key(self, code: str) -> bool:
        """Whether `code` names keys to press, where a language knows their names."""
        return "keys" in self.patterns and bool(self.patterns["keys"].fullmatch(self.small(code)))

    def at_start(self, name: str, text: str, start: int = 0) -> re.Match[str] | None:
        """That pattern at ``start``, where the lead-in words ("please", "you can") end."""
        return self.patterns[name].match(text, start)

    def small(self, text: str) -> str:
        """The text in small letters and one spelling, as long as it is."""
        folded = text.translate(self.fold)
        lower = folded.lower()
        if len(lower) == len(folded):
            return lower
        # Letter by letter, because a few have a longer small form.
        return "".join(small if len(small := c.lower()) == 1 else c for c in folded)

    def request(self, edit: str) -> str:
        """An edit as one says it to somebody."""
        return _reshaped(edit, self.forms)

    def sentence(self, clause: str) -> str:
        """A clause that another followed, as a sentence of its own."""
        return _reshaped(clause, self.ends)

    def name(self, noun: str) -> str:
        """A thing as an edit names it: "титром" -> "титр"."""
        return _reshaped(noun, self.names)

    def owner(self, noun: str) -> str:
        """A thing as the owner of another: "порядок клипов"."""
        return _reshaped(noun, self.owners)

    def headed(self, edit: str) -> str:
        """An edit with its verb in front, and a pronoun that hung on the verb apart."""
        if not self.heads:
            return edit
        whole = edit.rstrip(" .!")
        headed = self._rebuilt(whole, self.heads)
        return edit if headed == whole else headed

    def thing(self, control: str) -> str:
        """What a control is for: "the volume slider" is for the volume."""
        return self._rebuilt(control, self.things)

    def _rebuilt(self, text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
        masked = self.mask(text) if rules else text
        for pattern, new in rules:
            found = pattern.fullmatch(masked)
            if found:
                spans = [found.span(group) for group in range(pattern.groups + 1)]
                return new.format(*(text[start:end] for start, end in spans))
        return text

    def topic(self, sentence: str) -> str:
        """The thing that a sentence tells of, as one names it again: "the title"; or ""."""
        if "topic" not in self.patterns or "topic" not in self.templates:
            return ""
        found = self.patterns["topic"].search(self.small(sentence))
        if not found:
            return ""
        topic = sentence[found.start("topic") : found.end("topic")]
        return self.templates["topic"].format(object=self.name(topic[:1].lower() + topic[1:]))

    def mask(self, sentence: str) -> str:
        """The sentence in small letters, as long as it is, quotations hidden, emphasis marked."""
        letters = list(self.small(sentence))
        for start, end in quotes(sentence):
            if sentence[start] == "`" and self.is_key(sentence[start + 1 : end - 1]):
                letters[start], letters[end - 1] = MARK, " "
                continue
            letters[start + 1 : end - 1] = HIDDEN * (end - start - 2)
        for found in _BOLD.finditer(sentence):
            if letters[found.start()] != HIDDEN:
                letters[found.start() : found.start() + 2] = " ", MARK
                letters[found.end() - 2 : found.end()] = "  "
        for found in _EMPHASIS.finditer(sentence):
            if letters[found.start()] == HIDDEN:
                continue
            letters[found.start() : found.end()] = " " * (found.end() - found.start())
            if found[1]:
                letters[found.end() - 1] = MARK
        return "".join(letters)

    def without_places(self, sentence: str) -> str:
        """The sentence without "in the Media panel", unless it describes a scene."""
        masked = self.mask(sentence)
        if self.has("shows", masked):
            return sentence
        pieces, at = [], 0
        for found in self.patterns["strip"].finditer(masked):
            rest = masked[found.end() :]
            before = masked[: found.start()]
            alone = " " not in before.strip()
            if not re.search(r"\w", rest) and (alone or self.meets("hanging", before)):
                continue  # "It is in the Media panel." would be no sentence without it
            pieces.append(sentence[at : found.start()])
            at = found.end()
        return "".join([*pieces, sentence[at:]])


def _reshaped(text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, replacement in rules:
        changed, count = pattern.subn(replacement, text, count=1)
        if count:
            return changed
    return text


def lexicon_for(sentence: str, language: str) -> Lexicon:
    """The lexicon by the script of a sentence, then by the session's language; else English."""
    name = language.lower().replace("_", "-").partition("-")[0]
    if not sentence.isascii():
        by_script = _written(sentence)
        if by_script:
            return load("ja" if by_script == "zh" and name == "ja" else by_script)
    english = load("en")
    if name == "en" or name not in _known() or any(name == code for code, _ in _SCRIPTS):
        return english
    own = load(name)
    return english if _is_in(english, own, sentence) else own


def _is_in(other: Lexicon, own: Lexicon, sentence: str) -> bool:
    """Whether a sentence is plainly in the other language."""
    if own.common is None or other.common is None or not other.common.search(sentence.lower()):
        return False
    masked = own.mask(sentence)
    return len(other.common.findall(masked)) > len(own.common.findall(masked))


def _written(sentence: str) -> str:
    """The language that the script outside quotations tells; "" for Latin letters."""
    outside, at = [], 0
    for start, end in quotes(sentence):
        outside.append(sentence[at:start])
        at = end
    outside.append(sentence[at:])
    for text in ("".join(outside), sentence):
        for name, script in _SCRIPTS:
            if script.search(text) and name in _known():
                return name
        if any(map(str.isalpha, text)):
            break
    return ""


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(file.stem for file in _HERE.glob("*.json"))


@lru_cache(maxsize=16)
def load(language: str) -> Lexicon:
    """Read and compile the words of a language."""
    data = json.loads((_HERE / f"{language}.json").read_text("utf-8"))
    spaced: bool = data["spaced"]
    fold = str.maketrans(data["fold"])
    bounded: bool = data.get("bounded", spaced)
    prefix, suffix = data.get("affixes", ("", ""))
    words = {
        name: _any([word.translate(fold) for word in listed], bounded, prefix, suffix)
        for name, listed in data["words"].items()
    }
    endings = data.get("endings", {})

    def ended(pattern: str) -> str:
        return _ENDING.sub(lambda found: f"(?:{endings[found[1]].translate(fold)})", pattern)

    words = {name: ended(listed) for name, listed in words.items()}
    loose = [(re.compile(strict), free) for strict, free in data.get("loose", ())]
    for strict, free in loose:
        words = {name: strict.sub(free, listed) for name, listed in words.items()}
    groups = {**words, "LABEL": _LABEL}
    # "the `Effects` tab": there a label stands where a word may.
    groups["W"] = _WORD_OR_LABEL if data.get("labelled", False) else _WORD

    def filled(pattern: str) -> str:
        pattern = ended(pattern.translate(fold))
        for strict, free in loose:
            pattern = strict.sub(free, pattern)
        return _NAMED.sub(lambda found: groups[found[1]], pattern)

    def compiled(pattern: str) -> re.Pattern[str]:
        ready = filled(pattern).replace(" ?", _SPACE[:-1] + "*").replace(" ", _SPACE)
        return re.compile(ready)

    for name, part in data.get("parts", {}).items():
        groups[name] = f"(?:{filled(part)})"
    # What stands before the verb: signs, but no quotation, and any number of lead-in words.
    lead = compiled(rf"[^{LETTER}{_OPENING}{HIDDEN}]*(?:<lead>[\s,，、،:：{MARK}]*)*")
    sources = {name: f"<{name}>" for name in words}
    for name, pattern in data.items():
        if isinstance(pattern, str) and name not in ("language", "stop"):
            sources[name] = pattern
    return Lexicon(
        language,
        spaced,
        data.get("articles", spaced),
        data.get("verb_last", False),
        data.get("stop", "." if spaced else "。"),
        fold,
        lead,
        tuple((kind, compiled(pattern), bool(first)) for kind, pattern, *first in data["asks"]),
        Patterns(sources, compiled),
        data["templates"],
        tuple((re.compile(pattern), new) for pattern, new in data.get("forms", ())),
        tuple((re.compile(pattern), new) for pattern, new in data.get("ends", ())),
        tuple((re.compile(pattern), new) for pattern, new in data.get("names", ())),
        tuple((re.compile(pattern), new) for pattern, new in data.get("owners", ())),
        tuple((compiled(pattern), new) for pattern, new in data.get("heads", ())),
        tuple((compiled(pattern), new) for pattern, new in data.get("things", ())),
        re.compile(_any([word.translate(fold) for word in data["common"]], bounded))
        if "common" in data
        else None,
    )


def _any(words: list[str], bounded: bool, prefix: str = "", suffix: str = "") -> str:
    if not words:
        return "(?!)"
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    listed = listed.replace("\\ ", " ").replace("\\*", f"[{LETTER}]*")
    if not bounded:
        return f"(?:{listed})"
    return f"(?<![{LETTER}]){prefix}(?:{listed}){suffix}(?![{LETTER}])"
