"""Kept pieces: whole or missing, and never more than there is room for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from skill.studio.render.cache import Cache, makers
from skill.studio.render.packets import Encoded, Packets, from_bytes

MADE = Packets(b"head", (Encoded(-2, -4, 1, True, b"abc"), Encoded(0, -3, 1, False, b"")))


def test_packets_are_read_as_they_were_written() -> None:
    assert from_bytes(MADE.to_bytes()) == MADE


def test_every_torn_or_changed_file_is_refused() -> None:
    data = MADE.to_bytes()
    for length in range(len(data)):
        with pytest.raises(ValueError, match="packets"):
            from_bytes(data[:length])
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1
        with pytest.raises(ValueError, match="packets"):
            from_bytes(bytes(broken))


def test_the_cache_gives_back_what_it_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "deep" / "cache")
    assert cache.get("k") is None
    cache.put("k", MADE)
    assert cache.has("k")
    assert cache.get("k") == MADE


def test_a_damaged_piece_counts_as_missing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("k", MADE)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert cache.get("k") is None


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for age, key in enumerate(("new", "older", "oldest")):
        cache.put(key, MADE)
        os.utime(tmp_path / f"{key}.pieces", (1e9 - age, 1e9 - age))
    cache.get("oldest")  # now it was used last
    cache.prune(room=2 * len(MADE.to_bytes()))
    assert [cache.has(key) for key in ("new", "older", "oldest")] == [True, False, True]


def test_a_part_that_nobody_writes_to_any_more_is_swept(tmp_path: Path) -> None:
    old, young = tmp_path / "a.part", tmp_path / "b.part"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (1e9, 1e9))
    Cache(tmp_path).prune()
    assert (old.exists(), young.exists()) == (False, True)


def test_the_makers_are_hashed_once_and_the_same() -> None:
    assert makers() == makers()
    assert len(makers()) == 16
