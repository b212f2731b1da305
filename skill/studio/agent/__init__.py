"""The studio's agent: a chat message -> edits -> a new draft and an answer. Pure, no I/O.

message -> clauses (``clause``), with the concepts of ``words/`` tagged in them
clause  -> wishes (``reading/``, ``understanding``)
wish    -> draft and facts (``apply``, ``applying/``), in order by ``timeline``
facts   -> text (``reply``, ``sentences/``)
"""

from __future__ import annotations

from skill.studio.agent.place import place
from skill.studio.agent.project import Answer, PlacedMedia, Project
from skill.studio.agent.respond import respond

__all__ = ["Answer", "PlacedMedia", "Project", "place", "respond"]
