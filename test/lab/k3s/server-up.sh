#!/bin/sh
# Installs and starts a k3s server on a lab host, and waits until it is ready:  server-up.sh HOST [server arguments…]
# The stand-in, unless PITOOL_LAB_K3S and PITOOL_LAB_K3S_INSTALL name the real program and its installer.
# PITOOL_LAB_K3S_TIMING: JSON of the stand-in's times, such as {"grace":8} (README.md has the names).
# PITOOL_LAB_K3S_WAIT: seconds to wait; 30 for the stand-in, 300 for the real one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo 'usage: server-up.sh HOST [server arguments…]' >&2; exit 2; }
host=$1
shift
program=${PITOOL_LAB_K3S:-$here/k3s}
installer=${PITOOL_LAB_K3S_INSTALL:-$here/install.sh}
wait=${PITOOL_LAB_K3S_WAIT:-$([ -n "${PITOOL_LAB_K3S:-}" ] && echo 300 || echo 30)}
# More arguments for the real one, which needs some to run in a container.
if [ -n "${PITOOL_LAB_K3S_SERVER_ARGS:-}" ]; then set -- $PITOOL_LAB_K3S_SERVER_ARGS "$@"; fi

on() { "$here/../lab" exec "$@"; }

# Beside the target first: a running program can't be written to.
on "$host" sh -c 'cat >/usr/local/bin/.k3s.new && chmod 755 /usr/local/bin/.k3s.new && mv -f /usr/local/bin/.k3s.new /usr/local/bin/k3s' <"$program"
if [ -n "${PITOOL_LAB_K3S_TIMING:-}" ]; then
    printf '%s\n' "$PITOOL_LAB_K3S_TIMING" | on "$host" sh -c '
        umask 077
        mkdir -p /var/lib/rancher/k3s/server/standin
        cat >/var/lib/rancher/k3s/server/standin/timing.json'
fi
on "$host" env INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SKIP_START=true INSTALL_K3S_SYMLINK=force sh -s - server "$@" <"$installer"
on "$host" systemctl restart --no-block k3s
until [ "$(on "$host" k3s kubectl get --raw /readyz 2>/dev/null)" = ok ]; do
    wait=$((wait - 1))
    if [ "$wait" -le 0 ]; then
        echo "server-up.sh: the server on $host isn't ready; its journal ends with:" >&2
        on "$host" journalctl -u k3s -n 20 --no-pager >&2
        exit 1
    fi
    sleep 1
done
