# shellcheck shell=bash disable=SC2034
TITLE='DNS oddities: generated names, TXT, ANY, zone transfer, an outside resolver'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.0.53 198.51.100.53)
NEEDS=(web intra openres)
PROGRAMS=(bind9-dnsutils bind9-host unbound nsd nginx-light curl)
ORIGIN='pc66 asks the resolver for 60 generated names (12 to 20 random letters, NXDOMAIN) within a minute, then ten long hexadecimal TXT names, dynamic-DNS style names, ANY and CHAOS version.bind; it tries zone transfers (AXFR) of ministry.go.example from the inside resolver (refused) and of example.com from the outside server (succeeds), and asks the outside resolver 203.0.113.8 directly. pc11 to pc13 browse meanwhile. Times as recorded.'

letters() { # COUNT: pseudo-random letters, the same at each recording
  local i word=
  for ((i = 0; i < $1; i++)); do word+=$(printf '%b' "\\x$(printf %x $((97 + RANDOM % 26)))"); done
  echo "$word"
}

ask() { on pc66 dig +tries=1 +time=2 "$@" || true; }

attack() {
  local n
  for n in $(seq 60); do
    ask "$(letters $((12 + RANDOM % 9))).$(pick example example.com example.net example.jp)" A
    nap 100 900
  done
  for n in $(seq 10); do
    ask "$(printf '%04x' $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM).q.example.net" TXT
    nap 100 300
  done
  for n in home4711.dyn.example cam-office.ddns.example myhost.freedns.example; do ask "$n" A; done
  ask example.com ANY
  ask version.bind CH TXT
  ask @10.20.0.53 ministry.go.example AXFR
  ask @198.51.100.53 example.com AXFR
  for n in www.shop.example www.bank.example cdn.update-check.example; do ask @203.0.113.8 "$n" A; nap 300 900; done
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
