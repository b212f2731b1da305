"""Rebuild skill/studio/render/fonts/ from the published fonts: same inputs, same bytes.

    python scripts/build_fonts.py [FOLDER]     (FOLDER keeps the downloads)

Needs ``fonttools[woff]``, and the clients ``npm`` and ``apt-get`` with ``dpkg-deb`` (Debian 12 or
later) to fetch the sources. None of them is needed to run the studio.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-not-found,unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found,unused-ignore]

FONTS = Path(__file__).resolve().parent.parent / "skill" / "studio" / "render" / "fonts"

NPM, DEBIAN = "npm", "Debian"

Characters = Callable[[TTFont], Iterable[int]]


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
    characters: Characters
    face: int = 0  # of a collection
    # OpenType languages whose forms are kept, each for the characters of an encoding
    forms: Mapping[str, str] = field(default_factory=dict)
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


# In daily use, yet in none of these encodings: Cantonese, names, a kanji of school (2010).
SPOKEN = "㗎㩒㨃㓤㷫𠺝𨋢𡃁𠮷𩸽𠮟"


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
        *(ord(c) for c in SPOKEN),
    }


def hangul(_: TTFont) -> set[int]:
    """Korean: all 11172 syllables, and the jamo that stand alone."""
    return {*range(0xAC00, 0xD7A4), *range(0x3131, 0x318F)}


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


def google(name: str, version: str, sha256: str, characters: Characters = of_script) -> Source:
    """A Noto font as Google Fonts has it, bold, from its package on npm."""
    return Source(
        f"Noto{name}-Bold.ttf",
        NPM,
        f"@expo-google-fonts/noto{re.sub('[A-Z]', lambda c: '-' + c[0].lower(), name)}",
        version,
        f"package/700Bold/Noto{name}_700Bold.ttf",
        sha256,
        characters,
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
        "SansArabic", "0.4.3", "a86a704ff8b315082f4859b04c2f8f746f4cefb14553ef10505f143e0d4829d3"
    ),
    google(
        "SansHebrew", "0.4.1", "8010b087f33f152e25aef020e68cb5568d6f8deebb6dde8f60d655196e59ebde"
    ),
    google(
        "SansDevanagari",
        "0.4.1",
        "67f1ec9e2ac30b261090e32953b2df0adf6c942ab26ac47efb490fa7315bddab",
    ),
    google(
        "SansBengali", "0.4.4", "3a44a4cf2c4f79c3ead8f52dffd5b3a66f0b2483792d66bad81e1a51e888bfd6"
    ),
    google(
        "SansGurmukhi", "0.4.1", "49b4d13ee80c9ba8ae008948b43dc53f200f619d8bc206cacaddb6b781c49625"
    ),
    google(
        "SansGujarati", "0.4.2", "d5aee2fbe1dec84e8e54ec72dfda1d138f1401ddf18f06bbd11ea8b64f8b45b2"
    ),
    google(
        "SansOriya", "0.4.2", "19416e5e9f4bcf208960e43ba1e3c41564de632d06001c4a176bde0e8ac923dd"
    ),
    google(
        "SansTamil", "0.4.3", "c4abfe6f1291568247afb568fe6a666584f9bf7c91f7e163fd628abb368af316"
    ),
    google(
        "SansTelugu", "0.4.2", "25f2402bfa537c74c5c555452ad2a3289caf5925efeabc116ac4b90469b42a6a"
    ),
    google(
        "SansKannada", "0.4.3", "bba4d58d9d5a58834c4bca50cf3b00cc230b05341566cf08961e632ef5c6ab75"
    ),
    google(
        "SansMalayalam", "0.4.2", "3b717223c3d06ed724acce05d87ac40bb63d4bec5fdba282cbecc5b1f57c05da"
    ),
    google(
        "SansSinhala", "0.4.2", "69b79ed8e643a86cf3b72e971bfdc745b1d211e0c90e8afe1f9341306a950d6e"
    ),
    google("SansThai", "0.4.2", "0be544f347b3ab6382bdc2b555a783727a4858a3dc140670406924670967d916"),
    google("SansLao", "0.4.2", "6d666b31ab236a835eb53db8ea00f15aa026b3f7c80c313312629ad105377f7b"),
    google(
        "SansKhmer", "0.4.3", "c72f01526f03b16b64a355cc898605c950c0c5bdcef6d00974a8e753358d3a8e"
    ),
    google(
        "SansMyanmar", "0.4.2", "e8c0650bd16c279dc64b7baabb33fd5b0266e4ef8005fe36fd8122dcc43dba18"
    ),
    google(
        "SansGeorgian", "0.4.3", "4570253cfb7d734286d56ab3ecff6e4ef2cfe9d77c37dc9e739360da89dccc15"
    ),
    google(
        "SansArmenian", "0.4.2", "beaf0d8d52a118d108a9e4502d3f3fbbcd0ed78e26bcc00d9d80932c342b934a"
    ),
    google(
        "SansEthiopic", "0.4.2", "b968f7d5c79d6caaff5e29031b1598555f4b154de7456dd51b7c866f90d37597"
    ),
    google(
        "Emoji",
        "0.4.7",
        "4a3232c18f9c6312d34eb5b3ddc670c2060ff15f42d584c8aca331b6205c6ad9",
        everything,
    ),
    Source(
        name="NotoSansCJK-Bold-Han.otf",
        characters=han,
        forms={"JAN ": "shift_jis", "ZHT ": "big5"},
        **NOTO_CJK,  # type: ignore[arg-type]
    ),
    Source(
        name="NotoSansCJK-Bold-Hangul.otf",
        characters=hangul,
        forms={"KOR ": "euc_kr"},
        **NOTO_CJK,  # type: ignore[arg-type]
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


def keep_forms(font: TTFont, forms: Mapping[str, str]) -> None:
    """Drop regional forms that no text would be set in: they are half of the glyphs."""
    for tag in ("GSUB", "GPOS"):
        for record in font[tag].table.ScriptList.ScriptRecord if tag in font else ():
            script = record.Script
            script.LangSysRecord = [r for r in script.LangSysRecord if r.LangSysTag in forms]
            script.LangSysCount = len(script.LangSysRecord)
    table = font["GSUB"].table
    glyphs = font.getBestCmap()
    for language, codec in forms.items():
        wanted = {glyphs[c] for c in double_byte(codec) | {*range(0x3000, 0x3130)} if c in glyphs}
        for lookup in localized(table, language):
            for subtable in table.LookupList.Lookup[lookup].SubTable:
                single = getattr(subtable, "ExtSubTable", subtable)
                single.mapping = {a: b for a, b in single.mapping.items() if a in wanted}


def localized(table: Any, language: str) -> set[int]:
    """The lookups behind the `locl` feature of a language."""
    features = {
        index
        for script in table.ScriptList.ScriptRecord
        for record in script.Script.LangSysRecord
        if record.LangSysTag == language
        for index in record.LangSys.FeatureIndex
    }
    records = (table.FeatureList.FeatureRecord[index] for index in features)
    return {n for r in records if r.FeatureTag == "locl" for n in r.Feature.LookupListIndex}


def build(source: Source, path: Path, out: Path) -> None:
    font = TTFont(path, fontNumber=source.face, recalcTimestamp=False)
    font.flavor = None  # woff2 would have to be unpacked at every start
    if source.forms:
        keep_forms(font, source.forms)
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
    respell(out)


# Bytes that would turn or hide text if a font were text. Numbers of an outline can look so by
# chance, and scanners then tell of hidden text.
LOOKS_HIDDEN = re.compile(rb"\xe2\x80[\xa8\xa9\xad\xae]|\xf3\xa0[\x80\x81]")


def respell(out: Path) -> None:
    """Write the numbers that look so in their longer form: the same outlines in other bytes."""
    for _ in range(10):  # what moves can come to look so
        if not LOOKS_HIDDEN.search(out.read_bytes()):
            return
        font = TTFont(out, recalcTimestamp=False, recalcBBoxes=False)  # (it would spell anew)
        outlines = font["CFF "].cff.topDictIndex[0].CharStrings
        for name in outlines.keys():  # noqa: SIM118 no mapping
            outline = outlines[name]
            while found := LOOKS_HIDDEN.search(outline.bytecode or b""):
                outline.bytecode = respelt(outline.bytecode, found.start())
        font.save(out)
    raise SystemExit(f"{out.name}: bytes that look like hidden text stay.")


def respelt(outline: bytes, at: int) -> bytes:
    """The Type 2 charstring with the number at ``at``, or the one around it, in three bytes."""
    place = 0
    while place <= at:
        first = outline[place]
        if first in (19, 20):
            raise SystemExit("An outline with hints in it.")
        length = {28: 3, 12: 2, 255: 5}.get(first, 2 if 247 <= first <= 254 else 1)
        number = outline[place : place + length]
        place += length
    if 32 <= first <= 246:
        value = first - 139
    elif 247 <= first <= 250:
        value = (first - 247) * 256 + number[1] + 108
    elif 251 <= first <= 254:
        value = -(first - 251) * 256 - number[1] - 108
    else:
        raise SystemExit("Bytes that look like hidden text, in what is no short number.")
    begin = place - length
    return outline[:begin] + b"\x1c" + value.to_bytes(2, "big", signed=True) + outline[place:]


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
