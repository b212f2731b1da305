from dataclasses import replace

import pytest

from skill.draft import AUDIO
from skill.studio.agent import Project, respond


@pytest.mark.parametrize(
    "message", ["set the volume to 35%", "change the volume to 35%", "make the volume 35%"]
)
def test_the_volume_alone_is_that_of_the_music(message: str) -> None:
    project = Project(seed=7)
    for said in ("a beach at sunrise", "add lo-fi music"):
        draft = respond(said, project).draft
        assert draft is not None
        project = replace(project, draft=draft)
    answer = respond(message, project)
    assert answer.draft is not None
    assert [s.meta["volume"] for s in answer.draft.segments_of(AUDIO)] == [0.35]
