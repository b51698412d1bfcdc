#!/usr/bin/env python3
"""Prints the YAML description of a capture: describe.py FILE.pcap hosts.txt --title ... --kind ..."""

import argparse
import ipaddress
import json
import re
import textwrap

import pcapfile


def roles(path):
    """Address -> role, with ranges such as 10.20.2.10-81 spelt out."""
    found = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("#") or not line.strip():
                continue
            _, spec, role = line.split(maxsplit=2)
            match = re.fullmatch(r"([0-9.]+)\.(\d+)-(\d+)", spec)
            names = [f"{match[1]}.{n}" for n in range(int(match[2]), int(match[3]) + 1)] if match else [spec]
            found.update((str(ipaddress.ip_address(n)), role.strip()) for n in names)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pcap")
    parser.add_argument("hosts")
    for name in ("title", "kind", "origin", "attacker", "victims"):
        parser.add_argument(f"--{name}", default="")
    args = parser.parse_args()

    count, first, last, seen = 0, None, 0, set()
    for p in pcapfile.read(args.pcap)[1]:
        count += 1
        first = p.micros if first is None else first
        last = p.micros
        seen.update(pcapfile.flow(p.data).addresses)

    known = roles(args.hosts)
    print(f"title: {json.dumps(args.title)}\nkind: {args.kind}\norigin: >")
    print(textwrap.fill(args.origin, 96, initial_indent="  ", subsequent_indent="  ",
                        break_on_hyphens=False, break_long_words=False))
    print("hosts:")
    for address in sorted(seen & known.keys(), key=lambda a: (":" in a, int(ipaddress.ip_address(a)))):
        print(f'  "{address}": "{known[address]}"')
    for name in ("attacker", "victims"):
        if getattr(args, name):
            print(f"{name}:")
            for address in getattr(args, name).split():
                print(f'  - "{address}"')
    print(f"packets: {count}\nduration_s: {(last - (first or 0)) / 1e6:.1f}")


main()
