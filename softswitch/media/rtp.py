"""RTP packets (RFC 3550) as values. Pure: bytes in, values out; no socket, no clock."""

import struct
from dataclasses import dataclass

_HEADER = struct.Struct("!BBHII")
MAX_DATAGRAM = 2048


@dataclass(slots=True)
class Packet:
    """One packet. Not frozen, unlike our other records: thousands a second are made, and freezing costs as much as
    parsing."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def parse(datagram: bytes) -> Packet | None:
    """None for anything that is no RTP version 2 packet (STUN, RTCP on the port, garbage)."""
    if not 12 <= len(datagram) <= MAX_DATAGRAM or datagram[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    if 200 <= second <= 207:  # RTCP
        return None
    start = 12 + 4 * (first & 15)
    if first & 16:
        if len(datagram) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4])
    end = len(datagram)
    if first & 32:
        end -= datagram[-1]
    if start > end or (first & 32 and datagram[-1] == 0):
        return None
    return Packet(second & 127, sequence, timestamp, ssrc, datagram[start:end], bool(second & 128))


def pack(packet: Packet) -> bytes:
    second = packet.payload_type | (128 if packet.marker else 0)
    return _HEADER.pack(128, second, packet.sequence, packet.timestamp, packet.ssrc) + packet.payload


def later(sequence: int, than: int) -> bool:
    """Whether one sequence number comes after another, on the circle of 16 bits."""
    return 0 < (sequence - than) & 0xFFFF < 0x8000
