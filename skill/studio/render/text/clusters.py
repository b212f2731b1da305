"""Text before it is shaped: clean lines, user-perceived characters, the language, the breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# One ink shows no colours, and the hatching that stands for them in Noto Emoji looks like noise.
_HEARTS = str.maketrans(dict.fromkeys("💙💚💛💜🖤🤍🤎🧡🩵🩶🩷", "❤"))

LONGEST = 1000  # characters; a title beyond this is not read on a screen anyway

_SPACES = re.compile(r"[^\S\n\u00a0\u202f\u200b]+")
_NEWLINES = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def paragraphs(text: str) -> list[str]:
    """The lines that a user typed: composed (NFC), without controls or surplus spaces."""
    text = unicodedata.normalize("NFC", _NEWLINES.sub("\n", text[:LONGEST]))
    text = _SPACES.sub(" ", text.translate(_HEARTS))
    text = "".join(c for c in text if c == "\n" or _keeps(c))
    lines = [line.strip(" ") for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _keeps(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs"):
        return False
    # Embeddings and isolates order text that is set in running paragraphs; the marks
    # (U+200E, U+200F, U+061C) do what a title needs.
    return not ("\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u206f")


def clusters(line: str) -> list[str]:
    """What a reader counts as characters: a letter with its marks, a syllable, an emoji.

    The rules of UAX #29 that titles meet: marks, joiners, Hangul jamo, regional indicators,
    emoji sequences, and conjuncts of the Indic scripts, which a line break must not split.
    """
    found: list[str] = []
    flags = 0
    for character in line:
        flags = flags + 1 if _is_flag(character) else 0
        if found and _extends(found[-1], character, flags):
            found[-1] += character
        else:
            found.append(character)
    return found


# Tag characters: behind a black flag they spell the region whose flag it is.
_REGION = range(0xE0020, 0xE0080)


def _extends(cluster: str, character: str, flags: int) -> bool:
    last = cluster[-1]
    if cluster == " ":
        return False
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d":
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or ord(character) in _REGION:
        return True
    if last == "\u200d":
        return not character.isspace()
    if unicodedata.combining(last) == 9 and unicodedata.category(character) == "Lo":
        return True  # a virama joins the next consonant
    if "\u1100" <= last <= "\u11ff" and "\u1100" <= character <= "\u11ff":
        return last < "\u1160" or character >= "\u11a8" or "\u1160" <= character < "\u11a8" > last
    return _is_flag(character) and flags % 2 == 0 and _is_flag(last)


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def language(text: str, hint: str = "") -> str:
    """The language whose glyph forms suit a text: "ja", "ko", "zh-hant", "zh-hans" or "".

    Kana is Japanese and Hangul Korean; ideographs alone are told apart by the character sets
    of the regions. ``hint`` is a language tag, which decides where the text leaves it open.
    """
    if any("\u3041" <= c <= "\u30ff" and c != "・" for c in text):
        return "ja"
    if any("\uac00" <= c <= "\ud7a3" or "\u1100" <= c <= "\u11ff" for c in text):
        return "ko"
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    if not han:
        return ""
    hant = sum(_encodes(c, "big5") and not _encodes(c, "gb2312") for c in han)
    hans = sum(_encodes(c, "gb2312") and not _encodes(c, "big5") for c in han)
    ja = sum(
        _encodes(c, "shift_jis") and not _encodes(c, "gb2312") and not _encodes(c, "big5")
        for c in han
    )
    if ja and ja >= max(hant, hans):
        return "ja"
    if hans != hant:
        return "zh-hans" if hans > hant else "zh-hant"
    hint = hint.lower().replace("_", "-")
    if hint.startswith(("ja", "ko")):
        return hint[:2]
    return "zh-hant" if re.match(r"zh-(hant|tw|hk|mo)", hint) else "zh-hans"


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


# Kinsoku: what may not begin, and what may not end, a line (JIS X 4051, GB/T 15834, CLREQ).
_NOT_FIRST = frozenset(
    "!%),.:;?]}¢°·’”†‡›»‰′″℃…‥、。〃々〉》」』】〕〗〙〛〜〞〟・ゝゞヽヾーぁぃぅぇぉっゃゅょゎゕゖ"
    "ァィゥェォッャュョヮヵヶ！％），．：；？］｝｠～—–！？､｡｣،؛؟।॥ๆฯ"
)
_NOT_LAST = frozenset("([{£¥‘“‹«〈《「『【〔〖〘〚〝（［｛｟＄￥￡｢$€#@")
_FREE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_EMOJI = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_THAI_LEAD = frozenset("เแโใไ")  # written before the consonant: a syllable begins here
_SMALL_WORDS = frozenset(
    re.findall(
        r"\S+",
        "a an the of in on at to and or for de la le el un una du des der die das и в на с к о",
    )
)


def breaks(text: Sequence[str]) -> list[float | None]:
    """For each cluster, what it costs to end a line after it; None where a line cannot end.

    0 is a good place (a space, the end of a clause); a high cost cuts into what belongs
    together, such as a kanji from its okurigana. Korean breaks at spaces, as headlines do.
    """
    costs: list[float | None] = []
    word = ""
    for index, here in enumerate(text):
        following = text[index + 1] if index + 1 < len(text) else None
        if following is None:
            costs.append(0.0)
        elif here in (" ", "\u200b"):
            costs.append(0.35 if word.lower() in _SMALL_WORDS else 0.0)
        else:
            costs.append(_cost(here, following))
        word = "" if here == " " else word + here
    return costs


def _cost(here: str, following: str) -> float | None:
    if following in (" ", "\u200b") or following[0] in _NOT_FIRST or here[0] in _NOT_LAST:
        return None
    if here in ("-", "‐", "–", "—", "/") and following[0].isalpha():
        return 0.2
    if following[0] in _THAI_LEAD and "\u0e00" <= here[0] <= "\u0e7f":
        return 0.6
    if _EMOJI.match(here) or _EMOJI.match(following):
        return 0.3
    if not (_FREE.match(here) or _FREE.match(following)):
        return None
    if here[0] in _NOT_FIRST and not _is_kana(here):
        return 0.0  # after 、。！ and closing brackets
    if following[0] in _NOT_LAST:
        return 0.1
    first, second = _kind(here), _kind(following)
    if first == second:
        return {"hiragana": 1.2, "katakana": 2.5, "han": 0.8}.get(first, 0.3)
    if first == "han" and second == "hiragana":
        return 2.0
    return 0.3


def _is_kana(cluster: str) -> bool:
    return "\u3041" <= cluster[0] <= "\u30ff" and cluster[0] != "・"


def _kind(cluster: str) -> str:
    if "\u3041" <= cluster[0] <= "\u309f":
        return "hiragana"
    if "\u30a0" <= cluster[0] <= "\u30ff":
        return "katakana"
    return "han" if "\u3400" <= cluster[0] <= "\u9fff" else "other"
