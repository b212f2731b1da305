"""Media files that are damaged: looked at by the studio's child process, and by the client."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sample_media
from hypothesis import strategies as st

from skill import container, formats
from skill.errors import UnsupportedFile
from skill.studio import media as studio
from skill.studio import worker
from skill.studio.media import Media, MediaError
from tests.fuzz.target import Target

_folder = Path()

# What breaks readers of sizes and counts, big and little end first.
_NUMBERS = (0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

# A wound is (what, where, how much, seed); places and lengths are shares of the file in 1/10000.
_WOUND = st.tuples(
    st.sampled_from(["flip", "flip", "number", "number", "cut", "zero", "noise", "drop", "repeat"]),
    st.one_of(st.integers(0, 10_000), st.integers(0, 300)),
    st.one_of(st.integers(1, 40), st.integers(1, 10_000)),
    st.integers(0, 2**32),
)
_FILE = st.tuples(
    st.sampled_from(formats.FORMATS),
    st.sampled_from(formats.FORMATS),  # what its name says
    st.lists(_WOUND, max_size=6),
)


@cache
def sample(format: str) -> bytes:
    """A small whole file of a format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sample.{format}"
        kind = formats._TYPES[format].split("/")[0]
        if kind == "video":
            sample_media.video(path, 0.5, 96, 64)
        elif kind == "audio":
            sample_media.song(path, 0.5)
        else:
            sample_media.photo(path, 96, 64)
        return path.read_bytes()


def wounded(format: str, wounds: list[tuple[str, int, int, int]]) -> bytes:
    data = bytearray(sample(format))
    for what, share, length, seed in wounds:
        chance = random.Random(seed)  # noqa: S311 damage, no secret
        at = len(data) * share // 10_000
        end = min(len(data), at + max(1, len(data) * length // 10_000))
        if what == "flip":
            for _ in range(min(16, length)):
                if end > at:
                    data[chance.randrange(at, end)] ^= 1 << chance.randrange(8)
        elif what == "number":
            order: Any = chance.choice(["big", "little"])
            data[at : at + 4] = chance.choice(_NUMBERS).to_bytes(4, order)
        elif what == "cut":
            del data[at:]
        elif what == "zero":
            data[at:end] = bytes(end - at)
        elif what == "noise":
            data[at:end] = chance.randbytes(end - at)
        elif what == "drop":
            del data[at:end]
        else:
            data[at:at] = data[at:end]
    return bytes(data)


def _check_probe(given: list[tuple[str, str, list[tuple[str, int, int, int]]]]) -> None:
    files = []
    for number, (format, named, wounds) in enumerate(given):
        path = _folder / f"{number}.{named}"
        path.write_bytes(wounded(format, wounds))
        files.append((path, f"{number}.{named}"))
    found = worker.probe(files)
    assert len(found) == len(files)
    for (path, name), (format, _, wounds), media in zip(files, given, found, strict=True):
        if isinstance(media, MediaError):
            assert media.code in (studio.UNSUPPORTED, studio.TOO_LARGE)
            assert name in str(media)
            assert str(path.parent) not in str(media)
            assert wounds, f"a whole {format} was refused: {media}"
            continue
        assert isinstance(media, Media)
        assert media.kind in ("video", "image", "audio")
        assert media.format in studio.FORMATS
        assert (media.duration_ms > 0) == (media.kind != "image")
        assert 0 <= media.duration_ms <= studio.MAX_MS
        assert (media.width > 0) == (media.height > 0) == (media.kind != "audio")
        assert max(media.width, media.height) <= studio.MAX_SIDE


def _check_container(given: tuple[str, str, list[tuple[str, int, int, int]]]) -> None:
    format, named, wounds = given
    data = wounded(format, wounds)
    assert formats.by_bytes(data[:4096], named) in (None, *formats.FORMATS)
    assert studio.sniff(data[:64]) in (None, *studio.FORMATS)
    path = _folder / f"file.{named}"
    path.write_bytes(data)
    with contextlib.suppress(UnsupportedFile):
        file = formats.check(path)
        assert file.size == len(data)
        assert Path(file.name).suffix[1:]
    assert container.whole(path, named) in (True, False)
    if not wounds:
        assert container.whole(path, format)
        assert formats.by_bytes(data[:4096], format) == format


@contextlib.contextmanager
def _somewhere() -> Iterator[None]:
    global _folder
    with tempfile.TemporaryDirectory() as folder:
        _folder = Path(folder)
        yield


MEDIA = {
    "container": Target(_FILE, _check_container, _somewhere),
    # Many in one child: a process takes longer to start than a file to look at.
    "media": Target(st.lists(_FILE, min_size=1, max_size=24), _check_probe, _somewhere),
}
