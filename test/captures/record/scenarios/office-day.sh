# shellcheck shell=bash disable=SC2034
TITLE='A few minutes of a whole office: web, names, mail, files, ssh and sensors together'
KIND=benign
NEEDS=(web intra ssh mail files mqtt)
PROGRAMS=(curl openssl openssh-server openssh-client swaks exim4-daemon-light dovecot-imapd samba smbclient mosquitto mosquitto-clients bind9-host nginx-light unbound nsd)
ORIGIN='pc11 to pc14 do everyday things at random times for five minutes: web pages over HTTP, TLS 1.2, TLS 1.3, look-ups, mail in and out, SMB files, ssh with a key; two sensors publish over MQTT. Times as recorded.'

# errand HOST: one slower everyday thing.
errand() {
  local host=$1
  case $((RANDOM % 6)) in
    0) share "$host" 'ls; get report-april.txt /dev/null' ;;
    1) share "$host" "put minutes.txt $host-minutes.txt; ls" ;;
    2) write_letter "$host" --port 587 --tls --header "Subject: From $host" --body 'See you tomorrow.' ;;
    3) on "$host" curl -sS --ssl-reqd -u "suzuki:$PASSWORD" 'imap://mail.ministry.go.example/INBOX?ALL' ;;
    4) ssh_key "$host" 'ls; sleep 2; cat minutes.txt' ;;
    5) get "$host" --http2 --compressed https://news.example.jp/news/ ;;
  esac
}

errands() {
  local end=$((SECONDS + 285))
  while ((SECONDS < end)); do
    errand "$(pick pc11 pc12 pc13 pc14)" || true
    nap 2000 12000
  done
}

scenario() {
  measure sensor1 room204 150 1.9 &
  local one=$!
  measure sensor2 archive 100 2.8 &
  local two=$!
  LIFE_LEAST=800 LIFE_MOST=7000 with_life 'pc11 pc12 pc13 pc14' errands
  wait "$one" "$two"
}
