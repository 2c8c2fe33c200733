# Joining, and the many ways it fails while everything looks well.

# looks_well_but TOKEN URL TEXT: exit 0, active, enabled, no restart; only the journal and the missing Node tell.
looks_well_but() {
  mark_journal "$one"
  join_with "$one" "$2" "$1" >/dev/null || { echo "the installer failed: $?"; return 1; }
  until_true "$(seconds 12)" in_journal "$one" "$3" || { journal_since "$one"; return 1; }
  as_error "$one" "$3" || { echo "not at level=error"; return 1; }
  is "$(unit "$one" ActiveState)/$(unit "$one" SubState)" active/running && is "$(on "$one" systemctl is-enabled k3s-agent)" enabled &&
    is "$(unit "$one" NRestarts)" 0 && absent "$one"
}
hash=${token%%::*}
unreachable=${address%.*}.250
check 1 "wrong password: looks well, journal says 401" looks_well_but "$hash::server:wrong" "$url" \
  'failed to retrieve configuration from server: https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized'
check 1 "another cluster's token: the hashes in the journal" looks_well_but "$(foreign_token)" "$url" \
  "token CA hash does not match the Cluster CA certificate hash: $(printf 'a%.0s' {1..64}) != ${hash#K10}"
check 1 "malformed token" looks_well_but K10nonsense "$url" 'invalid token format'
check 1 "a token without K10 is a bare password" looks_well_but nonsense "$url" '401 Unauthorized'
check 1 "… with a warning" in_journal "$one" 'the token does not include a CA hash'
check 1 "wrong port" looks_well_but "$token" "https://$address:6999" 'failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": '
lb_text() { in_journal "$one" 'cacerts' | grep -qE 'EOF|connection reset by peer'; }
check 1 "… as EOF or connection reset by peer" lb_text
check 1 "wrong host" looks_well_but "$token" "https://$unreachable:6443" 'failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": '
check 1 "name unknown to DNS" looks_well_but "$token" https://no-such-server.invalid:6443 'failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": '

retries() { local lines; lines=$(in_journal "$one" 'failed to get CA certs' | wc -l); ((lines >= 2)) || { echo "$lines lines"; return 1; }; }
check 1 "it retries for ever inside" until_true "$(seconds 15)" retries
wrong_name() {
  on "$one" sh -c "cp /etc/hosts /root/hosts.aside && echo '$address other-name.invalid' >>/etc/hosts"
  local code=0
  looks_well_but "$token" https://other-name.invalid:6443 'x509: certificate is valid for ' || code=$?
  on "$one" cp /root/hosts.aside /etc/hosts
  ((code == 0)) && in_journal "$one" ', not other-name.invalid' >/dev/null
}
if [[ $real ]]; then skip n "a name not in the certificate: the real agent asks 127.0.0.1"; else
  check n "a name not in the server's certificate" wrong_name
fi

journal_has_no_secret() {
  local host journal
  for host in "$one" "$server"; do
    journal=$(on "$host" journalctl -q --no-pager)
    has "$journal" 'level=info' && lacks "$journal" "${token##*:}" || return 1
  done
}
check 7 "no journal holds the token" journal_has_no_secret

# How often a word is seen among the arguments of the host's processes in about four seconds.
sightings() { on "$one" sh -c "n=0; while [ \$n -lt 120 ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; echo; n=\$((n + 1)); sleep 0.03; done | grep -c '[s]entinel-$1'"; }
watch_processes() {
  join_with "$one" "$url" "$hash::server:sentinel-4711" >/dev/null
  on "$one" sh -c ': sentinel-control; sleep 6; :' &
  [[ $(sightings control) -gt 0 ]] || { echo 'the watch sees nothing'; return 1; }
  is "$(sightings 4711)" 0 && until_true "$(seconds 12)" in_journal "$one" '401 Unauthorized' && lacks "$(on "$one" journalctl -q --no-pager)" sentinel-4711
}
check n "no process has the token among its arguments, the journal neither" watch_processes

