# The busybox image: busybox alone for init, shell and tools, with OpenSSH's sshd and sudo of the Debian image and what
# those load. Nothing else: no systemd, no coreutils, no bash, no package manager, no getent. `--suite busybox`.

# busybox-static, not busybox: it needs no library, and has the applets of a rescue system.
busybox_programs=(/usr/sbin/sshd /usr/bin/ssh-keygen /usr/bin/sudo)
# Loaded by name only, so no program's own list shows them.
busybox_plugins=(/usr/libexec/sudo /usr/lib/sudo /usr/lib/x86_64-linux-gnu/libnss_files.so.2)
busybox_pam=(pam_unix pam_permit pam_deny)

busybox_image() {
  local from image
  from=$(image_for bookworm)
  image=$cache/images/busybox-$({ cat "$here/busybox.sh"; echo "$from"; } | sha256sum | cut -c1-12)
  if [[ ! -d $image ]]; then
    (
      lock_images
      [[ -d $image ]] || build_busybox "$from" "$image"
    ) >&2
  fi
  echo "$image"
}

build_busybox() {
  local from=$1 image=$2 temp=$cache/images/.building-busybox began=$SECONDS
  rm -rf --one-file-system "$temp"
  drop_old_images busybox
  mkdir -p "$temp"/{bin,sbin,usr/bin,usr/sbin,usr/local/bin,dev,proc,sys,tmp,run/sshd,root,home,boot/firmware,srv}
  mkdir -p "$temp"/{var/{log,lib,empty},usr/lib/sudo,etc/{ssh/sshd_config.d,sudoers.d,pam.d,sysctl.d,init.d,security}}
  mkdir -p "$temp"/usr/{lib,lib64}
  ln -s usr/lib usr/lib64 "$temp/"
  chmod 1777 "$temp/tmp"
  chmod 0700 "$temp/root"
  put_busybox "$temp"
  put_programs "$from" "$temp"
  busybox_etc "$from" "$temp"
  mv "$temp" "$image"
  say "built the busybox image in $((SECONDS - began)) s"
}

put_busybox() {
  local root=$1 temp applet
  temp=$(mktemp -d)
  chmod 0755 "$temp"
  (cd "$temp" && apt-get download -qq busybox-static 2>/dev/null || { apt-get update -qq && cd "$temp" && apt-get download -qq busybox-static; }) ||
    die "can't fetch busybox-static"
  dpkg-deb -x "$temp"/busybox-static_*.deb "$temp/tree"
  install -m 0755 "$(find "$temp/tree" -name busybox -type f -perm -u+x | head -n 1)" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list | grep -vxE 'busybox|dpkg|dpkg-deb|rpm|rpm2cpio'); do
    ln -s busybox "$root/bin/$applet"
  done
  ln -s ../bin/busybox "$root/sbin/init"
  rm -rf "$temp"
}

# The programs, each library they name, and the plugins with theirs.
put_programs() {
  local from=$1 root=$2 file
  {
    printf '%s\n' "${busybox_programs[@]}"
    for file in "${busybox_plugins[@]}"; do [[ ! -e $from$file ]] || (cd "$from" && find ".$file" -type f -o -type l | sed 's/^\.//'); done
    for file in "${busybox_pam[@]}"; do (cd "$from" && find ./usr/lib -name "$file.so" | sed 's/^\.//'); done
  } | sort -u | while read -r file; do
    put_file "$from" "$root" "$file"
    chroot "$from" ldd "$file" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' || true
  done | sort -u | while read -r file; do put_file "$from" "$root" "$file"; done
  chmod 4755 "$root/usr/bin/sudo"
}

put_file() {
  local target=$2$3
  mkdir -p "${target%/*}"
  cp -L "$1$3" "$target"
}

busybox_etc() {
  local from=$1 root=$2 type
  printf 'root:x:0:0:root:/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\npi:x:1000:1000::/home/pi:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nadm:x:4:pi\nsudo:x:27:pi\nnogroup:x:65534:\npi:x:1000:\n' >"$root/etc/group"
  printf 'root:*:19000:0:99999:7:::\nsshd:!:19000::::::\nnobody:*:19000::::::\npi:%s:19000:0:99999:7:::\n' "$(hash_password raspberry)" >"$root/etc/shadow"
  chmod 0600 "$root/etc/shadow"
  printf '/bin/sh\n' >"$root/etc/shells"
  printf 'ID=busybox\nNAME="BusyBox (pitool lab)"\nPRETTY_NAME="BusyBox (pitool lab)"\nVERSION_ID=1\n' >"$root/etc/os-release"
  printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
  printf 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n' >"$root/etc/sudoers"
  chmod 0440 "$root/etc/sudoers"
  for type in sshd sudo other; do
    printf 'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n' >"$root/etc/pam.d/$type"
  done
  printf 'Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication yes\nPermitRootLogin no\nPrintMotd no\n' >"$root/etc/ssh/sshd_config"
  printf '::sysinit:/etc/init.d/rcS\n::respawn:/usr/sbin/sshd -D\n::ctrlaltdel:/bin/reboot\n::shutdown:/bin/sync\n' >"$root/etc/inittab"
  cp -a "$from/boot/firmware/." "$root/boot/firmware/"
  cp -a "$from/boot/cmdline.txt" "$root/boot/"
  install -d -m 0755 -o 1000 -g 1000 "$root/home/pi"
  # /etc/lab-address is the host's own, of its identity.
  install -m 0755 /dev/stdin "$root/etc/init.d/rcS" <<'END'
#!/bin/sh
PATH=/sbin:/bin:/usr/sbin:/usr/bin
hostname -F /etc/hostname
mkdir -p /run/sshd
read -r address gateway </etc/lab-address
ip link set lo up
ip addr add "$address" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
for file in /etc/sysctl.d/*.conf; do [ ! -e "$file" ] || sysctl -q -p "$file"; done
:
END
}

is_busybox() { [[ $(host_option "$1" suite) == busybox ]]; }
