#!/usr/bin/env bash
# Holds a k3s, the stand-in or the real one, against what was observed on real k3s:
#   conformance.sh SERVER WORKER1 WORKER2      (three lab hosts; their k3s is removed first)
# One line a check, "ok N …" or "not ok N …" ("skip N …" for what only one of the two can be asked), then the sum;
# exit 1 when something failed. N is the number of the observation; i the installer's contract, n others.
# For the real one set PITOOL_LAB_K3S and PITOOL_LAB_K3S_INSTALL (README.md). Times are for the stand-in;
# PITOOL_LAB_K3S_SCALE multiplies them (1, or 5 with the real one).
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
(($# == 3)) || { echo 'usage: conformance.sh SERVER WORKER1 WORKER2' >&2; exit 2; }
server=$1 one=$2 two=$3
real=${PITOOL_LAB_K3S:+yes}
scale=${PITOOL_LAB_K3S_SCALE:-$([[ $real ]] && echo 5 || echo 1)}
# The stand-in's clock for Ready is set shorter than the real 40 s, so that the check of staleness is short too.
grace=$([[ $real ]] && echo 40 || echo 9)
export PITOOL_LAB_K3S_TIMING="{\"grace\": $grace}"
passed=0 failed=0
said_file=$(mktemp)
trap 'rm -f "$said_file"' EXIT

. "$here/checks/tools.sh"
prepare
for part in install join stale node labels token objects; do
  . "$here/checks/$part.sh"
done
clean_workers
echo "$passed passed, $failed failed"
((failed == 0))
