# shellcheck shell=bash disable=SC2034
TITLE='Web browsing over TLS 1.2, with resumption'
KIND=benign
NEEDS=(web)
PROGRAMS=(curl openssl nginx-light unbound nsd)
ORIGIN='pc11, pc12 (curl, openssl s_client) browse www.bank.example and api.bank.example on an nginx that speaks TLS 1.2 only; s_client resumes sessions by ticket and by session id. Times as recorded.'

scenario() {
  get pc11 https://www.bank.example/ https://www.bank.example/style.css https://www.bank.example/img/logo.png
  nap 500 1500
  get pc12 --tls-max 1.2 https://api.bank.example/api/weather.json
  get pc12 --ciphers ECDHE-ECDSA-AES128-GCM-SHA256 --tls-max 1.2 https://www.bank.example/about.html
  nap 500 1500
  local s="$W/tmp/session12"
  (printf 'GET /about.html HTTP/1.1\r\nHost: www.bank.example\r\nConnection: close\r\n\r\n'; sleep 0.5) |
    on pc11 openssl s_client -quiet -connect www.bank.example:443 -servername www.bank.example -sess_out "$s"
  nap 500 1500
  (printf 'GET /report.txt HTTP/1.1\r\nHost: www.bank.example\r\nConnection: close\r\n\r\n'; sleep 0.5) |
    on pc11 openssl s_client -quiet -connect www.bank.example:443 -servername www.bank.example -sess_in "$s"
  nap 500 1500
  # -reconnect: one connection and five resumptions by session id (no tickets)
  on pc12 openssl s_client -connect www.bank.example:443 -servername api.bank.example -no_ticket -reconnect </dev/null
  get pc12 -d 'amount=1200' https://www.bank.example/submit
}
