#!/usr/bin/env bash
# Prints the example inventory for the demo's hosts; their addresses, keys and the k3s program are the lab's.
set -euo pipefail
state=${PITOOL_LAB_STATE:-/run/pitool-lab-${PITOOL_LAB_ID:?}}
standin=$(cd "$(dirname "$0")/../lab/k3s" && pwd)/k3s
address() {
  node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).find(h => h.name === process.argv[2]).address' \
    "$state/hosts.json" "$1"
}
# Before the text: a failure inside it would go unseen.
server=$(address pi-k3s)
pi5=$(address pi5-worker-1)
pi3=$(address pi3-worker-1)
cat <<END
all:
  vars:
    private_key_file: $state/key
    known_hosts_file: $state/known_hosts
    k3s_install: file
    k3s_binary_src: $standin
  children:
    server:
      hosts:
        pi-k3s: { host: $server }
    workers:
      children:
        pi5_workers:
          hosts:
            pi5-worker-1: { host: $pi5 }
        pi3_workers:
          hosts:
            pi3-worker-1: { host: $pi3 }
    pi5: { children: { server: , pi5_workers: } }
    pi3: { children: { pi3_workers: } }
    dns: { hosts: { pi-k3s: , pi3-worker-1: } }
END
