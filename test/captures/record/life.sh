# shellcheck shell=bash
# Ordinary life: what people and their programs do while a scenario runs.

# nap LEAST MOST: sleeps a random time between two numbers of milliseconds.
nap() {
  local ms=$(($1 + RANDOM % ($2 - $1 + 1)))
  sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

pick() { # WORD...
  local words=("$@")
  echo "${words[RANDOM % $#]}"
}

FIREFOX='Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

get() { # HOST CURL-ARGUMENTS...
  local host=$1
  shift
  on "$host" curl -sS -m 20 -A "$FIREFOX" "$@" >/dev/null
}

# glance HOST: one small everyday thing.
glance() {
  local host=$1 site
  case $((RANDOM % 9)) in
    0) get "$host" --compressed "http://www.shop.example/" http://www.shop.example/style.css http://www.shop.example/img/logo.png ;;
    1) get "$host" --compressed "http://news.example.jp/news/" http://news.example.jp/img/logo.png ;;
    2) get "$host" https://www.example.com/about.html ;;
    3) get "$host" https://cloud.example.net/api/weather.json ;;
    4) get "$host" https://www.bank.example/ https://www.bank.example/style.css ;;
    5) get "$host" --compressed https://www.shop.example/shop.html https://www.shop.example/img/vase.png ;;
    6) get "$host" http://intra.ministry.go.example/news/ ;;
    7) get "$host" https://search.example/about.html ;;
    8) site=$(pick www.shop.example mail.ministry.go.example example.com docs.example.net news.example.jp)
      on "$host" host -t "$(pick A MX)" "$site" ;;
  esac
}

# life SECONDS HOST...: these hosts glance at something now and then, for so long.
life() {
  local end=$((SECONDS + $1)) host
  shift
  nap 200 900
  while ((SECONDS < end)); do
    host=$(pick "$@")
    glance "$host" || true
    nap "${LIFE_LEAST:-300}" "${LIFE_MOST:-2500}"
  done
}

# with_life HOSTS COMMAND...: runs the command while the hosts live on a little
# before, during and after it.
with_life() {
  local hosts=$1 pid
  shift
  # shellcheck disable=SC2086
  life 3600 $hosts &
  pid=$!
  sleep "${LIFE_BEFORE:-5}"
  "$@" || true
  sleep "${LIFE_AFTER:-4}"
  kill "$pid"
  wait "$pid" 2>/dev/null || true
}

# know_names: the resolver learns every name of glance() before the recording.
know_names() {
  local n
  for n in www.shop.example news.example.jp www.example.com cloud.example.net www.bank.example search.example \
    docs.example.net example.com "$@"; do
    on dns dig +short @127.0.0.1 "$n" A
    on dns dig +short @127.0.0.1 "$n" AAAA
    on dns dig +short @127.0.0.1 "$n" MX
  done
}

# ssh_key HOST COMMAND: a log-in with the key of tanaka to the log-in server.
ssh_key() {
  local host=$1
  shift
  [[ -e $W/etc/id_tanaka ]] || install -m 600 "$W/ssh/id_tanaka" "$W/etc/id_tanaka"
  on "$host" ssh -F none -i "$W/etc/id_tanaka" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    tanaka@10.20.0.22 "$@"
}

# copy_by_scp HOST FROM TO: the same key, with scp.
copy_by_scp() {
  on "$1" scp -F none -i "$W/etc/id_tanaka" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$2" "$3"
}

# write_letter HOST SWAKS-ARGUMENTS...: submits a mail; swaks must not name its own machine.
write_letter() {
  local host=$1
  shift
  on "$host" swaks --server mail.ministry.go.example --ehlo "$host.ministry.go.example" \
    --from tanaka@ministry.go.example --to suzuki@ministry.go.example \
    --auth PLAIN --auth-user tanaka --auth-password "$PASSWORD" \
    --header 'X-Mailer: Post 1.0' "$@"
}

# share HOST COMMANDS: works on the office share of the file server.
share() { on "$1" smbclient //files.ministry.go.example/office -U "tanaka%$PASSWORD" -c "$2"; }

# readings COUNT PAUSE: so many lines of temperatures on standard output.
readings() {
  local n
  for ((n = 0; n < $1; n++)); do
    printf '{"t":%d.%d,"h":%d}\n' $((19 + RANDOM % 4)) $((RANDOM % 10)) $((40 + RANDOM % 9))
    sleep "$2"
  done
}

# measure HOST ROOM COUNT PAUSE: one sensor publishes its readings on one connection.
measure() {
  readings "$3" "$4" | on "$1" mosquitto_pub -h 10.20.0.90 -i "$1" -u sensor -P "$PASSWORD" \
    -t "building/$2/climate" -q 1 -l -k 30
}
