# The Debian packages the lab itself needs on this machine.

declare -A tool_packages=(
  [mmdebstrap]=mmdebstrap [systemd-nspawn]=systemd-container [ip]=iproute2 [ssh]=openssh-client
  [ssh-keygen]=openssh-client [nsenter]=util-linux [flock]=util-linux [dpkg-deb]=dpkg
)

missing_packages() {
  local tool
  for tool in "${!tool_packages[@]}"; do
    command -v "$tool" >/dev/null || echo "${tool_packages[$tool]}"
  done | sort -u
  [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || echo debian-archive-keyring
}

# Each host's systemd takes some instances; the kernel's default of 128 is used up by five hosts.
enough_inotify() {
  local setting=/proc/sys/fs/inotify/max_user_instances
  (($(cat "$setting") >= 1024)) || echo 1024 >"$setting" 2>/dev/null || say "warning: $setting is low and can't be raised"
}

need_root() { ((EUID == 0)) || die "needs root: it makes network namespaces and mounts"; }

# Says why the lab can't run here; nothing when it can.
why_not() {
  [[ $(uname -s) == Linux ]] || { echo "not Linux"; return; }
  ((EUID == 0)) || { echo "not root"; return; }
  grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || { echo "no overlayfs in this kernel"; return; }
  local packages
  packages=$(missing_packages | paste -sd' ')
  if [[ -n $packages ]] && ! command -v apt-get >/dev/null; then echo "missing: $packages"; fi
}

need_tools() {
  local packages
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]})) || return 0
  command -v apt-get >/dev/null || die "missing, and no apt-get to install them: ${packages[*]}"
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt_install "${packages[@]}" || { apt-get update -qq && apt_install "${packages[@]}"; } ||
    die "can't install ${packages[*]}"
}

apt_install() { apt-get install -qq -y --no-install-recommends "$@" >/dev/null; }
