"""Laying pictures and light over a frame, in bands of rows that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from .noise import Array

BAND = 72  # rows


def in_bands(
    pool: ThreadPoolExecutor, first: int, last: int, work: Callable[[int, int], None]
) -> None:
    """Call ``work(a, b)`` for bands of rows from ``first`` to ``last``, half of them on the pool:
    NumPy and OpenCV let go of the interpreter, so that the halves run side by side."""
    if last - first <= BAND:
        if last > first:
            work(first, last)
        return
    middle = (first + last) // 2
    other = pool.submit(_bands, middle, last, work)
    _bands(first, middle, work)
    other.result()


def _bands(first: int, last: int, work: Callable[[int, int], None]) -> None:
    for top in range(first, last, BAND):
        work(top, min(top + BAND, last))


def mix(part: Array, over: Array, share: Array) -> None:
    """Lay ``over`` on a part of the frame, in place, as far as ``share`` (0..1) covers it."""
    rest = np.subtract(1.0, share, dtype=np.float32)
    if part.flags.c_contiguous:
        cv2.blendLinear(over, part, share, rest, dst=part)
    else:
        part[:] = cv2.blendLinear(over, np.ascontiguousarray(part), share, rest)


def veil(
    pool: ThreadPoolExecutor, frame: Array, top: int, small: Array, rows: int, colour: Array
) -> None:
    """Lay one ``colour`` over rows from ``top``, as far as ``small`` (enlarged) covers them."""
    share = cv2.resize(small, (frame.shape[1], rows), interpolation=cv2.INTER_LINEAR)
    flat = np.empty((BAND, frame.shape[1], 3), np.float32)
    flat[:] = colour

    def work(a: int, b: int) -> None:
        mix(frame[top + a : top + b], flat[: b - a], share[a:b])

    in_bands(pool, 0, rows, work)


def shine(
    pool: ThreadPoolExecutor, frame: Array, top: int, small: Array, rows: int, colour: Array
) -> None:
    """Add light of one ``colour`` to rows from ``top``: ``small`` (h, w), enlarged."""
    tinted = cv2.merge([np.multiply(small, c, dtype=np.float32) for c in colour])
    glow(pool, frame, top, tinted, rows)


def glow(pool: ThreadPoolExecutor, frame: Array, top: int, small: Array, rows: int) -> None:
    """Add light to rows from ``top``: ``small`` (h, w, 3), enlarged."""
    big = cv2.resize(small, (frame.shape[1], rows), interpolation=cv2.INTER_LINEAR)

    def work(a: int, b: int) -> None:
        part = frame[top + a : top + b]
        cv2.add(part, big[a:b], dst=part)

    in_bands(pool, 0, rows, work)
