#!/usr/bin/env bash
# What pitool does, on this machine: boots a k3s server (a stand-in) and two fresh workers, and joins them.
# Needs root on Debian or Ubuntu. Everything is made in a folder and a lab of its own and taken down again.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
project=$(cd "$here/../.." && pwd)
lab=$project/test/lab/lab
export PITOOL_LAB_ID=${PITOOL_LAB_ID:-8}

if ((EUID != 0)); then
  echo 'The demo boots hosts on this machine, so it needs root: sudo npm run demo' >&2
  exit 1
fi
reason=$("$lab" check)
if [[ -n $reason ]]; then
  echo "The demo cannot boot hosts here: $reason" >&2
  exit 1
fi

work=$(mktemp -d)
finish() {
  local code=$?
  trap - EXIT INT TERM
  "$lab" down >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() {
  printf '\n\033[36m$ %s\033[0m\n' "$*"
  "$@"
}
pitool() { node "$project/dist/pitool.js" "$@"; }

say 'Booting a server and two workers (the first time an image is made: half a minute or so)'
"$lab" up --names pi-k3s,pi5-worker-1,pi3-worker-1
"$project/test/lab/k3s/server-up.sh" pi-k3s >/dev/null 2>&1

cp -r "$project/playbooks" "$project/roles" "$project/templates" "$project/inventory" "$work/"
"$here/inventory.sh" >"$work/inventory/hosts.yml"
touch "$work/pitool.yml"
cd "$work"

say 'What would happen? A check changes nothing'
show pitool play playbooks/join-worker.yml --check --diff
say 'Let it happen'
show pitool play playbooks/join-worker.yml
say 'A second run has nothing to do'
show pitool play playbooks/join-worker.yml
say 'And a check agrees'
show pitool play playbooks/join-worker.yml --check --detailed-exitcode
say 'The cluster, as the server sees it'
show pitool run server --become -- k3s kubectl get nodes
