# shellcheck shell=bash disable=SC2016,SC2034
TITLE='One inside host tries SMB on fourteen others and leaves a file on some ADMIN$ shares'
KIND=attack
ATTACKER=(10.20.1.66)
mapfile -t VICTIMS < <(addresses 10.20.2.10-23)
NEEDS=(web intra files fleet)
PROGRAMS=(samba smbclient curl nginx-light unbound nsd)
ORIGIN='pc66 lists the shares of 10.20.2.10 to .23 with smbclient, one after the other, and puts svc_update.exe (1.7 KB, harmless) on ADMIN$ of every second one, then asks those for their services (net rpc service list); log-ins on two hosts use a wrong password first. pc11 to pc13 browse and use the file server meanwhile. All fourteen addresses are one samba. Times as recorded.'

attack() {
  local a n=0
  cp "$W/www/public/tools/setup.exe" "$W/home/tanaka/svc_update.exe"
  (sleep 3; share pc12 'ls; get logo.png /dev/null'; sleep 4; share pc13 'put minutes.txt minutes-13.txt; ls') &
  for a in $(addresses 10.20.2.10-23); do
    n=$((n + 1))
    ((n % 5)) || on pc66 smbclient -L "$a" -U 'admin%Winter-2025' || true
    on pc66 smbclient -L "$a" -U "admin%$PASSWORD" || true
    if ((n % 2)); then
      on pc66 smbclient "//$a/ADMIN\$" -U "admin%$PASSWORD" -c 'put svc_update.exe; ls' || true
      on pc66 net rpc service list -S "$a" -I "$a" -U "admin%$PASSWORD" || true
    fi
    nap 100 600
  done
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
