# The installer's contract.

files_of_agent() {
  on "$one" sh -c 'ls /etc/systemd/system/k3s-agent.service /etc/systemd/system/k3s-agent.service.env /usr/local/bin/k3s-agent-uninstall.sh 2>/dev/null' || true
}

refuses() {
  local code=0 said
  said=$(install "$one" "$1" "${@:3}") || code=$?
  is "$code" 1 && has "$said" "$2" && is "$(files_of_agent)" ''
}

check i "http:// URL: exit 1, nothing written" refuses "K3S_URL=http://$address:6443 K3S_TOKEN=x" 'Only https:// URLs are supported for K3S_URL'
check i "a URL without a token: exit 1, nothing written" refuses "K3S_URL=$url" 'K3S_TOKEN or K3S_TOKEN_FILE is not defined'
on "$one" mv /usr/local/bin/k3s /root/k3s.aside
check i "no program and no download: exit 1" refuses "K3S_URL=$url K3S_TOKEN=x" 'Executable k3s binary not found'
on "$one" mv /root/k3s.aside /usr/local/bin/k3s

first_install() {
  install "$one" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_TYPE=exec INSTALL_K3S_SKIP_START=true K3S_ODD='a b'" >/dev/null
  is "$(unit "$one" ActiveState)" inactive && is "$(on "$one" systemctl is-enabled k3s-agent)" enabled
}
check i "SKIP_START: enabled, not started" first_install

modes() {
  is "$(mode "$one" /usr/local/bin/k3s)" 755 && is "$(mode "$one" /usr/local/bin/k3s-killall.sh)" 755 &&
    is "$(mode "$one" /usr/local/bin/k3s-agent-uninstall.sh)" 755 && is "$(mode "$one" /etc/systemd/system/k3s-agent.service)" 644 || return 1
  local env
  env=$(mode "$one" /etc/systemd/system/k3s-agent.service.env)
  [[ $env == 600 || $env == 400 ]] || { echo "environment file: $env"; return 1; }
}
check 10 "modes: program and scripts 0755, unit 0644, environment 0600" modes

links() { for tool in kubectl crictl ctr; do is "$(on "$one" readlink /usr/local/bin/$tool)" k3s || return 1; done; }
check i "kubectl, crictl and ctr are links to k3s" links

has_lines() {
  local text line
  text=$(on "$one" cat "$1")
  while IFS= read -r line; do [[ $'\n'$text$'\n' == *$'\n'$line$'\n'* ]] || { echo "missing: $line"; return 1; }; done
}
unit_text() {
  has_lines /etc/systemd/system/k3s-agent.service <<'END'
Wants=network-online.target
After=network-online.target
Type=exec
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-/etc/systemd/system/k3s-agent.service.env
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
WantedBy=multi-user.target
END
}
check i "the unit has its keys" unit_text
check i "the environment file holds what begins with K3S_" has_lines /etc/systemd/system/k3s-agent.service.env <<<"K3S_TOKEN='$token'
K3S_URL='$url'
K3S_ODD='a b'"

loses_token() {
  install "$one" "K3S_URL='$url' INSTALL_K3S_TYPE=exec INSTALL_K3S_SKIP_START=true" agent >/dev/null
  lacks "$(on "$one" cat /etc/systemd/system/k3s-agent.service.env)" K3S_TOKEN
}
check i "a second run without K3S_TOKEN loses the token" loses_token

other_arguments() {
  install "$one" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_TYPE=exec INSTALL_K3S_SKIP_START=true INSTALL_K3S_EXEC='agent --debug'" "--node-label 'a=b'" >/dev/null
  local command
  command=$(on "$one" systemctl show k3s-agent -p ExecStart)
  has "$command" '/usr/local/bin/k3s agent --debug --node-label a=b'
}
check i "INSTALL_K3S_EXEC and arguments reach ExecStart" other_arguments

named() {
  install "$one" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_NAME=extra INSTALL_K3S_SKIP_START=true" >/dev/null
  on "$one" test -f /etc/systemd/system/k3s-extra.service && has "$(on "$one" k3s-extra-uninstall.sh 2>&1)" 'skipping uninstall'
}
check i "INSTALL_K3S_NAME: a unit k3s-NAME; its uninstaller spares the other's files" named

downloads() {
  local dir mirror from
  dir=$(mktemp -d)
  "$here/release.sh" "$dir" v1.29.8+k3s1 v1.31.2+k3s1
  echo "0  k3s" >"$dir/v1.29.8+k3s1/sha256sum-amd64.txt"
  # The lab's bridge is the hosts' gateway's neighbour: .1 of their network.
  (cd "$here/../../.." && exec node --import tsx "$here/mirror.ts" --dir "$dir" --address "${address%.*}.1") >"$dir/url" 2>/dev/null &
  mirror=$!
  until_true 10 test -s "$dir/url"
  from="INSTALL_K3S_SKIP_DOWNLOAD= INSTALL_K3S_SKIP_START=true K3S_URL='$url' K3S_TOKEN=x INSTALL_K3S_MIRROR=$(cat "$dir/url")"
  local bad good again code=0
  bad=$(install "$two" "$from INSTALL_K3S_VERSION=v1.29.8+k3s1") || code=$?
  good=$(install "$two" "$from") || code=9
  again=$(install "$two" "$from") || code=9
  kill "$mirror"
  rm -rf "$dir"
  is "$code" 1 && has "$bad" 'Download sha256 does not match 0' && has "$good" 'Using v1.31.2+k3s1 as release' &&
    has "$(on "$two" k3s --version)" v1.31.2+k3s1 && has "$again" 'installed k3s matches hash'
}
if [[ $real ]]; then skip 12 "downloads: only asked of the stand-in"; else
  check 12 "downloads: a wrong hash is refused, the channel's version is taken, a matching program is kept" downloads
fi
clean_workers
for host in "$one" "$two"; do give_program "$host"; done
