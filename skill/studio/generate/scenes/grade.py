"""Developing a painted frame: bloom, vignette, film curve, colour mood, dither, 8 bits."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import Array, hash01
from .stage import Stage

BAND = 32  # rows developed at a time: the work stays in the processor's cache


@dataclass(frozen=True)
class Grade:
    """A colour mood. Tuples are red, green, blue."""

    saturation: float = 1.06
    exposure: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    lift: tuple[float, float, float] = (0.0, 0.0, 0.0)  # added in the shadows, display 0..1
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)  # of the highlights
    contrast: float = 0.0  # -1..1, about middle grey
    vignette: float = 0.16
    bloom: float = 0.05
    tint: tuple[float, float, float] | None = None  # one colour for all: black and white, sepia


GRADES: dict[str, Grade] = {
    "natural": Grade(),
    "cinematic": Grade(1.04, 1.0, (1.02, 1.0, 0.97), (-0.006, 0.004, 0.014), (1.02, 0.995, 0.95),
                       0.16, 0.26, 0.075),
    "warm": Grade(1.08, 1.03, (1.10, 1.0, 0.86), (0.012, 0.004, -0.004), (1.02, 0.99, 0.93),
                  0.04, 0.18, 0.07),
    "cold": Grade(0.95, 1.0, (0.88, 0.99, 1.14), (-0.006, 0.003, 0.018), (0.96, 0.99, 1.02),
                  0.08, 0.18, 0.05),
    "pastel": Grade(0.72, 1.25, (1.03, 1.0, 1.02), (0.095, 0.085, 0.10), (1.0, 0.985, 0.99),
                    -0.22, 0.04, 0.09),
    "neon": Grade(1.42, 1.0, (1.05, 0.93, 1.12), (0.02, 0.0, 0.045), (1.03, 0.97, 1.04),
                  0.14, 0.26, 0.13),
    "dark": Grade(0.74, 0.66, (0.96, 1.0, 1.05), (0.0, 0.004, 0.010), (0.97, 0.98, 0.98),
                  0.16, 0.36, 0.05),
    "vintage": Grade(0.76, 1.04, (1.08, 1.0, 0.84), (0.062, 0.042, 0.034), (0.97, 0.94, 0.84),
                     -0.06, 0.30, 0.07),
    "mono": Grade(0.0, 1.02, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 0.24, 0.28, 0.06),
    "dreamy": Grade(0.94, 1.12, (1.04, 0.99, 1.05), (0.042, 0.034, 0.058), (1.0, 0.985, 1.0),
                    -0.10, 0.12, 0.16),
    "vivid": Grade(1.34, 1.06, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0),
                   0.14, 0.12, 0.06),
    "calm": Grade(0.94, 1.05, (1.0, 1.0, 1.01), (0.016, 0.016, 0.02), (0.99, 0.99, 0.99),
                  -0.05, 0.14, 0.08),
    "epic": Grade(1.08, 0.95, (1.02, 1.0, 0.98), (0.0, 0.002, 0.010), (1.02, 1.0, 0.96),
                  0.22, 0.30, 0.09),
}  # fmt: skip


class Developer:
    """Turns frames of scene light into pictures of one size and mood."""

    def __init__(self, stage: Stage, mood: str, style: list[str], bloom: float = 0.0) -> None:
        """``bloom``: the least that the scene's own lights ask for."""
        width, height = stage.width, stage.height
        self.size, self.pool = (width, height), stage.pool
        grade = GRADES.get(mood, GRADES["natural"])
        film = GRADES["cinematic"] if "cinematic" in style else Grade()
        if mood == "natural" and "cinematic" in style:
            grade, film = film, Grade()
        self.bloom = max(grade.bloom, film.bloom, bloom)
        luma = np.array([0.2126, 0.7152, 0.0722])
        saturation = grade.saturation * (film.saturation / Grade().saturation)
        mix = np.eye(3) * saturation + (1 - saturation) * luma[None, :]
        balance = np.array(grade.balance) * np.array(film.balance)
        self.matrix: Array = (np.diag(balance) @ mix * grade.exposure * film.exposure).astype(
            np.float32
        )
        self._curve(grade, film, width)
        self._vignette(max(grade.vignette, film.vignette))
        rng = stage.rng("dither")
        noise = rng.random((height + 64, (width + 64) * 3), dtype=np.float32)
        noise += rng.random(noise.shape, dtype=np.float32)
        # Triangular, a little over one step of 8 bits, high-passed: the eye minds that least.
        noise -= cv2.blur(noise, (9, 3))
        self.noise: Array = noise * np.float32(1.25)

    def _curve(self, grade: Grade, film: Grade, width: int) -> None:
        contrast = grade.contrast + film.contrast * (grade is not film)
        lift = np.array(grade.lift) + np.array(film.lift)
        gain = np.array(grade.gain) * np.array(film.gain)
        # Contrast adds k*(y - y^2)*(2y - 1)*..., which keeps 0 and 1; lift fades to the top.
        k = contrast * 1.1
        a = lift * 255
        b = (gain - k * 0.5 - 2 * lift) * 255
        c = (k * 1.5 + lift) * 255
        d = np.full(3, -k) * 255
        self.plain = not (a.any() or c.any() or d.any())
        self.coefficients: list[Array] = [
            np.tile(row.astype(np.float32), width)[None, :] for row in (d, c, b, a)
        ]

    def _vignette(self, strength: float) -> None:
        width, height = self.size
        x = (np.arange(width) - (width - 1) / 2) / max(width, height) * 2
        y = (np.arange(height) - (height - 1) / 2) / max(width, height) * 2
        self.falls: tuple[Array, Array] = (
            np.repeat(1 - strength * 1.3 * x**2, 3).astype(np.float32)[None, :],
            (1 - strength * 1.3 * y**2).astype(np.float32)[:, None],
        )

    def halo(self, frame: Array) -> Array:
        """The bloom of what is bright in a frame of scene light, at the canvas' size."""
        width, height = self.size
        small = cv2.resize(
            frame, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA
        )
        np.minimum(small, 12.0, out=small)
        sigma = max(0.2, max(width, height) / 8 / 90)
        near = cv2.GaussianBlur(small, (0, 0), sigma)
        less = cv2.resize(near, (max(1, near.shape[1] // 3), max(1, near.shape[0] // 3)))
        wide = cv2.GaussianBlur(less, (0, 0), sigma * 1.6)
        wide = cv2.resize(wide, (near.shape[1], near.shape[0]), interpolation=cv2.INTER_CUBIC)
        small = near * np.float32(0.6 * self.bloom) + wide * np.float32(0.4 * self.bloom)
        return np.asarray(cv2.resize(small, self.size, interpolation=cv2.INTER_LINEAR))

    def develop(self, frame: Array, t: float) -> NDArray[np.uint8]:
        """Scene light (h, w, 3) to display RGB in 8 bits."""
        width, height = self.size
        out = np.empty((height, width, 3), np.uint8)
        tick = round(t * 1000)
        down, across = int(hash01(tick, 1) * 63), int(hash01(tick, 2) * 63) * 3
        noise = self.noise[down : down + height, across : across + width * 3]
        flat, halo = out.reshape(height, width * 3), self.halo(frame)
        half = (height // 2 + BAND - 1) // BAND * BAND
        # NumPy and OpenCV let go of the interpreter: the halves run side by side.
        other = self.pool.submit(self._bands, frame, halo, noise, flat, half, height)
        self._bands(frame, halo, noise, flat, 0, half)
        other.result()
        return out

    def _bands(
        self, frame: Array, halo: Array, noise: Array, out: NDArray[np.uint8], first: int, last: int
    ) -> None:
        keep = 1.0 - 0.8 * self.bloom
        width = self.size[0]
        across_fall, down_fall = self.falls
        d, c, b, a = self.coefficients
        for top in range(first, last, BAND):
            rows = slice(top, min(top + BAND, last))
            bloomed = cv2.addWeighted(frame[rows], keep, halo[rows], 1.0, 0.0)
            x = cv2.transform(bloomed, self.matrix, dst=bloomed).reshape(-1, width * 3)
            x *= across_fall
            x *= down_fall[rows]
            np.maximum(x, 0.0, out=x)
            y = x * np.float32(6.2)
            z = y + np.float32(1.7)
            y += np.float32(0.5)
            y *= x
            z *= x
            z += np.float32(0.06)
            y /= z
            if self.plain:
                x = np.multiply(y, b, out=y)
            else:
                np.multiply(y, d, out=x)
                x += c
                x *= y
                x += b
                x *= y
                x += a
            # One pass: dither, round, saturate, narrow.
            cv2.add(x, noise[rows], dst=out[rows], dtype=cv2.CV_8U)
