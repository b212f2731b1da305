"""``python -m skill.studio.checkup FOLDER``: whether this machine can do the studio's work.

In a process of its own, because what is broken may crash. A line of JSON for each thing that was
looked at: ``kind`` (import, font, encoder, render), ``what``, ``wrong`` ("" where it is well) and
``seconds``. FOLDER takes the files.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skill.studio.render.text.fonts import Font

MODULES = (
    "numpy", "av", "cv2", "PIL.Image", "freetype", "uharfbuzz", "bidi", "starlette.routing",
    "python_multipart", "uvicorn",
)  # fmt: skip
# Format of an export -> what has to work for it.
FORMATS = {
    "mp4": "MP4 (H.264, AAC)",
    "mov": "MOV",
    "webm": "WebM (VP9, Opus)",
    "gif": "GIF",
    "mp3": "MP3",
}
_LENGTH = 500  # ms; a GIF has 10 frames a second
_SIDE = 64  # px
_NO_BITMAP = 8  # FT_LOAD_NO_BITMAP


def main() -> None:
    folder = Path(sys.argv[1])
    began = time.monotonic()
    broken = False
    for what, wrong in modules():
        broken |= bool(wrong)
        _tell("import", what, wrong, began)
    if broken:
        return
    for what, wrong in fonts():
        _tell("font", what, wrong, began)
    for form, what in FORMATS.items():
        began = time.monotonic()
        wrong = render(form, folder / f"checkup.{form}")
        _tell("encoder", what, wrong, began)
        if form == "mp4":
            _tell("render", "a title, drawn and encoded,", wrong, began)


def modules() -> Iterator[tuple[str, str]]:
    """Each module of a package that the studio needs, and why it cannot be imported."""
    for name in MODULES:
        try:
            import_module(name)
        except Exception as error:  # a damaged package raises anything
            yield name.partition(".")[0], f"cannot be imported ({_short(error)})"
        else:
            yield name.partition(".")[0], ""


def fonts() -> Iterator[tuple[str, str]]:
    """Each font of the titles, and why it does not draw its script."""
    from skill.studio.render.text.fonts import FONTS

    for font in FONTS:
        try:
            yield font.file, _draws(font)
        except Exception as error:  # of FreeType or HarfBuzz, which have no base in common
            yield font.file, f"cannot be used ({_short(error)})"


def _draws(font: Font) -> str:
    from skill.studio.render.text.fonts import FOLDER

    if not (FOLDER / font.file).is_file():
        return "the file is missing"
    letters = (chr(code) for first, last in font.ranges for code in range(first, last + 1))
    kinds = ("Lu", "Ll", "Lo", "So")
    sample = next((c for c in letters if unicodedata.category(c) in kinds and font.has(c)), "")
    if not sample:
        return "it has no letter of its script"
    font.outlines.load_glyph(font.shaper.get_nominal_glyph(ord(sample)), _NO_BITMAP)
    return "" if font.outlines.glyph.outline.n_points else f"its {sample} is empty"


def render(form: str, out: Path) -> str:
    """Make a title on black, half a second long, as a file of a format. Returns what went wrong."""
    from skill.draft import TEXT, Draft, Segment, Track
    from skill.studio.render import render as make

    title = Segment("t1", 0, _LENGTH, {"text": "A", "position": "center", "color": "#ffffff"})
    draft = Draft(_SIDE, _SIDE, 30, (Track("titles", TEXT, (title,)),))
    try:
        make(draft, Path, out, output={"format": form, "quality": "low"})
    except Exception as error:  # FFmpeg's errors, numpy's, ours: all mean that it cannot be made
        return f"cannot be made ({_short(error)})"
    return "" if out.is_file() and out.stat().st_size else "an empty file came out"


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:160]


def _tell(kind: str, what: str, wrong: str, began: float) -> None:
    seconds = round(time.monotonic() - began, 2)
    line = {"kind": kind, "what": what, "wrong": wrong, "seconds": seconds}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
