# The lab's commands, as people and tests call them.

main() {
  local command=${1:-help}
  shift || true
  case $command in
    up | down | purge | reset | start | stop | reboot | cut | uncut | status | snapshot | image | proxy | swap | guard | unguard | exec | ssh)
      need_root
      "command_$command" "$@"
      ;;
    check) why_not ;;
    # Called by the lab itself.
    supervise | furnish) "$command" "$@" ;;
    help | --help | -h) command_help ;;
    *) usage_error "unknown command '$command'; see: lab help" ;;
  esac
}

command_help() {
  cat <<'END'
lab up N [--names a,b,c] [--suite bookworm|trixie|raspios|busybox|bookworm-python] [--sudo-password] [--no-key] [--containers]
                        boot hosts h1..hN; those already up stay as they are
                        (--containers: able to run real k3s inside; always so with PITOOL_LAB_K3S)
lab down [HOST…]        remove these hosts, or the whole lab
lab purge               down, and the image cache too
lab reset HOST…         back to the fresh state (same keys and address)
lab status              what is up
lab exec HOST CMD…      as root inside, past the network
lab ssh HOST [CMD…]     as pi, over the network
lab reboot HOST…        and wait until it is back
lab stop [--clean] HOST…   pull the plug (--clean: shut down first)
lab start HOST…
lab cut HOST…           pull the network cable;  lab uncut HOST…  put it back
lab image SUITE         build its image where that is still to be done, and say where it is
lab snapshot [--all] HOST  the host's state as sorted lines, for a diff
lab swap HOST           install the stand-in for dphys-swapfile
lab proxy HOST --delay MS [--port P]   a slow way to the host's sshd, on loopback
lab guard, lab unguard  make the lab's and the example inventory's ranges unreachable
lab check               say why the lab can't run here (nothing when it can)
END
}

command_up() {
  local names=() count="" suite=${PITOOL_LAB_SUITE:-bookworm} sudo=nopasswd key=yes containers=no
  [[ -z ${PITOOL_LAB_K3S-} ]] || containers=yes
  while (($#)); do
    case $1 in
      --names) IFS=, read -ra names <<<"${2?--names needs a list}"; shift ;;
      --suite) suite=${2?--suite needs a name}; shift ;;
      --sudo-password) sudo=password ;;
      --no-key) key=no ;;
      --containers) containers=yes ;;
      [0-9]*) count=$1 ;;
      *) usage_error "up: unknown argument '$1'" ;;
    esac
    shift
  done
  default_names "${count:-${#names[@]}}"
  need_tools
  lock_lab exclusive
  local image
  image=$(image_with_extras "$suite")
  prepare_machine
  each_host bring_up "${names[@]}"
  write_hosts_json
}

command_image() {
  need_tools
  image_with_extras "${1?image: which suite?}"
}

