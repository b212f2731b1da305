"""A stream of the agent -> one turn: ``decode`` (bytes to events) and ``read_turn``.

``read_turn`` follows the rule that held on the recordings (protocol.md, "The stream"): partial
texts are kept by author and branch; of a whole text only what goes beyond them is new.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json.scanner import make_scanner
from typing import Any

from skill.plain import Plain, said
from skill.sse import Event, Events, blocks, decode

__all__ = ["Event", "Turn", "TurnReader", "decode", "read_turn"]

# Bytes to remember of the end of a stream: an unfinished comment may stand there.
_TAIL = 256


@dataclass
class Turn:
    """One answer of the agent.

    ``text`` is plain and has no white space around it. ``error`` is what the backend reported,
    in words, with ``error_code``; it may stand beside a text. ``skipped`` counts frames that
    are no events. ``cut``: the stream ended inside an event or a partial text.
    """

    text: str = ""
    error: str | None = None
    error_code: int | str | None = None
    state_delta: dict[str, Any] = field(default_factory=dict)
    events: int = 0
    heartbeats: int = 0
    skipped: int = 0
    cut: bool = False


def read_turn(chunks: Iterable[bytes]) -> Turn:
    """Read a whole stream as one turn. Raises EventTooLarge."""
    reader = TurnReader()
    events = Events()
    for text in blocks(reader.watch(chunks)):
        for event in events.of(reader.take_pieces(text)):
            reader.take(event)
    return reader.finish()


class TurnReader:
    """One turn, event by event. ``on_text`` gets the text in pieces as they become certain.

    The pieces together are the turn's text. Texts of two authors that come at the same time
    are put one after the other, in the order in which they began.
    """

    def __init__(self, on_text: Callable[[str], None] | None = None) -> None:
        self.turn = Turn()
        self._on_text = on_text
        self._messages: list[_Message] = []  # those whose text is not all out
        self._open: dict[tuple[str, str], _Message] = {}
        self._tool_since_text = False
        self._shown: list[str] = []
        self._held = ""
        self._errors: set[str] = set()
        self._tail = b""

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks as they are, with an eye on where the stream ends."""
        for chunk in chunks:
            self._tail = (self._tail + chunk)[-_TAIL:] if len(chunk) < _TAIL else chunk[-_TAIL:]
            yield chunk

    def take(self, event: Event) -> bool:
        """Take in an event; whether it was more than a heartbeat or junk."""
        data = event.data
        short = data.strip() if len(data) < 32 else data
        if not short or short in _HEARTBEATS or event.event in _HEARTBEATS:
            self.turn.heartbeats += 1
            return False
        try:
            frame = _read_json(data)
        except (ValueError, RecursionError):
            frame = _unescaped(data)
        if not isinstance(frame, dict):
            known = False
        elif len(frame) == 1 and frame in _HEARTBEATS_JSON:
            self.turn.heartbeats += 1
            return False
        else:
            known = self._frame(frame)
        if not known:
            self.turn.skipped += 1
            return False
        self.turn.events += 1
        return True

    def take_pieces(self, text: str) -> str:
        """Take in what nearly all of a stream is, and give back the rest.

        ``text`` is whole blocks. Taken are the events at its beginning that are one line of data
        each, and in it one piece more of the text under way.
        """
        if len(self._open) != 1 or len(self._messages) != 1:
            return text
        ((author, branch), message), *_ = self._open.items()
        if branch or self._messages[0] is not message:
            return text
        if text.count("\n") != 2 * text.count(_NEXT):
            return text
        pieces: list[str] = []
        at, end = 0, len(text)
        try:
            while text.startswith(_DATA, at):
                frame, stop = _read_at(text, at + len(_DATA))
                (part,) = frame["content"]["parts"]
                piece = part["text"]
                if (
                    frame["partial"] is not True
                    or len(part) > 1
                    or type(piece) is not str
                    or (frame.get("author") or "") != author
                    or not _SPECIAL.isdisjoint(frame)
                    or not (text.startswith(_NEXT, stop) or stop == end)
                ):
                    break
                pieces.append(piece)
                at = stop + 2
        except (ValueError, StopIteration, RecursionError, LookupError, TypeError, AttributeError):
            pass  # no frame of that kind
        if pieces:
            self.turn.events += len(pieces)
            self._tool_since_text = False
            message.add("".join(pieces))
            self._advance()
        return text[at:]

    def finish(self) -> Turn:
        """The turn, once the stream has ended."""
        tail = self._tail.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = tail.rpartition(b"\n\n")[2].split(b"\n")
        unfinished = any(line and line[:1] != b":" and not _is_heartbeat(line) for line in lines)
        self.turn.cut = self.turn.error is None and (bool(self._open) or unfinished)
        for message in self._messages:
            message.end()
        self._open.clear()
        self._advance()
        apology = _last_apology(self._held, 0 if self._shown else 1)
        if apology is None:
            self._show(self._held.rstrip())
        else:
            self._show(self._held[:apology].rstrip())
        self._held = ""
        self.turn.text = "".join(self._shown)
        if self.turn.text and self.turn.error and _APOLOGY.search(self.turn.error):
            self.turn.error = self.turn.error_code = None
        return self.turn

    def _frame(self, frame: Mapping[str, Any]) -> bool:
        """Take in a frame; False where it is of no known shape."""
        known = False
        if frame.get("author") != "user":
            content = frame.get("content")
            parts = content.get("parts") if isinstance(content, dict) else None
            if isinstance(parts, list):
                known = True
                self._parts(frame, parts)
        actions = frame.get("actions")
        if isinstance(actions, dict):
            known = True
            for name in ("stateDelta", "state_delta"):
                delta = actions.get(name)
                if isinstance(delta, dict):
                    self.turn.state_delta.update(delta)
        if frame.get("turnComplete", frame.get("turn_complete")) is True:
            for message in self._open.values():
                message.end()
            self._open.clear()
            self._advance()
        if not frame.keys().isdisjoint(_ERRORS) and self._error(frame):
            return True
        return known or "author" in frame

    def _parts(self, frame: Mapping[str, Any], parts: list[Any]) -> None:
        texts: list[str] = []
        for part in parts:
            if not isinstance(part, dict):
                continue
            text = part.get("text")
            if isinstance(text, str) and not part.get("thought"):
                texts.append(text)
            elif any(name in part for name in _TOOLS):
                self._tool_since_text = True
        if text := "".join(texts):
            key = (str(frame.get("author") or ""), str(frame.get("branch") or ""))
            self._text(key, text, frame.get("partial") is True)

    def _text(self, key: tuple[str, str], text: str, partial: bool) -> None:
        message = self._open.get(key)
        if message is None:
            message = _Message(after_tool=self._tool_since_text)
            self._messages.append(message)
            if partial:
                self._open[key] = message
        self._tool_since_text = False
        if partial:
            message.add(text)
        else:
            self._open.pop(key, None)
            beyond = _beyond(message.raw(), text)
            if beyond is None:  # another text than the partial ones
                other = _Message(after_tool=False)
                other.add(text)
                other.end()
                self._messages.insert(self._messages.index(message) + 1, other)
            else:
                message.add(beyond)
            message.end()
        self._advance()

    def _error(self, frame: Mapping[str, Any]) -> bool:
        code = frame.get("errorCode", frame.get("error_code"))
        words = frame.get("errorMessage", frame.get("error_message"))
        error = frame.get("error")
        if code is None and words is None and isinstance(error, dict):
            code, words = error.get("code"), error.get("message")
        elif code is None and words is None and isinstance(error, str):
            words = error
        elif code is None and words is None and "content" not in frame:
            words = frame.get("detail")
        if code is None and words is None and "content" not in frame:
            number = frame.get("code")  # an answer of the REST kind, in a stream
            if isinstance(number, int) and number not in (0, 200):
                code, words = number, frame.get("message", frame.get("detail"))
        words = words if isinstance(words, str) else ""
        code = code if isinstance(code, (int, str)) and not isinstance(code, bool) else None
        if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 9:
            code = int(code)
        if not words and code in (None, "", "STOP"):
            return False
        if not words:
            words = f"The backend reported an error ({said(str(code))})."
        else:
            words = said(words, 500) or "The backend reported an error."
        if words not in self._errors:
            self._errors.add(words)
            known = self.turn.error
            self.turn.error = words if known is None else f"{known}\n{words}"
            if self.turn.error_code is None:
                self.turn.error_code = code
        return True

    def _advance(self) -> None:
        """Show what the first unfinished message has, and all before it."""
        while self._messages:
            message = self._messages[0]
            if text := message.take():
                if not message.begun:
                    message.begun = True
                    text = self._between(text, message.after_tool) + text
                self._hold(text)
            if not message.ended:
                return
            self._messages.pop(0)

    def _between(self, text: str, after_tool: bool) -> str:
        """What parts a message from the one before: an empty line, unless it goes on from it."""
        before = (self._held or (self._shown[-1] if self._shown else ""))[-1:]
        if not before or before.isspace() or text[0].isspace():
            return ""
        new = after_tool or before in _SENTENCE_ENDS or text[0].isupper()
        return "\n\n" if new else ""

    def _hold(self, text: str) -> None:
        """Show a text but for its end, where that may have to go."""
        text = self._held + text
        if not self._shown:
            text = text.lstrip()
        if "I" not in text and text[-1:].strip():  # nothing that may have to go: nearly always
            self._held = ""
            self._show(text)
            return
        found = _APOLOGY.search(text, max(0 if self._shown else 1, len(text) - _HELD))
        keep = found.start() if found else len(text)
        begun = text.rfind("I", max(0, len(text) - _APOLOGY_LENGTH))
        if begun >= 0 and any(phrase.startswith(text[begun:]) for phrase in _APOLOGIES):
            keep = min(keep, begun)
        shown = text[:keep].rstrip()
        if keep - len(shown) > _HELD:
            shown = text[:keep]
        self._held = text[len(shown) :]
        self._show(shown)

    def _show(self, text: str) -> None:
        if text:
            self._shown.append(text)
            if self._on_text is not None:
                self._on_text(text)


