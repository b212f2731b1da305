"""The agent's tests paint nothing: scenes are read by a stand-in."""

from __future__ import annotations

import pytest
from agent_kit import read_scene

from skill.studio.agent import scene


@pytest.fixture(autouse=True)
def _plain_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "read", read_scene)
