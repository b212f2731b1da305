"""Time: what is linear stays so on hostile texts of 100 kB."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable

from hypothesis import strategies as st

from skill import frontmatter, phrases
from skill.api import envelope
from skill.errors import SkillError
from skill.folder import safe_name
from skill.gui import Translator, translate
from skill.plain import Plain, one_line, plain, said
from skill.router import explain, route
from skill.router.slots import export_slots
from skill.sse import decode
from skill.stream import read_turn
from skill.studio.agent import Project, respond
from skill.timeline import compare, summarize
from skill.wish import to_say
from tests.fuzz.target import Target, cut
from tests.fuzz.words import LANGUAGE, SIGN, WORD

LARGEST = 100_000  # characters
LONGEST = {"agent": 20_000}  # where more is refused before it is read
# Four times the text may take so many times as long (4 is linear, 16 quadratic), where that is
# more seconds of processor time than noise; and never more than so many seconds.
TIMES, NOISE, MOST = 9.0, 1.0, 20.0


def _gui_pieces(text: str, language: str) -> None:
    translator = Translator(language)
    for piece in cut(text, [7] * (len(text) // 7)):
        translator.feed(piece)
    translator.close()


def _plain_pieces(text: str, _: str) -> None:
    stream = Plain()
    for piece in cut(text, [3] * (len(text) // 3)):
        stream.feed(piece)
    stream.end()


def _turn(text: str, _: str) -> None:
    frames = (
        json.dumps({"author": "a", "partial": True, "content": {"parts": [{"text": piece}]}})
        for piece in cut(text, [40] * (len(text) // 40))
    )
    read_turn(f"data: {frame}\n\n".encode() for frame in frames)


def _stream(text: str, _: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for _event in decode(cut(data, [50] * (len(data) // 50))):
        pass


def _timeline(text: str, language: str) -> None:
    words = text[: len(text) // 2].split() or [text[:1000]]
    clips = [{"d": 1000, "m": {"name": word, "text": word}} for word in words[:5000]]
    before = {"t": [{"tt": kind, "sg": clips} for kind in (0, 1, 7)]}
    after = {"t": [{"tt": kind, "sg": clips[::-1]} for kind in (0, 1, 7)], "m": {"x": text}}
    summarize(before, language)
    compare(before, after, language)


def _manifest(text: str, _: str) -> None:
    with contextlib.suppress(SkillError):
        frontmatter.parse(f"---\n{text}\n---\n")


def _answer(text: str, _: str) -> None:
    body = json.dumps({"code": 5, "message": text, "detail": [{"msg": text}]}).encode()
    with contextlib.suppress(SkillError):
        envelope.read(envelope.Answer(400, {"retry-after": text[:5000]}, body), "message")


WORK: dict[str, Callable[[str, str], object]] = {
    "gui": translate,
    "gui in pieces": _gui_pieces,
    "plain": lambda text, _: plain(text),
    "plain in pieces": _plain_pieces,
    "one_line": lambda text, _: one_line(text),
    "said": lambda text, _: said(text),
    "route": lambda text, _: route(text),
    "explain": lambda text, _: explain(text),
    "slots": lambda text, _: export_slots(text),
    "wish": lambda text, _: to_say(text, route(text)),
    "language": phrases.language_of,
    "turn": _turn,
    "stream": _stream,
    "timeline": _timeline,
    "frontmatter": _manifest,
    "answer": _answer,
    "name": lambda text, _: safe_name(text),
    "agent": lambda text, language: respond(text, Project(), language),
}


def _check_time(given: tuple[str, str, str, str, str]) -> None:
    name = given[0]
    largest = LONGEST.get(name, LARGEST)
    sizes = [largest // 16, largest // 4, largest]
    took: list[float] = []
    for size in sizes:
        took.append(_seconds(given, size))
        if took[-1] > MOST:
            break
    if took[-1] > MOST:
        raise AssertionError(f"{name}: more than {MOST:.0f} s for {size} characters")
    for small, large in ((0, 1), (1, 2)):
        if took[large] > NOISE and took[large] > took[small] * TIMES:
            # Once more: the machine may have been busy.
            fast, slow = _seconds(given, sizes[small]), _seconds(given, sizes[large])
            assert slow <= max(NOISE, fast * TIMES), (
                f"{name}: {sizes[small]} characters in {fast:.2f} s, {sizes[large]} in {slow:.2f} s"
            )


def _seconds(given: tuple[str, str, str, str, str], size: int) -> float:
    """Processor time of the work on a text of about a size."""
    name, language, before, again, after = given
    text = before + again * (size // max(1, len(again))) + after
    began = time.process_time()
    WORK[name](text, language)
    return time.process_time() - began


_UNIT = st.one_of(
    st.lists(st.one_of(SIGN, SIGN, WORD, st.sampled_from("a A 0 .x")), min_size=1, max_size=4).map(
        "".join
    ),
    st.builds(lambda word: f"{word} ", WORD),
    SIGN,
)
TIME = {
    "time": Target(
        st.tuples(
            st.sampled_from(sorted(WORK)), LANGUAGE, st.one_of(st.just(""), SIGN, WORD), _UNIT, SIGN
        ),
        _check_time,
    )
}
