# The hosts' own apt repository, in the image: hosts have no way out, and package tests want real packages.

repo=/opt/pitool-repo
# Real Debian packages that the roles install; taken along, with all they need, while the image is built.
role_packages=(keepalived dnsmasq git nftables nfs-common open-iscsi cryptsetup-bin bind9-dnsutils jq)
# What tests install on a host: another way to become root, and a shell that is not sh.
test_packages=(opendoas tcsh)

# Fills the repository of the image at ROOT and makes it the image's only source.
furnish_repo() {
  local root=$1
  mkdir -p "$root$repo"
  chroot "$root" apt-get clean
  chroot "$root" apt-get install -qq -y --no-install-recommends --download-only "${role_packages[@]}" "${test_packages[@]}"
  mv "$root"/var/cache/apt/archives/*.deb "$root$repo/"
  build_hello "$root$repo" 1.0
  build_hello "$root$repo" 1.1
  build_conf "$root$repo" 1.0
  build_conf "$root$repo" 1.1
  build_svc "$root$repo"
  build_swap "$root$repo"
  chmod 0644 "$root$repo"/*.deb
  index_repo "$root$repo"
}

only_source() {
  rm -f "$1"/etc/apt/sources.list.d/*
  echo "deb [trusted=yes] file:$repo ./" >"$1/etc/apt/sources.list"
}

index_repo() (
  cd "$1"
  for deb in *.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
  done >Packages
  printf 'Origin: pitool lab\nLabel: pitool lab\nSuite: lab\nDate: %s\nSHA256:\n %s %s Packages\n' \
    "$(date -Ru)" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
)

# Builds one package from a tree: pack REPO TREE NAME VERSION DESCRIPTION [DEPENDS]
pack() {
  local tree=$2
  cat >"$tree/DEBIAN/control" <<END
Package: $3
Version: $4
Architecture: all
Maintainer: pitool lab <lab@example.invalid>
Depends: ${6:-libc6}
Section: misc
Priority: optional
Description: $5
END
  dpkg-deb --root-owner-group --build "$tree" "$1/$3_$4_all.deb" >/dev/null
  rm -rf "$tree"
}

new_tree() {
  local tree
  tree=$(mktemp -d)
  chmod 0755 "$tree"
  mkdir -m 0755 "$tree/DEBIAN"
  echo "$tree"
}

build_hello() {
  local tree
  tree=$(new_tree)
  install -D -m 0755 <(printf '#!/bin/sh\necho "hello from %s"\n' "$2") "$tree/usr/bin/hello-pitool"
  pack "$1" "$tree" hello-pitool "$2" 'a program that says its version'
}

build_conf() {
  local tree
  tree=$(new_tree)
  install -D -m 0644 <(printf '# pitool-conf %s\ngreeting=hello\n' "$2") "$tree/etc/pitool-conf.conf"
  echo /etc/pitool-conf.conf >"$tree/DEBIAN/conffiles"
  pack "$1" "$tree" pitool-conf "$2" 'a conffile that differs between versions'
}

build_svc() {
  local tree
  tree=$(new_tree)
  install -D -m 0644 /dev/stdin "$tree/lib/systemd/system/pitool-svc.service" <<'END'
[Unit]
Description=A service that does nothing, as a user of its own

[Service]
User=pitool-svc
ExecStart=/bin/sleep infinity
ExecReload=/bin/true

[Install]
WantedBy=multi-user.target
END
  install -m 0755 /dev/stdin "$tree/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
adduser --quiet --system --group --no-create-home --home /nonexistent pitool-svc
deb-systemd-helper unmask pitool-svc.service >/dev/null
if deb-systemd-helper --quiet was-enabled pitool-svc.service; then
  deb-systemd-helper enable pitool-svc.service >/dev/null
fi
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload
  deb-systemd-invoke start pitool-svc.service >/dev/null || true
fi
END
  install -m 0755 /dev/stdin "$tree/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ -d /run/systemd/system ] && [ "$1" = remove ]; then deb-systemd-invoke stop pitool-svc.service >/dev/null || true; fi
END
  install -m 0755 /dev/stdin "$tree/DEBIAN/postrm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --system daemon-reload; fi
if [ "$1" = purge ]; then deb-systemd-helper purge pitool-svc.service >/dev/null || true; fi
END
  pack "$1" "$tree" pitool-svc 1.0 'a systemd unit and a system user' adduser
}

# A stand-in for Raspberry Pi's dphys-swapfile: the same files, unit and words, but no kernel swap behind it
# (a container may not swap). `swapon` shows its file in /proc/swaps by a bind mount.
build_swap() {
  local tree
  tree=$(new_tree)
  install -D -m 0644 <(printf '# /etc/dphys-swapfile - user settings for dphys-swapfile package\nCONF_SWAPSIZE=100\n') \
    "$tree/etc/dphys-swapfile"
  echo /etc/dphys-swapfile >"$tree/DEBIAN/conffiles"
  install -D -m 0755 /dev/stdin "$tree/sbin/dphys-swapfile" <<'END'
#!/bin/sh
# Stand-in of the pitool lab: see test/lab/README.md.
set -e
file=/var/swap
shown=/run/dphys-swapfile.swaps
case ${1-} in
  setup)
    [ -e "$file" ] || { truncate -s 1M "$file"; chmod 0600 "$file"; } ;;
  swapon)
    [ -e "$file" ] || exit 1
    grep -q "^$file" /proc/swaps && exit 0
    { cat /proc/swaps; printf '%s\tfile\t\t102396\t\t0\t\t-2\n' "$file"; } >"$shown"
    mount --bind "$shown" /proc/swaps ;;
  swapoff)
    grep -q "^$file" /proc/swaps && umount /proc/swaps
    rm -f "$shown" ;;
  uninstall)
    "$0" swapoff
    rm -f "$file" ;;
  install)
    "$0" setup
    "$0" swapon ;;
  *)
    echo "Usage: $0 {setup|swapon|swapoff|install|uninstall}" >&2
    exit 1 ;;
esac
END
  install -D -m 0644 /dev/stdin "$tree/lib/systemd/system/dphys-swapfile.service" <<'END'
[Unit]
Description=dphys-swapfile - set up, mount/unmount, and delete a swap file (stand-in)
Documentation=man:dphys-swapfile(8)
After=local-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=/sbin/dphys-swapfile setup
ExecStart=/sbin/dphys-swapfile swapon
ExecStop=/sbin/dphys-swapfile swapoff
TimeoutStartSec=0

[Install]
WantedBy=multi-user.target
END
  install -m 0755 /dev/stdin "$tree/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
deb-systemd-helper enable dphys-swapfile.service >/dev/null
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload
  deb-systemd-invoke start dphys-swapfile.service >/dev/null || true
fi
END
  install -m 0755 /dev/stdin "$tree/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ -d /run/systemd/system ] && [ "$1" = remove ]; then deb-systemd-invoke stop dphys-swapfile.service >/dev/null || true; fi
END
  pack "$1" "$tree" dphys-swapfile 20100506-7.1+lab 'stand-in for dphys-swapfile (pitool lab)'
}
