# shellcheck shell=bash
# The servers: writes their configurations below $W and starts them on demand.
# need NAME starts a server once; prepare makes accounts, certificates and pages.

declare -A STARTED=()

need() {
  local name
  for name in "$@"; do
    [[ ${STARTED[$name]:-} ]] && continue
    STARTED[$name]=1
    "serve_$name"
  done
}

# daemon HOST PORT COMMAND...: start it and wait until the TCP port answers.
daemon() {
  local host=$1 port=$2
  shift 2
  on "$host" "$@" >>"$W/log/$host-$port.out" 2>&1 </dev/null &
  wait_port "$host" "$port" || { echo "no server on $host:$port" >&2; tail "$W/log/$host-$port.out" >&2; return 1; }
}

wait_port() {
  local i
  for ((i = 0; i < 100; i++)); do
    ip netns exec "$NS$1" ss -Hltn "sport = :$2" | grep -q . && return
    sleep 0.1
  done
  return 1
}

prepare() {
  mkdir -p "$W"/{etc,log,ca,www,share,tmp,empty,mail,exim,ssh,home}
  chmod 711 "$W" "$W/etc"
  chmod 777 "$W/log" "$W/tmp"
  prepare_accounts
  prepare_certificates
  python3 -B "$HERE/pages.py" "$W/www"
  chmod -R a+rX "$W/www"
}

PASSWORD='Sakura-2604'

prepare_accounts() {
  local user uid=5000 hash
  cp /etc/passwd /etc/shadow /etc/group "$W/etc/"
  hash=$(openssl passwd -6 -salt yagura "$PASSWORD")
  for user in tanaka suzuki sato admin; do
    uid=$((uid + 1))
    echo "$user:x:$uid:$uid::/home/$user:/bin/bash" >>"$W/etc/passwd"
    echo "$user:$hash:19000:0:99999:7:::" >>"$W/etc/shadow"
    echo "$user:x:$uid:" >>"$W/etc/group"
    mkdir -p "$W/home/$user/.ssh"
    touch "$W/home/$user/.hushlogin"
    echo "PS1='$user\$ '" >"$W/home/$user/.bashrc"
    cp "$W/home/$user/.bashrc" "$W/home/$user/.bash_profile"
    printf 'Minutes of the meeting\n1. Budget\n2. Office move\n' >"$W/home/$user/minutes.txt"
    chown -R "$uid:$uid" "$W/home/$user"
  done
  echo "127.0.0.1 localhost" >"$W/etc/hosts"
  printf 'hosts: files dns\npasswd: files\nshadow: files\ngroup: files\n' >"$W/etc/nsswitch.conf"
  printf 'nameserver 10.20.0.53\nsearch ministry.go.example\n' >"$W/etc/resolv.inside"
  printf 'nameserver 198.51.100.53\n' >"$W/etc/resolv.outside"
}

# certificate FILE NAMES DAYS: a key and a certificate of our CA.
certificate() {
  local f=$W/ca/$1 names=$2 days=${3:-365}
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$f.key" -out "$f.csr" \
    -subj "/O=Example/CN=${names%%,*}" 2>/dev/null
  printf 'subjectAltName=DNS:%s\n' "${names//,/,DNS:}" >"$f.ext"
  openssl x509 -req -in "$f.csr" -CA "$W/ca/ca.pem" -CAkey "$W/ca/ca.key" -CAcreateserial \
    -days "$days" -extfile "$f.ext" -out "$f.pem" 2>/dev/null
}

