"""Drums and small percussion: one stroke each, (n, 2), with a peak of about 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music.instruments import partials
from skill.studio.generate.spectral import band, noise

Sound = NDArray[np.float32]
Stroke = Callable[[int, np.random.Generator], Sound]


def _time(seconds: float, rate: int) -> Sound:
    return np.asarray(np.arange(int(seconds * rate)) / rate, np.float32)


def _hiss(
    seconds: float, rate: int, low: float, high: float, rng: np.random.Generator, order: int = 2
) -> Sound:
    """A band of noise, different at the two sides (n, 2)."""
    count = int(seconds * rate)
    sound = noise(count, rate, band(low, high, order), rng, 2)
    middle = sound.mean(axis=1, keepdims=True)
    return np.asarray(0.3 * sound + 0.8 * middle, np.float32)


def _finish(sound: Sound) -> Sound:
    """Two channels, a peak of 1, and no step at the end."""
    wide = np.stack([sound, sound], axis=1) if sound.ndim == 1 else sound
    tail = min(len(wide) // 4, 2000)
    wide[len(wide) - tail :] *= np.linspace(1, 0, tail, dtype=np.float32)[:, None]
    return np.ascontiguousarray(wide / (np.abs(wide).max() + 1e-9), np.float32)


def _kick(
    rate: int, low: float, sweep: float, fall: float, body: float, click: float, seed: int
) -> Sound:
    time = _time(body * 5, rate).astype(np.float64)
    # Pitch falls from low + sweep to low with the time constant fall; the phase is its integral.
    phase = 2 * np.pi * (low * time + sweep * fall * (1 - np.exp(-time / fall)))
    sound = np.sin(phase) * np.exp(-time / body) * np.minimum(1, time / 0.0015)
    tap = noise(len(time), rate, band(1200, 4000), np.random.default_rng(seed))[:, 0]
    sound += click * tap * np.exp(-time / 0.003) * np.minimum(1, time / 0.0004)
    return _finish(np.tanh(1.6 * sound).astype(np.float32))


def soft_kick(rate: int, _: np.random.Generator) -> Sound:
    return _kick(rate, 50, 90, 0.022, 0.13, 0.04, 1)


def tight_kick(rate: int, _: np.random.Generator) -> Sound:
    return _kick(rate, 51, 210, 0.019, 0.12, 0.16, 2)


def deep_kick(rate: int, _: np.random.Generator) -> Sound:
    return _kick(rate, 46, 170, 0.025, 0.19, 0.12, 3)


def feathered_kick(rate: int, _: np.random.Generator) -> Sound:
    return _kick(rate, 58, 50, 0.02, 0.09, 0.02, 4)


def dusty_snare(rate: int, rng: np.random.Generator) -> Sound:
    """An old snare drum through a sampler: more skin than wire."""
    return _snare(rate, rng, (178, 292, 410), 0.07, 700, 5200, 0.085, 0.75)


def pop_snare(rate: int, rng: np.random.Generator) -> Sound:
    return _snare(rate, rng, (196, 336, 470), 0.06, 1400, 8500, 0.11, 0.9)


def _snare(
    rate: int,
    rng: np.random.Generator,
    modes: tuple[float, ...],
    skin: float,
    low: float,
    high: float,
    wire: float,
    amount: float,
) -> Sound:
    time = _time(0.5, rate)
    levels = np.array([[1.0, 1.0], [0.6, 0.6], [0.3, 0.3]])
    sound = partials(
        np.array(modes), levels, np.array([skin, skin * 0.8, skin * 0.5]), len(time), rate
    )
    wires = _hiss(0.5, rate, low, high, rng)
    envelope = np.exp(-time / wire) * np.minimum(1, time / 0.001)
    snap = np.exp(-time / 0.012) * 0.9
    return _finish(sound * 0.8 + wires * ((envelope + snap) * 0.32 * amount)[:, None])


def rim(rate: int, rng: np.random.Generator) -> Sound:
    """A stick laid over the rim: a dry wooden click."""
    pitches, decays = np.array([460.0, 830, 1690, 2480]), np.array([0.018, 0.014, 0.012, 0.006])
    levels = np.array([[0.6, 0.6], [0.8, 0.8], [1, 1], [0.4, 0.4]])
    sound = partials(pitches, levels, decays, int(0.16 * rate), rate)
    tick = _hiss(0.16, rate, 1500, 6000, rng) * np.exp(-_time(0.16, rate) / 0.006)[:, None]
    return _finish(sound + 0.25 * tick)


def clap(rate: int, rng: np.random.Generator) -> Sound:
    """A few hands, not quite together."""
    time = _time(0.5, rate)
    envelope = np.zeros_like(time)
    for start in (0.0, 0.0105, 0.0195, 0.029):
        after = time - np.float32(start + rng.uniform(0, 0.0015))
        length = 0.09 if start > 0.028 else 0.006
        envelope += np.where(after >= 0, np.exp(-np.maximum(after, 0) / length), 0)
    sound = _hiss(0.5, rate, 850, 3800, rng)
    return _finish(sound * (envelope * np.minimum(1, time / 0.0006))[:, None])


def snap(rate: int, rng: np.random.Generator) -> Sound:
    """Fingers."""
    time = _time(0.25, rate)
    sound = _hiss(0.25, rate, 1500, 3600, rng, 3)
    envelope = np.exp(-time / 0.012) + 0.12 * np.exp(-time / 0.05)
    return _finish(sound * (envelope * np.minimum(1, time / 0.0008))[:, None])


def hat(rate: int, rng: np.random.Generator) -> Sound:
    return _cymbal(rate, rng, 0.09, 0.022, 5200, 11500)


def soft_hat(rate: int, rng: np.random.Generator) -> Sound:
    """A closed hat behind a blanket, for music that is not to hiss."""
    return _cymbal(rate, rng, 0.1, 0.024, 3600, 7500)


def open_hat(rate: int, rng: np.random.Generator) -> Sound:
    return _cymbal(rate, rng, 0.4, 0.11, 4800, 11000)


def ride(rate: int, rng: np.random.Generator) -> Sound:
    """A ride cymbal: a ping over a wash."""
    wash = _cymbal(rate, rng, 1.6, 0.4, 3000, 9500)
    pitches = np.array([1180.0, 2130, 3020, 4170, 5340, 6480])
    levels = np.full((6, 2), 0.5) * np.array([0.6, 1, 0.9, 0.8, 0.5, 0.4])[:, None]
    ping = partials(pitches, levels, np.full(6, 0.22), len(wash), rate)
    return _finish(0.5 * wash + 0.28 * ping)


def crash(rate: int, rng: np.random.Generator) -> Sound:
    return _cymbal(rate, rng, 3.0, 0.75, 2600, 10500)


def _cymbal(
    rate: int, rng: np.random.Generator, seconds: float, decay: float, low: float, high: float
) -> Sound:
    time = _time(seconds, rate)
    sound = _hiss(seconds, rate, low, high, rng)
    metal = np.array([3170.0, 4310, 5420, 6240, 7110, 8030, 9260]) * rng.uniform(0.985, 1.015)
    ring = partials(metal, np.full((7, 2), 0.3), np.full(7, decay), len(time), rate)
    envelope = np.exp(-time / decay) * np.minimum(1, time / 0.0012)
    return _finish(sound * envelope[:, None] * 0.6 + ring * 0.4)


def shaker(rate: int, rng: np.random.Generator) -> Sound:
    time = _time(0.16, rate)
    sound = _hiss(0.16, rate, 4200, 9000, rng)
    return _finish(sound * (np.exp(-((time - 0.035) ** 2) / 0.0006))[:, None])


def brush(rate: int, rng: np.random.Generator) -> Sound:
    """A brush tapped on a snare drum."""
    time = _time(0.4, rate)
    sound = _hiss(0.4, rate, 700, 5200, rng)
    skin = partials(np.array([190.0]), np.full((1, 2), 0.35), np.array([0.05]), len(time), rate)
    envelope = (np.exp(-time / 0.05) + 0.25 * np.exp(-time / 0.13)) * np.minimum(1, time / 0.004)
    return _finish(sound * envelope[:, None] * 0.5 + skin)


def sweep(rate: int, rng: np.random.Generator) -> Sound:
    """A brush drawn round a snare drum."""
    time = _time(0.62, rate)
    sound = _hiss(0.62, rate, 1100, 5000, rng)
    return _finish(sound * (np.sin(np.pi * time / 0.62) ** 2)[:, None])


def foot_hat(rate: int, rng: np.random.Generator) -> Sound:
    return _cymbal(rate, rng, 0.08, 0.014, 4200, 8500)


def boom(rate: int, rng: np.random.Generator) -> Sound:
    """A very large drum, far down."""
    return _drum(rate, rng, (41, 63, 88, 121), 1.15, 260, 26)


def taiko(rate: int, rng: np.random.Generator) -> Sound:
    return _drum(rate, rng, (74, 117, 158, 221), 0.36, 900, 40)


def tom(rate: int, rng: np.random.Generator) -> Sound:
    return _drum(rate, rng, (98, 153, 214, 290), 0.24, 1500, 30)


def _drum(
    rate: int,
    rng: np.random.Generator,
    modes: tuple[float, ...],
    tau: float,
    bright: float,
    fall: float,
) -> Sound:
    seconds = tau * 5
    time = _time(seconds, rate).astype(np.float64)
    sound = np.zeros(len(time))
    for number, mode in enumerate(modes):
        drop = fall * np.exp(-time / 0.035) * 0.035
        phase = 2 * np.pi * (mode * time + fall * 0.035 - drop)
        sound += np.sin(phase) * np.exp(-time * (1 + 0.9 * number) / tau) / (1 + 0.6 * number)
    thud = _hiss(seconds, rate, 60, bright, rng)
    hit = np.exp(-time / 0.03) + 0.12 * np.exp(-time / (tau * 0.5))
    wide = sound[:, None] * 0.6 + thud * hit[:, None] * 0.35
    return _finish((wide * np.minimum(1, time / 0.003)[:, None]).astype(np.float32))


def swell(rate: int, rng: np.random.Generator) -> Sound:
    """A cymbal that rises towards the bar to come; it ends where that begins."""
    seconds = 2.4
    time = _time(seconds, rate)
    sound = _hiss(seconds, rate, 1800, 7500, rng)
    envelope = (time / seconds) ** 3.2 * np.minimum(1, (seconds - time) / 0.06)
    return _finish(sound * envelope[:, None])


def riser(rate: int, rng: np.random.Generator) -> Sound:
    """Wind that rises towards the bar to come, without hiss."""
    seconds = 4.0
    time = _time(seconds, rate)
    low = _hiss(seconds, rate, 180, 900, rng)
    high = _hiss(seconds, rate, 700, 3200, rng)
    part = (time / seconds)[:, None]
    sound = (low * (1 - part) + high * part) * part**2.4
    return _finish(sound * np.minimum(1, (seconds - time) / 0.12)[:, None])


KIT: dict[str, Stroke] = {
    function.__name__.replace("_", " "): function
    for function in (
        soft_kick,
        tight_kick,
        deep_kick,
        feathered_kick,
        dusty_snare,
        pop_snare,
        rim,
        clap,
        snap,
        hat,
        soft_hat,
        open_hat,
        ride,
        crash,
        shaker,
        brush,
        sweep,
        foot_hat,
        boom,
        taiko,
        tom,
        swell,
        riser,
    )
}

# Strokes that end on the beat they are written at, in place of beginning there.
LEADING = {"swell", "riser"}
