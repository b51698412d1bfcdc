# shellcheck shell=bash disable=SC2034
TITLE='Ordinary ssh and scp sessions'
KIND=benign
NEEDS=(ssh)
PROGRAMS=(openssh-client openssh-server sshpass unbound)
ORIGIN='pc11 logs in to the log-in server with a key and works a little, pc12 types one wrong password and then the right one, pc11 copies a small file there and another back with scp. Times as recorded.'

scenario() {
  on pc11 host shell.ministry.go.example
  ssh_key pc11 'pwd; cat minutes.txt; sleep 1.3; ls; sleep 0.7; echo done > todo.txt'
  nap 1500 3000
  # The same person tries again after the mistake, hence two connections.
  local options='-F none -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'
  # shellcheck disable=SC2086
  on pc12 sshpass -p 'Sakura-2064' ssh $options suzuki@10.20.0.22 true || true
  nap 2500 4000
  # shellcheck disable=SC2086
  on pc12 sshpass -p "$PASSWORD" ssh $options suzuki@10.20.0.22 'cat minutes.txt; sleep 2; id -un'
  nap 1000 2500
  copy_by_scp pc11 minutes.txt tanaka@10.20.0.22:minutes-copy.txt
  nap 500 1500
  copy_by_scp pc11 tanaka@10.20.0.22:todo.txt .
}
