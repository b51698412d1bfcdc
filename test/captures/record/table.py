#!/usr/bin/env python3
"""Writes the table of captures into ../README.md from the YAML descriptions beside it."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
START, END = "<!-- table: written by record/table.py -->", "<!-- end of table -->"


def field(text, name):
    return re.search(rf"^{name}: (.*)$", text, re.M)[1].strip('"')


rows = ["| name | kind | what is in it | packets | seconds | KiB |", "|---|---|---|--:|--:|--:|"]
total = 0
for path in sorted(FOLDER.glob("*.yaml"), key=lambda p: (field(p.read_text(), "kind") != "benign", p.stem)):
    text = path.read_text()
    size = path.with_suffix(".pcap.zst").stat().st_size
    total += size
    rows.append(f"| `{path.stem}` | {field(text, 'kind')} | {field(text, 'title')} | {field(text, 'packets')} "
                f"| {float(field(text, 'duration_s')):.0f} | {size / 1024:.0f} |")
rows.append(f"| | | all together | | | {total / 1024:.0f} |")

readme = FOLDER / "README.md"
before, rest = readme.read_text().split(START)
after = rest.split(END)[1]
readme.write_text(before + START + "\n" + "\n".join(rows) + "\n" + END + after)
