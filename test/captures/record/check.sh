#!/bin/bash
# Checks recorded captures with tshark: check.sh [name...]. Prints one line each:
# packets, seconds, longest frame, repeated frames, bad checksums, protocols.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$HERE/.."
if (($# == 0)); then
  mapfile -t all < <(basename -a -s .pcap.zst ./*.pcap.zst)
  set -- "${all[@]}"
fi
T=$(mktemp)
trap 'rm -f "$T"' EXIT
for name in "$@"; do
  zstd -dqfc "$name.pcap.zst" >"$T"
  # A frame seen twice has the same IP id, TCP sequence and checksum within a millisecond.
  twice=$(tshark -r "$T" -Y 'ip && !icmp' -T fields -e frame.time_epoch -e ip.src -e ip.id -e ip.checksum \
    -e tcp.seq_raw -e tcp.checksum -e udp.checksum -e tcp.options.timestamp.tsval -e frame.len 2>/dev/null |
    awk '{k=$2; for(i=3;i<=NF;i++) k=k" "$i; if (k in t && $1-t[k] < 0.001) n++; t[k]=$1} END {print n+0}')
  bad=$(tshark -r "$T" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
    -Y 'ip.checksum.status==0 or tcp.checksum.status==0 or udp.checksum.status==0' 2>/dev/null | wc -l)
  longest=$(tshark -r "$T" -T fields -e frame.len 2>/dev/null | sort -n | tail -1)
  backward=$(tshark -r "$T" -T fields -e frame.time_delta 2>/dev/null | grep -c '^-' || true)
  protocols=$(tshark -r "$T" -q -z io,phs 2>/dev/null | awk '/frames:/ {print $1}' | sort -u |
    grep -vE '^(eth|ip|ipv6|tcp|udp|tcp.segments|data-text-lines|data)$' | paste -sd, || true)
  printf '%-18s %6d pkt  longest %4d  twice %d  badsum %d  backward %d  %s\n' "$name" \
    "$(tshark -r "$T" -T fields -e frame.number 2>/dev/null | wc -l)" "$longest" "$twice" "$bad" "$backward" "$protocols"
done
