# shellcheck shell=bash disable=SC2034
TITLE='nmap UDP scan of 200 ports of the inside resolver'
KIND=attack
ATTACKER=(10.20.1.66)
VICTIMS=(10.20.0.53)
NEEDS=(web)
PROGRAMS=(nmap unbound nsd nginx-light curl)
ORIGIN='pc66 runs "nmap -sU -T4 --top-ports 200 -n --max-retries 1" against the resolver, where only port 53 is open; pc11 to pc13 browse meanwhile. The ICMP rate limit of the resolver was raised to one message per 50 ms so that the scan ends soon. Times as recorded.'

scenario() {
  ip netns exec "${NS}dns" sysctl -qw net.ipv4.icmp_ratelimit=50
  with_life 'pc11 pc12 pc13' on pc66 timeout 120 nmap -sU -T4 --top-ports 200 -n --max-retries 1 10.20.0.53
}
