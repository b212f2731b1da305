"""Measure the renderer against its floor, and an edit against a full render.

    python scripts/bench_render.py [--runs 3] [--folder DIR] [--json]

The reference timeline is 10 s of 1920x1080 at 30 fps: clip A 0-5 s, 0.5 s of
crossfade, clip B to 7.5 s, a photo of 3000x2000 zooming 1.00 to 1.12 to 10 s,
two titles with fades of 0.4 s, no sound. The floor decodes the same clips and
encodes as many frames with the same settings, composing nothing. The edit
changes a title in 0-3 s of a minute. All rows run in turn, as often as --runs
says; the table gives medians. Compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from skill.draft import TEXT, VIDEO, Draft, Segment, Track
from skill.studio.render import render
from skill.studio.render.encode import VideoEncoder
from skill.studio.render.output import read_output

Row = tuple[float, float]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the clips here for the next time")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rows = measure(folder, Path(temporary), arguments.runs)
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    floor, full = rows["floor"], rows["a minute, first time"]
    for name, (wall, cpu) in rows.items():
        base = full if "minute" in name else floor
        ratios = f"x{wall / base[0]:.3f} wall  x{cpu / base[1]:.3f} CPU"
        print(f"{name:34s} {wall:7.2f} s {cpu:7.2f} s CPU   {ratios}")


def measure(folder: Path, work: Path, runs: int) -> dict[str, Row]:
    """Median wall and CPU seconds of each row."""
    media = material(folder)
    out = work / "out.mp4"
    cache = work / "cache"
    seen: dict[str, list[Row]] = {}

    def run(name: str, draft: Draft, **options: Any) -> None:
        seen.setdefault(name, []).append(
            timed(lambda: render(draft, media.__getitem__, out, **options))
        )

    for number in range(runs):
        seen.setdefault("floor", []).append(timed(lambda: floor(media)))
        run("reference timeline", reference())
        run("reference, preview quality", reference(), output={"quality": "preview"})
        for piece in cache.glob("*"):
            piece.unlink()
        run("a minute, first time", minute(f"Take {number}"), cache=cache)
        run("a minute, title at 0-3 s changed", minute(f"Retake {number}"), cache=cache)
        run("a minute, nothing changed", minute(f"Retake {number}"), cache=cache)
    return {
        name: (statistics.median(w for w, _ in rows), statistics.median(c for _, c in rows))
        for name, rows in seen.items()
    }


def timed(what: Callable[[], None]) -> Row:
    """Wall and CPU seconds of a call, threads included."""
    wall, cpu = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - wall, time.process_time() - cpu


def floor(media: dict[str, Path]) -> None:
    """Decode 300 frames and encode them again, the way the renderer encodes."""
    output = read_output({}, Draft())
    left = 300
    for name, frames in (("a", 150), ("b", 150)):
        with av.open(str(media[name])) as container:
            container.streams.video[0].thread_type = "AUTO"
            encoder = VideoEncoder(output, 30)
            for number, frame in enumerate(container.decode(video=0)):
                if number >= frames:
                    break
                if number and number % 60 == 0:
                    encoder.finish()
                    encoder = VideoEncoder(output, 30)
                encoder.add(frame)
                left -= 1
            encoder.finish()
    if left:
        raise RuntimeError(f"{left} frames of the clips are missing")


def reference() -> Draft:
    """The timeline of the table, without sound."""
    fade = {"kind": "crossfade", "d": 500}
    zoom = {"kind": "zoom_in", "from": 1.0, "to": 1.12}
    clips = (
        Segment("a", 0, 5000, {"source": {"kind": "video", "hash": "a"}}),
        Segment("b", 4500, 3000, {"source": {"kind": "video", "hash": "b"}, "transition": fade}),
        Segment("p", 7500, 2500, {"source": {"kind": "image", "hash": "p"}, "motion": zoom}),
    )
    titles = (
        Segment("t1", 500, 2500, {"text": "Paradise Found"}),
        Segment("t2", 6000, 3000, {"text": "Urban Dreams", "position": "lower-third"}),
    )
    return Draft(tracks=(Track("v", VIDEO, clips), Track("titles", TEXT, titles)))


def minute(text: str) -> Draft:
    """Twelve shots of 5 s, and a title over the first 3 s."""
    # Each begins elsewhere in its source: equal stretches would be encoded only once.
    clips = tuple(
        Segment(
            f"s{number}",
            number * 5000,
            5000,
            {"source": {"kind": "video", "hash": "ab"[number % 2]}, "in": number * 20},
        )
        for number in range(12)
    )
    title = Segment("t", 0, 3000, {"text": text})
    return Draft(tracks=(Track("v", VIDEO, clips), Track("titles", TEXT, (title,))))


def material(folder: Path) -> dict[str, Path]:
    """Two clips of 160 frames that pan over a textured picture, and a photo."""
    photo = folder / "photo.jpg"
    if not photo.exists():
        cv2.imwrite(str(photo), _texture(2000, 3000, 5))
    found = {"p": photo}
    for name, seed in (("a", 1), ("b", 2)):
        path = found[name] = folder / f"{name}.mp4"
        if path.exists():
            continue
        wide = _texture(1180, 2620, seed)
        with av.open(str(path), "w") as container:
            stream = container.add_stream(
                "libx264", rate=30, options={"preset": "veryfast", "crf": "18", "g": "60"}
            )
            stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
            for number in range(160):
                x, y = 4 * number, 50 + round(40 * np.sin(number / 25))
                part = np.ascontiguousarray(wide[y : y + 1080, x : x + 1920])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(part, "bgr24")))
            container.mux(stream.encode(None))
    return found


def _texture(height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """Clouds of noise in eight sizes: as much fine detail as a photo has."""
    random = np.random.default_rng(seed)
    made = np.zeros((height, width, 3), np.float32)
    for octave in range(1, 9):
        cells = random.standard_normal((max(2, height >> octave), max(2, width >> octave), 3))
        size = (width, height)
        part = cv2.resize(cells.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
        made += part * 1.7**octave
    made = 128 + made * (45 / made.std())
    texture: NDArray[np.uint8] = np.clip(made, 0, 255).astype(np.uint8)
    return texture


if __name__ == "__main__":
    main()
