"""Buildings of a skyline: towers with faces, setbacks, crowns and rows of windows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .noise import Array
from .palette import light
from .stage import Stage

WARM = ("#ffc476", "#ffd79a", "#ffe6bf", "#ffb45e")
COOL = ("#dcebff", "#bfdcff", "#f4f7ff")
NEON = ("#ff3fb4", "#3fe8ff", "#8a5bff", "#ff5f6e", "#41ffb3", "#ffd23f")


@dataclass
class Lamps:
    """Small lights of a plate, in its pixels: windows that come and go, beacons, signs."""

    windows: list[tuple[int, int, int, int, Array]] = field(default_factory=list)
    beacons: list[tuple[float, float]] = field(default_factory=list)
    signs: list[tuple[int, int, int, int, Array]] = field(default_factory=list)


@dataclass(frozen=True)
class Skin:
    """How the buildings of one layer are painted: scene light."""

    wall: Array
    glass: Array
    glow: float  # of lit windows
    share: float  # of windows that are lit
    cell: tuple[int, int]  # pixels of a window with its gap
    neon: bool
    air: Array
    haze: float


def tower(
    colour: Array, cover: Array, lamps: Lamps, skin: Skin, rng: np.random.Generator,
    x: int, foot: int, wide: int, tall: int, middle: float,
) -> None:  # fmt: skip
    """Build one tower into a plate: its left side at ``x``, standing on row ``foot``, in pixels.
    ``middle`` is the plate's middle: towers show the side that faces it."""
    cw, ch = skin.cell
    cols = max(2, wide // cw)
    wide = cols * cw
    turned = 1 if x + wide / 2 < middle else -1  # which way the narrow side lies
    offset = abs(x + wide / 2 - middle) / max(middle, 1)
    side = int(wide * (0.10 + 0.34 * min(offset, 1.0)) * rng.uniform(0.6, 1.1)) // cw * cw
    tiers = 1 if tall < wide * 2.2 or rng.random() < 0.4 else int(rng.integers(2, 4))
    warm = rng.normal(0, 0.14)  # brick and sandstone, or steel and glass
    tint = rng.uniform(0.55, 1.35) * np.array([1 + warm, 1 + warm * 0.25, 1 - warm], np.float32)
    style = int(rng.integers(0, 5))
    lit_share = float(np.clip(skin.share * rng.uniform(0.35, 1.5), 0.0, 0.9))
    palette = WARM if rng.random() < 0.68 else COOL
    low, inset = foot, 0
    heights = np.sort(rng.dirichlet(np.full(tiers, 3.0)))[::-1] * tall if tiers > 1 else [tall]
    for tier, part in enumerate(heights):
        rows = max(2, int(part) // ch)
        top = low - rows * ch
        a, b = x + inset, x + wide - inset
        if b - a < 2 * cw:
            break
        args = (skin, rng, style, lit_share, palette, tint)
        _face(colour, cover, lamps, a, top, b, low, 1.0, *args)
        if side > cw:
            edge = (b, b + side) if turned > 0 else (a - side, a)
            _face(colour, cover, lamps, edge[0], top, edge[1], low, 0.55, *args)
        # The line of the roof catches the sky.
        _fill(colour, cover, a, top - max(1, ch // 6), b, top, skin.wall * 1.5, skin)
        low = top
        inset += int((b - a) * rng.uniform(0.10, 0.2)) // cw * cw
        if tier == len(heights) - 1:
            _crown(colour, cover, lamps, skin, rng, a, b, top, wide, tall)
    if skin.neon and rng.random() < 0.55:
        _sign(colour, cover, lamps, skin, rng, x, foot, wide, tall)


def _clip(cover: Array, x0: int, y0: int, x1: int, y1: int) -> tuple[int, int, int, int]:
    h, w = cover.shape
    return max(0, x0), max(0, y0), min(w, x1), min(h, y1)


def _fill(
    colour: Array, cover: Array, x0: int, y0: int, x1: int, y1: int, paint: Array, skin: Skin
) -> None:
    x0, y0, x1, y1 = _clip(cover, x0, y0, x1, y1)
    if x1 > x0 and y1 > y0:
        colour[y0:y1, x0:x1] = paint * (1 - skin.haze) + skin.air * skin.haze
        cover[y0:y1, x0:x1] = 1.0


def _face(
    colour: Array, cover: Array, lamps: Lamps, x0: int, y0: int, x1: int, y1: int, shade: float,
    skin: Skin, rng: np.random.Generator, style: int, lit_share: float,
    palette: tuple[str, ...], tint: Array,
) -> None:  # fmt: skip
    cw, ch = skin.cell
    cols, rows = max(1, (x1 - x0) // cw), max(1, (y1 - y0) // ch)
    w, h = cols * cw, rows * ch
    wall = skin.wall * tint * shade
    down = np.linspace(1.15, 0.80, h, dtype=np.float32)[:, None, None]
    face = np.broadcast_to(wall * down, (h, w, 3)).copy()
    # Street light climbs the lower floors.
    up = np.exp(-np.linspace(h, 0, h, dtype=np.float32) / (ch * 9.0))[:, None, None]
    face += up * light("#c08a5a") * (0.05 * skin.glow * shade)
    # The pane inside each cell: tall, wide, a band over the floor, or a strip over the house.
    pane = np.zeros((ch, cw), np.float32)
    gx, gy = max(1, cw // 4), max(1, ch // 3)
    if style == 1:
        pane[gy:, :] = 1
    elif style == 2:
        pane[:, gx:] = 1
    else:
        pane[gy:, gx:] = 1
    panes = np.tile(pane, (rows, cols))[..., None]
    glass = skin.glass * shade * rng.uniform(0.8, 1.2) * down
    face += (glass - face) * panes
    lit = rng.random((rows, cols)) < lit_share * rng.uniform(0.3, 1.7, (rows, 1))
    if style == 1 or style == 4:  # offices: whole runs of a floor
        run = rng.random((rows, max(1, cols // 4 + 1))) < lit_share
        lit = np.repeat(run, 4, axis=1)[:, :cols] & (rng.random((rows, cols)) < 0.85)
    power = (rng.random((rows, cols)) ** 2.6 * 1.5 + 0.10) * lit * skin.glow
    power *= rng.uniform(0.6, 1.15)
    tints = np.stack([light(c) / light(c).max() for c in palette]) * 0.72 + 0.28
    if skin.neon:
        tints = np.concatenate([tints, np.stack([light(c) / light(c).max() for c in NEON[:3]])])
    pick = tints[rng.integers(0, len(tints), (rows, cols))]
    shine = np.repeat(np.repeat(power[..., None] * pick, ch, axis=0), cw, axis=1)
    face += shine.astype(np.float32) * panes * (0.6 + 0.4 * shade)
    face += (skin.air - face) * skin.haze
    ax, ay, bx, by = _clip(cover, x0, y0, x0 + w, y0 + h)
    if bx <= ax or by <= ay:
        return
    colour[ay:by, ax:bx] = face[ay - y0 : by - y0, ax - x0 : bx - x0]
    cover[ay:by, ax:bx] = 1.0
    for _ in range(int(rows * cols * 0.02 * (skin.glow > 0) + 0.5)):
        r, c = int(rng.integers(rows)), int(rng.integers(cols))
        bright = skin.glow * 0.8 * tints[int(rng.integers(len(tints)))] * (1 - skin.haze)
        lamps.windows.append(
            (x0 + c * cw + gx, y0 + r * ch + gy, max(1, cw - gx), max(1, ch - gy), bright)
        )


def _crown(
    colour: Array, cover: Array, lamps: Lamps, skin: Skin, rng: np.random.Generator,
    a: int, b: int, top: int, wide: int, tall: int,
) -> None:  # fmt: skip
    """What ends a tower: plant on the roof, a pyramid, a spire with its red beacon."""
    kind = rng.random()
    middle = (a + b) // 2
    wall = skin.wall * 0.9
    if kind < 0.70 or b - a < 10 or tall < wide * 2.4:
        for _ in range(int(rng.integers(1, 4))):
            w = int((b - a) * rng.uniform(0.12, 0.35))
            x = int(rng.uniform(a, max(a + 1, b - w)))
            _fill(colour, cover, x, top - int(skin.cell[1] * rng.uniform(0.6, 2.0)), x + w, top,
                  wall * rng.uniform(0.7, 1.2), skin)  # fmt: skip
    elif kind < 0.86:
        high = int((b - a) * rng.uniform(0.5, 1.3))
        for i in range(high):
            half = (b - a) / 2 * (1 - i / high)
            _fill(colour, cover, int(middle - half), top - i - 1, int(middle + half) + 1, top - i,
                  wall * (1.1 + 0.5 * i / high), skin)  # fmt: skip
        top -= high
    if tall > wide * 1.8 and rng.random() < 0.6:
        high = int(min(tall * 0.22, skin.cell[1] * 12) * rng.uniform(0.5, 1.1))
        thick = max(1, skin.cell[0] // 4)
        _fill(colour, cover, middle - thick, top - high // 2, middle + thick, top, wall, skin)
        _fill(colour, cover, middle - thick // 2, top - high, middle + max(1, thick // 2), top,
              wall, skin)  # fmt: skip
        lamps.beacons.append((float(middle), float(top - high)))


def _sign(
    colour: Array, cover: Array, lamps: Lamps, skin: Skin, rng: np.random.Generator,
    x: int, foot: int, wide: int, tall: int,
) -> None:  # fmt: skip
    """A neon sign: a bar up the front, or a band about it."""
    tube = light(NEON[int(rng.integers(len(NEON)))])
    tube = tube / tube.max() * 2.6 * (1 - skin.haze)
    cw, ch = skin.cell
    if rng.random() < 0.6:
        w, h = max(2, cw), int(tall * rng.uniform(0.15, 0.4))
        sx = int(x + wide * rng.choice([0.0, 0.92]))
        box = (sx, int(foot - tall * rng.uniform(0.6, 0.95)), w, h)
    else:
        box = (x, int(foot - tall * rng.uniform(0.4, 0.98)), wide, max(2, ch // 3))
    _fill(colour, cover, box[0], box[1], box[0] + box[2], box[1] + box[3], tube * 0.25, skin)
    lamps.signs.append((*box, tube))


def skin_of(stage: Stage, haze: float, cell: tuple[int, int]) -> Skin:
    """The look of a layer of buildings in the stage's light; ``haze`` 0..1 of air before it."""
    lit = stage.light
    neon = stage.scene.get("mood") == "neon"
    ambient = light(lit.ambient)
    sun = light(lit.sun) * lit.sun_power
    low = lit.sun_height < 0.4
    wall = light("#a09c96") * (ambient * (0.30 if low else 0.26) + sun * (0.05 if low else 0.34))
    if lit.dark > 0.5:
        wall = light("#2c3552") * (0.30 + 0.6 * (1 - lit.dark)) * 0.55
    glass = light(lit.sky[4 if low else 3]) * (0.30 if low else 0.22) * (1 - 0.85 * lit.dark)
    glass = glass + wall * 0.25
    night = min(1.0, lit.dark * 1.25)
    air = light(lit.haze)
    if neon:
        air = air * 0.6 + light("#5a2a80") * 0.5
    return Skin(wall, glass, 1.5 * night, 0.10 + 0.32 * night, cell, neon, air, haze)
