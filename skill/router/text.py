"""A message before it is routed: links taken out, quoted words masked, letters made plain."""

from __future__ import annotations

import re
import unicodedata

# What a user would call a media file, whether it can be taken or not: that is said by the upload.
_MEDIA = (
    "mp4|mov|avi|webm|mkv|m4v|mpe?g|mts|m2ts|wmv|flv|3gp|ogv|mxf"
    "|jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|svg|psd|raw|cr2|dng"
    "|mp3|wav|m4a|aac|flac|ogg|opus|aiff?|wma|amr|mid"
)
_LINK = re.compile(r"https?://[^\s<>\"'，。、；！？）」』》]+", re.IGNORECASE)
_MEDIA_PATH = re.compile(rf"\.(?:{_MEDIA})$", re.IGNORECASE)

# A file's name, folders too. No space tells where one begins among Chinese or Japanese letters:
# those stay, and the ending stands for the name.
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_LETTER = rf"[^\W{_HAN}]|[\u0900-\u0963]"
_ENDING = rf"\.(?:{_MEDIA})(?![a-z0-9_]|\.\w)"
_NAME = re.compile(
    rf"(?<![^\W{_HAN}])(?<![./\\~:-])"
    rf"(?:[a-z]:)?(?:{_LETTER}|[./\\~])(?:{_LETTER}|[./\\~-]){{0,120}}?{_ENDING}"
    rf"|(?<=[{_HAN}]){_ENDING}",
    re.IGNORECASE,
)

# What stands for a stretch of the user's material: no word of any language.
CONTENT = "\x00"
# What stands for a file's name.
FILE = "\x01"

_PAIRS = ("“”", "„“", "„”", "«»", "»«", "‹›", "「」", "『』", "《》", "〈〉", "【】", "‘’", "‚‘")
_QUOTED = re.compile(
    r'"[^"\n]*(?:"|$)|'
    + "|".join(f"{pair[0]}[^{pair[1]}\n]*(?:{pair[1]}|$)" for pair in _PAIRS)
    + r"|(?<!\w)'[^'\n]+'(?!\w)|`[^`\n]*`",
    re.MULTILINE,
)
# Accents, Arabic vowel signs and the Devanagari dot: people leave them out.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u0670\u093c\u200b-\u200f\ufe0f]")
_ARABIC = str.maketrans("أإآٱىةؤئ", "اااايهوي")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_ASKS = re.compile("[?？؟]")


def links(message: str) -> list[str]:
    """The links to media files that stand in a message, in order, without repeats."""
    found = (_trimmed(match.group()) for match in _LINK.finditer(message))
    return list(dict.fromkeys(link for link in found if _is_media(link)))


def without_links(message: str) -> str:
    """The message with its media links taken out; other links become content."""
    return _LINK.sub(lambda match: " " if _is_media(_trimmed(match.group())) else CONTENT, message)


def mask_quotes(message: str) -> str:
    """Quoted stretches, unclosed ones too, become content."""
    return _QUOTED.sub(f" {CONTENT} ", message)


def mask_names(message: str) -> str:
    """The names of files become one word: "export.mp4" asks for no export, and for no MP4."""
    return _NAME.sub(f" {FILE} ", message) if "." in message else message


def asks(text: str) -> bool:
    """Whether a question mark stands in it."""
    return _ASKS.search(text) is not None


def plain(text: str) -> str:
    """Lower case, compatibility forms unified, marks that people leave out removed."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    text = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(_ARABIC)


def _trimmed(link: str) -> str:
    return link.rstrip(".,;:!?)]}")


def _is_media(link: str) -> bool:
    path = re.split(r"[?#]", link, maxsplit=1)[0]
    return bool(_MEDIA_PATH.search(path))
