"""Errors in the user's language, where it has words for them; else in the error's own."""

from __future__ import annotations

from skill.phrases import find


def explain(error: Exception, language: str = "en") -> str:
    """What went wrong and what to do, for the user.

    The errors of the client carry their English text. Another language has the sentence that
    the error names (``error.key``, filled with its values), else ``error.<class>`` (with
    ``{link}`` where there is one: ``error.<class>.link``), for the error's class or one above it.
    """
    own = str(error)
    if language.partition("-")[0] == "en":
        return own
    words = _words(error, language)
    if words is None:
        return own
    # What the backend says about this very file or render is in one language, and worth it.
    said = getattr(error, "said", "")
    if said and said in own and said not in words:
        words = f"{words} ({said})"
    then = getattr(error, "then", "")
    after = find(f"error.then.{then}", language) if then else None
    return f"{words} {after}" if after else words


def _words(error: Exception, language: str) -> str | None:
    """The sentence of an error, filled; None where the language has none."""
    key, link = getattr(error, "key", ""), getattr(error, "link", "")
    values = {name: _value(value, language) for name, value in getattr(error, "values", {}).items()}
    keys = [key] if key else []
    for kind in type(error).__mro__:
        keys += [f"{kind.__name__}.link", kind.__name__] if link else [kind.__name__]
    for name in keys:
        words = find(f"error.{name}", language)
        if words is not None:
            return words.format(**{"detail": error, "link": link, **values})
    return None


def _value(value: object, language: str) -> object:
    """A value; the reasons that we have words for (skill.home.REASONS) in the language."""
    if not isinstance(value, str):
        return value
    return find(f"error.why.{value.replace(' ', '_')}", language) or value
