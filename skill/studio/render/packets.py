"""Encoded packets of one stream, and the small file they are kept in between renders.

The file: a magic line, the CRC-32 of the rest, the length of a JSON header
(extradata, and time stamps and size of every packet), the header, the packets.
A container would do, but costs probing on every open, and rounds time stamps.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av

_MAGIC = b"studio packets 1\n"
_HEAD = struct.Struct("<II")


@dataclass(frozen=True)
class Encoded:
    """One packet; ``pts``, ``dts`` and ``duration`` in units of the stream's time base."""

    pts: int
    dts: int
    duration: int
    key: bool
    data: bytes


@dataclass(frozen=True)
class Packets:
    """Packets in decoding order, and the codec's out-of-band header."""

    extradata: bytes
    packets: tuple[Encoded, ...]

    def to_bytes(self) -> bytes:
        header = json.dumps(
            {
                "extradata": base64.b64encode(self.extradata).decode(),
                "packets": [
                    [p.pts, p.dts, p.duration, int(p.key), len(p.data)] for p in self.packets
                ],
            }
        ).encode()
        body = header + b"".join(packet.data for packet in self.packets)
        return _MAGIC + _HEAD.pack(zlib.crc32(body, len(header)), len(header)) + body

    def shifted(
        self, stream: av.stream.Stream, time_base: Fraction, by: int = 0
    ) -> Iterator[av.Packet[Any]]:
        """The packets for a stream, ``by`` units later."""
        for encoded in self.packets:
            packet: av.Packet[Any] = av.Packet(encoded.data)
            packet.stream = stream
            packet.time_base = time_base
            packet.pts, packet.dts = encoded.pts + by, encoded.dts + by
            packet.duration = encoded.duration
            packet.is_keyframe = encoded.key
            yield packet


def encoded(packet: av.Packet[Any], duration: int) -> Encoded:
    """Keep what an encoder gave; ``duration`` is used where the packet has none."""
    pts = packet.pts or 0
    dts = pts if packet.dts is None else packet.dts
    return Encoded(pts, dts, packet.duration or duration, packet.is_keyframe, bytes(packet))


def from_bytes(data: bytes) -> Packets:
    """Read what ``to_bytes`` wrote. Raises ValueError if it is torn or of another make."""
    start = len(_MAGIC) + _HEAD.size
    if not data.startswith(_MAGIC) or len(data) < start:
        raise ValueError("these are no packets")
    check, length = _HEAD.unpack_from(data, len(_MAGIC))
    body = memoryview(data)[start:]
    if zlib.crc32(body, length) != check:
        raise ValueError("these packets are damaged")
    header = json.loads(bytes(body[:length]))
    at = length
    made = []
    for pts, dts, duration, key, size in header["packets"]:
        made.append(Encoded(pts, dts, duration, bool(key), bytes(body[at : at + size])))
        at += size
    return Packets(base64.b64decode(header["extradata"]), tuple(made))
