#!/usr/bin/env python3
"""Writes the web pages and pictures that the servers of the recordings serve: pages.py FOLDER."""

import random
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(sys.argv[1])
RANDOM = random.Random(20)
WORDS = """the office of a small town opens its new reading room this week and visitors may borrow
books maps and music for three weeks while the river path stays closed until the bridge is painted
weather stays mild with some rain in the evening and clear skies on the coast""".split()


def text(words):
    return " ".join(RANDOM.choice(WORDS) for _ in range(words)).capitalize() + "."


def png(width, height):
    """A noisy grey picture; noise keeps it from being one flat colour."""
    rows = b"".join(b"\0" + bytes(RANDOM.getrandbits(5) * 8 for _ in range(width)) for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def page(title, paragraphs, images=(), links=()):
    parts = [f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>",
             "<link rel=stylesheet href=/style.css></head><body>", f"<h1>{title}</h1>"]
    parts += [f"<img src=/img/{name} alt={name}>" for name in images]
    parts += [f"<p>{text(60)}</p>" for _ in range(paragraphs)]
    parts += [f"<a href={link}>{link}</a>" for link in links]
    return "\n".join(parts + ["</body></html>\n"])


def put(path, data):
    path = ROOT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


for site in ("public", "intra"):
    links = ("/news/", "/shop.html", "/about.html")
    put(f"{site}/index.html", page("Welcome", 4, ("logo.png", "photo.png"), links))
    put(f"{site}/news/index.html", page("News", 8, ("logo.png",), links))
    put(f"{site}/shop.html", page("Shop", 6, ("logo.png", "vase.png"), links))
    put(f"{site}/about.html", page("About us", 3))
    put(f"{site}/admin/index.html", page("Administration", 2))
    put(f"{site}/style.css", "body { font-family: serif; margin: 2em; color: #222 }\n" * 8)
    put(f"{site}/favicon.ico", png(16, 16))
    put(f"{site}/img/logo.png", png(48, 32))
    put(f"{site}/img/photo.png", png(96, 64))
    put(f"{site}/img/vase.png", png(80, 80))
    put(f"{site}/report.txt", "\n".join(text(12) for _ in range(60)))
    put(f"{site}/api/weather.json", '{"town":"Example","celsius":18.5,"wind":"NE"}')
# Harmless files that only look like programs: a DOS stub header and a script that prints.
put("public/tools/setup.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 44 + b"\x80\0\0\0"
    + b"This program cannot be run in DOS mode.\r\r\n$".ljust(64, b"\0") + b"PE\0\0d\x86\0\0" + b"\0" * 1500)
put("public/tools/update.ps1", "Write-Output 'This script only prints this line.'\r\n")
