"""Pictures and timelines on one board: what a preview shows, as a PNG.

    draw(board, out)

A board is plain JSON, made by whoever knows the words: ``width`` (px), ``language``, ``title``,
``facts``, ``lines`` (a few sentences under the head), ``frames`` (``grid``: columns, width and
height of a cell; each frame an ``image`` path or none, ``time``, ``name``), ``pairs`` (two such
frames each, ``names`` of the sides), ``timelines`` (``label``, ``end`` in ms, ``marks`` in ms,
``tracks`` of ``label``, ``kind`` and ``bars``: ``start``, ``end``, ``name``, ``fade`` in ms).
"""

from skill.studio.board.board import draw

__all__ = ["draw"]
