# The lab's network: a bridge, a namespace and a cable for each host, and routes that keep packets in.

# Routes of ours bear a protocol number, so that only ours are removed: one for `up`, one for `guard`.
proto_up=198
proto_guard=199
guard_metric=4096

# Makes both ranges unreachable where no bridge serves them.
guard() {
  local proto=$1 range
  for range in "$lab_range" "$example_range"; do
    if [[ $proto == "$proto_up" ]] && ip route show "$range" proto "$proto_guard" | grep -q .; then continue; fi
    ip route replace unreachable "$range" metric "$guard_metric" proto "$proto"
  done
  if ip -4 route show "$example_range" | grep -qv '^unreachable'; then
    say "warning: this machine is in $example_range itself; the guard can't keep plays out of it"
  fi
}

unguard() {
  local proto=$1
  drop_route "$lab_range" "$proto"
  if other_labs && ip route show "$example_range" proto "$proto" | grep -q .; then
    # Another lab on this machine still relies on it, and takes it along when it goes.
    ip route replace unreachable "$example_range" metric "$guard_metric" proto "$proto_up"
  else
    drop_route "$example_range" "$proto"
  fi
}

drop_route() { ip route del unreachable "$1" metric "$guard_metric" proto "$2" 2>/dev/null || true; }

other_labs() {
  local link
  for link in /sys/class/net/pitool*-br; do
    [[ -e $link && ${link##*/} != "$bridge" ]] && return 0
  done
  return 1
}

bridge_up() {
  if [[ ! -e /sys/class/net/$bridge ]]; then
    # A fixed MAC: else it changes as ports join, and hosts' ARP entries go stale.
    ip link add "$bridge" address "$(printf '02:70:69:%02x:00:01' "$lab_id")" type bridge
  fi
  ip addr replace "$lab_net.1/24" dev "$bridge"
  ip link set "$bridge" up
}

bridge_down() { [[ ! -e /sys/class/net/$bridge ]] || ip link del "$bridge"; }

# A fresh namespace at every boot, as a fresh kernel would have: addresses, sysctls and all.
plug_in() {
  local name=$1 number=$2 netns=$prefix$1 cable=${prefix}v$2
  unplug "$name" "$number"
  ip netns add "$netns"
  ip link add "$cable" type veth peer name eth0 netns "$netns" \
    address "$(printf '02:70:69:%02x:01:%02x' "$lab_id" "$number")"
  ip link set "$cable" master "$bridge" up
  ip -n "$netns" link set lo up
}

unplug() {
  local netns=$prefix$1 cable=${prefix}v$2 pid
  [[ ! -e /sys/class/net/$cable ]] || ip link del "$cable"
  if [[ -e /run/netns/$netns ]]; then
    for pid in $(ip netns pids "$netns" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    ip netns del "$netns"
  fi
}

cable() {
  ip link set "${prefix}v$(host_number "$1")" "$2"
  # Else a caller waits eight seconds instead of three to hear that nobody is there.
  ip neigh flush dev "$bridge" to "$(host_address "$1")" 2>/dev/null || true
}
