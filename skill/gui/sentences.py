"""Text -> lines and sentences, as far as they are complete: the first half of reading.

A sentence ends at its mark, not inside quotes ("Stop. Click here." in a title is one
piece), and everything is decided with a bounded look ahead, so that a text that comes
in pieces is cut exactly like the whole one, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUOTE = 200  # characters; a quotation mark without its partner is only a sign
LONGEST_SENTENCE = 2000  # characters; beyond it a text is no sentence, and is not judged

_CLOSING = {
    '"': '"',
    "'": "'",
    "`": "`",
    "“": "”",
    "„": "“",
    "‚": "‘",
    "‘": "’",
    "「": "」",
    "『": "』",
    "«": "»",
    "»": "«",
    "《": "》",
    "【": "】",
    "[": "]",
}
_STOP = re.compile("[" + re.escape("".join(_CLOSING)) + r".!?…。！？؟।]|(?<=\s)\d{1,2}[.)](?=\s)")
_LONGEST_STOP = 5  # characters, with those beside it: " 12. "
_ENDS = re.compile(r"[.!?…。！？؟।]{1,99}[\"'”’」』)\]）*_]{0,99}")
_MARKER = re.compile(
    r"\s*(?:[-*•–—●◦▪·+▶►→>]\s+|・\s*|\d{1,3}[.)）](?!\d)\s*|\d{1,3}、\s*|[①-⑳]\s*|\#{1,6}\s+"
    r"|(?:(?:step|paso|étape|schritt|passo|langkah)\s+\d{1,2}|第[一二三四五六七八九十\d]{1,3}步|(?:ステップ|手順|шаг|चरण|स्टेप|الخطوة)\s*\d{1,2}"
    r"|\d{1,2}\s*단계)\s*[:.)：、，-]\s*)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\W[a-z]\. [A-Za-z]\.")  # "z. B.", "u. a."
_BOLD_LINE = re.compile(r"\s*(\*\*|__)[^*_]+\1\s*[:：]?\s*$")
_NUMBER = re.compile(r"(\s*)(\d{1,3})([.)、]\s*)")


@dataclass(frozen=True)
class Line:
    """The beginning of a line: its list or heading marker, "" for a paragraph."""

    marker: str
    heading: bool = False
    verbatim: bool = False  # a table row or a line of code: never judged

    @property
    def item(self) -> bool:
        return bool(self.marker.strip()) and not self.heading

    @property
    def number(self) -> int | None:
        found = _NUMBER.fullmatch(self.marker)
        return int(found[2]) if found else None

    def numbered(self, number: int) -> Line:
        """The line with another number in its marker."""
        return Line(_NUMBER.sub(lambda found: f"{found[1]}{number}{found[3]}", self.marker))


@dataclass(frozen=True)
class Sentence:
    """A sentence and the space between it and the one before it on its line."""

    text: str
    gap: str = ""


@dataclass(frozen=True)
class Break:
    """The end of a line; two together are an empty line."""


Piece = Line | Sentence | Break


def quotes(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The (start, end) of what stands in quotes or brackets, with its marks."""
    end = len(text) if end is None else end
    at = start
    while at < end:
        found = _STOP.search(text, at, end)
        if not found:
            return
        at = found.start()
        close = _closing(text, at, end)
        if close:
            yield (at, close)
            at = close
        else:
            at += 1


def _closing(text: str, at: int, end: int) -> int:
    """The end of the quotation that begins at ``at``; 0 where none does."""
    mark = text[at]
    partner = _CLOSING.get(mark)
    if partner is None or (mark in "\"'" and at and _in_word(text[at - 1])):
        return 0
    limit = min(end, at + LONGEST_QUOTE)
    close = text.find(partner, at + 2, limit)
    if mark == "„" and text.find("”", at + 2, limit if close < 0 else close) >= 0:
        close = text.find("”", at + 2, limit)  # as some keyboards close it
    if mark in "'‘":
        # An apostrophe inside is no end: 'the dog's day'.
        while close >= 0 and close + 1 < len(text) and _in_word(text[close + 1]):
            close = text.find(partner, close + 1, limit)
    if close < 0 or (text[at + 1].isspace() and mark != "«"):  # « French »
        return 0
    return close + 1


def _in_word(letter: str) -> bool:
    """Whether an apostrophe beside it is part of a word; East Asian letters stand by quotes."""
    return letter.isalnum() and letter < "\u2e80"


