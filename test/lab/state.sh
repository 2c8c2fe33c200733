# What is known of the hosts: one folder each in the state folder, and hosts.json for everybody else.

host_dir() { echo "$state/hosts/$1"; }
host_number() { cat "$state/hosts/$1/number"; }
host_address() { echo "$lab_net.$(host_number "$1")"; }
host_option() { sed -n "s/^$2=//p" "$state/hosts/$1/options"; }
known_host() { [[ -e $state/hosts/$1/number ]]; }
need_host() { known_host "$1" || die "no host '$1' in this lab (there are: $(host_names | paste -sd' '))"; }

host_names() {
  local dir
  for dir in "$state"/hosts/*/; do
    [[ ! -e $dir/number ]] || basename "$dir"
  done | sort -V
}

# h3 is .13 where that's free; any other name takes the first free address.
choose_number() {
  local name=$1 taken number
  taken=" $({ cat "$state"/hosts/*/number 2>/dev/null || true; } | paste -sd" ") "
  if [[ $name =~ ^h([0-9]+)$ ]]; then
    number=$((first_number - 1 + BASH_REMATCH[1]))
    if [[ $taken != *" $number "* ]] && ((number <= last_number)); then echo "$number"; return; fi
  fi
  for ((number = first_number; number <= last_number; number++)); do
    if [[ $taken != *" $number "* ]]; then echo "$number"; return; fi
  done
  die "no free address"
}

# The pid of the host's own PID 1, as seen from here; fails when the host is off.
leader() {
  local pid
  pid=$(cat "$state/hosts/$1/leader" 2>/dev/null) && [[ -e /proc/$pid/root ]] && echo "$pid"
}

need_leader() { leader "$1" || die "host '$1' is off"; }

write_hosts_json() {
  local fd temp=$state/.hosts.json.$BASHPID
  # Supervisors write it too, when a host has rebooted.
  exec {fd}>"$state/.hosts.lock"
  flock "$fd"
  {
    echo '['
    host_names | while read -r name; do host_json "$name"; done | sed '$!s/$/,/'
    echo ']'
  } >"$temp"
  mv "$temp" "$state/hosts.json"
  cat "$state"/hosts/*/known_hosts >"$temp" 2>/dev/null || true
  mv "$temp" "$state/known_hosts"
  exec {fd}>&-
}

host_json() {
  local name=$1 dir=$state/hosts/$1 keys
  keys=$(sed 's/^[^ ]* //; s/.*/"&"/' "$dir/known_hosts" | paste -sd, | sed 's/,/, /g')
  printf '  { "name": "%s", "address": "%s", "port": 22, "user": "pi", "suite": "%s", "root": "%s", "upper": "%s", "pid": %s, "hostKeys": [%s] }\n' \
    "$name" "$(host_address "$name")" "$(host_option "$name" suite)" "$dir/root" "$dir/upper" \
    "$(leader "$name" || echo null)" "$keys"
}
