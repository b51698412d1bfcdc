# shellcheck shell=bash disable=SC2034
TITLE='nmap connect scan of 300 ports of one inside server, from outside'
KIND=attack
ATTACKER=(203.0.113.50)
VICTIMS=(10.20.0.80)
NEEDS=(web intra intra_ssh ftp)
PROGRAMS=(nmap nginx-light openssh-server vsftpd curl unbound nsd)
ORIGIN='An outside host runs "nmap -sT -T3 --top-ports 300 -n -Pn" against the intranet server, on which nginx, sshd and vsftpd really listen; pc11 to pc13 browse meanwhile. Times as recorded.'

scenario() {
  with_life 'pc11 pc12 pc13' on evil nmap -sT -T3 --top-ports 300 -n -Pn 10.20.0.80
}
