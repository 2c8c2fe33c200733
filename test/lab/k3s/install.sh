#!/bin/sh
# A STAND-IN of k3s' official installer, for tests only: same variables, files, modes, unit, messages and restart
# rule. It never goes to the internet: it wants INSTALL_K3S_SKIP_DOWNLOAD=true, or a mirror (release.sh, mirror.ts)
# in INSTALL_K3S_MIRROR or GITHUB_URL.
set -e
set -o noglob

info() { echo '[INFO] ' "$@"; }
warn() { echo '[WARN] ' "$@" >&2; }
fatal() { echo '[ERROR] ' "$@" >&2; exit 1; }

# Each argument in single quotes, fit for eval and for a unit file.
quoted() {
    for word in "$@"; do
        printf "'%s'\n" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
    done
}

# INSTALL_K3S_EXEC is split at blanks; of its punctuation only quotes keep their meaning.
inert() { printf '%s' "$1" | sed 's/[][!#$%&()*;<=>?\\_`{|}]/\\&/g'; }

choose_command() {
    case "$1" in
    -* | '')
        if [ -z "$K3S_URL" ]; then
            role=server
        else
            [ -n "$K3S_TOKEN$K3S_TOKEN_FILE" ] ||
                fatal "Defaulted k3s exec command to 'agent' because K3S_URL is defined, but K3S_TOKEN or K3S_TOKEN_FILE is not defined."
            role=agent
        fi
        ;;
    *) role=$1; shift ;;
    esac
    case "$K3S_URL" in
    '' | https://*) ;;
    *) fatal "Only https:// URLs are supported for K3S_URL (have ${K3S_URL})" ;;
    esac
    exec_lines="$role \\"
    for word in "$@"; do
        exec_lines="$exec_lines
$(printf '\t')$(quoted "$word") \\"
    done
}

choose_names() {
    name=k3s
    [ "$role" = server ] || name=k3s-$role
    [ -z "$INSTALL_K3S_NAME" ] || name=k3s-$INSTALL_K3S_NAME
    case "$name" in
    *[!A-Za-z0-9@:.,~+^-]*) fatal "Invalid characters for system name: $name" ;;
    esac
    type=${INSTALL_K3S_TYPE:-notify}
    bin=${INSTALL_K3S_BIN_DIR:-/usr/local/bin}
    units=${INSTALL_K3S_SYSTEMD_DIR:-/etc/systemd/system}
    unit=$units/$name.service
    env_file=$unit.env
    uninstall=$bin/$name-uninstall.sh
    killall=$bin/k3s-killall.sh
    mirror=${INSTALL_K3S_MIRROR:-$GITHUB_URL}
    channels=${INSTALL_K3S_CHANNEL_URL:-${mirror:+${mirror%/releases}/channels}}
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
}

hashes() { $as_root sha256sum "$bin/k3s" "$unit" "$env_file" 2>&1 || true; }

choose_arch() {
    case "${ARCH:-$(uname -m)}" in
    x86_64 | amd64) arch=amd64 suffix= ;;
    aarch64 | arm64) arch=arm64 suffix=-arm64 ;;
    arm*) arch=arm suffix=-armhf ;;
    *) fatal "Unsupported architecture ${ARCH:-$(uname -m)}" ;;
    esac
}

fetch() { curl -o "$1" -sfL "$2" || fatal 'Download failed'; }

choose_release() {
    version=$INSTALL_K3S_VERSION
    if [ -z "$version" ]; then
        channel=${INSTALL_K3S_CHANNEL:-stable}
        info "Finding release for channel $channel"
        version=$(curl -w '%{url_effective}' -L -s -S "$channels/$channel" -o /dev/null | sed 's|.*/||')
    fi
    info "Using $version as release"
}

fetch_and_verify() {
    case "$INSTALL_K3S_SKIP_DOWNLOAD" in
    true | binary)
        info 'Skipping k3s download and verify'
        [ -x "$bin/k3s" ] || fatal "Executable k3s binary not found at $bin/k3s"
        return
        ;;
    esac
    choose_arch
    command -v curl >/dev/null || fatal 'Can not find curl or wget for downloading files'
    [ -n "$mirror" ] || fatal 'This is a stand-in: it downloads from INSTALL_K3S_MIRROR or GITHUB_URL only'
    work=$(mktemp -d -t k3s-install.XXXXXXXXXX)
    trap 'rm -rf "$work"' EXIT
    choose_release
    info "Downloading hash $mirror/download/$version/sha256sum-$arch.txt"
    fetch "$work/hash" "$mirror/download/$version/sha256sum-$arch.txt"
    wanted=$(grep " k3s$suffix\$" "$work/hash" | head -n 1)
    wanted=${wanted%%[[:blank:]]*}
    if [ -x "$bin/k3s" ] && [ "$(sha256sum "$bin/k3s" | cut -d' ' -f1)" = "$wanted" ]; then
        info 'Skipping binary downloaded, installed k3s matches hash'
        return
    fi
    info "Downloading binary $mirror/download/$version/k3s$suffix"
    fetch "$work/k3s" "$mirror/download/$version/k3s$suffix"
    info 'Verifying binary download'
    got=$(sha256sum "$work/k3s" | cut -d' ' -f1)
    [ "$got" = "$wanted" ] || fatal "Download sha256 does not match $wanted, got $got"
    chmod 755 "$work/k3s"
    info "Installing k3s to $bin/k3s"
    $as_root chown root:root "$work/k3s"
    $as_root mv -f "$work/k3s" "$bin/k3s"
}

