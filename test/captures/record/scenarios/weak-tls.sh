# shellcheck shell=bash disable=SC2034
TITLE='TLS 1.0 and 1.1, a self-signed and an expired certificate'
KIND=attack
ATTACKER=(203.0.113.90 203.0.113.91 203.0.113.92)
VICTIMS=(10.20.1.13)
NEEDS=(web intra)
PROGRAMS=(curl openssl nginx-light unbound nsd)
ORIGIN='Weak servers rather than an attack: pc13 (curl, openssl s_client at security level 0) visits old.example.net (TLS 1.0, TLS 1.1), self.example.net (self-signed certificate) and expired.example.net (certificate valid in 2023 only), first refusing them and then with -k; it also offers weak cipher suites. All with TLS 1.2 at most, so that the certificates can be read. pc11 and pc12 browse meanwhile. "attacker" lists the weak servers. Times as recorded.'

visit() { # OPTIONS...
  (printf 'GET /about.html HTTP/1.1\r\nHost: old.example.net\r\nConnection: close\r\n\r\n'; sleep 0.4) |
    on pc13 openssl s_client -quiet -connect old.example.net:443 -servername old.example.net \
      -cipher 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' "$@"
}

weak_servers() {
  visit -tls1 || true
  nap 500 1500
  visit -tls1_1 || true
  get pc13 https://old.example.net/about.html || true # protocol version alert
  nap 500 1500
  local site
  for site in self expired; do
    get pc13 "https://$site.example.net/about.html" || true
    nap 500 1500
    get pc13 -k "https://$site.example.net/about.html"
  done
}

scenario() { with_life 'pc11 pc12' weak_servers; }
