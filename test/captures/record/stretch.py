#!/usr/bin/env python3
"""Stretches the time between the connections of a capture: stretch.py FACTOR IN.pcap OUT.pcap

The first packet of a connection moves to (its offset from the first packet of
the capture) x FACTOR; the times inside a connection stay as they were. Every
packet of the capture follows this one rule.

A TCP connection starts with a SYN. Everything without a SYN (UDP, ARP, ICMP)
counts as a new "connection" after QUIET seconds without a packet between the
same two ends.
"""

import sys

import pcapfile

QUIET = 500_000  # microseconds


def stretch(packets, factor):
    first = None
    current = {}  # flow key -> [start, last seen]
    out = []
    for p in packets:
        first = p.micros if first is None else first
        f = pcapfile.flow(p.data)
        known = current.get(f.key)
        quiet = known is not None and f.kind != "tcp" and p.micros - known[1] > QUIET
        # A repeated SYN soon after the first is a retransmission, not a new connection.
        again = known is not None and f.start and p.micros - known[0] > 3_000_000
        if known is None or quiet or again:
            known = current[f.key] = [p.micros, p.micros]
        known[1] = p.micros
        moved = first + round((known[0] - first) * factor) + (p.micros - known[0])
        out.append(p._replace(micros=moved))
    out.sort(key=lambda p: p.micros)  # stable: equal times keep their order
    return out


def main():
    factor, source, target = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    head, packets = pcapfile.read(source)
    pcapfile.write(target, head, stretch(packets, factor))


main()
