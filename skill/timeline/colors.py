"""The common names of colors."""

from __future__ import annotations

from skill.phrases import say

# The studio's own reds and blues, and those of CSS Color 4 (6.1) under the same names.
_NAMES = {
    "white": ("ffffff",),
    "black": ("000000",),
    "red": ("e53935", "ff0000"),
    "blue": ("1e88e5", "0000ff"),
    "green": ("43a047", "008000", "00ff00"),
    "yellow": ("fdd835", "ffff00"),
    "orange": ("fb8c00", "ffa500"),
    "purple": ("8e24aa", "800080"),
    "pink": ("f48fb1", "ffc0cb"),
    "gold": ("ffd700",),
    "gray": ("9e9e9e", "808080"),
    "light_blue": ("90caf9", "add8e6", "87ceeb"),
    "cyan": ("00bcd4", "00ffff"),
    "magenta": ("d81b60", "ff00ff"),
    "brown": ("6d4c41", "a52a2a"),
}
_BY_HEX = {code: name for name, codes in _NAMES.items() for code in codes}


def color_name(value: object, language: str = "en") -> str:
    """What "#ffffff" (or "#fff") is called; "" for a color without a common name."""
    if not isinstance(value, str) or not value.startswith("#"):
        return ""
    code = value[1:].strip().lower()
    if len(code) == 3:
        code = "".join(2 * digit for digit in code)
    if len(code) == 8 and code.endswith("ff"):  # an alpha of 1
        code = code[:6]
    name = _BY_HEX.get(code)
    return say(f"color.{name}", language) if name else ""
