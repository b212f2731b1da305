"""Music for a mood and a length, composed and played by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skill.studio.generate.music.mood import MOODS, load
from skill.studio.generate.music.wish import kind, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MOODS", "compose", "kind", "read"]

LOUDNESS = -14.0  # LUFS integrated
CEILING = -2.0  # dBTP


def compose(mood: str, seconds: float, seed: int = 0, rate: int = 48000) -> NDArray[np.float32]:
    """A bed of music: float32 (n, 2), n = round(seconds * rate), at about -14 LUFS.

    It begins at once and ends with a cadence that has rung out at the last
    sample, however long it is. The seed decides key, chords and tune, the same
    ones at every length. A mood that is not in MOODS is played as "ambient".
    """
    # Here, so that MOODS and read() cost an importer nothing.
    import numpy as np

    from skill.studio import loudness
    from skill.studio.generate.music import composer, performance

    kind = load(mood)
    if round(seconds * rate) <= 0:
        return np.zeros((0, 2), np.float32)
    sound = performance.play(kind, composer.write(kind, seconds, seed), rate)
    taken = 1.0
    while taken > 0.3:  # what the limiter takes makes it quieter: once more, a little louder
        level = loudness.integrated(sound, rate)
        if not np.isfinite(level):
            break
        sound *= np.float32(10 ** ((LOUDNESS - level) / 20))
        taken = min(0.5 * taken, loudness.limit(sound, rate, CEILING))
    return sound
