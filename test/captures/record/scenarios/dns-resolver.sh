# shellcheck shell=bash disable=SC2034
TITLE='Ordinary name look-ups through a recursive resolver'
KIND=benign
PROGRAMS=(bind9-dnsutils bind9-host unbound nsd)
ORIGIN='dig, host and getent on pc11 to pc14 ask unbound (10.20.0.53, fd00:20::53), which recurses to nsd (198.51.100.53, also root): A, AAAA, TXT, MX, SRV, PTR, CNAME, NXDOMAIN, an answer too big for UDP (truncated, then TCP), with and without EDNS, over IPv4 and IPv6. The capture point sees both legs. Times as recorded.'

scenario() {
  local n
  for n in www.shop.example news.example.jp www.example.com www.bank.example; do
    on pc11 dig "$n" A
    on pc12 dig -6 @fd00:20::53 "$n" AAAA
    nap 100 700
    on pc13 getent ahosts "$n"
  done
  on pc11 dig example.com MX
  on pc11 dig example.com TXT
  on pc12 dig _dmarc.example.com TXT
  on pc12 host -t SRV _sip._tcp.example.com
  nap 200 900
  on pc12 dig www.example.jp
  on pc12 host img.cdn.example
  on pc11 dig +noedns mail.ministry.go.example
  on pc11 dig +noedns big.example.com TXT
  nap 200 900
  on pc12 dig -6 @fd00:20::53 +bufsize=512 big.example.com TXT
  on pc12 dig +tcp example.com SOA
  on pc11 dig +dnssec example.com NS
  on pc13 host wwww.shop.example || true
  on pc13 host printer.ministry.go.example || true
  on pc14 host 198.51.100.80
  on pc14 dig -x 10.20.0.44
  nap 200 900
  on pc14 getent hosts intra.ministry.go.example
  on pc14 ping -c 2 -i 0.3 mail.ministry.go.example
}
