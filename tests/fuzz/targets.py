"""What ``scripts/fuzz.py`` tries for long, and ``tests/scripts/test_fuzz.py`` for a moment."""

from __future__ import annotations

from tests.fuzz.media import MEDIA
from tests.fuzz.server import SERVER
from tests.fuzz.target import Target
from tests.fuzz.texts import TEXTS
from tests.fuzz.timing import TIME
from tests.fuzz.wire import WIRE

TARGETS: dict[str, Target] = {**WIRE, **TEXTS, **MEDIA, **SERVER, **TIME}
