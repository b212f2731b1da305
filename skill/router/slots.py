"""What is said along with an export: format, height, quality, a limit on its size."""

from __future__ import annotations

import re

from skill.router.text import plain

Slots = dict[str, "str | int"]

_FORMAT = re.compile(r"(?<![a-z0-9.])(mp4|webm|mov|gif|mp3)(?![a-z0-9])")
_LINES = re.compile(r"(?<!\d)(2160|1440|1080|720|480|360) ?p(?![a-z])")
_NAMED_LINES = (("full hd", 1080), ("fullhd", 1080), ("4k", 2160), ("2k", 1440), ("uhd", 2160))
_SIZE = re.compile(
    r"(\d+(?:[.,]\d+)?) ?(kb|ko|кб|mb|mo|мб|mbs|megs?|megabytes?|мегабайт\w*|megas?|兆|メガ|메가|एमबी|"
    r"ميغابايت|ميجابايت|ميجا|gb|go|гб|gigabytes?)(?![a-z])"
)
_UNITS = {"k": 1_000, "к": 1_000, "g": 1_000_000_000, "г": 1_000_000_000}
_QUALITY = (
    ("low", re.compile(r"\b(?:low|lower|lowest|draft|small) (?:quality|res)|低画质|低畫質|低质量|"
                       r"basse qualite|baja calidad|baixa qualidade|niedriger? qualitat|低画質|저화질")),
    ("medium", re.compile(r"\b(?:medium|normal|standard) quality|中等(?:画质|质量)|mittlerer? qualitat|"
                          r"calidad media|qualidade media|qualite moyenne")),
    ("high", re.compile(r"\b(?:high|highest|best|max|maximum|full) (?:quality|res\w*)|高清|高画质|高畫質|"
                        r"高质量|最高画质|高画質|고화질|haute qualite|meilleure qualite|alta calidad|"
                        r"alta qualidade|hoher? qualitat|bester? qualitat|kualitas tinggi")),
)  # fmt: skip


def export_slots(message: str) -> Slots:
    """The slots of an export, those that are said.

    ``format`` (mp4, webm, mov, gif, mp3), ``height`` in lines of the picture, ``quality``
    (low, medium, high), ``max_bytes`` (a megabyte is 10^6 bytes, as upload limits mean it).
    """
    text = plain(message)
    slots: Slots = {}
    if found := _FORMAT.search(text):
        slots["format"] = found[1]
    if found := _LINES.search(text):
        slots["height"] = int(found[1])
    else:
        slots.update({"height": lines for name, lines in _NAMED_LINES if name in text})
    for quality, pattern in _QUALITY:
        if pattern.search(text):
            slots["quality"] = quality
            break
    if found := _SIZE.search(text):
        number = float(found[1].replace(",", "."))
        slots["max_bytes"] = round(number * _UNITS.get(found[2][0], 1_000_000))
    return slots
