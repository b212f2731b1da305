"""Colors and measures of a board: a quiet dark ground on which the pictures speak."""

from __future__ import annotations

from skill.studio.board.canvas import Color

BACK: Color = (19, 20, 22)
PANEL: Color = (30, 32, 35)
LANE: Color = (26, 27, 30)
RULE: Color = (52, 55, 60)
TEXT: Color = (240, 240, 238)
FAINT: Color = (158, 162, 168)
MARK: Color = (255, 255, 255)

# Of bars: the fill, and the words on it. Each pair has a contrast of 4.5:1 or more (WCAG 2, 1.4.3).
BARS: dict[str, tuple[Color, Color]] = {
    "video": ((52, 88, 140), (255, 255, 255)),
    "title": ((226, 176, 74), (32, 24, 8)),
    "music": ((52, 116, 84), (255, 255, 255)),
    "sound": ((108, 82, 150), (255, 255, 255)),
    "track": ((84, 88, 94), (255, 255, 255)),
}

MARGIN = 40  # px
SECTION = 30  # between two parts
HEAD = 30  # em of the name
FACTS = 19
SMALL = 17
LINE = 28  # from one line of sentences to the next
RADIUS = 8
