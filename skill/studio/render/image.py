"""Photos and moving pictures that Pillow reads: upright, in sRGB, over black, at a fitting size."""

from __future__ import annotations

import io
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import cv2
import numpy as np
from av import VideoFrame
from PIL import Image, ImageCms, ImageOps

from skill.studio.render import fitting, planes
from skill.studio.render.errors import RenderError
from skill.studio.render.plan import WHOLE, Picture, Shot, View
from skill.studio.render.planes import Bytes, Views

SPARE = 1.2
"""A photo that moves is kept at this many times the output, so that nothing shimmers."""

QUICKEST = 20
"""Shortest time of an animation's frame in ms; what says less gets 100, as in browsers."""


MOST_FRAMES = 20_000
"""No animation is read further than this."""

_READ = ("JPEG", "PNG", "GIF", "WEBP")
"""What comes in as a picture; Pillow knows dozens more, some of which start other programs."""


class Still:
    """A photo on a canvas of ``width`` x ``height`` px. Raises RenderError if it is unreadable."""

    def __init__(self, path: Path, shot: Shot, width: int, height: int) -> None:
        self._size = width, height
        spare = max(SPARE, shot.reach) if shot.reach > 1 else 1.0
        with _reading(shot.name), Image.open(path, formats=_READ) as image:
            # Lets a JPEG of 100 megapixels be decoded at a fraction of its size.
            image.draft("RGB", (round(2 * width * spare), round(2 * height * spare)))
            rgb = upright(image)
        high, wide = rgb.shape[:2]
        self._window = fitting.window(shot.fit, wide / high, width, height)
        self._planes = _prepared(rgb, self._window, spare)
        self._canvas: VideoFrame | None = None
        self._shown: tuple[View, VideoFrame] | None = None

    def at(self, picture: Picture) -> VideoFrame:
        """The canvas in this view."""
        if self._shown is None or self._shown[0] != picture.view:
            self._shown = picture.view, self._draw(picture.view)
        return self._shown[1]

    def close(self) -> None:
        self._shown = self._canvas = None

    def _draw(self, view: View) -> VideoFrame:
        place, (width, height) = self._window, self._size
        seen = self._planes
        if view != WHOLE or seen[0].shape != (place.height, place.width):
            seen = fitting.warp(self._planes, view, place.width, place.height)
        if (place.width, place.height) == (width, height):
            return planes.frame_of(seen)
        if self._canvas is None:
            self._canvas = fitting.stand(seen, place, width, height)
        # The backdrop holds still while the photo moves in its window.
        frame, canvas = planes.copy(self._canvas)
        fitting.put(canvas, seen, place)
        return frame


class Animation:
    """An animated GIF, WebP or PNG; begins again when it ends."""

    def __init__(self, path: Path, shot: Shot, width: int, height: int) -> None:
        self._size, self._fit, self._name = (width, height), shot.fit, shot.name
        with _reading(shot.name):
            self._image = Image.open(path, formats=_READ)
            self._ends = list(accumulate(self._times()))
        self._shown: tuple[int, VideoFrame] | None = None

    def at(self, picture: Picture) -> VideoFrame:
        """The canvas at the picture's time."""
        index = bisect_right(self._ends, picture.time / 1000 % self._ends[-1])
        index = min(index, len(self._ends) - 1)
        if self._shown is None or self._shown[0] != index:
            self._shown = index, self._read(index)
        return self._shown[1]

    def close(self) -> None:
        self._image.close()
        self._shown = None

    def _read(self, index: int) -> VideoFrame:
        try:
            with _reading(self._name):
                self._image.seek(index)
                rgb = upright(self._image)
        except RenderError:
            if self._shown is None:
                raise
            return self._shown[1]  # damaged: the last good frame stays
        return _on_canvas(rgb, self._fit, *self._size)

    def _times(self) -> Iterator[float]:
        """How long each frame stays, in ms; of those before the file breaks off, if it does."""
        for index in range(MOST_FRAMES):
            try:
                self._image.seek(index)
            except Exception:  # the end, or whatever a damaged file makes of Pillow
                if index == 0:
                    raise
                return
            time = float(self._image.info.get("duration") or 0)
            yield time if time >= QUICKEST else 100.0


def animated(path: Path) -> bool:
    """Whether Pillow finds more than one frame in the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_READ) as image:
                return bool(getattr(image, "is_animated", False))
    except Exception:  # Pillow's readers raise nearly anything on files that are not theirs
        return False


def upright(image: Image.Image) -> Bytes:
    """The image as sRGB (h, w, 3), turned as EXIF says, transparent parts over black."""
    profile = image.info.get("icc_profile")
    transparent = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    turned = ImageOps.exif_transpose(image)
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        turned = _srgb(turned, profile)
    if not transparent:
        return np.asarray(turned.convert("RGB"))
    rgba = np.asarray(turned.convert("RGBA"))
    return over_black(rgba)


def over_black(rgba: Bytes) -> Bytes:
    """RGB of an image with straight alpha (h, w, 4) laid over black."""
    alpha = cv2.cvtColor(rgba[..., 3], cv2.COLOR_GRAY2RGB)
    return planes.known(cv2.multiply(np.ascontiguousarray(rgba[..., :3]), alpha, scale=1 / 255))


def _on_canvas(rgb: Bytes, fit: str, width: int, height: int) -> VideoFrame:
    high, wide = rgb.shape[:2]
    place = fitting.window(fit, wide / high, width, height)
    seen = _prepared(rgb, place, 1.0)
    if (place.width, place.height) == (width, height):
        return planes.frame_of(seen)
    return fitting.stand(seen, place, width, height)


def _prepared(rgb: Bytes, place: fitting.Window, spare: float) -> Views:
    """Planes that cover the window, ``spare`` times as large if the photo has that many pixels."""
    high, wide = rgb.shape[:2]
    if spare == 1.0:
        x, y, seen_w, seen_h = fitting.covering(wide, high, place.width, place.height)
        part = rgb[y : y + seen_h, x : x + seen_w]
        return planes.from_rgb(_resized(part, place.width, place.height))
    scale = spare * max(place.width / wide, place.height / high)
    width, height = _even(wide * scale), _even(high * scale)
    return planes.from_rgb(_resized(rgb, width, height))


def _resized(rgb: Bytes, width: int, height: int) -> Bytes:
    shrinks = rgb.shape[1] > width or rgb.shape[0] > height
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return planes.known(cv2.resize(rgb, (width, height), interpolation=how))


def _eight_bits(image: Image.Image) -> Image.Image:
    """A 16-bit or float image as 8 bits of gray; Pillow itself would clip it."""
    levels = np.asarray(image, np.float64)
    top = 65535 if levels.max(initial=0) > 255 else 255
    return Image.fromarray(np.clip(levels * 255 / top, 0, 255).astype(np.uint8))


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        flat = image.convert("RGB") if alpha else image
        made = ImageCms.profileToProfile(
            flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile says nothing; the picture is still there
    if made is None:
        return image
    if alpha:
        made.putalpha(alpha)
    return made


def _even(number: float) -> int:
    return max(2, round(number / 2) * 2)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    except Image.DecompressionBombError as error:
        raise RenderError(f"The picture '{name}' is too large to open. Send a smaller one.") from (
            error
        )
    except Exception as error:  # Pillow's readers raise nearly anything on damaged files
        raise RenderError(
            f"The picture '{name}' could not be read; it may be damaged. Send it again."
        ) from error
