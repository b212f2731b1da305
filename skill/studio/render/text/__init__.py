"""Titles in any script, drawn with the fonts of the package; nothing of the system is used."""

from __future__ import annotations

from .fonts import FONTS
from .title import Overlay, covers, draw

__all__ = ["FONTS", "Overlay", "covers", "draw"]