good_join() {
  local start=$SECONDS
  join_with "$one" "$url" "$token" >/dev/null || return 1
  within "$took" "$(seconds 3)" && until_true "$(seconds 5)" listed "$one" && within $((SECONDS - start)) "$(seconds 6)" &&
    is "$(ready "$one")" False && until_true "$(seconds 8)" is_ready "$one"
}
check 9 "a good join: the installer returns at once, listed NotReady, then Ready" good_join

unit_modes() { is "$(mode "$one" /etc/rancher/node/password)" 600 && is "$(mode "$server" /var/lib/rancher/k3s/server/token)" 600; }
check 10 "node password and server token 0600" unit_modes
token_link() { has "$(on "$server" readlink /var/lib/rancher/k3s/server/node-token)" token && has "$token" '::server:' && [[ $hash =~ ^K10[0-9a-f]{64}$ ]]; }
check 10 "node-token is a link to token, K10<sha256>::server:<password>" token_link
hash_is_of_ca() { is "K10$(curl -sk "$url/cacerts" | sha256sum | cut -d' ' -f1)" "$hash"; }
check n "the hash is the sha256 of /cacerts" hash_is_of_ca
server_secret() { is "$(secret "$one")" "secret/$one.node-password.k3s"; }
check n "the server keeps the node's password as a secret" server_secret

same_values() {
  local pid said
  pid=$(unit "$one" MainPID)
  said=$(join_with "$one" "$url" "$token")
  has "$said" 'No change detected so skipping service start' && is "$(unit "$one" MainPID)" "$pid"
}
check 3 "the same values again: no change, the same process" same_values
while_stopped() {
  on "$one" systemctl stop k3s-agent
  has "$(join_with "$one" "$url" "$token")" 'No change detected' && is "$(unit "$one" ActiveState)" inactive
}
check 3 "… also when the unit is stopped: it stays stopped" while_stopped
forced() { install "$one" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_TYPE=exec INSTALL_K3S_FORCE_RESTART=true" >/dev/null && is "$(unit "$one" ActiveState)" active; }
check i "INSTALL_K3S_FORCE_RESTART starts it" forced
other_values() {
  local pid
  pid=$(unit "$one" MainPID)
  install "$one" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_TYPE=exec K3S_ODD=1" >/dev/null
  [[ $(unit "$one" MainPID) != "$pid" ]] && until_true "$(seconds 10)" is_ready "$one"
}
check 3 "other values: restarted" other_values

never_returns() {
  local code=0
  on "$two" rm -f /root/returned
  install "$two" "K3S_URL='$url' K3S_TOKEN='$hash::server:wrong' INSTALL_K3S_SKIP_START=true" >/dev/null
  timeout "$(seconds 8)" "$here/../lab" exec "$two" systemctl restart k3s-agent || code=$?
  is "$code" 124 && is "$(unit "$two" Type)/$(unit "$two" ActiveState)" notify/activating
}
check n "Type=notify: systemctl restart never returns while the join fails" never_returns
does_return() {
  install "$two" "K3S_URL='$url' K3S_TOKEN='$token'" >/dev/null && is "$(unit "$two" ActiveState)" active && until_true "$(seconds 10)" is_ready "$two"
}
check n "Type=notify: it returns when the join succeeds" does_return

worker_kubectl() {
  local code=0 said
  said=$(on "$one" k3s kubectl get nodes 2>&1) || code=$?
  is "$code" 1 && has "$said" 'The connection to the server localhost:8080 was refused - did you specify the right host or port?'
}
check 8 "kubectl on a worker is refused" worker_kubectl

sudo_leaks() {
  on "$one" su pi -c 'sudo -n K3S_TOKEN=sentinel-argument sh -c :' && echo 'K3S_TOKEN=sentinel-input; export K3S_TOKEN; :' | on "$one" su pi -c 'sudo -n sh'
  sleep 0.5
  has "$(on "$one" journalctl -q --no-pager _COMM=sudo)" sentinel-argument && lacks "$(on "$one" journalctl -q --no-pager)" sentinel-input
}
if on "$one" su pi -c 'sudo -n true' >/dev/null 2>&1; then
  check 7 "sudo logs a token given as argument, not one on the standard input" sudo_leaks
else skip 7 "sudo wants a password here"; fi
