"""Names that are safe in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.folder import safe_name
from skill.formats import FORMATS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dawn.mp4", "dawn.mp4"),
        ("Dawn at Sea.MP4", "Dawn at Sea.mp4"),
        ("雪の夜.mp4", "雪の夜.mp4"),
        ("../../etc/passwd", "etc-passwd.mp4"),
        ("/etc/passwd.mp4", "etc-passwd.mp4"),
        ("..\\..\\a.mp4", "a.mp4"),
        ("C:\\x.mp4", "C--x.mp4"),
        (".hidden.mp4", "hidden.mp4"),
        ("a\nb\x1b[31m.mp4", "a b.mp4"),
        ("", "video.mp4"),
        ("....", "video.mp4"),
        ("con.mp4", "file-con.mp4"),
        ("run.exe", "run.exe.mp4"),
        ("x" * 300 + ".mp4", "x" * 120 + ".mp4"),
        ("COM1.mp4", "file-COM1.mp4"),
        ("nul.tar.mp4", "file-nul.tar.mp4"),
        ("-rf.mp4", "rf.mp4"),
        ("a\0b.mp4", "ab.mp4"),
        ("gpj.\u202e4pm.mp4", "gpj.4pm.mp4"),
        ("a.mp4:stream", "a.mp4-stream.mp4"),
        ("con .mp4", "file-con.mp4"),
        ("conin$.mp4", "file-conin$.mp4"),
        ("com\u00b9.mp4", "file-com\u00b9.mp4"),
    ],
)
def test_safe_names(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_name_from_outside_never_leaves_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe == Path(safe).name
    assert safe not in (".", "..")
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert Path(safe).suffix[1:] in FORMATS
