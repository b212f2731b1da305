"""From a sentence to a finished video, before your eyes.

    scripts/demo "a sunset over the ocean with waves crashing"

A new project in the studio: a clip, music, a title, an export into the current folder.
"""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from pathlib import Path

import environment

SCENE = "a sunset over the ocean with waves crashing"


def title_of(scene: str) -> str:
    """A title from the description: its first words, small ones left out, at most three."""
    words = re.findall(r"[^\W\d_]+", scene)
    small = {"a", "an", "the", "of", "over", "in", "on", "at", "with", "and", "by", "to"}
    told = [word for word in words if word.lower() not in small][:2] or words[:2] or ["Untitled"]
    return " ".join(word.capitalize() for word in told)


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    scene = " ".join(arguments).strip() or SCENE
    os.environ.setdefault("AI_VIDEO_BACKEND", "studio")
    from skill import Skill
    from skill.cli.terminal import watching
    from skill.settings import Settings

    with watching() as listener:
        skill = Skill(dataclasses.replace(Settings.read()), out=Path.cwd(), listener=listener)
        skill.begin()
        for message in (
            f"generate a 5-second cinematic video clip of {scene}",
            "add lo-fi background music",
            f"put a title '{title_of(scene)}' for three seconds",
            "export",
        ):
            print(f"\nYou: {message}", flush=True)
            reply = skill.turn(message)
            listener.end()
            if reply.error:
                return 1
    for file in reply.files:
        print(f"\nYour video: {file}")
    return 0 if reply.files else 1


if __name__ == "__main__":
    environment.enter("studio")
    sys.exit(main(sys.argv[1:]))
