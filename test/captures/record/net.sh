# shellcheck shell=bash
# The network: one namespace per host of hosts.txt, two bridges, one router.
#
#   inside hosts -- br-in -- gw -- br-out -- outside hosts
#
# Both bridges live in the namespace yg-sw; tcpdump listens on br-in, where
# every frame of the inside network passes exactly once.

NS=${NS:-yg-} # prefix of the namespaces; set another one to record twice at once

in_switch() { ip netns exec "${NS}sw" "$@"; }

# mac ADDRESS: a locally administered MAC made from the address.
mac() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  printf '02:%02x:%02x:%02x:%02x:01' "$a" "$b" "$c" "$d"
}

# plain_wire NAMESPACE DEVICE: no offloads, so checksums and sizes are real.
plain_wire() {
  ip netns exec "$1" ethtool -K "$2" tx off rx off gso off gro off tso off sg off >/dev/null 2>&1 || true
}

# plug HOST DEVICE BRIDGE MAC: a cable from a host to a bridge.
plug() {
  local port="p$RANDOM$RANDOM"
  port=${port:0:12}
  ip -n "${NS}sw" link add "$port" type veth peer name "$2" netns "$NS$1"
  ip -n "${NS}sw" link set "$port" master "$3" up
  ip -n "$NS$1" link set "$2" address "$4" up
  plain_wire "${NS}sw" "$port"
  plain_wire "$NS$1" "$2"
}

# quiet_v6 NAMESPACE: no duplicate address detection, no router discovery.
quiet_v6() {
  ip netns exec "$1" sysctl -qw net.ipv6.conf.{all,default}.{accept_dad,accept_ra,autoconf,router_solicitations}=0
}

# hosts_rows: "host address role" for every row of hosts.txt.
hosts_rows() { grep -v '^#' "$HERE/hosts.txt"; }

# addresses SPEC: SPEC itself, or every address of a range such as 10.0.0.1-9.
addresses() {
  if [[ $1 =~ ^([0-9.]+)\.([0-9]+)-([0-9]+)$ ]]; then
    seq -f "${BASH_REMATCH[1]}.%g" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
  else
    echo "$1"
  fi
}

add_address() { # HOST ADDRESS
  local dev=eth0
  [[ $1 == gw && $2 != 10.20.* && $2 != fd00:* ]] && dev=eth1
  case $2 in
    10.20.*) ip -n "$NS$1" addr add "$2/16" dev $dev ;;
    *:*) ip -n "$NS$1" addr add "$2/64" dev $dev nodad ;;
    *) ip -n "$NS$1" addr add "$2/24" dev $dev ;;
  esac
}

net_up() {
  local host spec addr
  ip netns add "${NS}sw"
  quiet_v6 "${NS}sw"
  in_switch sysctl -qw net.ipv6.conf.{all,default}.disable_ipv6=1
  local br
  for br in br-in br-out; do
    ip -n "${NS}sw" link add $br type bridge forward_delay 0 stp_state 0 mcast_snooping 0
    ip -n "${NS}sw" link set $br up
    plain_wire "${NS}sw" $br
  done

  while read -r host spec _; do
    if [[ ! -e /run/netns/$NS$host ]]; then
      ip netns add "$NS$host"
      quiet_v6 "$NS$host"
      ip -n "$NS$host" link set lo up
      case $host:$spec in
        gw:*)
          plug gw eth0 br-in "$(mac 10.20.0.1)"
          plug gw eth1 br-out "$(mac 198.51.100.1)"
          ip netns exec "${NS}gw" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
          ip netns exec "${NS}gw" sysctl -qw net.ipv4.conf.{all,eth0,eth1}.send_redirects=0
          ;;
        *:10.20.*) plug "$host" eth0 br-in "$(mac "${spec%%-*}")" ;;
        *) plug "$host" eth0 br-out "$(mac "$spec")" ;;
      esac
    fi
    for addr in $(addresses "$spec"); do add_address "$host" "$addr"; done
  done < <(hosts_rows)

  # Routes last, when every address is there; the first row of a host decides.
  while read -r host spec _; do
    [[ $host == gw ]] && continue
    case $spec in
      10.20.*) default_route "$host" -4 10.20.0.1 ;;
      198.51.100.*) default_route "$host" -4 198.51.100.1 ;;
      203.0.113.*) default_route "$host" -4 203.0.113.1 ;;
      fd00:*) default_route "$host" -6 fd00:20::1 ;;
      *) default_route "$host" -6 2001:db8:51::1 ;;
    esac
  done < <(hosts_rows)
}

default_route() { # HOST FAMILY GATEWAY
  ip -n "$NS$1" "$2" route show default | grep -q . ||
    ip -n "$NS$1" "$2" route add default via "$3"
}

# forget_neighbours: empty ARP and ND tables, so that captures show them anew.
forget_neighbours() {
  local n
  for n in $(ip netns list | awk -v p="^$NS" '$1 ~ p {print $1}'); do
    ip -n "$n" neigh flush all >/dev/null 2>&1 || true
  done
}

net_down() {
  local n
  for n in $(ip netns list | awk -v p="^$NS" '$1 ~ p {print $1}'); do
    # Only our own programs can be in our own namespaces.
    ip netns pids "$n" | xargs -r kill 2>/dev/null || true
  done
  sleep 0.5
  for n in $(ip netns list | awk -v p="^$NS" '$1 ~ p {print $1}'); do
    ip netns pids "$n" | xargs -r kill -9 2>/dev/null || true
    ip netns del "$n"
  done
}

# spawn HOST COMMAND...: like on, but in the background; SPAWNED is its process id.
spawn() {
  local host=$1
  shift
  ip netns exec "$NS$host" unshare --mount --uts \
    env -i W="$W" HERE="$HERE" sh "$HERE/as-host.sh" "$host" "$@" &
  # shellcheck disable=SC2034 # read by the scenarios
  SPAWNED=$!
}

# on HOST COMMAND...: run a command as that host (see as-host.sh).
on() {
  local host=$1
  shift
  ip netns exec "$NS$host" unshare --mount --uts \
    env -i W="$W" HERE="$HERE" sh "$HERE/as-host.sh" "$host" "$@"
}
