# What the checks of conformance.sh share. Sourced.

on() { "$here/../lab" exec "$@"; }
kube() { on "$server" k3s kubectl "$@"; }

# check N TEXT COMMAND…: runs the command and counts; a failing one shows what it printed. No subshell: what a
# check sets, a later one may use.
check() {
  local number=$1 text=$2
  shift 2
  if "$@" >"$said_file" 2>&1; then
    echo "ok $number $text"
    passed=$((passed + 1))
  else
    echo "not ok $number $text"
    tail -n 8 "$said_file" | sed 's/^/    /'
    failed=$((failed + 1))
  fi
}

skip() { echo "skip $1 $2"; }
seconds() { echo $(($1 * scale)); }
is() { [[ $1 == "$2" ]] || { echo "got '$1', wanted '$2'"; return 1; }; }
has() { [[ $1 == *"$2"* ]] || { echo "no '$2' in: $1"; return 1; }; }
lacks() { [[ $1 != *"$2"* ]] || { echo "'$2' is in it"; return 1; }; }
within() { (($1 <= $2)) || { echo "took $1, wanted at most $2"; return 1; }; }

# until_true SECONDS COMMAND…
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || { "$@" || true; echo "not so in time"; return 1; }
    sleep 0.3
  done
}

prepare() {
  clean_workers
  on "$server" sh -c '[ ! -x /usr/local/bin/k3s-uninstall.sh ] || k3s-uninstall.sh; rm -rf /etc/rancher' >/dev/null 2>&1 || true
  "$here/server-up.sh" "$server" >/dev/null 2>&1 || { "$here/server-up.sh" "$server"; exit 1; }
  address=$(kube get node "$server" -o 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}')
  until [[ $address ]]; do sleep 1; address=$(kube get node "$server" -o 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null) || true; done
  url=https://$address:6443
  token=$(on "$server" cat /var/lib/rancher/k3s/server/node-token)
  for host in "$one" "$two"; do give_program "$host"; done
}

give_program() {
  on "$1" sh -c 'cat >/usr/local/bin/.k3s.new && chmod 755 /usr/local/bin/.k3s.new && mv -f /usr/local/bin/.k3s.new /usr/local/bin/k3s' <"${PITOOL_LAB_K3S:-$here/k3s}"
  on "$1" sh -c 'cat >/root/k3s-install.sh' <"${PITOOL_LAB_K3S_INSTALL:-$here/install.sh}"
}

clean_workers() {
  local host
  for host in "$one" "$two"; do
    forget_worker "$host"
    kube delete node "$host" >/dev/null 2>&1 || true
  done
}

# As a reflashed card: nothing of k3s is left, the node's password neither.
forget_worker() {
  on "$1" sh -c '[ ! -x /usr/local/bin/k3s-agent-uninstall.sh ] || k3s-agent-uninstall.sh; rm -rf /etc/rancher' >/dev/null 2>&1 || true
}

# install HOST "VARIABLES" [arguments…]: the installer in a root shell, the variables on its input. Prints the
# installer's output; its seconds go to $took, its exit code is the function's.
install() {
  local host=$1 variables=$2 start=$SECONDS code=0
  shift 2
  timeout "$(seconds 30)" "$here/../lab" exec "$host" sh 2>&1 <<END || code=$?
export INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SYMLINK=force $variables
sh /root/k3s-install.sh $* ${PITOOL_LAB_K3S_AGENT_ARGS:-}
END
  took=$((SECONDS - start))
  return "$code"
}

# The unit type that returns at once, for joins that may fail.
join_with() { install "$1" "K3S_URL='$2' K3S_TOKEN='$3' INSTALL_K3S_TYPE=exec"; }

mark_journal() { mark=$(on "$1" journalctl -n 0 --show-cursor -q | sed -n 's/^-- cursor: //p'); }
journal_since() { on "$1" journalctl -u k3s-agent -q -o cat --no-pager ${mark:+"--after-cursor=$mark"}; }
in_journal() { journal_since "$1" | sed 's/\\"/"/g' | grep -F -- "$2"; }
as_error() { [[ $real ]] || in_journal "$1" "$2" | grep -q 'level=error'; }

unit() { on "$1" systemctl show k3s-agent -p "$2" --value; }
mode() { on "$1" stat -c %a "$2"; }
listed() { kube get node "$1" -o name; }
ready() { kube get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'; }
is_ready() { is "$(ready "$1")" True; }
isnt_ready() { local now; now=$(ready "$1"); [[ $now != True ]]; }
beat() { kube get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].lastHeartbeatTime}'; }
lease() { kube get lease -n kube-node-lease "$1" -o 'jsonpath={.spec.renewTime}'; }
absent() { ! kube get node "$1" -o name 2>/dev/null; }
secret() { kube get secret -n kube-system "$1.node-password.k3s" -o name; }
no_secret() { ! secret "$1" 2>/dev/null; }

join_and_wait() { join_with "$1" "$url" "$token" >/dev/null && until_true "$(seconds 10)" is_ready "$1"; }

# A token of some other cluster: right in form, wrong in its hash.
foreign_token() { echo "K10$(printf 'a%.0s' {1..64})::server:${token##*:}"; }
