"""The whole answer, or its pieces as they come: what is left reads like a person wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from skill.gui.lexicon import lexicon_for
from skill.gui.reading import Reading, read
from skill.gui.sentences import Break, Cutter, Line, Piece, Sentence
from skill.phrases import say
from skill.plain import plain
from skill.router.steps import Step

_NUMBER = re.compile(r"(\d{1,2})([.)] )")
_PARAGRAPH = 2  # line breaks; more of them say no more


@dataclass(frozen=True)
class Translation:
    """An answer without its screen.

    ``actions`` what it asked for, each once, in order. ``message`` an edit that it wants
    done outright ("drag the clip to the start"), "" where there is none. ``finishes``
    whether it names the export as the thing to do now, not as something for later.
    """

    text: str
    actions: tuple[Step, ...] = ()
    message: str = ""
    finishes: bool = False


def translate(text: str, language: str = "en") -> Translation:
    """Take the screen out of an answer. Linear in its length; never raises."""
    translator = Translator(language)
    shown = translator.feed(plain(text)) + translator.close()
    return translator.translation(shown)


@dataclass
class _Item:
    """A line of a list: its sentences, and the line breaks before it."""

    line: Line
    breaks: int
    sentences: list[Sentence] = field(default_factory=list)


class Translator:
    """``translate`` for a text that comes in pieces: the same words in the same order.

    A sentence comes out when it is whole, a list when it has ended, and a heading
    when it is known whether anything is left under it.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._cutter = Cutter()
        self._line = Line("")
        self._marker = ""
        self._list: list[_Item] = []
        # (breaks before it, its text, whether it ends with a colon: then it speaks of the next
        # sentence or list alone, else of everything up to the next heading)
        self._headings: list[tuple[int, str, bool]] = []
        self._gone = False  # whether something went since what was kept last
        self._after_ask = False
        self._breaks = 0  # the longest run of line breaks since what was kept last
        self._run = 0
        self._shown = False
        self._missing = 0  # how many have gone of a list that goes on in its line
        self._out: list[str] = []
        self._last_edit = ""
        self._about = ""  # the thing that the content speaks of last: "the title"
        self._steps: list[Step] = []
        self._message = ""
        self._finishes = False

    def feed(self, text: str) -> str:
        """What can be shown now, "" where nothing new can."""
        for piece in self._cutter.feed(text):
            self._take(piece)
        return self._flush()

    def close(self) -> str:
        """The rest, once the answer has ended."""
        for piece in self._cutter.close():
            self._take(piece)
        self._end_list()
        self._end_headings()
        return self._flush()

    def translation(self, text: str) -> Translation:
        """What the whole answer came to; ``text`` is what was shown of it."""
        steps = tuple(dict.fromkeys(self._steps))
        return Translation(text, steps, self._message, self._finishes)

    def _flush(self) -> str:
        shown = "".join(self._out)
        self._out.clear()
        return shown

    def _take(self, piece: Piece) -> None:
        if isinstance(piece, Break):
            self._run += 1
            self._breaks = max(self._breaks, self._run)
            return
        if isinstance(piece, Line):
            self._run = 0
            if piece.item:
                self._list.append(_Item(piece, self._breaks))
                self._breaks = 0
            else:
                self._end_list()
                if piece.heading:
                    self._end_headings()
                self._marker = piece.marker
            self._line = piece
        elif self._line.item:
            self._list[-1].sentences.append(piece)
        elif self._line.verbatim:
            self._keep(piece.text, "")
        elif self._line.heading:
            self._hold(piece.text, piece.text.rstrip(" *_").endswith((":", "：")))
        else:
            self._sentence(piece)

    def _sentence(self, sentence: Sentence) -> None:
        if self._gone and not re.search(r"\w", sentence.text):
            return  # the emoji that followed an instruction
        headings = list(self._headings)
        number = _NUMBER.match(sentence.text)  # a list that goes on in its line
        begin = number.end() if number else 0
        text = self._read(sentence.text[begin:], "ask" if self._after_ask else "")
        if number:
            self._missing = 0 if int(number[1]) == 1 else self._missing
            self._missing += not text
            text = f"{int(number[1]) - self._missing}{number[2]}{text}" if text else ""
            self._headings = headings  # it may speak of the next ones
        if text.endswith((":", "：")):
            self._hold(sentence.gap + text if not self._breaks else text, True)
        elif text:
            self._keep(text, sentence.gap)

    def _read(self, text: str, before: str) -> str:
        """The words that are left of a sentence; its steps are noted."""
        words = lexicon_for(text, self._language)
        reading = read(text, words, before, self._about)
        if reading.kept:
            self._about = words.topic(reading.kept)
        self._after_ask = reading.asked
        self._steps += reading.steps
        self._message = self._message or reading.message
        self._finishes |= reading.finishes
        left = self._words_of(reading, text)
        if not left:
            self._gone = True
            while self._headings and self._headings[-1][2] and not self._list:
                self._headings.pop()
        return left

    def _words_of(self, reading: Reading, original: str) -> str:
        """The content, and what can be said instead of what was to be done by hand."""
        if not reading.asked:
            return self._undangled(reading.kept) if self._gone else reading.kept
        parts = [reading.kept] if reading.kept else []
        words = lexicon_for(original, self._language)
        end = original.rstrip(" *_")[-1:]
        for edit in reading.edits:
            if edit != self._last_edit:
                mark = words.stop if end and end in "!！" else end if end in ".。।" else ""
                parts.append(say("gui.say", words.language, edit=edit) + mark)
            self._last_edit = edit
        if Step.UPLOAD in reading.steps:
            parts.append(say("gui.upload", words.language))
        return (" " if words.spaced else "").join(parts)

    def _undangled(self, text: str) -> str:
        """Without the "Then," that spoke of a sentence which has gone."""
        words = lexicon_for(text, self._language)
        found = words.at_start("dangling", words.small(text))
        rest = text[found.end() :].lstrip(" ,，、،") if found else ""
        if not rest:
            return text
        return rest[:1].upper() + rest[1:] if words.spaced else rest

    def _hold(self, text: str, colon: bool) -> None:
        self._headings.append((self._breaks, self._take_marker() + text, colon))
        self._breaks, self._gone = 0, False

    def _keep(self, text: str, gap: str) -> None:
        for breaks, heading, _ in self._headings:
            self._write(breaks, "", heading)
        self._headings.clear()
        self._write(self._breaks, gap, self._take_marker() + text)
        self._breaks, self._gone = 0, False

    def _take_marker(self) -> str:
        marker, self._marker = self._marker, ""
        return marker

    def _write(self, breaks: int, gap: str, text: str) -> None:
        if self._shown:
            self._out.append("\n" * min(breaks, _PARAGRAPH) or gap)
        else:
            text = text.lstrip()
        self._out.append(text)
        self._shown = True

    def _end_headings(self) -> None:
        """Headings that nothing was kept under go, if something under them went."""
        if not self._gone:
            for breaks, heading, _ in self._headings:
                self._write(breaks, "", heading)
        self._headings.clear()

    def _end_list(self) -> None:
        items, after = self._list, self._breaks
        if not items:
            return
        self._breaks = items[0].breaks
        kept = 0
        for item, text in self._items(items):
            self._breaks = max(self._breaks, item.breaks)
            self._marker = item.line.marker
            self._keep(text, "")
            kept += 1
        self._list = []
        if not kept:
            self._gone = True
            while self._headings and self._headings[-1][2]:
                self._headings.pop()
        self._breaks = max(self._breaks, after)

    def _items(self, items: list[_Item]) -> Iterator[tuple[_Item, str]]:
        """The lines of a list that are left, numbered anew where some went."""
        # "1. Choose a size 2. Click Export": one click makes all of it instructions.
        steps = any(
            read(sentence.text, lexicon_for(sentence.text, self._language)).asked
            for item in items
            if item.line.number is not None
            for sentence in item.sentences
        )
        number = next((item.line.number for item in items if item.line.number is not None), None)
        gone = False
        for item in items:
            counted = item.line.number is not None and number is not None
            left: list[str] = []
            for sentence in item.sentences:
                follows = "ask" if sentence is not item.sentences[0] and self._after_ask else ""
                text = self._read(sentence.text, "list" if counted and steps else follows)
                if text:
                    left.append((sentence.gap if left else "") + text)
            if not left:
                gone = True
                continue
            if counted and number is not None:
                item.line = item.line.numbered(number) if gone else item.line
                number += 1
            yield item, "".join(left)
