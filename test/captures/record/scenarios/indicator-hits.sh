# shellcheck shell=bash disable=SC2034
TITLE='A client resolves and fetches from names and addresses of an indicator list'
KIND=attack
ATTACKER=(203.0.113.66)
VICTIMS=(10.20.1.66)
NEEDS=(web intra)
PROGRAMS=(curl bind9-host openssl nginx-light unbound nsd)
ORIGIN='pc66 browses, and among that resolves cdn.update-check.example and login.mail-verify.example, fetches from them over HTTP and TLS, calls 203.0.113.66 by bare address over HTTP and TLS, and downloads /tools/setup.exe (harmless). pc11 to pc13 browse meanwhile. Times as recorded.'

attack() {
  get pc66 http://news.example.jp/news/
  nap 500 2000
  get pc66 http://cdn.update-check.example/about.html
  nap 500 2000
  on pc66 host login.mail-verify.example
  get pc66 https://login.mail-verify.example/ -d user=tanaka
  nap 500 2000
  get pc66 https://cdn.update-check.example/style.css
  get pc66 https://www.shop.example/shop.html
  nap 500 2000
  get pc66 http://203.0.113.66/about.html
  get pc66 -k https://203.0.113.66/about.html
  nap 500 2000
  get pc66 http://cdn.update-check.example/tools/setup.exe
  # A name on the list asked for as part of a longer one.
  on pc66 host eu.cdn.update-check.example || true
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
