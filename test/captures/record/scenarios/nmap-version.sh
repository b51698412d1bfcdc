# shellcheck shell=bash disable=SC2034
TITLE='nmap version detection against the services of one inside server'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.0.80)
NEEDS=(web intra intra_ssh ftp)
PROGRAMS=(nmap nginx-light openssh-server vsftpd curl unbound nsd)
ORIGIN='pc66 runs "nmap -sV -n" with a list of 40 ports against the intranet server, on which vsftpd (21), sshd (22) and nginx (80, 443, 8081) really answer; pc11 to pc13 browse meanwhile. Times as recorded.'

scenario() {
  with_life 'pc11 pc12 pc13' on pc66 nmap -sV -n \
    -p 20-26,53,79-90,110,111,135,139,143,389,443,445,587,993,1433,3128,3306,3389,5432,5900,8080,8081,8443 10.20.0.80
}
