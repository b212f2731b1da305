"""Errors in the user's language, where it has words for them; else in the error's own."""

from __future__ import annotations

from skill.phrases import find


def explain(error: Exception, language: str = "en") -> str:
    """What went wrong and what to do, for the user.

    The errors of the client carry their English text. Another language may have
    ``error.<class>`` (with ``{link}`` where there is one: ``error.<class>.link``), for the
    error's class or one above it.
    """
    own = str(error)
    if language.partition("-")[0] == "en":
        return own
    link = getattr(error, "link", "")
    for kind in type(error).__mro__:
        for key in (f"error.{kind.__name__}.link",) if link else ():
            words = find(key, language)
            if words is not None:
                return words.format(link=link)
        words = find(f"error.{kind.__name__}", language)
        if words is not None:
            words = words.format(detail=own, link=link)
            # What the backend says about this very file or render is in one language, and worth it.
            said = getattr(error, "said", "")
            return f"{words} ({said})" if said and said in own and said not in words else words
    return own
