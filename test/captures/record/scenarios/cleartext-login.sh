# shellcheck shell=bash disable=SC2034
TITLE='Log-ins in clear: HTTP basic, FTP, telnet, SMTP and IMAP without TLS'
KIND=attack
ATTACKER=(10.20.1.12 10.20.1.13 10.20.1.14)
VICTIMS=(10.20.0.80 10.20.0.25)
NEEDS=(web intra ftp telnet mail)
PROGRAMS=(curl ftp vsftpd inetutils-telnetd telnet expect swaks exim4-daemon-light dovecot-imapd nginx-light unbound nsd)
ORIGIN='Weak practice rather than an attack: pc12 uses HTTP basic authentication on port 80, pc13 logs in by FTP (active and passive) and puts and gets a file, pc14 logs in by telnet, mistypes first and types whoami; pc12 submits a mail and reads IMAP without TLS. pc11 browses meanwhile. "attacker" lists the careless clients, "victims" the servers. Times as recorded.'

weak_practice() {
  get pc12 http://intra.ministry.go.example/admin/ || true
  get pc12 -u "tanaka:$PASSWORD" http://intra.ministry.go.example/admin/
  nap 500 1500
  printf 'user tanaka %s\npassive off\nbinary\nls\nput minutes.txt upload.txt\nget upload.txt /dev/null\nquit\n' "$PASSWORD" |
    on pc13 ftp -n -p -v 10.20.0.80
  on pc13 curl -sS --disable-epsv -u "tanaka:$PASSWORD" ftp://intra.ministry.go.example/home.txt -T minutes.txt
  on pc13 curl -sS -P - --disable-eprt -u "tanaka:$PASSWORD" "ftp://intra.ministry.go.example/"
  on pc13 curl -sS -u "tanaka:wrong-one" ftp://intra.ministry.go.example/ || true
  nap 500 1500
  on pc14 expect "$HERE/telnet.exp" 10.20.0.80 tanaka "$PASSWORD"
  nap 500 1500
  write_letter pc12 --port 587 --header 'Subject: In clear' --body 'Nobody reads this.'
  on pc12 curl -sS -u "suzuki:$PASSWORD" 'imap://mail.ministry.go.example/INBOX?ALL'
}

scenario() { with_life 'pc11' weak_practice; }
