# Debian 13 with what Raspberry Pi OS has beside it: netplan, to which NetworkManager writes its profiles back, rpi-swap
# and zram-generator. `--suite raspios`. Debian's own packages alone: what theirs do not do, stand-ins in raspios/ do.

raspios_packages=(netplan-generator systemd-zram-generator)

raspios_image() {
  local from image
  from=$(image_for trixie)
  image=$cache/images/raspios-$({ cat "$here/raspios.sh" "$here"/raspios/*; echo "$from"; } | sha256sum | cut -c1-12)
  if [[ ! -d $image ]]; then
    (
      lock_images
      [[ -d $image ]] || build_raspios "$from" "$image"
    ) >&2
  fi
  echo "$image"
}

# The trixie image, to which mmdebstrap only adds: from the mirror that image is from.
build_raspios() {
  local from=$1 image=$2 temp=$cache/images/.building-raspios began=$SECONDS sources
  rm -rf --one-file-system "$temp"
  drop_unused_images raspios
  mapfile -t sources < <(apt_source trixie)
  say "building the raspios image"
  mmdebstrap --quiet --variant=custom --skip=check/empty --include="$(IFS=,; echo "${raspios_packages[*]}")" \
    --setup-hook="tar -C '$from' --exclude=./etc/apt/sources.list -c . | tar -C \"\$1\" -x" \
    trixie "$temp" "${sources[@]}" >"$cache/raspios.log" 2>&1 || die "can't build the image; see $cache/raspios.log"
  only_source "$temp"
  # Left by mmdebstrap: this machine's.
  rm -f "$temp/etc/hostname" "$temp/etc/resolv.conf"
  dress_raspios "$temp"
  mv "$temp" "$image"
  say "built the raspios image in $((SECONDS - began)) s"
}

dress_raspios() {
  local root=$1 units=$1/usr/lib/systemd/system unit
  install -m 0755 "$here/raspios/netplan" "$root/usr/sbin/netplan"
  dress_network_manager "$root"
  install -m 0755 "$here/raspios/swapoff" "$root/usr/local/sbin/swapoff"
  install -m 0755 "$here/raspios/lab-zram" "$root/usr/local/sbin/lab-zram"
  install -m 0755 "$here/raspios/rpi-swap-generator" "$root/usr/lib/systemd/system-generators/rpi-swap-generator"
  mkdir -p "$root/etc/rpi/swap.conf.d"
  printf '[Main]\n#Mechanism=auto\n' >"$root/etc/rpi/swap.conf"
  for unit in rpi-zram-writeback rpi-resize-swap-file; do
    printf '[Unit]\nDescription=%s (stand-in)\n[Service]\nType=oneshot\nExecStart=/bin/true\n' "$unit" >"$units/$unit.service"
  done
  printf '[Unit]\nDescription=rpi-zram-writeback (stand-in)\n[Timer]\nOnUnitActiveSec=1d\n[Install]\nWantedBy=timers.target\n' \
    >"$units/rpi-zram-writeback.timer"
  mkdir -p "$root/etc/systemd/system/timers.target.wants"
  ln -sf /usr/lib/systemd/system/rpi-zram-writeback.timer "$root/etc/systemd/system/timers.target.wants/rpi-zram-writeback.timer"
}

# One stand-in under three names, each before Debian's own of that name.
dress_network_manager() {
  local root=$1 name units=$1/etc/systemd/system/NetworkManager.service.d
  install -m 0755 "$here/raspios/nm-with-libnetplan" "$root/usr/local/sbin/NetworkManager"
  for name in nmcli busctl; do ln -s ../sbin/NetworkManager "$root/usr/local/bin/$name"; done
  mkdir -p "$units"
  printf '[Service]\nExecStart=\nExecStart=/usr/local/sbin/NetworkManager --no-daemon\n' >"$units/lab.conf"
}

# As cloud-init leaves it on a Raspberry Pi: an address and no resolvers, so that those of DHCP count.
write_netplan() {
  local layer=$1 address=$2
  mkdir -p "$layer/etc/netplan"
  install -m 0600 /dev/stdin "$layer/etc/netplan/50-cloud-init.yaml" <<END
network:
  version: 2
  renderer: NetworkManager
  ethernets:
    eth0:
      addresses: [$address/24]
      routes: [{ to: default, via: $lab_net.254 }]
END
}