make_links() {
    [ "$INSTALL_K3S_SYMLINK" != skip ] || return 0
    for tool in kubectl crictl ctr; do
        elsewhere=$(command -v $tool 2>/dev/null || true)
        if [ "$INSTALL_K3S_SYMLINK" != force ] && [ -e "$bin/$tool" ]; then
            info "Skipping $bin/$tool symlink to k3s, already exists"
        elif [ "$INSTALL_K3S_SYMLINK" != force ] && [ -n "$elsewhere" ]; then
            info "Skipping $bin/$tool symlink to k3s, command exists in PATH at $elsewhere"
        else
            info "Creating $bin/$tool symlink to k3s"
            $as_root ln -sf k3s "$bin/$tool"
        fi
    done
}

write_killall() {
    info "Creating killall script $killall"
    $as_root tee "$killall" >/dev/null <<'EOF'
#!/bin/sh
# from a stand-in of the k3s installer
[ "$(id -u)" -eq 0 ] || exec sudo "$0" "$@"
set -x
for service in /etc/systemd/system/k3s*.service; do
    [ -s "$service" ] && systemctl stop "$(basename "$service")"
done
rm -rf /var/lib/cni/
EOF
    $as_root chmod 755 "$killall"
    $as_root chown root:root "$killall"
}

write_uninstall() {
    info "Creating uninstall script $uninstall"
    $as_root tee "$uninstall" >/dev/null <<EOF
#!/bin/sh
# from a stand-in of the k3s installer
set -x
[ "\$(id -u)" -eq 0 ] || exec sudo "\$0" "\$@"
$killall
systemctl disable $name
systemctl reset-failed $name
systemctl daemon-reload
rm -f $unit
rm -f $env_file
trap 'rm -f $uninstall' EXIT
if ls $units/k3s*.service >/dev/null 2>&1; then
    set +x
    echo 'Additional k3s services installed, skipping uninstall of k3s'
    exit
fi
for tool in kubectl crictl ctr; do
    if [ -L $bin/\$tool ]; then rm -f $bin/\$tool; fi
done
rm -rf /etc/rancher/k3s
rm -rf /run/k3s
rm -rf /run/flannel
rm -rf /var/lib/rancher/k3s
rm -rf /var/lib/kubelet
rm -f $bin/k3s
rm -f $killall
EOF
    $as_root chmod 755 "$uninstall"
    $as_root chown root:root "$uninstall"
}

# As the real one: the old unit goes first, so a run cut off here leaves none.
forget_old_unit() {
    $as_root systemctl disable "$name" >/dev/null 2>&1 || true
    $as_root rm -f "$unit" "$env_file"
}

# Only what this run was given: K3S_TOKEN left out of a later run is lost.
write_env_file() {
    info "env: Creating environment file $env_file"
    $as_root touch "$env_file"
    $as_root chmod 0600 "$env_file"
    sh -c export | sed -n 's/^export //p' | grep -E '^(K3S|CONTAINERD)_' | $as_root tee "$env_file" >/dev/null
    sh -c export | sed -n 's/^export //p' | grep -Ei '^(NO|HTTP|HTTPS)_PROXY' | $as_root tee -a "$env_file" >/dev/null
}

write_unit() {
    info "systemd: Creating service file $unit"
    $as_root tee "$unit" >/dev/null <<EOF
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=$type
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-$env_file
KillMode=process
Delegate=yes
User=root
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$bin/k3s \\
    $exec_lines

EOF
}

enable_and_start() {
    [ "$INSTALL_K3S_SKIP_ENABLE" != true ] || return 0
    info "systemd: Enabling $name unit"
    $as_root systemctl enable "$unit" >/dev/null
    $as_root systemctl daemon-reload >/dev/null
    [ "$INSTALL_K3S_SKIP_START" != true ] || return 0
    if [ "$before" = "$(hashes)" ] && [ "$INSTALL_K3S_FORCE_RESTART" != true ]; then
        info 'No change detected so skipping service start'
        return 0
    fi
    info "systemd: Starting $name"
    $as_root systemctl restart "$name"
}

eval set -- $(inert "$INSTALL_K3S_EXEC") $(quoted "$@")
command -v systemctl >/dev/null || fatal 'Can not find systemd or openrc to use as a process supervisor for k3s'
choose_command "$@"
choose_names
before=$(hashes)
fetch_and_verify
info 'Skipping installation of SELinux RPM'
make_links
write_killall
write_uninstall
forget_old_unit
write_env_file
write_unit
enable_and_start
