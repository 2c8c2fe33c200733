# Ways into a host: past its network (exec) and over it (ssh).

# Runs a command as the host's root; its input, output and exit code are the caller's.
inside() {
  local name=$1 pid
  shift
  pid=$(leader "$name") || return 255
  nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup --root --wd -- \
    env -i PATH="$lab_path" HOME=/root USER=root LOGNAME=root TERM="${TERM:-dumb}" LANG=C.UTF-8 "$@"
}

enter_ssh() {
  local name=$1
  shift
  exec ssh -F none -i "$state/key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$state/known_hosts" \
    -o StrictHostKeyChecking=yes -o ConnectTimeout=10 "pi@$(host_address "$name")" "$@"
}
