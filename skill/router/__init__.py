"""A chat turn -> steps: the dispatch table, by the words of each language.

    route("add a title, then export")            -> [Step.SSE, Step.EXPORT]
    route("", files=["clip.mp4"])                -> [Step.UPLOAD]

Words stand in ``words/<language>.json``: adding a language is adding a file.
"""

from skill.router.steps import Step
from skill.router.table import Route, explain, only, route
from skill.router.text import links

__all__ = ["Route", "Step", "explain", "links", "only", "route"]
