import numpy as np
import pytest

from skill.studio.generate import scenes


@pytest.mark.parametrize("seed", [2, 3])
def test_a_breaker_s_foam_is_not_cut_along_a_row(seed: int) -> None:
    """It stands up over rows in which the flat sea would be far off (14% of a row, once)."""
    scene = scenes.read("a sunset over the ocean with waves crashing", seed=seed)
    frame = scenes.paint(scene, 640, 360, 5.0).frame(1.5).astype(int).sum(axis=2)
    jumps = np.abs(np.diff(frame, axis=0))
    horizon = int(np.median(jumps[:200].argmax(axis=0)))
    edges = (jumps[horizon + 4 : horizon + 60] > 90).mean(axis=1)
    assert edges.max() < 0.1