prepare_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/ca/ca.key" -out "$W/ca/ca.pem" -days 3650 \
    -subj "/O=Example Trust/CN=Example Root CA" 2>/dev/null
  certificate public 'www.shop.example,news.example.jp,img.cdn.example,search.example,weather.example'
  certificate bank 'www.bank.example,api.bank.example'
  certificate cloud 'www.example.com,cloud.example.net,docs.example.net'
  certificate listed 'cdn.update-check.example,login.mail-verify.example'
  certificate metrics 'api.metrics-sync.example'
  certificate upload 'drop.file-box.example'
  certificate inside 'intra.ministry.go.example,mail.ministry.go.example'
  certificate weak 'old.example.net'
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/ca/self.key" -out "$W/ca/self.pem" -days 365 \
    -subj "/CN=self.example.net" -addext 'subjectAltName=DNS:self.example.net' 2>/dev/null
  # An expired one: signed with dates in the past.
  certificate expired 'expired.example.net'
  : >"$W/ca/index.txt"
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/ca/index.txt\nserial=%s/ca/serial\nnew_certs_dir=%s/ca\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' \
    "$W" "$W" "$W" >"$W/ca/ca.cnf"
  openssl ca -batch -config "$W/ca/ca.cnf" -create_serial -in "$W/ca/expired.csr" -cert "$W/ca/ca.pem" \
    -keyfile "$W/ca/ca.key" -startdate 20230101000000Z -enddate 20240101000000Z -extfile "$W/ca/expired.ext" \
    -notext -out "$W/ca/expired.pem" 2>/dev/null
  chmod 644 "$W"/ca/*
}

# --- names ---------------------------------------------------------------

serve_dns() {
  python3 -B "$HERE/zones.py" "$W/etc"
  daemon auth 53 nsd -d -u root -c "$W/etc/nsd.conf"
  write_unbound dns 10.20.0.0/16 fd00:20::/64
  daemon dns 53 unbound -d -c "$W/etc/unbound-dns.conf"
}

serve_openres() {
  need dns
  write_unbound openres 0.0.0.0/0 ::/0
  daemon openres 53 unbound -d -c "$W/etc/unbound-openres.conf"
}

write_unbound() { # HOST ALLOWED4 ALLOWED6
  cat >"$W/etc/unbound-$1.conf" <<EOF
server:
  interface: 0.0.0.0
  interface: ::0
  do-ip6: yes
  prefer-ip4: yes
  interface-automatic: yes
  access-control: $2 allow
  access-control: $3 allow
  access-control: 127.0.0.0/8 allow
  module-config: "iterator"
  root-hints: "$W/etc/root.hints"
  username: ""
  chroot: ""
  directory: "$W/tmp"
  pidfile: ""
  use-syslog: no
  qname-minimisation: no
  hide-identity: yes
  hide-version: yes
  num-threads: 1
  do-not-query-localhost: no
  max-udp-size: 1232
$( [[ $1 == dns ]] && cat "$W/etc/inside.local" )
remote-control:
  control-enable: no
EOF
}

# --- web -----------------------------------------------------------------

nginx_head() { # NAME
  cat <<EOF
user root;
worker_processes 1;
daemon off;
pid $W/tmp/nginx-$1.pid;
error_log $W/log/nginx-$1.log;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  access_log off;
  server_tokens on;
  client_body_temp_path $W/tmp/body-$1; proxy_temp_path $W/tmp/proxy-$1;
  fastcgi_temp_path $W/tmp/f-$1; uwsgi_temp_path $W/tmp/u-$1; scgi_temp_path $W/tmp/s-$1;
  client_max_body_size 200m;
  gzip on; gzip_min_length 200; gzip_types text/css application/json;
  keepalive_timeout 20s;
  ssl_session_cache shared:s:1m; ssl_session_timeout 1h;
EOF
}

# tls_site ADDRESS PORT CERTIFICATE PROTOCOLS [LISTEN OPTIONS] [MORE DIRECTIVES]
tls_site() {
  cat <<EOF
  server {
    listen $1:$2 ssl ${5:-};
    ssl_certificate $W/ca/$3.pem; ssl_certificate_key $W/ca/$3.key;
    ssl_protocols $4;
    root $W/www/public;
    location = /v1/ping { proxy_pass http://127.0.0.1:8000; }
    location = /upload { proxy_pass http://127.0.0.1:8000; }
    location = /submit { proxy_pass http://127.0.0.1:8000; }
    ${6:-}
  }
EOF
}

serve_web() {
  {
    nginx_head web
    cat <<EOF
  server {
    listen 198.51.100.80:80; listen 198.51.100.81:80; listen [2001:db8:51::80]:80; listen 203.0.113.66:80;
    root $W/www/public;
    location = /old { return 301 /news/; }
    location = /go { return 302 http://\$host/shop.html; }
    location = /submit { proxy_pass http://127.0.0.1:8000; }
    location = /feed { proxy_pass http://127.0.0.1:8000; proxy_buffering off; proxy_http_version 1.1; }
  }
EOF
    tls_site 198.51.100.80 443 public 'TLSv1.2 TLSv1.3' http2 'listen [2001:db8:51::80]:443 ssl http2; listen 198.51.100.81:443 ssl http2;'
    tls_site 198.51.100.82 443 bank TLSv1.2
    tls_site 198.51.100.83 443 cloud TLSv1.3 '' 'ssl_ecdh_curve X25519:prime256v1;'
    tls_site 203.0.113.66 443 listed 'TLSv1.2 TLSv1.3' '' 'listen 203.0.113.66:4444 ssl;'
    tls_site 203.0.113.77 443 metrics 'TLSv1.2 TLSv1.3'
    tls_site 203.0.113.88 443 upload 'TLSv1.2 TLSv1.3'
    tls_site 203.0.113.90 443 weak 'TLSv1 TLSv1.1' '' 'ssl_ciphers ALL:@SECLEVEL=0;'
    tls_site 203.0.113.91 443 self 'TLSv1.2'
    tls_site 203.0.113.92 443 expired 'TLSv1.2'
    echo '}'
  } >"$W/etc/nginx-web.conf"
  daemon web 8000 python3 -B "$HERE/app.py"
  daemon web 443 nginx -e "$W/log/nginx-web.log" -c "$W/etc/nginx-web.conf"
}

serve_intra() {
  printf 'admin:%s\ntanaka:%s\n' "$(openssl passwd -apr1 "$PASSWORD")" "$(openssl passwd -apr1 "$PASSWORD")" >"$W/etc/htpasswd"
  {
    nginx_head intra
    cat <<EOF
  server {
    listen 10.20.0.80:80; listen [fd00:20::80]:80; listen 10.20.0.80:8081;
    root $W/www/intra;
    location = /login { proxy_pass http://127.0.0.1:8000; }
    location /admin/ { auth_basic "Ministry administration"; auth_basic_user_file $W/etc/htpasswd; }
  }
EOF
    tls_site 10.20.0.80 443 inside 'TLSv1.2 TLSv1.3' http2
    echo '}'
  } >"$W/etc/nginx-intra.conf"
  chmod 644 "$W/etc/htpasswd"
  daemon intra 8000 python3 -B "$HERE/app.py"
  daemon intra 443 nginx -e "$W/log/nginx-intra.log" -c "$W/etc/nginx-intra.conf"
}

serve_proxy() {
  cat >"$W/etc/tinyproxy.conf" <<EOF
Port 3128
Listen 10.20.0.81
Timeout 60
Allow 10.20.0.0/16
LogFile "$W/log/tinyproxy.log"
ConnectPort 443
ConnectPort 4444
ViaProxyName "proxy.ministry.go.example"
EOF
  daemon intra 3128 tinyproxy -d -c "$W/etc/tinyproxy.conf"
}

# --- log-in --------------------------------------------------------------

write_sshd() { # HOST ADDRESS
  [[ -e $W/ssh/host_ed25519 ]] || {
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$W/ssh/host_ed25519"
    ssh-keygen -q -t ed25519 -N '' -C 'tanaka' -f "$W/ssh/id_tanaka"
    install -m 644 "$W/ssh/id_tanaka.pub" "$W/ssh/authorized"
    chmod 711 "$W/ssh"
  }
  cat >"$W/etc/sshd-$1.conf" <<EOF
ListenAddress $2
HostKey $W/ssh/host_ed25519
PidFile none
UsePAM no
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin no
AuthorizedKeysFile $W/ssh/authorized
StrictModes no
MaxStartups 100
MaxAuthTries 2
PrintMotd no
PrintLastLog no
DebianBanner no
Subsystem sftp internal-sftp
EOF
}

serve_ssh() {
  write_sshd shell 10.20.0.22
  daemon shell 22 /usr/sbin/sshd -D -e -f "$W/etc/sshd-shell.conf"
}

serve_intra_ssh() {
  write_sshd intra 10.20.0.80
  daemon intra 22 /usr/sbin/sshd -D -e -f "$W/etc/sshd-intra.conf"
}

serve_ftp() {
  cat >"$W/etc/vsftpd.conf" <<EOF
listen=YES
listen_address=10.20.0.80
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
pam_service_name=vsftpd
secure_chroot_dir=$W/empty
seccomp_sandbox=NO
xferlog_enable=NO
ftpd_banner=Ministry file drop
EOF
  daemon intra 21 vsftpd "$W/etc/vsftpd.conf"
}

serve_telnet() {
  daemon intra 23 socat TCP-LISTEN:23,bind=10.20.0.80,reuseaddr,fork EXEC:'telnetd -h',nofork
}

# --- mail ----------------------------------------------------------------

serve_mail() {
  chown -R Debian-exim:Debian-exim "$W/exim" "$W/mail"
  printf 'tanaka:{PLAIN}%s\nsuzuki:{PLAIN}%s\n' "$PASSWORD" "$PASSWORD" >"$W/etc/dovecot.users"
  chmod 644 "$W/etc/dovecot.users"
  sed -e "s|@W@|$W|g" -e "s|@PASSWORD@|$PASSWORD|g" "$HERE/exim.conf" >"$W/etc/exim.conf"
  sed -e "s|@W@|$W|g" "$HERE/dovecot.conf" >"$W/etc/dovecot.conf"
  chown root:root "$W/etc/exim.conf"
  # Exim keeps its rights only with the compiled-in configuration path.
  # shellcheck disable=SC2016
  daemon mail 587 sh -c 'mount --bind "$W/etc/exim.conf" /var/lib/exim4/config.autogenerated && exec exim4 -bdf'
  daemon mail 143 dovecot -F -c "$W/etc/dovecot.conf"
}

# --- files ---------------------------------------------------------------

write_samba() { # HOST NETBIOS-NAME INTERFACES
  local d=$W/samba-$1
  mkdir -p "$d"/{private,lock,state,cache,pid,ncalrpc,log}
  chmod -R 755 "$d"
  chmod 700 "$d/private"
  mkdir -p "$W/share/$1/office" "$W/share/$1/admin"
  cp "$W/www/public/report.txt" "$W/share/$1/office/report-april.txt"
  cp "$W/www/public/img/logo.png" "$W/share/$1/office/logo.png"
  chown -R 5001:5001 "$W/share"
  cat >"$W/etc/smb-$1.conf" <<EOF
[global]
  netbios name = $2
  workgroup = MINISTRY
  server string = $2
  server role = standalone server
  interfaces = $3
  bind interfaces only = yes
  disable netbios = yes
  smb ports = 445
  load printers = no
  disable spoolss = yes
  map to guest = never
  max disk size = 20000
  passdb backend = tdbsam
  private dir = $d/private
  lock directory = $d/lock
  state directory = $d/state
  cache directory = $d/cache
  pid directory = $d/pid
  ncalrpc dir = $d/ncalrpc
  log file = $d/log/smbd.log
[office]
  path = $W/share/$1/office
  read only = no
  force user = tanaka
[ADMIN\$]
  comment = Remote Admin
  path = $W/share/$1/admin
  read only = no
  browseable = no
  force user = tanaka
EOF
  local user
  for user in tanaka admin; do
    printf '%s\n%s\n' "$PASSWORD" "$PASSWORD" |
      on "$1" smbpasswd -c "$W/etc/smb-$1.conf" -a -s "$user" >/dev/null
  done
}

serve_files() {
  write_samba files FILES 10.20.0.44/16
  daemon files 445 smbd -F --no-process-group -s "$W/etc/smb-files.conf"
}

serve_fleet() {
  write_samba fleet OFFICE-PC "$(printf '10.20.2.%s/32 ' {10..25})"
  daemon fleet 445 smbd -F --no-process-group -s "$W/etc/smb-fleet.conf"
}

# --- things --------------------------------------------------------------

serve_mqtt() {
  printf 'sensor:%s\nboard:%s\n' "$PASSWORD" "$PASSWORD" >"$W/etc/mosquitto.users"
  mosquitto_passwd -U "$W/etc/mosquitto.users"
  chmod 600 "$W/etc/mosquitto.users"
  cat >"$W/etc/mosquitto.conf" <<EOF
user root
listener 1883 10.20.0.90
password_file $W/etc/mosquitto.users
EOF
  daemon broker 1883 mosquitto -c "$W/etc/mosquitto.conf"
}
