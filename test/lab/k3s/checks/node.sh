# The Node object and the agent's life.

delete_live() {
  kube label node "$one" by-hand=yes --overwrite >/dev/null
  is "$(kube delete node "$one")" "node \"$one\" deleted" && no_secret "$one" && sleep "$(seconds 6)" && absent "$one"
}
check 4 "delete node: the secret goes too, and a live agent doesn't come back" delete_live
still_no_change() { has "$(join_with "$one" "$url" "$token")" 'No change detected' && absent "$one"; }
check 3 "… a second run sees no change then" still_no_change
comes_back() {
  on "$one" systemctl restart k3s-agent
  until_true "$(seconds 6)" listed "$one" && until_true "$(seconds 8)" is_ready "$one" &&
    is "$(kube get node "$one" -o 'jsonpath={.metadata.labels.by-hand}')" ''
}
check 4 "… it comes back after a restart, without the labels set by hand" comes_back

uninstall() {
  on "$one" k3s-agent-uninstall.sh >/dev/null 2>&1
  on "$one" sh -c 'test -s /etc/rancher/node/password && test ! -e /etc/rancher/k3s && test ! -e /var/lib/rancher/k3s && test ! -e /usr/local/bin/k3s && test ! -e /etc/systemd/system/k3s-agent.service' &&
    listed "$one" && secret "$one"
}
check 5 "uninstall keeps the node's password and the Node object, and nothing else" uninstall
give_program "$one"
check 5 "joining again works then" join_and_wait "$one"

reflashed() {
  forget_worker "$one"
  give_program "$one"
  mark_journal "$one"
  join_with "$one" "$url" "$token" >/dev/null
  until_true "$(seconds 12)" in_journal "$one" "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry" &&
    is "$(unit "$one" ActiveState)" active
}
check 5 "a reflashed host is refused: Node password rejected" reflashed
let_in() { kube delete node "$one" >/dev/null && no_secret "$one" && until_true "$(seconds 14)" is_ready "$one"; }
check 5 "delete node: the waiting agent gets in by itself" let_in

cordons() {
  is "$(kube cordon "$one")" "node/$one cordoned" && is "$(kube cordon "$one")" "node/$one already cordoned" &&
    has "$(kube get node "$one")" Ready,SchedulingDisabled && is "$(kube get node "$one" -o 'jsonpath={.spec.unschedulable}')" true &&
    is "$(kube uncordon "$one")" "node/$one uncordoned" && is "$(kube uncordon "$one")" "node/$one already uncordoned"
}
check n "cordon and uncordon, twice each" cordons
drains() { has "$(kube drain "$one" --ignore-daemonsets --delete-emptydir-data --timeout=60s)" "node/$one drained" && kube uncordon "$one" >/dev/null; }
check n "drain" drains

drain_refuses() {
  kube apply -f - >/dev/null <<END
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ds-x", "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "ds", "controller": true}]},
 "spec": {"nodeName": "$one", "containers": [{"name": "x"}]}, "status": {"phase": "Running"}}
END
  local code=0 said
  said=$(kube drain "$one" --timeout=5s 2>&1) || code=$?
  is "$code" 1 && has "$said" 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/ds-x' &&
    has "$(kube drain "$one" --ignore-daemonsets 2>&1)" "node/$one drained" && kube uncordon "$one" >/dev/null
  kube delete pod ds-x >/dev/null
}
if [[ $real ]]; then skip n "drain with a daemonset's pod: needs an image"; else
  check n "drain refuses with a daemonset's pod unless told" drain_refuses
fi

fields() {
  local node
  node=$(kube get node "$one" -o json)
  has "$node" '"kubeletVersion": "v1.' && has "$node" "\"kubernetes.io/hostname\": \"$one\"" && has "$node" '"type": "InternalIP"' &&
    has "$node" "\"providerID\": \"k3s://$one\"" && is "$(kube get nodes -o name | sort)" "$(printf 'node/%s\n' "$server" "$one" "$two" | sort)"
}
check n "get nodes as JSON and as names" fields
unknown_node() { local code=0 said; said=$(kube get node nobody 2>&1) || code=$?; is "$code" 1 && has "$said" 'Error from server (NotFound): nodes "nobody" not found'; }
check n "an unknown node: NotFound, exit 1" unknown_node
roles() { has "$(kube get node "$server")" control-plane && is "$(kube get node "$server" -o 'jsonpath={.metadata.labels.node-role\.kubernetes\.io/control-plane}')" true; }
check n "the server is a node with the control-plane role" roles
