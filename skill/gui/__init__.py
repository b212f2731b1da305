"""What the backend says to a screen -> plain words and steps.

    translate("Music added. Click **Export** in the top right to download it.")
        .text      "Music added."
        .actions   (Step.EXPORT,)

The backend believes that there is a window with buttons and panels. Sentence by
sentence, what only makes sense there goes, what it asks for becomes steps, and an
edit that it leaves to the user's mouse is told in words for a chat ("Say: trim the
clip"). What is content stays: quoted words, titles, descriptions of a scene.

The words and patterns of a language stand in ``words/<language>.json``.
"""

from skill.gui.translator import Translation, Translator, translate

__all__ = ["Translation", "Translator", "translate"]
