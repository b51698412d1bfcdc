"""Reads and writes classic pcap files (microseconds, Ethernet), and names the flow of a frame."""

import ipaddress
import struct
from typing import Iterator, NamedTuple

HEAD = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")


class Packet(NamedTuple):
    micros: int  # time since 1970
    wire: int  # length on the wire
    data: bytes  # what was captured of it


class Flow(NamedTuple):
    kind: str  # "tcp", "udp" or "other"
    key: tuple  # the same for both directions
    start: bool  # a TCP SYN without ACK
    addresses: tuple  # the one or two addresses


def read(path: str) -> tuple[bytes, Iterator[Packet]]:
    """Gives the 24-byte file head and the packets."""
    with open(path, "rb") as f:
        blob = f.read()
    if HEAD.unpack_from(blob)[0] != 0xA1B2C3D4:
        raise ValueError(f"{path} is no little-endian microsecond pcap")

    def packets():
        at = HEAD.size
        while at < len(blob):
            sec, usec, kept, wire = RECORD.unpack_from(blob, at)
            at += RECORD.size
            yield Packet(sec * 1_000_000 + usec, wire, blob[at:at + kept])
            at += kept

    return blob[:HEAD.size], packets()


def write(path: str, head: bytes, packets: list[Packet]) -> None:
    with open(path, "wb") as f:
        f.write(head)
        for p in packets:
            sec, usec = divmod(p.micros, 1_000_000)
            f.write(RECORD.pack(sec, usec, len(p.data), p.wire) + p.data)


def flow(frame: bytes) -> Flow:
    kind = frame[12:14]
    if kind == b"\x08\x00":
        size, proto, src, dst = (frame[14] & 15) * 4, frame[23], frame[26:30], frame[30:34]
        fragment = int.from_bytes(frame[20:22], "big") & 0x1FFF
    elif kind == b"\x86\xdd":
        size, proto, src, dst, fragment = 40, frame[20], frame[22:38], frame[38:54], 0
    elif kind == b"\x08\x06":
        src, dst, proto, fragment, size = frame[28:32], frame[38:42], -1, 0, 0
    else:
        return Flow("other", (kind, frame[0:12]), False, ())
    addresses = (str(ipaddress.ip_address(src)), str(ipaddress.ip_address(dst)))
    at = 14 + size
    if proto in (6, 17) and not fragment:
        ports = struct.unpack_from(">HH", frame, at)
        key = (proto, *sorted(zip(addresses, ports)))
        start = proto == 6 and frame[at + 13] & 0x12 == 0x02
        return Flow("tcp" if proto == 6 else "udp", key, start, addresses)
    return Flow("other", (kind, proto, *sorted(addresses)), False, addresses)