class _Message:
    """One text of the agent: what came of it, and what of that is plain and not yet taken."""

    def __init__(self, after_tool: bool) -> None:
        self.after_tool = after_tool
        self.begun = False
        self.ended = False
        self._raw: list[str] = []
        self._new: list[str] = []
        self._plain = Plain()

    def add(self, text: str) -> None:
        if text:
            self._raw.append(text)
            self._new.append(self._plain.feed(text))

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            self._new.append(self._plain.end())

    def raw(self) -> str:
        return "".join(self._raw)

    def take(self) -> str:
        text = "".join(self._new)
        self._new.clear()
        return text


_HEARTBEATS = frozenset(("heartbeat", '"heartbeat"', "ping", "keepalive", "[DONE]"))
_HEARTBEATS_JSON = ({"type": "heartbeat"}, {"event": "heartbeat"}, {"heartbeat": True})
_ERRORS = frozenset(
    ("error", "errorCode", "errorMessage", "error_code", "error_message", "code", "detail")
)
# What a frame may have that is more than a piece of text.
_SPECIAL = frozenset((*_ERRORS, "actions", "branch", "turnComplete", "turn_complete"))
_read_json = json.JSONDecoder().decode
_read_at = make_scanner(json.JSONDecoder())  # type: ignore[arg-type]
_DATA = "data: "
_NEXT = f"\n\n{_DATA}"
_TOOLS = ("functionCall", "functionResponse", "function_call", "function_response")
_SENTENCE_ENDS = frozenset(".!?…:;。！？：；।)]\"'”’»*`")
_APOLOGIES = (
    "I encountered a temporary issue",
    "I've encountered a temporary issue",
    "I have encountered a temporary issue",
)
_APOLOGY = re.compile("|".join(map(re.escape, _APOLOGIES)))
_APOLOGY_LENGTH = max(map(len, _APOLOGIES))
# What may follow it and still be the apology: "Please try again in a moment."
_APOLOGY_REST = 300
_HELD = 4096  # no more than this is held back for it
_UNESCAPED = re.compile(r'\s*\{\s*"error"\s*:\s*"?(?P<words>.*)', re.DOTALL)


