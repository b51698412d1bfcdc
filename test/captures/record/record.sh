#!/bin/bash
# Records the captures of ../ again: sudo record.sh [name...] (all by default).
#
# Everything happens in network namespaces named yg-*; nothing leaves them.
# Servers and tools are those of Debian 12. Missing packages are installed.
# NS=other- records with other namespace names; KEEP_LOG=folder keeps the output
# of the programs.
set -euo pipefail

PACKAGES=(
  bind9-dnsutils bind9-host chromium curl dns2tcp dovecot-imapd ethtool exim4-daemon-light expect ftp
  hydra inetutils-telnetd iodine iproute2 iputils-ping mosquitto mosquitto-clients nginx-light nmap nsd openssh-client
  openssh-server openssl procps python3 samba samba-common-bin smbclient socat sshpass swaks tcpdump telnet
  tinyproxy tshark unbound vsftpd zstd
)
HERE=$(cd "$(dirname "$0")" && pwd)
OUT=$(dirname "$HERE")

[[ $EUID -eq 0 ]] || { echo "record.sh needs root (network namespaces)" >&2; exit 1; }
missing=()
for p in "${PACKAGES[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if ((${#missing[@]})); then
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "${missing[@]}"
fi

# shellcheck source=net.sh
. "$HERE/net.sh"
# shellcheck source=servers.sh
. "$HERE/servers.sh"
# shellcheck source=life.sh
. "$HERE/life.sh"

if ip netns list | grep -q "^$NS"; then
  echo "namespaces $NS* exist already; is another record.sh running?" >&2
  exit 1
fi
W=$(mktemp -d /tmp/yg.XXXXXX)
trap 'trap "" INT TERM; set +e; net_down; rm -rf "$W"' EXIT
trap 'exit 1' INT TERM

# version PACKAGE...: "name version" for the origin text.
version() {
  dpkg-query -W -f='${Package} ${Version}\n' "$@" | paste -sd, | sed 's/,/, /g'
}

start_capture() {
  forget_neighbours
  # Not through in_switch: $! must be tcpdump itself.
  ip netns exec "${NS}sw" tcpdump -Z root -i br-in -s "$SNAPLEN" -B 32768 -w "$W/now.pcap" 2>"$W/log/tcpdump" &
  TCPDUMP=$!
  until grep -q 'listening on' "$W/log/tcpdump"; do sleep 0.1; done
}

stop_capture() {
  sleep 1.5 # the last packets wait in the ring buffer up to a second
  kill "$TCPDUMP"
  wait "$TCPDUMP" || true
  TCPDUMP=
  grep -q '^0 packets dropped by kernel' "$W/log/tcpdump" || { cat "$W/log/tcpdump" >&2; return 1; }
}

record() {
  local name=$1
  SNAPLEN=0 STRETCH=1 ATTACKER=() VICTIMS=() NEEDS=() PROGRAMS=()
  warm_up() { :; }
  # shellcheck disable=SC1090
  . "$HERE/scenarios/$name.sh"
  need dns "${NEEDS[@]}"
  warm_up >>"$W/log/$name.log" 2>&1
  RANDOM=$(cksum <<<"$name" | cut -c1-4)
  echo "recording $name"
  start_capture
  scenario >>"$W/log/$name.log" 2>&1 || { echo "scenario $name failed" >&2; tail -5 "$W/log/$name.log" >&2; }
  stop_capture
  [[ ${KEEP_LOG:-} ]] && cp "$W/log/$name.log" "$KEEP_LOG/"
  if [[ $STRETCH != 1 ]]; then
    python3 -B "$HERE/stretch.py" "$STRETCH" "$W/now.pcap" "$W/stretched.pcap"
    mv "$W/stretched.pcap" "$W/now.pcap"
  fi
  zstd -q -19 -f "$W/now.pcap" -o "$OUT/$name.pcap.zst"
  python3 -B "$HERE/describe.py" "$W/now.pcap" "$HERE/hosts.txt" \
    --title "$TITLE" --kind "$KIND" \
    --origin "$ORIGIN Programs: $(version tcpdump "${PROGRAMS[@]}"). Recorded $(date -u +%Y-%m-%d) by record/record.sh." \
    --attacker "${ATTACKER[*]}" --victims "${VICTIMS[*]}" >"$OUT/$name.yaml"
}

ALL=()
for f in "$HERE"/scenarios/*.sh; do ALL+=("$(basename "$f" .sh)"); done
(($#)) || set -- "${ALL[@]}"

net_up
prepare
for name in "$@"; do record "$name"; done
python3 -B "$HERE/table.py"
