"""Rebuild skill/studio/render/fonts/ from the published fonts: same inputs, same bytes.

    python scripts/build_fonts.py [FOLDER]     (FOLDER keeps the downloads)

Needs ``fonttools[woff]``, and the clients ``npm`` and ``apt-get`` with ``dpkg-deb`` (Debian 12 or
later) to fetch the sources. None of them is needed to run the studio.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found,unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found,unused-ignore]

FONTS = Path(__file__).resolve().parent.parent / "skill" / "studio" / "render" / "fonts"

NPM, DEBIAN = "npm", "Debian"


@dataclass(frozen=True)
class Source:
    """A font file in a package, and the characters of it that we carry.

    ``sha256`` is that of the font file, so that a changed package is noticed.
    """

    name: str  # of the file that is written
    registry: str
    package: str
    version: str
    path: str  # inside the package
    sha256: str
    characters: Callable[[TTFont], Iterable[int]]
    face: int = 0  # of a collection
    languages: tuple[str, ...] = ()  # OpenType languages whose forms are kept; () keeps all
    features: tuple[str, ...] = ()  # beside the ones that a script needs


def double_byte(codec: str, rows: range = range(0x81, 0xFF)) -> set[int]:
    """Every character that a two-byte encoding can write."""
    found: set[int] = set()
    for lead in rows:
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            found.update(map(ord, text))
    return found


def han(_: TTFont) -> set[int]:
    """Chinese and Japanese: GB 2312, GBK, Big5 and JIS levels 1 and 2, kana, full-width forms."""
    ideographs = set[int]()
    for codec in ("gb2312", "gbk", "big5", "shift_jis"):
        ideographs |= double_byte(codec)
    return {c for c in ideographs if 0x2000 <= c < 0xFB00 and not 0xAC00 <= c < 0xF900} | {
        *b"0123456789",
        *range(0x3000, 0x3130),
        *range(0x31F0, 0x3200),
        *range(0x3220, 0x3244),
        *range(0x3280, 0x32B1),
        *range(0xFF00, 0xFFF0),
        *(ord(c) for c in "·“”‘’…—"),
    }


def hangul(_: TTFont) -> set[int]:
    """Korean: all 11172 syllables, the jamo, and the punctuation of CJK."""
    return {*range(0xAC00, 0xD7A4), *range(0x3131, 0x318F), *range(0x1100, 0x1200)} | {
        *range(0x3000, 0x3020),
        *(ord(c) for c in "·“”‘’…—"),
    }


def everything(font: TTFont) -> set[int]:
    return set(font.getBestCmap())


def european(font: TTFont) -> set[int]:
    """Latin, Greek, Cyrillic, punctuation and symbols; no private use."""
    return {c for c in font.getBestCmap() if not 0xE000 <= c < 0xF900 and c < 0xF0000}


def of_script(font: TTFont) -> set[int]:
    """The font's own script with digits and punctuation; Latin letters come from the Latin font."""
    return {
        c
        for c in font.getBestCmap()
        if c >= 0x300 or (0x20 <= c < 0xC0 and not chr(c).isalpha())
        if not 0x1E00 <= c < 0x2000 and not 0xA700 <= c < 0xA800
    }


def google(name: str, version: str, style: str, sha256: str, **more: object) -> Source:
    package = "".join(("-" if c.isupper() and i else "") + c.lower() for i, c in enumerate(name))
    return Source(
        f"{name}-{style.lstrip('0123456789')}.ttf",
        NPM,
        f"@expo-google-fonts/{package}",
        version,
        f"package/{style}/{name}_{style}.ttf",
        sha256,
        **{"characters": of_script, **more},  # type: ignore[arg-type]
    )


NOTO_CJK = {
    "registry": DEBIAN,
    "package": "fonts-noto-cjk",
    "version": "1:20220127+repack1-1",
    "path": "usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "sha256": "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
    "face": 2,  # the simplified Chinese face; the others differ in the default forms only
}

