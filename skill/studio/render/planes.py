"""Pictures as the encoder takes them: 8-bit 4:2:0 planes, BT.709, limited range (16-235).

A picture travels as a PyAV frame, so that one which nothing touches goes from
the decoder to the encoder uncopied. Numpy sees its planes through ``views``.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Views: TypeAlias = tuple[Bytes, Bytes, Bytes]
"""Y (h, w), and U and V at half of each."""

BLACK = (16, 128, 128)

# Rec. ITU-R BT.709-6, items 3.2 to 3.4: luma weights, and the scale of both differences.
KR, KB = 0.2126, 0.0722
_LUMA = np.array([[KR, 1 - KR - KB, KB]]) * 219 / 255
_CHROMA = (
    np.array([[-KR, KR + KB - 1, 1 - KB], [1 - KR, KR + KB - 1, -KB]])
    * [[0.5 / (1 - KB)], [0.5 / (1 - KR)]]
    * 224
    / 255
)


MATRIX = np.vstack([_LUMA, _CHROMA]).astype(np.float32)
"""Full-range RGB -> Y, U, V, before OFFSET is added."""

OFFSET = np.array([16, 128, 128], np.float32)

_TRANSFORM = np.column_stack([MATRIX, OFFSET])


def views(frame: VideoFrame) -> Views:
    """The planes of a yuv420p frame, without copying. Write to them only if the frame is yours."""
    width, height = frame.width, frame.height
    sizes = ((height, width), (-(-height // 2), -(-width // 2)), (-(-height // 2), -(-width // 2)))
    planes = []
    for plane, (rows, columns) in zip(frame.planes, sizes, strict=True):
        flat: Bytes = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
        planes.append(flat.reshape(-1, plane.line_size)[:rows, :columns])
    return planes[0], planes[1], planes[2]


def blank(width: int, height: int) -> tuple[VideoFrame, Views]:
    """A new frame of even size and its planes, contents undefined."""
    # Not from a numpy buffer: PyAV takes its height in steps of 4 only, and 1350 is none.
    frame = VideoFrame(width, height, "yuv420p")
    return frame, views(frame)


def black(width: int, height: int) -> tuple[VideoFrame, Views]:
    """A new black frame."""
    frame, planes = blank(width, height)
    for plane, level in zip(planes, BLACK, strict=True):
        plane[:] = level
    return frame, planes


def copy(frame: VideoFrame) -> tuple[VideoFrame, Views]:
    """A frame of its own with the same picture."""
    made, planes = blank(frame.width, frame.height)
    for target, plane in zip(planes, views(frame), strict=True):
        np.copyto(target, plane)
    return made, planes


def crop(planes: Views, x: int, y: int, width: int, height: int) -> Views:
    """The planes inside a box whose numbers are even."""
    luma = planes[0][y : y + height, x : x + width]
    u, v = (plane[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2] for plane in planes[1:])
    return luma, u, v


def from_rgb(rgb: Bytes) -> Views:
    """Planes of an image (h, w, 3) of even size, full-range RGB; right to one level."""
    height, width = rgb.shape[:2]
    # All three rows, although two are thrown away: OpenCV has a fast path for 3 x 3 alone,
    # which makes this twice as fast as swscale (2 ms against 4.6 at 1080p).
    luma = cv2.extractChannel(cv2.transform(rgb, _TRANSFORM), 0)
    # Averaged before the matrix: the same result, on a quarter of the pixels.
    half = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    _, u, v = cv2.split(cv2.transform(half, _TRANSFORM))
    return known(luma), known(u), known(v)


def to_rgb(frame: VideoFrame) -> Bytes:
    """The picture of a yuv420p BT.709 frame as full-range RGB (h, w, 3)."""
    made = frame.reformat(
        format="rgb24",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="MPEG",
        dst_color_range="JPEG",
        interpolation="BICUBIC",
    )
    return known(made.to_ndarray())


def frame_of(planes: Views) -> VideoFrame:
    """A frame of its own with these planes."""
    height, width = planes[0].shape
    frame, targets = blank(width, height)
    for target, plane in zip(targets, planes, strict=True):
        np.copyto(target, plane)
    return frame


def resize(planes: Views, width: int, height: int) -> Views:
    """Planes scaled to an even size: averaged when they shrink, cubic when they grow."""
    shrinks = planes[0].shape[1] > width or planes[0].shape[0] > height
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    luma = cv2.resize(planes[0], (width, height), interpolation=how)
    u, v = (cv2.resize(plane, (width // 2, height // 2), interpolation=how) for plane in planes[1:])
    return known(luma), known(u), known(v)


def known(array: Any) -> Bytes:
    """An array that OpenCV made, which its stubs call one of any number type."""
    made: Bytes = array
    return made
