"""What is said along with an export: format, height, quality, a limit on its size."""

from __future__ import annotations

import re

from skill.router.text import plain

Slots = dict[str, "str | int"]

_FORMAT = re.compile(r"(?<![a-z0-9.])(mp4|webm|mov|gif|mp3)(?![a-z0-9])")
_LINES = re.compile(r"(?<!\d)(2160|1440|1080|720|480|360) ?p(?![a-z])")
_NAMED_LINES = {"4k": 2160, "uhd": 2160, "2k": 1440, "full hd": 1080, "fullhd": 1080}
_BYTES = {
    1_000: ("kb", "ko", "кб"),
    1_000_000: (
        *("mb", "mbs", "mo", "meg", "megs", "mega", "megas", "megabyte", "megabytes", "мб"),
        *("мегабайт", "мегабайта", "兆", "メガ", "메가", "एमबी", "ميغابايت", "ميجابايت", "ميجا"),
    ),
    1_000_000_000: ("gb", "go", "gigabyte", "gigabytes", "гб"),
}
_UNITS = {name: size for size, names in _BYTES.items() for name in names}
_SIZE = re.compile(
    rf"(\d+(?:[.,]\d+)?) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-zа-я])"
)
_QUALITY = {
    "low": (
        *("low quality", "lower quality", "lowest quality", "low res", "draft quality"),
        *("低画质", "低畫質", "低质量", "低画質", "저화질", "basse qualite", "baja calidad"),
        *("baixa qualidade", "niedrige qualitat", "niedriger qualitat", "kualitas rendah"),
    ),
    "medium": (
        *("medium quality", "normal quality", "standard quality", "中等画质", "中等质量"),
        *("calidad media", "qualidade media", "qualite moyenne", "mittlere qualitat"),
    ),
    "high": (
        *("high quality", "highest quality", "best quality", "max quality", "maximum quality"),
        *(
            "full quality",
            "high res",
            "highest res",
            "高清",
            "高画质",
            "高畫質",
            "高质量",
            "高画質",
        ),
        *("最高画质", "고화질", "haute qualite", "meilleure qualite", "alta calidad"),
        *("alta qualidade", "hohe qualitat", "hoher qualitat", "bester qualitat"),
        *("kualitas tinggi", "высоком качестве", "высокое качество"),
    ),
}


def export_slots(message: str) -> Slots:
    """The slots of an export, those that are said.

    ``format`` (mp4, webm, mov, gif, mp3), ``height`` in lines (720 of "720p"), ``quality``
    (low, medium, high), ``max_bytes`` (a megabyte is 10^6 bytes, as upload limits mean it).
    """
    text = plain(message)
    slots: Slots = {}
    if found := _FORMAT.search(text):
        slots["format"] = found[1]
    if found := _LINES.search(text):
        slots["height"] = int(found[1])
    else:
        named = [lines for name, lines in _NAMED_LINES.items() if name in text]
        slots.update({"height": named[0]} if named else {})
    for quality, names in _QUALITY.items():
        if any(name in text for name in names):
            slots["quality"] = quality
            break
    if found := _SIZE.search(text):
        number = float(found[1].replace(",", "."))
        slots["max_bytes"] = round(number * _UNITS[found[2]])
    return slots