SOURCES = (
    Source(
        "InterDisplay-SemiBold.ttf",
        NPM,
        "inter-ui",
        "4.1.1",
        "package/display/InterDisplay-SemiBold.woff2",
        "d9f63a82b826fb0117c92715c3a52a2d2247bc321bc39341420bf52d91e8277a",
        european,
        features=("case", "calt"),
    ),
    google(
        "NotoSansArabic",
        "0.4.3",
        "700Bold",
        "a86a704ff8b315082f4859b04c2f8f746f4cefb14553ef10505f143e0d4829d3",
    ),
    google(
        "NotoSansHebrew",
        "0.4.1",
        "700Bold",
        "8010b087f33f152e25aef020e68cb5568d6f8deebb6dde8f60d655196e59ebde",
    ),
    google(
        "NotoSansDevanagari",
        "0.4.1",
        "700Bold",
        "67f1ec9e2ac30b261090e32953b2df0adf6c942ab26ac47efb490fa7315bddab",
    ),
    google(
        "NotoSansThai",
        "0.4.2",
        "700Bold",
        "0be544f347b3ab6382bdc2b555a783727a4858a3dc140670406924670967d916",
    ),
    Source(
        name="NotoSansCJK-Bold-Han.otf",
        characters=han,
        languages=("JAN ", "ZHT "),
        **NOTO_CJK,  # type: ignore[arg-type]
    ),
    Source(
        name="NotoSansCJK-Bold-Hangul.otf",
        characters=hangul,
        languages=("KOR ",),
        **NOTO_CJK,  # type: ignore[arg-type]
    ),
    google(
        "NotoEmoji",
        "0.4.7",
        "700Bold",
        "4a3232c18f9c6312d34eb5b3ddc670c2060ff15f42d584c8aca331b6205c6ad9",
        characters=everything,
    ),
)


def fetch(source: Source, downloads: Path) -> Path:
    """The source's font file, from its package; a package is fetched once."""
    folder = downloads / f"{source.package.replace('/', '_')}-{source.version.replace(':', '_')}"
    if not folder.exists():
        part = Path(f"{folder}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if source.registry == NPM:
            run(part, "npm", "pack", "--silent", f"{source.package}@{source.version}")
            run(part, "tar", "-xzf", only(part, "*.tgz"))
        else:
            run(part, "apt-get", "download", f"{source.package}={source.version}")
            run(part, "dpkg-deb", "-x", only(part, "*.deb"), ".")
        part.rename(folder)
    path = folder / source.path
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{source.package} {source.version}: {path.name} has sha256 {found}")
    return path


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - fixed commands, pinned names


def only(folder: Path, pattern: str) -> str:
    (path,) = folder.glob(pattern)
    return path.name


def keep_languages(font: TTFont, languages: tuple[str, ...]) -> None:
    """Drop the other languages' forms, which would pull in glyphs that nothing reaches."""
    for tag in ("GSUB", "GPOS"):
        for record in font[tag].table.ScriptList.ScriptRecord if tag in font else ():
            script = record.Script
            script.LangSysRecord = [r for r in script.LangSysRecord if r.LangSysTag in languages]
            script.LangSysCount = len(script.LangSysRecord)


def build(source: Source, path: Path, out: Path) -> None:
    font = TTFont(path, fontNumber=source.face, recalcTimestamp=False)
    font.flavor = None  # woff2 would have to be unpacked at every start
    if source.languages:
        keep_languages(font, source.languages)
    options = subset.Options()
    default = [tag for tag in options.layout_features if tag not in ("vert", "vrt2", "frac")]
    options.layout_features = [*default, *source.features]
    options.hinting = False  # titles are large, and are placed between pixels
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "meta", "STAT", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=source.characters(font))
    subsetter.subset(font)
    font.save(out)


def license_text(font: Path, inter: Path) -> str:
    """The font's own copyright, then the Open Font License as Inter's package has it."""
    body = inter.read_text(encoding="utf-8")
    body = body[body.index("This Font Software is licensed under") :]
    names = TTFont(font, lazy=True)["name"]
    return f"{names.getDebugName(0)}\n\n{body}"


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        downloads = Path(arguments[0] if arguments else temporary).resolve()
        for old in (*FONTS.glob("*.?tf"), *FONTS.glob("*.LICENSE.txt")):
            old.unlink()
        inter = fetch(SOURCES[0], downloads).parents[1] / "LICENSE.txt"
        for source in SOURCES:
            out = FONTS / source.name
            build(source, fetch(source, downloads), out)
            text = license_text(out, inter)
            out.with_suffix(".LICENSE.txt").write_text(text, encoding="utf-8", newline="\n")
            print(f"{out.name:36} {out.stat().st_size:9,} bytes", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
