"""Numbers and times as people say them: "three seconds", "0:30", "半分钟", "30%", "2 to 5 s".

``tags`` finds them all: "time" (ms), "range" (from, to; ms), "percent" (0.35 for
35%), "decibel", "shape" (width, height), "times" (2 for "2x"), "nth" and "number".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from skill.studio.agent.lexicon import Lexicon, Tag, load

MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
MOST_MS = 24 * MS["h"]  # beyond a day it is no time on a timeline
# What is a picture's shape and no clock, though it could be both.
SHAPES = (
    "16:9", "9:16", "1:1", "4:5", "5:4", "4:3", "3:4", "21:9", "9:21", "3:2", "2:3", "18:9",
    "2:1", "1:2", "9:18",
)  # fmt: skip
SHAPE = re.compile(
    rf"(?<![\d.:])(?:{'|'.join(SHAPES)}|(?:16[x/比]9|9[x/比]16|[12][.,]\d\d?:1))(?![\d:])"
)
PIXELS = re.compile(r"(?<!\d)(\d{3,4})\s?[x*×]\s?(\d{3,4})(?!\d)")
CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?:[.](?P<part>\d{1,3}))?(?![\d:])"
)
DECIBEL = re.compile(r"(?P<n>[+-]?\s?\d{1,3}(?:\.\d+)?)\s?(?:db|dezibel|decibels?|分贝)(?![a-z])")
HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
HAN_NUMBER = "[零〇一二两三四五六七八九十百]+"
LETTER = r"[^\W\d_]"
UNIT_END = r"(?![a-z\u0400-\u04ff\u0900-\u097f])"


@dataclass(frozen=True)
class _Patterns:
    amount: re.Pattern[str]
    half: re.Pattern[str]
    time: re.Pattern[str]
    edge: re.Pattern[str]
    before: re.Pattern[str]
    range: re.Pattern[str]
    percent: re.Pattern[str]
    times: re.Pattern[str]
    nth: re.Pattern[str]
    alone: re.Pattern[str]


def tags(plain: str, language: str) -> list[Tag]:
    """Every number and time of a folded text."""
    lexicon, patterns = load(language), _patterns(language)
    return [
        *_shapes(plain),
        *_ranges(plain, lexicon, patterns),
        *_times(plain, lexicon, patterns),
        *_counts(plain, lexicon, patterns),
    ]


def quantity(text: str, lexicon: Lexicon) -> float | None:
    """A number in digits or words; None where it is none."""
    text = text.strip()
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        return float(text.replace(",", "."))
    if re.fullmatch(HAN_NUMBER, text):
        return _han(text)
    if text in lexicon.numbers:
        return lexicon.numbers[text]
    words = [word for word in re.split(r"[\s-]+", text) if word != "and"]
    values = [lexicon.numbers.get(word) for word in words]
    known = [value for value in values if value is not None]
    if not known or len(known) != len(values):
        return None
    total = 0.0
    for value in known:  # "a hundred twenty five"
        total = total * value if value == 100 and total else total + value
    return total


def _han(text: str) -> float:
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + HAN[char]
    return float(total + digit)


def _shapes(plain: str) -> Iterator[Tag]:
    for found in SHAPE.finditer(plain):
        width, height = (
            float(part.replace(",", ".")) for part in re.split("[:x/比]", found.group())
        )
        yield Tag("shape", (width, height), found.start(), found.end())
    for found in PIXELS.finditer(plain):
        shape = (float(found.group(1)), float(found.group(2)))
        if min(shape) >= 100:
            yield Tag("shape", shape, found.start(), found.end())


def _ranges(plain: str, lexicon: Lexicon, patterns: _Patterns) -> Iterator[Tag]:
    for found in patterns.range.finditer(plain):
        sides = found.group("a").lstrip("第"), found.group("b").lstrip("第")
        ends = [_moment(side, patterns, lexicon) for side in sides]
        if ends == [None, None] and not found.group("from"):
            continue
        unit = next(
            (_unit(s, lexicon) for s, e in zip(sides, ends, strict=True) if e is not None), "s"
        )
        for index, side in enumerate(sides):
            number = quantity(side, lexicon) if ends[index] is None else None
            if number is not None:  # "2 to 5 seconds": the unit goes for both
                ends[index] = _ms(number * MS[unit])
        first, second = ends
        if first is not None and second is not None and first < second:
            yield Tag("range", (first, second), found.start(), found.end())


def _times(plain: str, lexicon: Lexicon, patterns: _Patterns) -> Iterator[Tag]:
    for pattern in (CLOCK, patterns.time):
        for found in pattern.finditer(plain):
            length = _moment(found.group(), patterns, lexicon)
            if length is not None and not SHAPE.fullmatch(found.group()):
                yield Tag("time", length, found.start(), found.end())
    for found in patterns.edge.finditer(plain):  # "the last second", "les 2 dernières secondes"
        count = quantity(found["n"], lexicon) if found["n"] else 1
        if found["n"]:
            yield Tag("particle", None, found.start("n"), found.end("n"))
        length = _ms((count or 1) * MS[_unit(found["unit"], lexicon)])
        if length is not None:
            yield Tag("time", length, found.start("unit"), found.end())
    for found in patterns.before.finditer(plain):  # "second 3"
        number = quantity(found["n"], lexicon)
        length = None if number is None else _ms(number * 1000)
        if length is not None:
            yield Tag("time", length, found.start(), found.end())


def _counts(plain: str, lexicon: Lexicon, patterns: _Patterns) -> Iterator[Tag]:
    for found in DECIBEL.finditer(plain):
        yield Tag("decibel", float(found["n"].replace(" ", "")), found.start(), found.end())
    for concept, pattern in (
        ("percent", patterns.percent),
        ("times", patterns.times),
        ("nth", patterns.nth),
        ("number", patterns.alone),
    ):
        for found in pattern.finditer(plain):
            number = quantity(found[found.lastgroup or 0], lexicon)
            if number is not None:
                value = number / 100 if concept == "percent" else number
                yield Tag(concept, value, found.start(), found.end())


def _moment(text: str, patterns: _Patterns, lexicon: Lexicon) -> int | None:
    """A clock or an amount of time in ms; None where there is no unit."""
    clock = CLOCK.fullmatch(text.strip())
    if clock:
        seconds = int(clock["h"] or 0) * 3600 + int(clock["m"]) * 60 + int(clock["s"])
        return _ms(seconds * 1000 + int((clock["part"] or "0").ljust(3, "0")))
    total, found = 0.0, False
    for amount in patterns.amount.finditer(text):
        value = quantity(amount["n"], lexicon)
        if value is not None:
            found = True
            more = 0.5 if amount["half"] or amount["mid"] else 0
            total += (value + more) * MS[_unit(amount["unit"], lexicon)]
    half = None if found else patterns.half.search(text)
    if half:
        share = (1 if half["one"] else 0.5) + (0.5 if half["more"] else 0)
        return _ms(share * MS[_unit(half["unit"] or half["one"], lexicon)])
    return _ms(total) if found else None


def _ms(value: float) -> int | None:
    return round(value) if value <= MOST_MS else None


def _unit(text: str, lexicon: Lexicon) -> str:
    """The unit that stands in the text; "s" where none does."""
    for unit in ("ms", "min", "h", "s"):
        if re.search(rf"(?<![a-z])(?:{_any(lexicon.units.get(unit, ()))}){UNIT_END}", text):
            return unit
    return "s"


def _any(words: Iterable[str]) -> str:
    """An alternation, the longest first; matches nothing where there are none."""
    parts = sorted((re.escape(word).replace(r"\ ", r"\s+") for word in words), key=len)
    return "|".join(reversed(parts)) or r"(?!)"


@cache
def _patterns(language: str) -> _Patterns:
    lexicon = load(language)
    words = {key: f"(?:{_any(entries)})" for key, entries in lexicon.particles.items()}
    number = _number(lexicon)
    unit = f"(?:{_any(word for kind in lexicon.units.values() for word in kind)}){UNIT_END}"
    more = rf"\s*{words['and_half']}"
    long = f"(?:{_any((*lexicon.units.get('min', ()), *lexicon.units.get('h', ())))}){UNIT_END}"
    amount = rf"(?P<n>{number})(?P<mid>{more})?[\s-]?(?P<unit>{unit})(?P<half>{more})?"
    # "half a minute"; "a minute and a half"; a lone "a second" would be too many things.
    half = rf"{words['half']}(?:[\s-]|(?<![a-z]))(?P<unit>{unit})"
    half += rf"|(?<![a-z])an? (?P<one>{long}|{unit}(?={more}))(?P<more>{more})?"
    time = rf"(?:{amount})(?:[\s,]*(?:and\s)?(?:{amount}))*|{half}"
    at = _nameless(rf"第?(?:{CLOCK.pattern}|{time}|{number})")
    nth = (
        re.escape(form).replace(r"\{n\}", f"(?P<n{index}>{number})")
        for index, form in enumerate(sorted(lexicon.particles["nth"], key=len, reverse=True))
    )
    return _Patterns(
        amount=re.compile(amount),
        half=re.compile(half),
        time=re.compile(_nameless(time)),
        edge=re.compile(rf"(?:(?P<n>{number})\s)?(?<![a-z]){words['edge']}\s(?P<unit>{unit})"),
        before=re.compile(
            rf"(?<![a-z0-9-]){words['before']}\s(?P<n>\d{{1,3}}(?:\.\d+)?)(?!\s?[a-z%])"
        ),
        range=re.compile(
            rf"(?P<from>{words['from']}\s*)?(?P<a>{at})\s?{words['to']}\s?(?P<b>{at})"
        ),
        percent=re.compile(rf"(?P<n>{number})\s?{words['percent']}|百分之(?P<m>{number})"),
        times=re.compile(rf"(?P<n>{number})\s?{words['times']}(?![a-z0-9])"),
        nth=re.compile("|".join(rf"(?<![a-z0-9]){form}(?![a-z])(?!\s?[秒分])" for form in nth)),
        alone=re.compile(number),
    )


def _number(lexicon: Lexicon) -> str:
    digits = r"(?<![\d.:])(?<!\d,)\d{1,6}(?:[.,]\d{1,3})?(?![\d:])"
    if lexicon.language in ("zh", "ja"):
        return f"(?:{digits}|{HAN_NUMBER})"
    word = f"(?<!{LETTER})(?:{_any(lexicon.numbers)})(?!{LETTER})"
    return rf"(?:{digits}|{word}(?:[\s-](?:and\s)?{word}){{0,3}})"


def _nameless(pattern: str) -> str:
    """The pattern with its groups unnamed, to stand in another one twice."""
    return re.sub(r"\?P<\w+>", "?:", pattern)
