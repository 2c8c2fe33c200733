# What makes a host itself: a thin layer over the image, kept through every reset.

controller_key() {
  [[ -e $state/key ]] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$state/key"
}

# Writes the layer of one host: dress NAME NUMBER SUITE SUDO KEY CONTAINERS
dress() {
  local name=$1 number=$2 suite=$3 sudo=$4 key=$5 containers=$6 dir=$state/hosts/$1 layer
  layer=$dir/.identity
  rm -rf "$layer" "$dir/identity"
  mkdir -p "$layer"/etc/{ssh,sudoers.d,NetworkManager/system-connections}
  write_names "$layer" "$name"
  write_host_keys "$layer" "$name" "$number"
  write_connection "$layer" "$lab_net.$number" "$suite"
  # Raspberry Pi images had this file until April 2026; since then sudo asks.
  if [[ $sudo == nopasswd ]]; then
    install -m 0440 <(echo 'pi ALL=(ALL) NOPASSWD: ALL') "$layer/etc/sudoers.d/010_pi-nopasswd"
  fi
  chmod 0750 "$layer/etc/sudoers.d"
  if [[ $key == yes ]]; then
    install -d -m 0755 "$layer/home"
    install -d -m 0700 -o 1000 -g 1000 "$layer/home/pi" "$layer/home/pi/.ssh"
    install -m 0600 -o 1000 -g 1000 "$state/key.pub" "$layer/home/pi/.ssh/authorized_keys"
  fi
  [[ $containers == no ]] || write_cgroup_unit "$layer"
  printf 'suite=%s\nsudo=%s\nkey=%s\ncontainers=%s\n' "$suite" "$sudo" "$key" "$containers" >"$dir/options"
  mv "$layer" "$dir/identity"
}

# nspawn mounts the old cgroup hierarchies read-only; a kubelet writes to them.
write_cgroup_unit() {
  local units=$1/etc/systemd/system
  mkdir -p "$units/sysinit.target.wants"
  cat >"$units/lab-cgroups.service" <<'END'
[Unit]
Description=Writable cgroups, for containers in this lab host
DefaultDependencies=no
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'mount -o remount,rw /sys/fs/cgroup; grep " cgroup " /proc/mounts | while read -r _ at _; do mount -o remount,bind,rw "$at"; done; :'
END
  ln -s ../lab-cgroups.service "$units/sysinit.target.wants/lab-cgroups.service"
}

write_names() {
  local layer=$1 name=$2
  echo "$name" >"$layer/etc/hostname"
  printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\nff02::1\t\tip6-allnodes\nff02::2\t\tip6-allrouters\n\n127.0.1.1\t%s\n' \
    "$name" >"$layer/etc/hosts"
  # A machine-id of its own, as after a first boot; without one each boot would be a first boot.
  tr -d - </proc/sys/kernel/random/uuid >"$layer/etc/machine-id"
  chmod 0444 "$layer/etc/machine-id"
}

write_host_keys() {
  local layer=$1 name=$2 number=$3 type
  for type in ed25519 ecdsa rsa; do
    ssh-keygen -q -t "$type" -N '' -C "root@$name" -f "$layer/etc/ssh/ssh_host_${type}_key" &
  done
  wait
  for type in ed25519 ecdsa rsa; do
    echo "$name,$lab_net.$number $(cut -d' ' -f1,2 "$layer/etc/ssh/ssh_host_${type}_key.pub")"
  done >"$state/hosts/$name/known_hosts"
}

# The gateway doesn't exist, so that nothing leaves; the name server refuses at once instead of timing out.
write_connection() {
  local layer=$1 address=$2 name='Wired connection 1' file
  if [[ $3 == busybox ]]; then
    echo "$address/24 $lab_net.254" >"$layer/etc/lab-address"
    rm -r "$layer/etc/NetworkManager"
    return
  fi
  if [[ $3 == raspios ]]; then
    write_netplan "$layer" "$address"
    return
  fi
  # The name that netplan gives it on Raspberry Pi OS; here without netplan behind it.
  if [[ $3 != bookworm ]]; then name=netplan-eth0; fi
  file=$layer/etc/NetworkManager/system-connections/$name.nmconnection
  cat >"$file" <<END
[connection]
id=$name
uuid=$(cat /proc/sys/kernel/random/uuid)
type=ethernet
interface-name=eth0

[ethernet]

[ipv4]
address1=$address/24,$lab_net.254
dns=$lab_net.1;
method=manual

[ipv6]
addr-gen-mode=default
method=auto

[proxy]
END
  chmod 0600 "$file"
}
