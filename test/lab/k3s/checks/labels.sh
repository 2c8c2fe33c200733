# Labels: by hand on the server, and from the agent's configuration.

three_labels() {
  local wanted="node-role.kubernetes.io/worker=worker hardware=pi5 memory-class=high"
  is "$(kube label node "$two" $wanted --overwrite)" "node/$two labeled" && is "$(kube label node "$two" $wanted --overwrite)" "node/$two not labeled"
}
check 6 "label: labeled, then not labeled, exit 0 both times" three_labels
without_overwrite() {
  local code=0 said
  said=$(kube label node "$two" hardware=pi4 2>&1) || code=$?
  is "$code" 1 && has "$said" "already has a value (pi5), and --overwrite is false" && is "$(kube get node "$two" -o 'jsonpath={.metadata.labels.hardware}')" pi5
}
check 6 "another value without --overwrite: exit 1, nothing changed" without_overwrite
shown_role() { has "$(kube get node "$two")" worker; }
check 6 "the role is shown" shown_role
removed() { kube label node "$two" hardware- >/dev/null && is "$(kube get node "$two" -o 'jsonpath={.metadata.labels.hardware}')" ''; }
check 6 "label NAME- removes" removed

from_config() {
  on "$two" sh -c "mkdir -p /etc/rancher/k3s/config.yaml.d && cat >/etc/rancher/k3s/config.yaml && printf 'node-label+:\n  - tier=two\n' >/etc/rancher/k3s/config.yaml.d/50-more.yaml" <<END
# comment
node-label:
  - hardware=pi3
  - "memory-class=low"
node-taint: ["small=yes:NoSchedule"]
END
  on "$two" systemctl restart k3s-agent
  sleep "$(seconds 4)"
  is "$(kube get node "$two" -o 'jsonpath={.metadata.labels.tier}')" '' || return 1
  on "$two" systemctl stop k3s-agent
  kube delete node "$two" >/dev/null
  on "$two" systemctl start --no-block k3s-agent
  until_true "$(seconds 10)" is_ready "$two" || return 1
  is "$(kube get node "$two" -o 'jsonpath={.metadata.labels.hardware} {.metadata.labels.memory-class} {.metadata.labels.tier}')" 'pi3 low two' &&
    has "$(kube get node "$two" -o json)" '"key": "small"'
}
check n "labels and taints of config.yaml count at registration only" from_config

crash_loop() {
  mark_journal "$two"
  install "$two" "K3S_URL='$url' K3S_TOKEN='$token' INSTALL_K3S_TYPE=exec" agent --node-label node-role.kubernetes.io/worker=worker >/dev/null || true
  until_true "$(seconds 12)" in_journal "$two" "failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels" || return 1
  until_true "$(seconds 20)" eval '(( $(unit "$two" NRestarts) >= 2 ))' || { unit "$two" NRestarts; return 1; }
}
check 6 "--node-label node-role.kubernetes.io/worker=… crash-loops the unit" crash_loop
on "$two" rm -rf /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d
recovers() { join_and_wait "$two"; }
check n "… and a run without it recovers" recovers
