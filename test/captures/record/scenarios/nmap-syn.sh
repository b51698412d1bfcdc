# shellcheck shell=bash disable=SC2034
TITLE='nmap SYN scan of 400 ports of one inside server'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.0.80)
NEEDS=(web intra intra_ssh ftp)
PROGRAMS=(nmap nginx-light openssh-server vsftpd curl unbound nsd)
ORIGIN='pc66 runs "nmap -sS -T4 --top-ports 400" against the intranet server, on which nginx, sshd and vsftpd really listen; pc11 to pc13 browse meanwhile. Times as recorded.'

scenario() {
  with_life 'pc11 pc12 pc13' on pc66 nmap -sS -T4 --top-ports 400 10.20.0.80
}
