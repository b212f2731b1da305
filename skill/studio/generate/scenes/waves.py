"""Water in motion: a wind sea by Fourier synthesis, and swell that shoals, breaks and runs up.

Lengths in metres, x to the right, z away from the camera, time in seconds. Everything is a
function of time, so frames come in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from . import noise
from .noise import Array, smooth

GRAVITY = 9.81


class WindSea:
    """A square tile of sea surface after Tessendorf (2001): waves of every length, each at the
    speed of its own dispersion. ``rms`` is the deviation of height in metres."""

    def __init__(
        self, rng: np.random.Generator, size: int, metres: float, rms: float, wind: float = 7.0
    ) -> None:
        self.size, self.metres = size, metres
        k = 2 * np.pi * np.fft.fftfreq(size, metres / size)
        kx, kz = np.meshgrid(k, k)
        length = np.hypot(kx, kz)
        length[0, 0] = 1.0
        longest = wind * wind / GRAVITY
        # Phillips' spectrum; waves run towards the camera (-z), a few against the wind.
        along = -kz / length
        spectrum = np.exp(-1 / (length * longest) ** 2) / length**4
        spectrum *= (0.25 + 0.75 * along**2) * np.where(along > 0, 1.0, 0.12)
        spectrum *= np.exp(-((length * metres / size * 0.55) ** 2))
        spectrum[0, 0] = 0.0
        shape = (size, size)
        start = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
        start *= np.sqrt(spectrum)
        # Each wave and its mirror: the real part of the inverse transform moves along the wind.
        self.start = (start * (rms * size / np.sqrt((np.abs(start) ** 2).sum() / 2))).astype(
            np.complex64
        )
        self.start *= size
        self.pulse = np.sqrt(GRAVITY * length)
        self.kx, self.kz = (1j * kx).astype(np.complex64), (1j * kz).astype(np.complex64)

    def at(self, t: float) -> Array:
        """Height in metres and slopes along x and z: (size, size, 3) float32, rows along z."""
        now = self.start * self._turn(t)
        height = np.fft.ifft2(now).real
        along_x = np.fft.ifft2(self.kx * now).real
        along_z = np.fft.ifft2(self.kz * now).real
        return cv2.merge([height, along_x, along_z])

    def _turn(self, t: float) -> NDArray[np.complex64]:
        angle = np.mod(self.pulse * t, 2 * np.pi).astype(np.float32)
        turn = np.empty(angle.shape, np.complex64)
        turn.real, turn.imag = np.cos(angle), np.sin(angle)
        return turn


@dataclass(frozen=True)
class Surf:
    """Swell towards a beach. ``height`` of a breaker in metres, ``period`` in seconds,
    ``breaks`` where it breaks, in metres off the shoreline."""

    bend: Array  # noise along a row: how a crest curves along the shore
    vary: Array  # 2-D noise: how high a crest stands, (wave, along the shore)
    height: float = 1.3
    period: float = 6.0
    breaks: float = 17.0

    @staticmethod
    def make(rng: np.random.Generator, height: float, period: float, breaks: float) -> Surf:
        return Surf(
            np.repeat(noise.line(rng, 1024, 1.3, 2.0)[None, :], 2, axis=0),
            noise.spectral(rng, 256, 256, 2.6, 4.0),
            height, period, breaks,
        )  # fmt: skip

    def along(self, x: Array, scale: float, shift: float = 0.0) -> Array:
        """The bending noise along the shore; ``scale`` is its resolution in samples a metre."""
        return noise.sample(self.bend, x * np.float32(scale) + np.float32(shift), np.zeros_like(x))

    def travel(self, s: Array) -> Array:
        """Seconds a crest takes from ``s`` metres off the shore to the shore."""
        # Speed sqrt(g * depth) over a bed that falls 1 in 16, never under 2 m/s.
        return 1.6 * (np.sqrt(np.maximum(s, 0.0) + 2.0) - 1.414) + 0.03 * np.maximum(s, 0.0)

    def phase(self, s: Array, x: Array, t: float) -> tuple[Array, Array]:
        """Seconds since the last crest passed, and that crest's number (whole)."""
        bend = 0.62 * self.along(x, 2.6) + 0.05 * self.along(x, 21.0, 400.0 + t * 1.5)
        since = t + self.travel(s) + bend
        number = np.floor(since / self.period)
        return since - number * self.period, number

    def strength(self, number: Array, x: Array) -> Array:
        """How high a crest stands along the shore, about 1."""
        rows = np.broadcast_to(np.mod(number * 37.3, 256).astype(np.float32), x.shape)
        field = noise.sample(self.vary, x * 1.3 + number * 11, rows)
        return np.clip(1.0 + 0.26 * field, 0.45, 1.5)

    def breaking(self, s: Array, strength: Array) -> Array:
        """0 before a crest breaks, 1 after: high crests break further out."""
        where = self.breaks * (0.55 + 0.45 * strength)
        return np.clip((where + 1.5 - s) / 5.0, 0.0, 1.0)

    def envelope(self, s: Array) -> Array:
        """The height of crests over their way: shoaling, breaking, dying out on the sand."""
        rise = 0.30 + 0.70 * np.exp(-(((s - self.breaks) / 13.0) ** 2))
        rise = np.where(s < self.breaks, 0.42 + 0.58 * smooth(2.0, self.breaks, s), rise)
        far = 1.0 / (1.0 + np.maximum(s - 60.0, 0.0) / 40.0)
        return self.height * rise * far * smooth(-0.5, 5.0, s)

    def crest(self, s: Array, since: Array, last: Array, coming: Array) -> Array:
        """Height of the swell in metres; ``last`` and ``coming`` are the crests' strengths."""
        ahead = since - self.period
        back = last / (1.0 + (since / 0.55) ** 2)
        front = coming * (np.exp(-((ahead / 0.30) ** 2)) + 0.16 * np.exp(-((ahead / 1.0) ** 2)))
        return self.envelope(s) * np.maximum(back, front)

    def run_up(self, x: Array, t: float) -> tuple[Array, Array]:
        """How far the last wave's sheet stands up the beach in metres, and its age in seconds."""
        zero = np.zeros_like(x)
        since, number = self.phase(zero, x, t)
        size = 2.6 + 1.6 * (self.strength(number, x) - 1.0) + 0.5 * self.along(x, 6.0, 90.0)
        rise = self.period * 0.30
        up = np.where(
            since < rise,
            1 - (1 - since / rise) ** 2,
            1 - smooth(rise, self.period * 0.98, since),
        )
        return (size * np.maximum(up, 0.0)).astype(np.float32), since
