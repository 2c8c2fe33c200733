# Bootstrap tokens: `k3s token create --ttl`.

form() { short=$(on "$server" k3s token create --ttl 1h); [[ $short =~ ^$hash::[a-z0-9]{6}\.[a-z0-9]{16}$ ]] || { echo "$short"; return 1; }; }
if ! on "$server" k3s token create --ttl 1m >/dev/null 2>&1; then skip n "no bootstrap tokens in this release"; return; fi
check n "token create prints K10<hash>::<id>.<secret>" form

ttl=$(seconds 15)
joins() {
  on "$two" systemctl stop k3s-agent
  kube delete node "$two" >/dev/null
  short=$(on "$server" k3s token create --ttl "${ttl}s")
  join_with "$two" "$url" "$short" >/dev/null && until_true "$(seconds 10)" is_ready "$two"
}
short=$(on "$server" k3s token create --ttl "${ttl}s") created=$SECONDS
check n "a bootstrap token joins" joins
expired() { sleep $((ttl > SECONDS - created ? ttl - (SECONDS - created) + 2 : 0)); }
expired
short=$(on "$two" sed -n "s/^K3S_TOKEN='\(.*\)'/\1/p" /etc/systemd/system/k3s-agent.service.env)
refused() {
  forget_worker "$one"
  give_program "$one"
  kube delete node "$one" >/dev/null
  mark_journal "$one"
  join_with "$one" "$url" "$short" >/dev/null
  until_true "$(seconds 12)" in_journal "$one" '401 Unauthorized' && absent "$one"
}
check n "an expired one is refused: 401" refused
restarts() {
  local start
  start=$(date -u +%FT%TZ)
  on "$two" systemctl restart k3s-agent
  until_true "$(seconds 10)" eval '[[ ! $(lease "$two") < $start ]]' && is_ready "$two"
}
check n "a joined agent restarts with an expired token" restarts
deleted() {
  mark_journal "$two"
  kube delete node "$two" >/dev/null
  on "$two" systemctl restart k3s-agent
  until_true "$(seconds 12)" in_journal "$two" '401 Unauthorized' && absent "$two"
}
check n "… unless its Node object was deleted" deleted

small() {
  local pid
  pid=$(unit "$one" MainPID)
  within "$(on "$one" sed -n 's/^VmRSS:\s*\([0-9]*\).*/\1/p' "/proc/$pid/status")" 30000
}
if [[ ! $real ]]; then check n "the agent stays under 30 MB" small; fi
