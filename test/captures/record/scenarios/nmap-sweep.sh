# shellcheck shell=bash disable=SC2034
TITLE='nmap sweep for two ports over 72 inside addresses'
KIND=attack
ATTACKER=(10.20.1.66)
mapfile -t VICTIMS < <(addresses 10.20.2.10-81)
NEEDS=(web fleet intra)
PROGRAMS=(nmap samba nginx-light curl unbound nsd)
ORIGIN='pc66 runs "nmap -sS -n -p 445,3389" over 10.20.2.1 to 10.20.2.100; 10.20.2.10 to .81 exist, .10 to .25 have port 445 open, the rest refuse (RST) or do not answer ARP. pc11 to pc13 browse meanwhile. Times as recorded.'

scenario() {
  with_life 'pc11 pc12 pc13' on pc66 nmap -sS -n -p 445,3389 10.20.2.1-100
}
