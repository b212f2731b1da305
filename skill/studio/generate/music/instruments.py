"""Pitched instruments: each gives the ringing sound of one note.

Struck and plucked ones are sums of decaying partials (a string or a bar is
just that), worked out as one product of matrices. Bowed and sung ones loop a
spectrum with spread partials (Nasca's PADsynth), so that they sound like many
players. Releases and attacks are laid over by the performance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.spectral import band, noise

Sound = NDArray[np.float32]
Numbers = NDArray[np.floating]

_LOOP = 2**18  # samples of a looped spectrum: 5.5 s at 48 kHz, too long to be heard as a loop


@dataclass(frozen=True)
class Instrument:
    """How a note rings.

    ``ring(pitch, seconds, hardness, rate)`` gives (n, 2), n at most that long;
    where it is ``sustained``, a loop without a join. Hardness 0..1 is how
    bright. ``attack`` and ``release`` in s.
    """

    ring: Callable[[int, float, float, int], Sound]
    attack: float = 0.002
    release: float = 0.12
    middle: int = 60  # pitch at which its level is set
    sustained: bool = False


def frequency(pitch: float) -> float:
    """Hz of a MIDI pitch, A4 = 440."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def partials(
    pitches: Numbers, levels: Numbers, decays: Numbers, count: int, rate: int
) -> NDArray[np.float32]:
    """Sum of decaying sines: Hz (p,), levels (p, c), time constants in s (p,) -> (count, c).

    A decaying sine at sample a*B+b is the product of what it is at a*B and at b,
    so the sum over partials is a matrix product.
    """
    keep = pitches < 0.45 * rate
    pitches, levels, decays = pitches[keep], levels[keep], decays[keep]
    step = 512
    rows = -(-count // step)
    turn = (2j * np.pi * pitches - 1 / decays) / rate
    fine = np.exp(turn[:, None] * np.arange(step))
    coarse = np.exp(turn[:, None] * (step * np.arange(rows)))
    # The imaginary part: every partial starts at zero, in sine phase.
    right = np.concatenate([fine.real, fine.imag]).astype(np.float32)
    result = np.empty((count, levels.shape[1]), np.float32)
    for side in range(levels.shape[1]):
        scaled = coarse * levels[:, side, None]
        left = np.concatenate([scaled.imag, scaled.real]).astype(np.float32)
        result[:, side] = (left.T @ right).ravel()[:count]
    return result


def _steady(pitch: int, salt: str) -> np.random.Generator:
    """Chance that is the same for an instrument's note every time."""
    return np.random.default_rng([pitch, *salt.encode()])


def _sides(levels: Numbers, spread: float, rng: np.random.Generator) -> Numbers:
    """Levels for left and right that differ a little for each partial, as at two ears."""
    lean = rng.uniform(-spread, spread, len(levels))
    return np.stack([levels * (1 - lean), levels * (1 + lean)], axis=1)


def _burst(count: int, rate: int, low: float, high: float, decay: float, salt: int) -> Sound:
    """The noise of a stroke: a band of noise that dies away at once, peak about 1."""
    length = min(count, int(decay * 6 * rate))
    sound = noise(max(length, 64), rate, band(low, high), np.random.default_rng(salt))[:length, 0]
    time = np.arange(length, dtype=np.float32) / rate
    envelope = np.exp(-time / decay) * np.minimum(1, time / 0.001)
    return np.asarray(sound * envelope * np.float32(0.3), np.float32)


def felt_piano(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """An upright with felt between hammer and strings: dark, soft, a breath of mechanics."""
    rng = _steady(pitch, "felt")
    base = frequency(pitch)
    order = np.arange(1, 33)
    stiff = 0.00035 * 2 ** ((pitch - 60) / 10)
    pitches = base * order * np.sqrt((1 + stiff * order**2) / (1 + stiff))
    edge = 680 + 620 * hardness + base * (0.9 + 0.9 * hardness)
    levels = np.exp(-pitches / edge) * np.abs(np.sin(np.pi * order / 8.3)) / order**0.35
    levels *= rng.uniform(0.8, 1.2, len(levels))
    fast = 1.1 * (262 / base) ** 0.45 / (1 + 0.22 * (order - 1))
    beat = pitches * 2 ** (rng.uniform(0.3, 0.9) / 1200)
    count = int(min(seconds, 9.0 * (262 / base) ** 0.45 + 0.5) * rate)
    sound = partials(
        np.concatenate([pitches, beat]),
        np.concatenate([_sides(levels * 0.7, 0.25, rng), _sides(levels * 0.35, 0.25, rng)]),
        np.concatenate([fast, fast * 3.2]),
        count,
        rate,
    )
    knock = _burst(count, rate, 90, 700, 0.018, pitch) * np.float32(0.05 + 0.05 * hardness)
    sound[: len(knock)] += knock[:, None]
    return sound


def electric_piano(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A tine piano by frequency modulation: a bell at the stroke, a round body after it."""
    base = frequency(pitch)
    count = int(min(seconds, 7.0) * rate)
    time = np.arange(count, dtype=np.float64) / rate
    phase = (2 * np.pi * ((base * time) % 1.0)).astype(np.float32)
    drift = (2 * np.pi * ((base * 1.0009 * time) % 1.0)).astype(np.float32)
    short = time.astype(np.float32)
    high = np.float32(min(1.0, (300 / base) ** 0.5))
    index = high * (0.25 + 1.5 * hardness) * np.exp(-short / 0.45) + 0.12
    body = np.sin(phase + index * np.sin(phase)) * np.exp(-short / (1.9 * (262 / base) ** 0.3))
    under = np.sin(drift) * np.exp(-short / 1.4) * np.float32(0.35)
    tine_pitch = min(14 * base, 5200.0)
    tine = (2 * np.pi * ((tine_pitch * time) % 1.0)).astype(np.float32)
    bell = np.sin(phase + np.float32(0.35) * np.sin(tine)) - np.sin(phase)
    bell *= (0.15 + 0.5 * hardness) * np.exp(-short / 0.16)
    sound = body + under + bell
    # Its amplifier moves it from side to side; the sum of both sides stays as it is.
    sway = np.float32(0.2) * np.sin(np.float32(2 * np.pi * 4.1) * short)
    return np.stack([sound * (1 - sway), sound * (1 + sway)], axis=1).astype(np.float32)


def nylon_guitar(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A plucked nylon string on a wooden body."""
    return _plucked(pitch, seconds, rate, 0.21, 900 + 1500 * hardness, 1.0, "nylon")


def steel_guitar(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A plucked steel string: brighter, and longer."""
    return _plucked(pitch, seconds, rate, 0.16, 1700 + 2300 * hardness, 1.5, "steel")


def muted_guitar(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """An electric guitar stopped with the palm: short and round."""
    return _plucked(pitch, seconds, rate, 0.12, 1100 + 1200 * hardness, 0.16, "muted")


def upright_bass(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A plucked double bass: thump, growl, then the fundamental."""
    sound = _plucked(pitch, seconds, rate, 0.27, 380 + 380 * hardness, 0.75, "upright")
    knock = _burst(len(sound), rate, 120, 1400, 0.012, pitch) * np.float32(0.12)
    sound[: len(knock)] += knock[:, None]
    return sound


def _plucked(
    pitch: int, seconds: float, rate: int, where: float, edge: float, length: float, salt: str
) -> Sound:
    """A string plucked at a place of its length (0..0.5), with the resonances of a body."""
    rng = _steady(pitch, salt)
    base = frequency(pitch)
    order = np.arange(1, max(6, min(48, int(9000 / base))) + 1)
    pitches = base * order * np.sqrt(1 + 0.00008 * order**2)
    levels = np.abs(np.sin(np.pi * order * where)) / order * np.exp(-pitches / edge * 0.5)
    body = sum(
        height / (1 + ((pitches - place) / width) ** 2)
        for place, width, height in ((105, 30, 0.8), (210, 45, 0.9), (420, 90, 0.5))
    )
    levels = levels * (0.55 + body) * rng.uniform(0.85, 1.15, len(order))
    tau = length * 1.5 * (196 / base) ** 0.5 / (1 + 0.12 * (order - 1) + (pitches / 5200) ** 2)
    other = pitches * 2 ** (0.6 / 1200)  # the string's second plane
    count = int(min(seconds, 6 * float(tau.max()) + 0.1) * rate)
    sound = partials(
        np.concatenate([pitches, other]),
        np.concatenate([_sides(levels * 0.7, 0.2, rng), _sides(levels * 0.3, 0.2, rng)]),
        np.concatenate([tau * 0.7, tau * 1.7]),
        count,
        rate,
    )
    pick = _burst(count, rate, 900, 3500, 0.004, pitch) * np.float32(0.03)
    sound[: len(pick)] += pick[:, None]
    return sound


def vibraphone(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A metal bar with its tuned overtones, and the slow tremolo of its motor."""
    sound = _bar(pitch, seconds, rate, (1, 4.0, 9.9), (1, 0.16 + 0.2 * hardness, 0.05), 1.9)
    time = np.arange(len(sound), dtype=np.float32) / rate
    motor = 1 - 0.18 * (1 - np.cos(2 * np.pi * 4.6 * time))
    return np.asarray(sound * motor[:, None], np.float32)


def marimba(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A wooden bar: a short, warm knock with a pitch."""
    sound = _bar(pitch, seconds, rate, (1, 3.98, 9.6), (1, 0.22 + 0.3 * hardness, 0.06), 0.32)
    knock = _burst(len(sound), rate, 300, 1500, 0.006, pitch) * np.float32(0.06)
    sound[: len(knock)] += knock[:, None]
    return sound


def kalimba(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A plucked tine: clear, with a glint that is gone at once."""
    return _bar(pitch, seconds, rate, (1, 2.0, 5.4), (1, 0.1, 0.1 + 0.2 * hardness), 0.75)


def bell(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A soft glass bell that hangs in the air."""
    ratios = (0.5, 1, 1.003, 2.0, 3.01, 4.22)
    levels = (0.18, 1, 0.6, 0.3 + 0.2 * hardness, 0.1, 0.05 * hardness)
    return _bar(pitch, seconds, rate, ratios, levels, 2.4)


def _bar(
    pitch: int,
    seconds: float,
    rate: int,
    ratios: tuple[float, ...],
    levels: tuple[float, ...],
    tau: float,
) -> Sound:
    base = frequency(pitch)
    ratio = np.array(ratios)
    tau = tau * (523 / base) ** 0.35
    decays = tau / np.maximum(ratio, 0.8) ** 0.9
    count = int(min(seconds, 7 * tau) * rate)
    sides = _sides(np.array(levels), 0.15, _steady(pitch, "bar"))
    return partials(base * ratio, sides, decays, count, rate)


def pluck(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A synthesiser's pluck: two saws apart to the sides, the filter falling shut."""
    return _saws(pitch, seconds, rate, 0.55, 0.16 - 0.06 * hardness, 8.0, 5000)


def synth_bass(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A synthesiser's bass: the fundamental stays, what is above it closes."""
    return _saws(pitch, seconds, rate, 1.6, 0.75 - 0.35 * hardness, 0.0, 1400)


def _saws(
    pitch: int, seconds: float, rate: int, tau: float, closing: float, cents: float, edge: float
) -> Sound:
    base = frequency(pitch)
    order = np.arange(1, max(2, min(60, int(8000 / base))) + 1)
    decays = tau / (1 + closing * (order - 1) ** 1.2)
    left, right = (base * order * 2 ** (side * cents / 1200) for side in (-1, 1))
    levels = 1 / order / np.sqrt(1 + (base * order / edge) ** 4)
    none = np.zeros_like(levels)
    # Each side has more of its own saw, and some of the other: it stays whole in mono.
    sides = np.concatenate(
        [np.stack([levels, levels * 0.5], axis=1), np.stack([levels * 0.5 + none, levels], axis=1)]
    )
    count = int(min(seconds, 7 * tau) * rate)
    return partials(
        np.concatenate([left, right]), sides, np.concatenate([decays, decays]), count, rate
    )


def sub_bass(pitch: int, seconds: float, hardness: float, rate: int) -> Sound:
    """A round electric bass: a sine with enough overtones to be heard on a telephone."""
    order = np.arange(1, 7)
    levels = np.array([1, 0.42, 0.2, 0.08, 0.04, 0.02]) * (0.5 + 0.7 * hardness) ** (order - 1)
    decays = 2.2 / (1 + 0.55 * (order - 1))
    sides = np.stack([levels, levels], axis=1)
    return partials(frequency(pitch) * order, sides, decays, int(min(seconds, 8) * rate), rate)


def warm_pad(pitch: int, _: float, hardness: float, rate: int) -> Sound:
    """Many detuned voices behind a low filter."""
    edge = 420 + 700 * hardness

    def level(hertz: Numbers, order: Numbers) -> Numbers:
        return np.asarray(1 / order / (1 + (hertz / edge) ** 2.2))

    return _choir_of(pitch, rate, level, 22, "warm")


def air_pad(pitch: int, _: float, hardness: float, rate: int) -> Sound:
    """Glass and breath: few partials, wide apart."""

    def level(hertz: Numbers, order: Numbers) -> Numbers:
        odd = np.where(order % 2 == 1, 1.0, 0.45)
        return np.asarray(odd / order**1.35 / (1 + (hertz / (1500 + 1500 * hardness)) ** 2))

    return _choir_of(pitch, rate, level, 38, "air")


def strings(pitch: int, _: float, hardness: float, rate: int) -> Sound:
    """A section of bowed strings."""
    edge = 1100 + 1900 * hardness

    def level(hertz: Numbers, order: Numbers) -> Numbers:
        body = 0.7 + sum(
            height / (1 + ((hertz - place) / width) ** 2)
            for place, width, height in ((300, 90, 0.5), (550, 160, 0.5), (1200, 400, 0.45))
        )
        return np.asarray(body / order / (1 + (hertz / edge) ** 2.4))

    return _choir_of(pitch, rate, level, 17, "strings")


def voices(pitch: int, _: float, hardness: float, rate: int) -> Sound:
    """A choir on "oo" that opens towards "ah"."""

    def level(hertz: Numbers, order: Numbers) -> Numbers:
        formants = sum(
            height / (1 + ((hertz - place) / width) ** 2)
            for place, width, height in (
                (330 + 300 * hardness, 130, 1.0),
                (850 + 250 * hardness, 160, 0.35),
                (2700, 300, 0.06),
            )
        )
        return np.asarray((0.03 + formants) / order**0.8)

    return _choir_of(pitch, rate, level, 26, "voices")


def _choir_of(
    pitch: int,
    rate: int,
    level: Callable[[Numbers, Numbers], Numbers],
    cents: float,
    salt: str,
) -> Sound:
    """A loop whose partials are spread by some cents, as many players and singers are."""
    rng = _steady(pitch, salt)
    base = frequency(pitch)
    order = np.arange(1, max(2, int(min(9000, 0.45 * rate) / base)) + 1, dtype=np.float64)
    heights = level(base * order, order)
    bins = _LOOP // 2 + 1
    power = np.zeros(bins)
    spread = (2 ** (cents / 1200) - 1) * base * order**0.9 * _LOOP / rate
    for place, height, width in zip(base * order * _LOOP / rate, heights, spread, strict=True):
        reach = int(4 * width) + 2
        first, last = max(1, int(place) - reach), min(bins, int(place) + reach + 1)
        shape = np.exp(-0.5 * ((np.arange(first, last) - place) / width) ** 2)
        power[first:last] += height**2 / width * shape
    size = np.sqrt(power).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, bins).astype(np.float32)
    # The sides share most of their phases: wide, and still whole in mono.
    lean = rng.normal(0, 0.75, bins).astype(np.float32)
    loop = np.empty((_LOOP, 2), np.float32)
    for side, angle in enumerate((phase - lean, phase + lean)):
        turned = np.empty(bins, np.complex64)
        turned.real, turned.imag = size * np.cos(angle), size * np.sin(angle)
        loop[:, side] = np.fft.irfft(turned, _LOOP)
    loop *= 0.2 / np.sqrt(np.square(loop).mean())
    return loop


INSTRUMENTS = {
    "felt piano": Instrument(felt_piano, 0.006, 0.25, 64),
    "electric piano": Instrument(electric_piano, 0.002, 0.18, 60),
    "nylon guitar": Instrument(nylon_guitar, 0.001, 0.15, 57),
    "steel guitar": Instrument(steel_guitar, 0.001, 0.2, 57),
    "muted guitar": Instrument(muted_guitar, 0.001, 0.06, 57),
    "upright bass": Instrument(upright_bass, 0.003, 0.08, 40),
    "vibraphone": Instrument(vibraphone, 0.002, 0.4, 69),
    "marimba": Instrument(marimba, 0.001, 0.2, 67),
    "kalimba": Instrument(kalimba, 0.001, 0.3, 72),
    "bell": Instrument(bell, 0.004, 1.2, 76),
    "pluck": Instrument(pluck, 0.002, 0.12, 64),
    "synth bass": Instrument(synth_bass, 0.003, 0.06, 40),
    "sub bass": Instrument(sub_bass, 0.008, 0.09, 36),
    "warm pad": Instrument(warm_pad, 0.6, 1.4, 57, sustained=True),
    "air pad": Instrument(air_pad, 1.4, 2.6, 64, sustained=True),
    "strings": Instrument(strings, 0.35, 0.7, 60, sustained=True),
    "short strings": Instrument(strings, 0.03, 0.14, 55, sustained=True),
    "voices": Instrument(voices, 0.9, 1.6, 60, sustained=True),
}
