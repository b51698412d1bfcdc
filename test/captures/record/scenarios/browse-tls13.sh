# shellcheck shell=bash disable=SC2034
TITLE='Web browsing over TLS 1.3, with resumption and a HelloRetryRequest'
KIND=benign
NEEDS=(web)
PROGRAMS=(curl openssl nginx-light unbound nsd)
ORIGIN='pc11, pc12 (curl, openssl s_client) browse www.example.com, cloud.example.net and docs.example.net on an nginx that speaks TLS 1.3 only; s_client resumes a session with a PSK and once provokes a HelloRetryRequest. Times as recorded.'

scenario() {
  get pc11 https://www.example.com/ https://www.example.com/style.css https://www.example.com/img/photo.png
  nap 500 1500
  get pc12 https://cloud.example.net/api/weather.json
  get pc12 --tls13-ciphers TLS_CHACHA20_POLY1305_SHA256 https://docs.example.net/about.html
  nap 500 1500
  local s="$W/tmp/session13"
  (printf 'GET /about.html HTTP/1.1\r\nHost: docs.example.net\r\nConnection: close\r\n\r\n'; sleep 0.5) |
    on pc11 openssl s_client -quiet -connect docs.example.net:443 -servername docs.example.net -sess_out "$s"
  nap 500 1500
  (printf 'GET /report.txt HTTP/1.1\r\nHost: docs.example.net\r\nConnection: close\r\n\r\n'; sleep 0.5) |
    on pc11 openssl s_client -quiet -connect docs.example.net:443 -servername docs.example.net -sess_in "$s"
  nap 500 1500
  # nginx wants X25519 or P-256; a key share of P-521 first makes it ask again.
  (printf 'GET / HTTP/1.1\r\nHost: cloud.example.net\r\nConnection: close\r\n\r\n'; sleep 0.5) |
    on pc12 openssl s_client -quiet -connect cloud.example.net:443 -servername cloud.example.net -groups P-521:P-384:X25519
  get pc12 -d 'note=bring+the+slides' https://cloud.example.net/submit
}
