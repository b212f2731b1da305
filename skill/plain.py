"""What the backend says, made safe to print: the words stay, what drives a screen goes.

Taken out: terminal escapes with what they carry (CSI, OSC 8 and 52, DCS, APC, PM, SOS; the
8-bit forms too), control characters but tab and line feed, bidirectional overrides, embeddings
and isolates, tag characters, and characters that show nothing and carry hidden text.
Kept, where scripts and emoji need them and one at a time: joiners (U+200C, U+200D) after
letters beyond ASCII, selectors of emoji (U+FE0E, U+FE0F), and the marks of direction.
"""

from __future__ import annotations

import re

# ECMA-48 5.4 and 5.6; xterm ends OSC with BEL too. A string without its end stops at the line's
# end, so that a lost terminator costs a line and not the rest of the answer.
_ESCAPE = re.compile(
    r"""
      (?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f]) [^\x07\x1b\x9c\n]* (?:\x07|\x1b\\|\x9c)?
    | (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]?
    | \x1b [ -/]* [0-~]?
    """,
    re.VERBOSE,
)
# Tags, and the selectors that can carry hidden bytes: the beginning of plane 14.
_TAGS = f"{chr(0xE0000)}-{chr(0xE0FFF)}"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 but tab and line feed
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"  # shows nothing
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides, embeddings, isolates
    f"{_TAGS}]"
)
# Where they have no work to do they can carry hidden bits: beside each other, after ASCII
# (selectors: but for keycaps such as "1\ufe0f\u20e3").
_MARKS = re.compile("[\u061c\u200c-\u200f\ufe0e\ufe0f]+")
_IDLE = {
    **dict.fromkeys(
        "\ufe0e\ufe0f", re.compile('[\x00-"$-)+-/:-\x7f\u061c\u200c-\u200f\ufe0e\ufe0f]')
    ),
    **dict.fromkeys("\u200c\u200d", re.compile("[\x00-\x7f\u061c\u200c-\u200f]|\\Z")),
    **dict.fromkeys("\u061c\u200e\u200f", re.compile("[0-9A-Za-z\u061c\u200c-\u200f]")),
}  # mark -> what it has no work after; \Z: at the beginning of the text
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    f"\ud800-\udfff\U0001d173-\U0001d17a{_TAGS}]"
)
_TAIL = re.compile(
    r"(?:\r|\x1b[ -/]*|(?:\x1b\[|\x9b)[0-?]*[ -/]*"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*\x1b?)\Z"
)
_LONGEST_ESCAPE = 8192


def plain(text: str) -> str:
    """The text without what drives or deceives a screen; line ends become line feeds."""
    if not _SUSPECT.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = _INVISIBLE.sub("", _ESCAPE.sub("", text))
    return _SURROGATE.sub("\ufffd", _MARKS.sub(_working, text))


def _working(run: re.Match[str]) -> str:
    """The marks of a run that have work to do after what is kept of the text before them."""
    before = run.string[run.start() - 1 : run.start()]
    kept = ""
    for mark in run[0]:
        if not _IDLE[mark].match(kept[-1:] or before):
            kept += mark
    return kept


class Plain:
    """``plain`` for a text that comes in pieces: an escape may be cut between two of them."""

    def __init__(self) -> None:
        self._held = ""
        self._before = ""  # what was shown last; its end tells what a joiner joins

    def feed(self, piece: str) -> str:
        """What can be shown so far; the beginning of an escape is held back."""
        if not self._held and not _SUSPECT.search(piece):
            self._before = piece or self._before
            return piece
        text = self._held + piece
        tail = _TAIL.search(text, max(0, len(text) - _LONGEST_ESCAPE))
        cut = tail.start() if tail else len(text)
        self._held = text[cut:]
        return self._shown(text[:cut])

    def end(self) -> str:
        """What was held back, once nothing more will come."""
        held, self._held = self._held, ""
        return self._shown(held)

    def _shown(self, text: str) -> str:
        before = self._before[-1:]
        if before in ("\u200c", "\u200d"):  # it was kept, for it joined something
            before = f"\u00e9{before}"
        shown = plain(before + text)[len(before) :]
        self._before = shown or self._before
        return shown


def one_line(text: str, limit: int = 200) -> str:
    """A short plain text on one line, cut at ``limit`` characters."""
    words = " ".join(plain(text[: limit * 20]).split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


_SECRET = re.compile(r"(?i)\b(?:nmv|clm)_\w+|\bbearer\s+\S+|\beyJ[\w-]{10,}[.\w-]*")
_DUMP = re.compile(r"[<{]|Traceback \(most|File \"")


def said(message: str, limit: int = 160) -> str:
    """A server's own words about an error, on one line: no markup, dumps or secrets; or ""."""
    words = message[: limit * 20]
    dump = _DUMP.search(words)
    words = words[: dump.start()] if dump else words
    return _SECRET.sub("…", one_line(words, limit)).strip(" .:-")
