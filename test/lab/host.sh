# One host's life: mount, boot, supervise, kill. A host is a systemd-nspawn container.

# Starts nspawn again whenever the host reboots; runs in the background as `lab supervise MACHINE`.
supervise() {
  local name=${1#"$prefix"} dir code pid
  dir=$(host_dir "$name")
  echo "$BASHPID" >"$dir/supervisor"
  own_cgroup "$1"
  while :; do
    plug_in "$name" "$(host_number "$name")"
    boot "$name" &
    pid=$!
    note_leader "$name" "$pid"
    code=0
    wait "$pid" || code=$?
    rm -f "$dir/leader"
    # 133 is nspawn's "the container asked for a reboot".
    ((code == 133)) || break
  done
  echo "$code" >"$dir/exit"
  cable "$name" down 2>/dev/null || true
  rm -f "$dir/supervisor"
  write_hosts_json || true
}

boot() {
  local dir extra=()
  dir=$(host_dir "$1")
  # What real k3s needs: its containerd mounts, loads keys and programs, and reads the kernel's log.
  if runs_containers "$1"; then
    extra=(--capability=all "--system-call-filter=@keyring bpf" --bind=/dev/kmsg)
  fi
  SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec systemd-nspawn \
    --quiet --directory="$dir/root" --boot --settings=no \
    --machine="$prefix$1" --register=no --keep-unit \
    --network-namespace-path="/run/netns/$prefix$1" \
    --capability=CAP_NET_ADMIN,CAP_NET_RAW "${extra[@]}" \
    --resolv-conf=off --timezone=off --link-journal=no \
    </dev/null >>"$dir/console" 2>&1
}

# Each host's systemd tracks its services by cgroup: two in one cgroup would stop each other's.
own_cgroup() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    if [[ -e $root/cgroup.procs ]]; then
      mkdir -p "$root/$1"
      echo "$BASHPID" >"$root/$1/cgroup.procs"
    fi
  done
}

drop_cgroup() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [[ ! -d $root/$1 ]] || find "$root/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

# The host's PID 1 is the child of nspawn that has a pid namespace of its own.
note_leader() {
  local name=$1 nspawn=$2 dir child tries
  dir=$(host_dir "$name")
  for ((tries = 0; tries < 200; tries++)); do
    for child in $(cat "/proc/$nspawn/task/$nspawn/children" 2>/dev/null); do
      if grep -q '^NSpid:.*\s1$' "/proc/$child/status" 2>/dev/null && [[ $(cat "/proc/$child/comm") =~ ^(systemd|init)$ ]]; then
        echo "$child" >"$dir/leader"
        write_hosts_json || true
        return
      fi
    done
    [[ -e /proc/$nspawn ]] || return 0
    sleep 0.02
  done
}

# containerd's overlays can't lie on another overlay: such a host's root is a plain copy.
runs_containers() { [[ $(host_option "$1" containers) == yes ]]; }

copy_root() {
  local dir=$1
  [[ ! -e $dir/root/.lab-copied ]] || return 0
  mkdir -p "$dir/root"
  cp -a "$(cat "$dir/image")/." "$dir/root/"
  cp -a "$dir/identity/." "$dir/root/"
  touch "$dir/root/.lab-copied"
}

# What a reset throws away.
clear_root() {
  local dir=$state/hosts/$1
  mountpoint -q "$dir/root" && die "the root of '$1' is still mounted"
  rm -rf --one-file-system "$dir"/{upper,work,root}
}

mount_root() {
  local name=$1 dir
  dir=$(host_dir "$name")
  if runs_containers "$name"; then
    copy_root "$dir"
    return
  fi
  mkdir -p "$dir"/{root,upper,work}
  mountpoint -q "$dir/root" ||
    mount -t overlay "$prefix$name" -o "lowerdir=$dir/identity:$(cat "$dir/image"),upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
}

unmount_root() {
  local root=$state/hosts/$1/root
  while mountpoint -q "$root" 2>/dev/null; do umount "$root" 2>/dev/null || umount -l "$root"; done
}

start_host() {
  local name=$1 dir
  if leader "$name" >/dev/null; then return; fi
  dir=$(host_dir "$name")
  mount_root "$name"
  : >"$dir/console"
  rm -f "$dir/exit"
  # A session of its own: it outlives the shell that called `up`.
  (without_locks setsid env -i PATH="$lab_path" PITOOL_LAB_ID="$lab_id" PITOOL_LAB_DIR="$cache" \
    PITOOL_LAB_STATE="$state" bash "$here/lab" supervise "$prefix$name" </dev/null >>"$dir/console" 2>&1 &)
}

# Pulls the plug: nothing is asked of the host. Finds its processes by name, so it needs no state files.
kill_host() {
  local machine=$prefix$1 pid tries
  for pid in $(pids_with_argument supervise "$machine"); do kill -KILL "$pid" 2>/dev/null || true; done
  for ((tries = 0; tries < 250; tries++)); do
    mapfile -t pids < <(host_pids "$machine")
    ((${#pids[@]})) || break
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.02
  done
  ((tries < 250)) || die "processes of '$1' don't end: ${pids[*]}"
  rm -f "$state/hosts/$1/"{leader,supervisor}
  drop_cgroup "$machine"
}

host_pids() {
  pids_with_argument systemd-nspawn "--machine=$1"
  cat /sys/fs/cgroup{,/systemd,/unified}/"$1"/cgroup.procs 2>/dev/null || true
  find /sys/fs/cgroup/{,systemd/,unified/}"$1" -name cgroup.procs -exec cat {} + 2>/dev/null | grep -vx 0 || true
}

# Pids of processes with both words among their arguments: exact, never a pattern.
pids_with_argument() {
  local dir word has_first has_second
  for dir in /proc/[0-9]*; do
    has_first="" has_second=""
    while IFS= read -r -d '' word; do
      [[ $word != "$1" && $word != */"$1" ]] || has_first=1
      [[ $word != "$2" ]] || has_second=1
    done 2>/dev/null <"$dir/cmdline" || true
    if [[ $has_first && $has_second ]]; then echo "${dir#/proc/}"; fi
  done
}

supervised() { leader "$1" >/dev/null && [[ -e /proc/$(cat "$state/hosts/$1/supervisor" 2>/dev/null || echo none) ]]; }

# Up means: booted as far as it gets, and sshd answers.
wait_ready() {
  local name=$1 deadline=$((SECONDS + 60)) status
  while ! is_busybox "$name" && ((SECONDS < deadline)); do
    status=$(inside "$name" systemctl is-system-running --wait 2>/dev/null) || true
    case $status in
      running) break ;;
      degraded)
        say "$name is degraded: $(inside "$name" systemctl list-units --state=failed --no-legend --plain | cut -d' ' -f1 | paste -sd' ')"
        break
        ;;
    esac
    if [[ -e $state/hosts/$name/exit ]]; then break; fi
    sleep 0.05
  done
  while ((SECONDS < deadline)); do
    if ssh_answers "$name"; then return; fi
    if [[ -e $state/hosts/$name/exit ]]; then break; fi
    sleep 0.05
  done
  die "$name doesn't come up; its console: $state/hosts/$name/console"
}

ssh_answers() {
  local banner
  banner=$(timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/22" && read -r line <&3 && echo "$line"' "$(host_address "$1")" 2>/dev/null) &&
    [[ $banner == SSH-2.0-* ]]
}