def _is_heartbeat(line: bytes) -> bool:
    """Whether a line of a stream is all of a heartbeat, so that nothing goes missing with it."""
    name, _, value = line.partition(b":")
    return name == b"data" and value.strip().decode("ascii", "replace") in ("", *_HEARTBEATS)


def _last_apology(text: str, first: int) -> int | None:
    """Where, from ``first`` on, the trailing apology of a text begins; None: it has none."""
    for found in _APOLOGY.finditer(text, first):
        rest = text[found.start() :].rstrip()
        if len(rest) <= _APOLOGY_REST and "\n\n" not in rest:
            return found.start()
    return None


def _beyond(buffer: str, text: str) -> str | None:
    """What a whole text adds to the partial ones, None where it is another text."""
    if text.startswith(buffer):
        return text[len(buffer) :]
    if buffer.startswith(text) or buffer.endswith(text):
        return ""
    bare = buffer.strip()
    if text.lstrip().startswith(bare):
        return text.lstrip()[len(bare) :]
    return None


def _unescaped(data: str) -> dict[str, str] | None:
    """The frame of an old server that put an error between quotes without escaping it."""
    found = _UNESCAPED.match(data)
    if found is None:
        return None
    return {"error": re.sub(r'"?\s*\}?\s*\Z', "", found["words"])}
