"""A draft in words: what is on the timeline, and what an edit changed.

    summarize(draft)        'Timeline (1 track): 1. Title: "Dawn" (0-3s)'
    compare(before, after)  ["Title added: 'Dawn' (0-3s)", "Music: 80% -> 35%"]

Drafts come from a server, so both take any JSON value: what is missing has a
plain name, and what is no draft counts as an empty one.
"""

from skill.timeline.difference import compare
from skill.timeline.summary import summarize

__all__ = ["compare", "summarize"]
