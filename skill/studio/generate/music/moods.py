"""The moods as data: tempo, harmony, who plays what and when.

Patterns are bars of sixteen sixteenths (or several bars); "-" holds, "." rests.
Drums: X loud, x plain, o soft. Chords: the same letters strike the whole chord.
Arpeggios and broken chords: 0 1 2 ... voices from below. Bass: 1 root, 5 fifth,
8 octave, 3 third, a the step that leads to the next root.
Energy: 0 an introduction or a break, 1 the beginning, 2 the tune, 3 everyone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """One player. ``pan`` -1..1, ``room``, ``echo``, ``pump`` and ``drift`` 0..1.

    ``level`` is how loud it is where it plays, in LU beside the other players:
    0 is what one listens to.
    """

    part: str  # chords, strum, arpeggio, bass, walk, melody
    instruments: tuple[str, ...]  # the seed picks one
    level: float
    low: int
    high: int
    patterns: tuple[str, ...] = ("held",)
    since: int = 0
    until: int = 3
    size: int = 4
    pan: float = 0.0
    room: float = 0.2
    echo: float = 0.0
    pump: float = 0.0  # how far it gives way to the kick
    drift: float = 0.0  # how far its filter slowly opens and closes
    hardness: float = 0.5


@dataclass(frozen=True)
class Beat:
    """One drum. ``head`` and ``turn`` are a phrase's first and last bar, where they are given.

    ">" in a pattern is a stroke that rises and ends with the bar.
    """

    drum: str
    level: float
    patterns: tuple[str, ...]
    since: int = 1
    until: int = 3
    pan: float = 0.0
    room: float = 0.06
    head: str = ""
    turn: str = ""


@dataclass(frozen=True)
class Mood:
    """A kind of music. ``tempo`` in beats a minute, ``ring`` and ``room`` in s."""

    name: str
    tempo: tuple[float, float]
    progressions: tuple[str, ...]  # "scale: chord | chord ...", one chord a bar
    cadences: dict[str, str]  # by scale: the two bars before the end, and the end
    layers: tuple[Layer, ...]
    beats: tuple[Beat, ...] = ()
    density: str = "medium"
    swing: tuple[int, float] = (2, 0.5)  # parts of a beat, where the second of two lies
    chord_bars: int = 1
    ring: float = 3.0
    room: float = 1.6
    bright: float = 0.5
    loose: float = 5.0  # ms that players are off by
    slowing: float = 0.0  # by how much the last bar is longer
    tape: float = 0.0  # ms of wow
    dust: float = 0.0  # level of a record's crackle
    edge: float = 16000.0  # Hz above which it falls
    swell: float = 0.0  # dB from the beginning up to the end


_POP = (
    "major: Iadd9 | V | VIm7 | IVadd9",
    "major: VIm7 | IVadd9 | Iadd9 | V",
    "major: IVadd9 | Iadd9 | V | VIm7",
    "major: Iadd9 | IVadd9 | VIm7 | Vsus4",
    "major: Iadd9 | IIIm7 | IVadd9 | V",
)
_POP_END = {"major": "IVadd9 | V | I"}
_DARK = (
    "minor: Im | bVI | bIII | bVII",
    "minor: Im | bVImaj7 | IVm | V",
    "minor: Im | bVII | bVI | bVII",
    "minor: Im | IVm | bVI | V",
    "minor: bVI | bVII | Im | Im/V",
)
_DARK_END = {"minor": "bVI | bVII | Imadd9"}

LOFI = Mood(
    "lo-fi",
    (72, 84),
    (
        "major: IIm9 | V13 | Imaj9 | VIm9",
        "major: Imaj9 | VIm9 | IIm9 | V9sus",
        "major: IVmaj9 | IIIm7 | IIm9 | Imaj9",
        "major: IVmaj9 | V13 | IIIm7 | VIm9",
        "major: Imaj9 | IIIm7 | IVmaj9 | IVm69",
        "minor: Im9 | IVm9 | bVImaj9 | V7b9",
        "dorian: Im9 | IV13 | Im9 | IV9",
        "minor: bVImaj9 | V7b9 | Im9 | bVII13",
    ),
    {
        "major": "IIm9 | V13 | Imaj9",
        "minor": "bVImaj9 | V7b9 | Im9",
        "dorian": "IVmaj9 | V7b9 | Im9",
    },
    (
        Layer(
            "chords",
            ("electric piano", "electric piano", "felt piano"),
            0,
            52,
            73,
            (
                "X-----x-..x---x-",
                "X---------x-....",
                "X-----x-----....|X---..x-..x-----",
                "X-..x-----x-..x-",
            ),
            room=0.16,
            hardness=0.45,
        ),
        Layer(
            "bass",
            ("sub bass",),
            -4,
            31,
            46,
            (
                "1-----1-..5---a-",
                "1-------..1-5-..",
                "1----.1-8---..a-",
                "1---..1-....1-a-",
            ),
            since=1,
            room=0.0,
        ),
        Layer("chords", ("warm pad",), -12, 50, 69, since=1, room=0.4, hardness=0.3),
        Layer(
            "melody",
            ("vibraphone", "nylon guitar", "kalimba", "felt piano"),
            -2.5,
            67,
            86,
            since=2,
            room=0.34,
            echo=0.26,
            pan=0.12,
        ),
    ),
    (
        Beat(
            "soft kick",
            -4,
            ("X.......x.X.....", "X..o....x.x.....", "X.....x...X.....", "X......ox.X....."),
        ),
        Beat(
            "dusty snare",
            -8,
            ("....X.......X...", "....X..o....X...", "....X.......X..o"),
            room=0.12,
            turn="....X..o..o.X.ox",
        ),
        Beat("rim", -17, ("..........o....o", ".......o........"), since=2, pan=-0.25, room=0.2),
        Beat(
            "soft hat",
            -18,
            ("x.o.x.o.x.o.x.oo", "x.x.x.x.x.x.x.x.", "x.oox.o.x.oox.o."),
            since=1,
            pan=0.2,
        ),
    ),
    density="sparse",
    swing=(4, 0.585),
    room=1.3,
    bright=0.35,
    loose=9,
    slowing=0.08,
    tape=1.3,
    dust=0.12,
    edge=7200,
)

AMBIENT = Mood(
    "ambient",
    (58, 68),
    (
        "major: Iadd9 | VIm9 | IVmaj9 | IVmaj9",
        "major: Imaj9 | IVmaj9 | Imaj9 | IIm9",
        "lydian: Imaj9 | II/I | Imaj9 | VIm9",
        "major: VIm9 | IVmaj9 | Iadd9 | Vsus4",
        "dorian: Im9 | IVadd9 | Im11 | bVIImaj7",
    ),
    {
        "major": "IVmaj9 | Vsus4 | Iadd9",
        "lydian": "VIm9 | II/I | Imaj9",
        "dorian": "bVIImaj7 | IVadd9 | Im9",
    },
    (
        Layer("chords", ("warm pad",), 0, 48, 67, size=4, room=0.5, drift=0.75, hardness=0.6),
        Layer("chords", ("air pad",), -4, 60, 81, size=4, room=0.6, drift=0.9, hardness=0.7),
        Layer(
            "chords", ("voices",), -9, 55, 74, since=2, size=3, room=0.7, drift=0.6, hardness=0.5
        ),
        Layer(
            "bass",
            ("warm pad",),
            -9,
            33,
            46,
            ("1---------------|----------------",),
            room=0.15,
            hardness=0.3,
        ),
        Layer(
            "arpeggio",
            ("bell", "kalimba", "felt piano"),
            -10,
            67,
            91,
            (
                "0.......2.......|....1.......3...",
                "....1.....3.....|..2.........0...",
                "0.....1.....2...|..3.....2.......",
            ),
            since=1,
            room=0.75,
            echo=0.45,
            pan=-0.3,
        ),
        Layer(
            "melody",
            ("felt piano", "bell", "vibraphone"),
            -2.5,
            64,
            84,
            since=2,
            room=0.7,
            echo=0.38,
            pan=0.15,
            hardness=0.3,
        ),
    ),
    density="sparse",
    chord_bars=2,
    ring=6.0,
    room=4.6,
    bright=0.45,
    loose=14,
    slowing=0.1,
    edge=11000,
)

UPBEAT = Mood(
    "upbeat",
    (112, 122),
    _POP,
    _POP_END,
    (
        Layer(
            "arpeggio",
            ("pluck",),
            -3,
            60,
            84,
            ("0.2.1.2.3.2.1.2.", "0.1.2.3.1.2.3.2.", "02.13.02.13.2.3.", "0.12.3.20.12.3.2"),
            room=0.22,
            echo=0.22,
            pan=0.18,
            pump=0.35,
            hardness=0.55,
        ),
        Layer(
            "strum",
            ("steel guitar", "nylon guitar"),
            -6,
            52,
            74,
            ("X...x.x.o.x.x.x.", "X..x..x.X..x..x.", "X---x-x-.-x-x-x-"),
            since=1,
            pan=-0.28,
            room=0.15,
            hardness=0.6,
        ),
        Layer("chords", ("warm pad",), -9, 52, 72, since=1, room=0.3, pump=0.75, hardness=0.8),
        Layer(
            "bass",
            ("synth bass",),
            -4.5,
            31,
            45,
            ("..1...1...1...1.", "1-..1-1-..1-1-5-", "1.1.1.1.1.1.5.a."),
            since=1,
            room=0.0,
            pump=0.5,
            hardness=0.55,
        ),
        Layer(
            "melody",
            ("marimba", "bell", "kalimba", "pluck"),
            0,
            69,
            88,
            since=2,
            room=0.28,
            echo=0.2,
            hardness=0.6,
        ),
    ),
    (
        Beat("tight kick", -3, ("X...X...X...X...",), turn="X...X...X...X.x."),
        Beat("clap", -7, ("....X.......X...",), since=1, room=0.16, turn="....X.......X..x"),
        Beat("hat", -17, ("..x...x...x...x.",), since=1, pan=0.15),
        Beat("shaker", -17, ("xoxoxoxoxoxoxoxo", "oxxooxxooxxooxxo"), since=2, pan=-0.3),
        Beat("open hat", -18, ("..x...x...x...x.",), since=3, pan=0.15),
        Beat("tom", -11, ("",), since=2, turn="............xxxX", room=0.2),
    ),
    density="busy",
    ring=2.2,
    room=1.2,
    bright=0.6,
    loose=3,
)

CINEMATIC = Mood(
    "cinematic",
    (66, 76),
    _DARK,
    _DARK_END,
    (
        Layer("chords", ("strings",), -2, 50, 70, size=4, room=0.4, hardness=0.35),
        Layer("bass", ("strings",), -7, 31, 46, ("1---------------",), room=0.3, hardness=0.3),
        Layer(
            "arpeggio",
            ("felt piano",),
            -5,
            55,
            79,
            ("0-1-2-3-2-1-2-1-", "0---1---2---3---", "0-2-1-2-3-2-1-2-"),
            room=0.45,
            hardness=0.4,
        ),
        Layer(
            "arpeggio",
            ("short strings",),
            -7,
            55,
            72,
            ("0.0.1.0.2.0.1.0.", "0.1.2.1.0.1.2.1."),
            since=2,
            room=0.35,
            pan=-0.2,
            hardness=0.5,
        ),
        Layer("chords", ("voices",), -8, 57, 76, since=2, size=3, room=0.6, hardness=0.55),
        Layer(
            "melody",
            ("strings",),
            0,
            67,
            84,
            since=2,
            room=0.45,
            pan=0.15,
            hardness=0.55,
        ),
    ),
    (
        Beat("boom", -5, ("X...............",), since=1, room=0.45),
        Beat(
            "taiko",
            -5,
            ("X.....x...x.....", "X..x..x.....x.x."),
            since=3,
            room=0.4,
            pan=0.1,
            turn="X..x..x.X.x.xxxx",
        ),
        Beat("swell", -13, ("",), since=1, turn=">...............", room=0.3),
    ),
    density="sparse",
    ring=4.2,
    room=3.2,
    bright=0.5,
    loose=10,
    slowing=0.14,
    swell=6.0,
    edge=13000,
)

PIANO = Mood(
    "piano",
    (66, 78),
    (
        "major: Iadd9 | V/VII | VIm7 | IVadd9",
        "major: VIm7 | IVadd9 | Iadd9 | Vsus4",
        "major: Iadd9 | IIIm7 | VIm7 | IVadd9",
        "major: IVmaj7 | V | IIIm7 | VIm7",
        "major: Iadd9 | VIm7 | IVmaj7 | Vsus4",
    ),
    {"major": "IVmaj7 | V7sus | Iadd9"},
    (
        Layer(
            "arpeggio",
            ("felt piano",),
            -3,
            48,
            71,
            (
                "0-1-2-3-2-1-2-1-",
                "0-2-1-2-3-2-1-2-",
                "0-1-3-2-3-1-2-1-",
                "0---1-2-3---2-1-",
            ),
            room=0.3,
            hardness=0.3,
        ),
        Layer("bass", ("felt piano",), -6, 36, 50, ("1---------------", "1-------5-------")),
        Layer("melody", ("felt piano",), 0, 69, 88, since=1, room=0.36, hardness=0.5),
        Layer("chords", ("warm pad", "strings"), -10, 55, 72, since=2, size=3, room=0.6),
    ),
    density="medium",
    ring=4.0,
    room=2.4,
    bright=0.5,
    loose=10,
    slowing=0.18,
    edge=14000,
)

CORPORATE = Mood(
    "corporate",
    (104, 114),
    _POP,
    _POP_END,
    (
        Layer(
            "arpeggio",
            ("muted guitar",),
            -4,
            52,
            74,
            ("0.1.2.1.3.1.2.1.", "0.2.1.2.0.2.1.3."),
            room=0.14,
            pan=-0.3,
            echo=0.2,
        ),
        Layer("chords", ("felt piano",), -3, 52, 74, ("X-------x-------", "X-----x---x-----")),
        Layer("chords", ("warm pad",), -10, 52, 70, since=1, room=0.4, hardness=0.6),
        Layer(
            "bass",
            ("sub bass",),
            -5,
            31,
            45,
            ("1-----1-1-----5-", "1.1.1.1.1.1.1.a."),
            since=1,
            room=0.0,
        ),
        Layer(
            "melody",
            ("bell", "kalimba", "marimba"),
            0,
            69,
            88,
            since=2,
            room=0.4,
            echo=0.3,
            pan=0.15,
        ),
        Layer("chords", ("strings",), -10, 57, 76, since=3, size=3, room=0.4),
    ),
    (
        Beat("soft kick", -5, ("X.......x.x.....", "X.....x.x......."), since=1),
        Beat("snap", -11, ("....x.......x...",), since=1, room=0.25),
        Beat("shaker", -18, ("xoxoxoxoxoxoxoxo",), since=2, pan=0.25),
        Beat("clap", -11, ("....x.......x...",), since=3, room=0.2, turn="....x.......x.xx"),
    ),
    ring=2.6,
    room=1.5,
    bright=0.55,
    loose=4,
)

ACOUSTIC = Mood(
    "acoustic",
    (90, 102),
    (
        "major: Iadd9 | V/VII | VIm7 | IVadd9",
        "major: I | IVadd9 | I | V",
        "major: Iadd9 | IIIm7 | IVadd9 | I",
        "mixolydian: I | bVII | IVadd9 | I",
        "major: VIm7 | IVadd9 | I | V",
    ),
    {"major": "IVadd9 | V | Iadd9", "mixolydian": "bVII | IVadd9 | I"},
    (
        Layer(
            "arpeggio",
            ("steel guitar", "nylon guitar"),
            -1,
            48,
            70,
            ("0-2-3-2-1-2-3-2-", "0-3-2-1-0-3-2-3-", "0---2-3-1---3-2-"),
            pan=-0.3,
            room=0.14,
        ),
        Layer(
            "strum",
            ("nylon guitar", "steel guitar"),
            -6,
            52,
            74,
            ("X---x-x---x-x-x-", "X---x---..x-x-x-"),
            since=2,
            pan=0.38,
            room=0.14,
            hardness=0.55,
        ),
        Layer(
            "bass",
            ("upright bass",),
            -5,
            31,
            46,
            ("1-------5-------", "1-----1-5-----a-"),
            since=1,
            room=0.04,
        ),
        Layer(
            "melody",
            ("kalimba", "nylon guitar", "marimba"),
            -1,
            67,
            86,
            since=2,
            room=0.3,
            pan=0.1,
        ),
    ),
    (
        Beat("feathered kick", -7, ("X.......x.......", "X.......x.x....."), since=1),
        Beat("snap", -12, ("....x.......x...",), since=2, room=0.2),
        Beat("shaker", -18, ("xoxoxoxoxoxoxoxo",), since=1, pan=0.3),
    ),
    density="medium",
    swing=(4, 0.53),
    ring=2.8,
    room=1.1,
    loose=8,
    slowing=0.08,
)

EPIC = Mood(
    "epic",
    (84, 96),
    _DARK,
    _DARK_END,
    (
        Layer(
            "arpeggio",
            ("short strings",),
            -5,
            50,
            70,
            ("0.00.0100.00.020", "0.0.1.0.2.0.1.0.", "0010020010030020"),
            room=0.3,
            pan=-0.25,
            hardness=0.6,
        ),
        Layer("bass", ("strings",), -8, 29, 44, ("1---------------",), room=0.25, hardness=0.5),
        Layer("chords", ("strings",), -3, 52, 74, since=1, size=4, room=0.4, hardness=0.6),
        Layer("chords", ("voices",), -5, 57, 77, since=2, size=3, room=0.55, hardness=0.8),
        Layer("melody", ("strings",), 0, 67, 84, since=2, room=0.4, pan=0.15, hardness=0.8),
    ),
    (
        Beat("boom", -5, ("X.......x.......", "X..............."), since=1, room=0.4),
        Beat(
            "taiko",
            -4,
            ("X..x..x.X..x..x.", "X.xx..x.x.xx..x."),
            since=1,
            room=0.35,
            turn="X.xxX.xxX.x.XXXX",
        ),
        Beat(
            "tom", -11, ("..o..o....o..o..",), since=2, room=0.3, pan=-0.3, turn="..xx..xx..xxxxxx"
        ),
        Beat("crash", -14, ("",), since=2, head="X...............", room=0.3),
        Beat("swell", -14, ("",), since=1, turn=">...............", room=0.3),
    ),
    density="sparse",
    ring=3.8,
    room=2.8,
    bright=0.55,
    loose=7,
    swell=4.0,
)

SAD = Mood(
    "sad",
    (58, 66),
    (
        "minor: Imadd9 | bVImaj7 | bIII | bVII",
        "minor: Imadd9 | IVm7 | bVImaj7 | V",
        "minor: bVImaj7 | bVII | Imadd9 | Imadd9/bVII",
        "minor: Imadd9 | Vm7/bVII | bVImaj7 | IVm7",
    ),
    {"minor": "IVm7 | V | Imadd9"},
    (
        Layer(
            "arpeggio",
            ("felt piano",),
            -3,
            48,
            69,
            ("0-1-2-3-2-1-2-1-", "0---1---2---1---", "0-2-1-2-3-2-1-2-"),
            room=0.35,
            hardness=0.28,
        ),
        Layer("bass", ("felt piano",), -6, 33, 48, ("1---------------",), room=0.3),
        Layer("melody", ("felt piano",), 0, 67, 84, since=1, room=0.4, hardness=0.4),
        Layer("chords", ("strings",), -7, 52, 70, since=2, size=3, room=0.5, hardness=0.3),
        Layer("bass", ("strings",), -11, 36, 50, ("1---------------",), since=2, room=0.4),
    ),
    density="sparse",
    ring=4.6,
    room=2.9,
    bright=0.45,
    loose=12,
    slowing=0.2,
    edge=12000,
)

ELECTRONIC = Mood(
    "electronic",
    (116, 124),
    (
        "minor: Im7 | bVImaj7 | bIII | bVII",
        "minor: Imadd9 | bVII | bVImaj7 | bVII",
        "minor: bVImaj7 | bVII | Im7 | Im7",
        "dorian: Im9 | IVadd9 | Im9 | bVII",
    ),
    {"minor": "bVImaj7 | bVII | Imadd9", "dorian": "bVII | IVadd9 | Im9"},
    (
        Layer(
            "arpeggio",
            ("pluck",),
            -3,
            57,
            81,
            ("0123210123212321", "0.12.01.20.12.32", "03.12.03.12.3.2."),
            room=0.25,
            echo=0.3,
            pan=0.2,
            pump=0.5,
            hardness=0.45,
        ),
        Layer("chords", ("warm pad",), -5, 50, 71, room=0.35, pump=0.85, drift=0.6, hardness=0.9),
        Layer("chords", ("air pad",), -9, 62, 82, since=2, size=3, room=0.5, pump=0.85),
        Layer(
            "bass",
            ("synth bass",),
            -4,
            29,
            43,
            ("..11..11..11..11", "..1...1...1...1.", "1.11..1.1.11..a."),
            since=1,
            room=0.0,
            pump=0.6,
            hardness=0.7,
        ),
        Layer("melody", ("bell", "pluck"), -1, 67, 86, since=2, room=0.4, echo=0.35, pump=0.3),
    ),
    (
        Beat("deep kick", -2.5, ("X...X...X...X...",), turn="X...X...X...X.x."),
        Beat("clap", -8, ("....X.......X...",), since=1, room=0.2),
        Beat("open hat", -18, ("..x...x...x...x.",), since=2, pan=0.1),
        Beat("hat", -19, ("xoxoxoxoxoxoxoxo", "x.oxx.oxx.oxx.ox"), since=2, pan=-0.2),
        Beat("riser", -13, ("",), since=1, turn=">...............", room=0.3),
    ),
    density="medium",
    ring=2.6,
    room=1.8,
    bright=0.6,
    loose=2,
)

JAZZ = Mood(
    "jazz",
    (112, 132),
    (
        "major: IIm9 | V13 | Imaj9 | VI7b9",
        "major: Imaj9 | VIm9 | IIm9 | V13",
        "major: IIIm7 | VI7b9 | IIm9 | V13",
        "major: Imaj9 | IVmaj9 | IIIm7 | VI7b9",
        "minor: Im69 | IVm9 | IIm7b5 | V7b9",
    ),
    {"major": "IIm9 | V13 | I69", "minor": "IIm7b5 | V7b9 | Im69"},
    (
        Layer("walk", ("upright bass",), -3, 31, 50, since=0, room=0.05),
        Layer(
            "chords",
            ("felt piano", "electric piano"),
            -4,
            53,
            74,
            (
                "x-....x-........|......x-....x-..",
                "..x-......x-....|x-....x-........",
                "x-----....x-....|......x---......",
            ),
            room=0.16,
            pan=-0.2,
            hardness=0.45,
        ),
        Layer("melody", ("vibraphone", "nylon guitar"), 0, 65, 84, since=1, room=0.25, pan=0.2),
    ),
    (
        Beat("ride", -12, ("x...x.o.x...x.o.",), since=1, pan=0.25, room=0.1),
        Beat("sweep", -17, ("x...x...x...x...",), since=0, pan=-0.1, room=0.1),
        Beat("brush", -14, ("....x.......x...", "....x..o....x.o."), since=1, room=0.12),
        Beat("foot hat", -20, ("....x.......x...",), since=0, pan=0.2),
        Beat("feathered kick", -13, ("x...x...x...x...",), since=1),
    ),
    density="busy",
    swing=(2, 0.64),
    ring=2.6,
    room=1.0,
    bright=0.45,
    loose=8,
    slowing=0.1,
    edge=12000,
)

MOODS: dict[str, Mood] = {
    mood.name: mood
    for mood in (
        LOFI,
        AMBIENT,
        UPBEAT,
        CINEMATIC,
        PIANO,
        CORPORATE,
        ACOUSTIC,
        EPIC,
        SAD,
        ELECTRONIC,
        JAZZ,
    )
}
