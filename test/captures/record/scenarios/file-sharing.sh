# shellcheck shell=bash disable=SC2034
TITLE='Ordinary file sharing over SMB'
KIND=benign
NEEDS=(files)
PROGRAMS=(samba smbclient unbound)
ORIGIN='pc11, pc12 and pc13 list, get and put small files on one share of the file server with smbclient (SMB 3.1.1). Times as recorded.'

scenario() {
  share pc11 'ls; get report-april.txt /dev/null'
  nap 1000 3000
  share pc12 'put minutes.txt minutes-may.txt; ls'
  on pc13 smbclient -L files.ministry.go.example -U "tanaka%$PASSWORD"
  nap 1000 3000
  share pc13 'mkdir drafts; cd drafts; put minutes.txt draft1.txt; rename draft1.txt draft2.txt; ls'
  share pc11 'get logo.png /dev/null; get minutes-may.txt /dev/null; del minutes-may.txt'
  share pc13 'cd drafts; del draft2.txt; cd ..; rmdir drafts'
}
