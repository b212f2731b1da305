"""How fast a stream is read, against httpx-sse on the same bytes: prints Markdown.

    scripts/with-python scripts/bench_stream.py

httpx-sse is no dependency of ours; it is installed for this measurement into a folder that goes
away again (``pip install --target``), which needs a package index. The peer reads the same chunks
through a stand-in for a response. Each pair of runs stands side by side; medians of their ratios.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import environment

PEERS = ("httpx-sse==0.4.3", "httpx==0.28.1")
RUNS = 9
EVENTS = 20_000
CHUNK = 4096  # bytes
BIG = 100_000_000  # bytes of one event


class _Response:
    """What httpx-sse asks of a response, over chunks that are there already."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.headers = {"content-type": "text/event-stream"}
        self._chunks = chunks

    def iter_bytes(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def iter_text(self) -> Iterator[str]:
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        for chunk in self._chunks:
            yield decoder.decode(chunk)

    def iter_lines(self) -> Iterator[str]:
        import importlib

        lines = importlib.import_module("httpx._decoders").LineDecoder()
        for text in self.iter_text():
            yield from lines.decode(text)
        yield from lines.flush()


def streams() -> dict[str, list[bytes]]:
    """Streams in chunks: short pieces of text as the agent sends them, and other shapes."""
    frame = {"content": {"parts": [{"text": "word "}]}, "partial": True, "author": "a"}
    short = b"data: " + json.dumps(frame, separators=(",", ":")).encode() + b"\n\n"
    shapes = {
        f"{len(short)}-byte events": short * EVENTS,
        "with id and event lines": (b"id: 7\nevent: message\n" + short) * (EVENTS // 2),
        "1 kB events": (b"data: " + b"x" * 1000 + b"\n\n") * (EVENTS // 8),
        "CRLF line ends": short.replace(b"\n", b"\r\n") * EVENTS,
    }
    return {name: _chunks(data) for name, data in shapes.items()}


def _chunks(data: bytes) -> list[bytes]:
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", folder, *PEERS]
        if subprocess.run(pip, check=False).returncode:  # noqa: S603 pip itself
            sys.exit("httpx-sse cannot be installed here, so there is no peer to measure against.")
        sys.path.insert(0, folder)
        measure()


def measure() -> None:
    import importlib

    from skill.stream import decode, read_turn

    peer_events = importlib.import_module("httpx_sse").EventSource

    print(
        "| stream | decode, x httpx-sse | read_turn, x httpx-sse | µs an event |\n|---|---|---|---|"
    )
    for name, chunks in streams().items():
        count = sum(1 for _ in decode(chunks))
        theirs_count = sum(1 for _ in peer_events(_Response(chunks)).iter_sse())
        if count != theirs_count:
            sys.exit(f"{name}: {count} events here, {theirs_count} there")
        ours, whole, times = [], [], []
        for _ in range(RUNS):
            peer = seconds(lambda: list(peer_events(_Response(chunks)).iter_sse()))  # noqa: B023
            mine = seconds(lambda: list(decode(chunks)))  # noqa: B023
            turn = seconds(lambda: read_turn(chunks))  # noqa: B023
            ours.append(mine / peer)
            whole.append(turn / peer)
            times.append(turn / count * 1e6)
        print(
            f"| {name} | {statistics.median(ours):.2f} | {statistics.median(whole):.2f} "
            f"| {statistics.median(times):.1f} |"
        )
    big = _chunks(b"data: " + b"x" * BIG + b"\n\n")
    took = statistics.median(seconds(lambda: list(decode(big, limit=BIG * 2))) for _ in range(3))
    print(f"\nOne event of {BIG / 1e6:.0f} MB, the cap lifted: {took:.2f} s.")


if __name__ == "__main__":
    environment.enter("studio")
    main()
