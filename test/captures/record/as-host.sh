#!/bin/sh
# Runs a command as one host: own name, accounts, resolver and clean environment.
# Called by on() of net.sh inside a fresh mount and UTS namespace: HOST COMMAND...
set -e
host=$1
shift
mount --make-rprivate /
hostname "$host"
resolv=$W/etc/resolv.inside
case $host in auth|web|tun|evil|openres) resolv=$W/etc/resolv.outside ;; esac
real=$(readlink -f /etc/resolv.conf)
mount --bind "$resolv" "$real"
for f in hosts passwd shadow group nsswitch.conf; do
  mount --bind "$W/etc/$f" "/etc/$f"
done
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir -p /run/sshd /run/samba /var/log/nginx
mount --bind "$W/home" /home
cd /home/tanaka
exec env -i PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin \
  HOME=/home/tanaka USER=tanaka LOGNAME=tanaka LANG=C.UTF-8 TERM=vt100 W="$W" \
  SSL_CERT_FILE="$W/ca/ca.pem" CURL_CA_BUNDLE="$W/ca/ca.pem" "$@"