class Cutter:
    """Cuts a text that comes in pieces. ``feed`` yields what is complete, ``close`` the rest."""

    def __init__(self) -> None:
        self._text = ""
        self._in_line = False
        self._fenced = False
        self._verbatim = False
        self._number = 0  # the last one of a list that goes on in its line: "1. … 2. …"
        self._look = 0  # how far the text was looked through for the end of a sentence

    def feed(self, text: str) -> Iterator[Piece]:
        self._text += text
        yield from self._cut(final=False)

    def close(self) -> Iterator[Piece]:
        yield from self._cut(final=True)

    def _cut(self, final: bool) -> Iterator[Piece]:
        text, at = self._text, 0
        while at < len(text):
            newline = text.find("\n", at)
            whole = final or newline >= 0
            end = len(text) if newline < 0 else newline
            if not self._in_line:
                # Long enough for a marker, and to tell a bold heading from a bold word.
                if not whole and end - at < LONGEST_QUOTE:
                    break
                if text[at:end].strip():
                    line = self._line(text[at : min(end, at + LONGEST_QUOTE)])
                    yield line
                    at += len(line.marker)
                    self._in_line = True
            if self._in_line and not self._verbatim:
                for sentence, after in self._sentences(text, at, end, whole):
                    yield sentence
                    at = after
            if not whole:
                break
            if self._in_line and text[at:end].strip():
                yield _sentence(text, at, end)
            yield Break()
            at = end + 1
            self._in_line = False
        self._text = text[at:]
        self._look = max(0, self._look - at)

    def _line(self, line: str) -> Line:
        self._number = 0
        fence = line.lstrip().startswith("```")
        self._verbatim = fence or self._fenced or line.lstrip().startswith("|")
        self._fenced ^= fence
        if self._verbatim:
            return Line("", verbatim=True)
        found = _MARKER.match(line)
        if found is None or found.end() == len(line):
            indent = line[: len(line) - len(line.lstrip())]
            return Line(indent, heading=bool(_BOLD_LINE.match(line)))
        result = Line(found.group(), heading=found.group().lstrip().startswith("#"))
        self._number = result.number or 0
        return result

    def _sentences(
        self, text: str, at: int, end: int, whole: bool
    ) -> Iterator[tuple[Sentence, int]]:
        """The sentences of text[at:end] that have an end, each with where it is."""
        start, look = at, max(at, self._look)
        while look < end:
            found = _STOP.search(text, look, end)
            if not found:
                self._look = max(look, end - _LONGEST_STOP)
                break
            self._look = found.start()
            look, mark, cut = found.start(), found.group(), 0
            if mark in _CLOSING:
                close = _closing(text, look, end)
                if not close and not whole and end - look <= LONGEST_QUOTE:
                    break  # its partner may still come
                look = close or look + 1
            elif mark[0].isdigit():
                # "1." after a mark, and then each number after the one before it.
                number = int(mark[:-1])
                before = text[start:look].rstrip()
                if number == self._number + 1 and (self._number or before.endswith((":", "："))):
                    self._number = number
                    cut = start + len(before) if before else 0
                    look = found.end()
                else:
                    look = found.end() - 1  # the full stop of "at 35."
            else:
                ends = _ENDS.match(text, look, end)
                look = ends.end() if ends else look + 1
                if not whole and end - look < 3:
                    break  # what follows decides
                cut = look if _is_end(text, look, end, mark) else 0
            if not cut and look - start > LONGEST_SENTENCE:
                cut = look
            if cut:
                yield _sentence(text, start, cut), cut
                start = cut


def _is_end(text: str, after: int, end: int, mark: str) -> bool:
    if mark in "。！？؟।" or after >= end:
        return True
    if not text[after].isspace():
        # Chinese with the other keyboard's marks: "好了!点击导出".
        return mark in "!?" and text[after] > "\u2e7f"
    if _SHORT.match(text, max(0, after - 3), min(end, after + 3)):
        return False
    following = text[after : min(end, after + 2)].strip()
    return not (following.islower() and mark in ".…")


def _sentence(text: str, start: int, end: int) -> Sentence:
    body = text[start:end]
    stripped = body.lstrip()
    return Sentence(stripped.rstrip(), " " if len(stripped) < len(body) else "")