# Fills `names` of the caller up to the wanted count: h1, h2, …
default_names() {
  local number name
  (($1 >= 1)) || usage_error "up: how many hosts?"
  for ((number = ${#names[@]} + 1; number <= $1; number++)); do names+=("h$number"); done
  for name in "${names[@]}"; do
    [[ $name =~ ^[a-z][a-z0-9-]{0,30}$ ]] || usage_error "up: '$name' is no host name"
  done
}

prepare_machine() {
  enough_inotify
  guard "$proto_up"
  mkdir -p "$state/hosts"
  controller_key
  bridge_up
  # nspawn propagates mounts through it; without a systemd of our own it isn't a mount point.
  mkdir -p /run/systemd/nspawn
  [[ -d /run/systemd/system ]] || mountpoint -q /run/systemd/nspawn || mount -t tmpfs "pitool-lab" /run/systemd/nspawn
  # Numbers first, one after the other: hosts are brought up at the same time.
  local name
  for name in "${names[@]}"; do
    if ! known_host "$name"; then
      mkdir -p "$state/hosts/$name"
      choose_number "$name" >"$state/hosts/$name/.number"
      mv "$state/hosts/$name/.number" "$state/hosts/$name/number"
    fi
  done
}

# Runs a function for each host, at the same time; fails when one fails.
each_host() {
  local action=$1 name pid pids=() failed=0
  shift
  for name in "$@"; do
    (
      lock_host "$name"
      "$action" "$name"
    ) &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  ((failed == 0)) || exit 1
}

bring_up() {
  local name=$1 dir=$state/hosts/$1
  if ! is_dressed_so "$name"; then
    kill_host "$name"
    unmount_root "$name"
    clear_root "$name"
    echo "$image" >"$dir/image"
    dress "$name" "$(host_number "$name")" "$suite" "$sudo" "$key" "$containers"
  fi
  if ! supervised "$name"; then
    # Off, or what a crash left half done.
    kill_host "$name"
    start_host "$name"
  fi
  wait_ready "$name"
}

is_dressed_so() {
  local dir=$state/hosts/$1
  [[ -d $dir/identity && -e $dir/options ]] &&
    [[ $(cat "$dir/image") == "$image" && $(paste -sd' ' "$dir/options") == "suite=$suite sudo=$sudo key=$key containers=$containers" ]]
}

command_down() {
  lock_lab exclusive
  local names=("$@") name
  if (($#)); then
    for name in "$@"; do need_host "$name"; done
  else
    mapfile -t names < <(all_traces)
  fi
  for name in "${names[@]}"; do remove_host "$name"; done
  if [[ -z $(all_traces) ]]; then clear_machine; else write_hosts_json; fi
}

# Names of hosts of which anything is left, state files or not.
all_traces() {
  {
    host_names
    ls "$state/hosts" 2>/dev/null || true
    ls /run/netns 2>/dev/null | sed -n "s/^$prefix//p" || true
    ls -d /sys/fs/cgroup{,/systemd,/unified}/"$prefix"* 2>/dev/null | sed "s|.*/$prefix||" || true
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | sed -n "s/^--machine=$prefix//p"
    sed -n "s|^$prefix\([^ ]*\) [^ ]* overlay .*|\1|p" /proc/mounts
  } | sort -u
}

remove_host() {
  local name=$1 link root
  kill_host "$name"
  unmount_root "$name"
  sed -n "s|^$prefix$name \([^ ]*\) overlay .*|\1|p" /proc/mounts | while read -r root; do umount "$root" || umount -l "$root"; done
  unplug "$name" "$(host_number "$name" 2>/dev/null || echo none)"
  rm -rf --one-file-system "${state:?}/hosts/$name"
}

clear_machine() {
  local link
  for link in /sys/class/net/"$prefix"v*; do [[ ! -e $link ]] || ip link del "${link##*/}"; done
  bridge_down
  unguard "$proto_up"
  if grep -q '^pitool-lab /run/systemd/nspawn ' /proc/mounts && ! other_labs; then umount /run/systemd/nspawn; fi
  rm -rf --one-file-system "${state:?}"
  rmdir /run/netns 2>/dev/null || true
}

command_purge() {
  command_down "$@"
  ! grep -qF ":$cache/images/" /proc/mounts || die "another lab still uses the images in $cache"
  rm -rf --one-file-system "${cache:?}"
}

command_reset() {
  (($#)) || usage_error "reset: which hosts?"
  lock_lab shared
  local name
  for name in "$@"; do need_host "$name"; done
  each_host reset_host "$@"
}

reset_host() {
  local name=$1
  kill_host "$name"
  unmount_root "$name"
  clear_root "$name"
  start_host "$name"
  wait_ready "$name"
}

command_start() { each_known_host power_on "$@"; }
command_reboot() { each_known_host reboot_host "$@"; }
command_cut() { each_known_host cut_host "$@"; }
command_uncut() { each_known_host uncut_host "$@"; }
cut_host() { cable "$1" down; }
uncut_host() { cable "$1" up; }

command_stop() {
  local action=power_off
  if [[ ${1-} == --clean ]]; then
    action=shut_down
    shift
  fi
  each_known_host "$action" "$@"
}

each_known_host() {
  local action=$1 name
  shift
  (($#)) || usage_error "which hosts?"
  lock_lab shared
  for name in "$@"; do need_host "$name"; done
  each_host "$action" "$@"
}

power_on() {
  start_host "$1"
  wait_ready "$1"
}

power_off() {
  kill_host "$1"
  cable "$1" down
  write_hosts_json
}

shut_down() {
  local deadline=$((SECONDS + 30))
  ask_init "$1" poweroff || true
  while leader "$1" >/dev/null && ((SECONDS < deadline)); do sleep 0.05; done
  power_off "$1"
}

reboot_host() {
  local old deadline=$((SECONDS + 60))
  old=$(need_leader "$1")
  ask_init "$1" reboot || true
  while [[ $(leader "$1" || echo "$old") == "$old" ]] && ((SECONDS < deadline)); do sleep 0.05; done
  wait_ready "$1"
}

# Asks the host's PID 1: ask_init HOST reboot|poweroff
ask_init() { if is_busybox "$1"; then inside "$@"; else inside "$1" systemctl "$2"; fi; }

command_status() {
  local name
  host_names | while read -r name; do
    printf '%s\t%s\t%s\t%s\n' "$name" "$(host_address "$name")" "$(host_option "$name" suite)" "$(leader "$name" >/dev/null && echo up || echo off)"
  done
}

command_exec() {
  (($# >= 2)) || usage_error "exec: HOST CMD…"
  need_host "$1"
  need_leader "$1" >/dev/null
  inside "$@"
}

command_ssh() {
  (($#)) || usage_error "ssh: which host?"
  need_host "$1"
  enter_ssh "$@"
}

command_swap() {
  need_host "${1?swap: which host?}"
  inside "$1" sh -c 'DEBIAN_FRONTEND=noninteractive dpkg -i /opt/pitool-repo/dphys-swapfile_*.deb' >/dev/null
}

command_guard() { guard "$proto_guard"; }

# While the lab is up its own guard stays.
command_unguard() {
  unguard "$proto_guard"
  [[ ! -e /sys/class/net/$bridge ]] || guard "$proto_up"
}
