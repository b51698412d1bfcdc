#!/usr/bin/env python3
"""Writes the configuration of nsd (all outside zones and the root) and the inside names: zones.py FOLDER."""

import sys
from pathlib import Path

OUT = Path(sys.argv[1])
SOA = "@ 86400 SOA ns.example. hostmaster.example. 2026040100 7200 3600 1209600 3600"

# Outside names: zone -> lines (relative to the zone).
ZONES = {
    "example": """
        @ NS ns
        ns A 198.51.100.53
        ns AAAA 2001:db8:51::53
        www.shop A 198.51.100.80
        www.shop AAAA 2001:db8:51::80
        shop MX 10 mx.shop
        shop TXT "v=spf1 mx -all"
        mx.shop A 198.51.100.25
        img.cdn CNAME edge1.cdn
        edge1.cdn A 198.51.100.81
        search A 198.51.100.81
        weather A 198.51.100.80
        weather AAAA 2001:db8:51::80
        www.bank A 198.51.100.82
        api.bank A 198.51.100.82
        time A 198.51.100.123
        cdn.update-check A 203.0.113.66
        login.mail-verify A 203.0.113.66
        api.metrics-sync A 203.0.113.77
        drop.file-box A 203.0.113.88
        home4711.dyn A 203.0.113.66
        cam-office.ddns A 203.0.113.66
        myhost.freedns A 203.0.113.66
        t.backup-sync NS ns1.backup-sync
        ns1.backup-sync A 203.0.113.53
        d.store-sync NS ns1.store-sync
        ns1.store-sync A 203.0.113.53
        """,
    "example.jp": """
        @ NS ns.example.
        @ A 198.51.100.80
        @ MX 10 mx
        mx A 198.51.100.25
        news A 198.51.100.80
        news AAAA 2001:db8:51::80
        www CNAME news
        """,
    "example.com": """
        @ NS ns.example.
        @ A 198.51.100.83
        @ MX 10 mx1
        @ MX 20 mx2
        @ TXT "v=spf1 ip4:198.51.100.0/24 -all"
        mx1 A 198.51.100.25
        mx2 A 198.51.100.26
        www A 198.51.100.83
        _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
        _sip._tcp SRV 10 5 5060 sip
        sip A 198.51.100.70
        big TXT {big}
        """,
    "example.net": """
        @ NS ns.example.
        cloud A 198.51.100.83
        docs A 198.51.100.83
        old A 203.0.113.90
        self A 203.0.113.91
        expired A 203.0.113.92
        """,
    "100.51.198.in-addr.arpa": """
        @ NS ns.example.
        53 PTR ns.example.
        80 PTR www.shop.example.
        81 PTR edge1.cdn.example.
        82 PTR www.bank.example.
        83 PTR www.example.com.
        """,
    "113.0.203.in-addr.arpa": """
        @ NS ns.example.
        8 PTR open.example.
        """,
}

# Inside names: answered by unbound itself.
INSIDE = {
    "dns": "10.20.0.53", "intra": "10.20.0.80", "proxy": "10.20.0.81", "mail": "10.20.0.25",
    "files": "10.20.0.44", "shell": "10.20.0.22", "broker": "10.20.0.90", "gw": "10.20.0.1",
    "pc11": "10.20.1.11", "pc12": "10.20.1.12", "pc13": "10.20.1.13", "pc14": "10.20.1.14",
    "pc66": "10.20.1.66",
}

big = " ".join(f'"key{n:02d}={"abcdefghij" * 9}"' for n in range(24))
conf = ['server:', '  ip-address: 198.51.100.53', '  ip-address: 2001:db8:51::53', '  pidfile: ""',
        '  database: ""', f'  zonesdir: "{OUT}"', f'  logfile: "{OUT}/nsd.log"',
        f'  xfrdfile: "{OUT}/xfrd.state"', f'  xfrdir: "{OUT}"', f'  zonelistfile: "{OUT}/zone.list"',
        '  hide-version: yes', '  rrl-ratelimit: 0', 'remote-control:', '  control-enable: no']


def zone(name, lines):
    (OUT / f"zone.{name or 'root'}").write_text("$TTL 86400\n" + SOA + "\n" + "\n".join(lines) + "\n")
    conf.extend(["zone:", f'  name: "{name or "."}"', f'  zonefile: "zone.{name or "root"}"'])
    if name == "example.com":
        conf.append("  provide-xfr: 0.0.0.0/0 NOKEY")


root = ["@ NS ns.example.", "ns.example. A 198.51.100.53", "ns.example. AAAA 2001:db8:51::53"]
for name, body in ZONES.items():
    zone(name, [line.strip() for line in body.replace("{big}", big).strip().splitlines()])
    root.append(f"{name}. NS ns.example.")
zone("", root)
(OUT / "nsd.conf").write_text("\n".join(conf) + "\n")
(OUT / "root.hints").write_text(". 3600000 NS ns.example.\nns.example. 3600000 A 198.51.100.53\n")

local = ['  local-zone: "ministry.go.example." static', '  local-zone: "10.in-addr.arpa." static',
         '  local-zone: "100.51.198.in-addr.arpa." nodefault', '  local-zone: "113.0.203.in-addr.arpa." nodefault',
         '  local-data: "ministry.go.example. 3600 MX 10 mail.ministry.go.example."']
for name, address in INSIDE.items():
    local.append(f'  local-data: "{name}.ministry.go.example. 3600 A {address}"')
    local.append(f'  local-data-ptr: "{address} 3600 {name}.ministry.go.example."')
for name in ("dns", "intra"):
    local.append(f'  local-data: "{name}.ministry.go.example. 3600 AAAA fd00:20::{53 if name == "dns" else 80}"')
(OUT / "inside.local").write_text("\n".join(local) + "\n")
